using System.Collections.Immutable;
using System.Text;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Transitions;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Application.Transitions;

/// <summary>
/// What follows from a DocumentReference that somebody writes, through whichever interaction: somebody reads it, and one in CDA is read
/// by this server first, and taken in as a document in FHIR is.
/// </summary>
public sealed class WrittenDocuments(
    CareReads reads,
    CarePolicies policies,
    DocumentIntake intake,
    FhirDefinitions definitions,
    ReadClinicalText read
)
{
    private const string Content = "DocumentReference.content";

    /// <param name="together">What is written with it in one commit; null for what is not.</param>
    public async Task<Followed?> FollowAsync(
        ResourceKey key,
        ResourceDocument document,
        WrittenTogether together,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (DocumentReview.PatientOf(document) is not { } patient)
            return null;
        var view = DocumentReferenceView.From(document);
        var before = await reads.ReadAsync(DocumentReview.TaskOf(key).ToString(), cancellationToken);
        var contents = ClinicalDocuments.Of(view).ToArray();
        if (contents.Length == 0 && before is not null)
            return null;
        var policy = await policies.OfAsync(cancellationToken, patient);
        var found = new List<Found>();
        foreach (var content in contents)
        {
            if (await FindAsync(content, patient, together, policy, now, cancellationToken) is { } one)
                found.Add(one);
        }

        // XML that says that it is a summary and is none is for people; XML that nobody calls a summary may be anything.
        if (!DocumentReview.IsSummary(view) && !found.Exists(f => f.IsSummary))
            return null;
        var findings = new DocumentFindings(
            [.. found.SelectMany(f => f.Sentences)],
            [.. found.SelectMany(f => f.Taken is { } taken ? DocumentReview.MadeBy(taken.Decision) : [])]
        );
        if (before is not null && findings.Sentences.IsEmpty)
            return null;
        var episodes = await reads.SearchAsync(
            ResourceTypes.EpisodeOfCare,
            $"patient={Uri.EscapeDataString(patient)}&status=active",
            cancellationToken
        );
        var command = TransitionIntake.At(policy, ServerAgent.Unknown, now);
        var task = DocumentReview.Make(key, patient, before, LifeEvents.ManagerOf(episodes), findings, command, policy);
        return DocumentIntake.Of(
            new Decision(task.Key, [task]) { Activity = "update" },
            [.. found.Select(f => f.Taken).OfType<Intake>()]
        ) with
        {
            Notes = [.. found.Select(f => f.WhyNot).OfType<string>().Select(why => DocumentIntake.Note(why))],
        };
    }

    /// <summary>What one content says; null where it is no clinical document, and nobody says that it is one.</summary>
    private async Task<Found?> FindAsync(
        ClinicalContent content,
        string patient,
        WrittenTogether together,
        CarePolicy policy,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var at = $"{Content}[{content.Index}].attachment";
        if (!(await BytesAsync(content.Attachment, together, at, cancellationToken)).TryGet(out var xml, out var none))
            return new Found(content.IsSaid, none);
        if (!read(xml, content.Charset, policy.TimeZone).TryGet(out var text, out var unread))
            return new Found(content.IsSaid, Failure.Unprocessable(IssueCode.Structure, $"{at}: {Sentence(unread)}"));
        if (definitions.Validate(text.Bundle).FirstOrDefault(i => i.IsError) is { } wrong)
            return new Found(
                true,
                Failure.Unprocessable(wrong.Code, $"{at}: what it says is not valid in FHIR: {wrong.Diagnostics}")
            );
        if (!NoticeReader.Read(text.Bundle, definitions.Schema.IsResourceType).TryGet(out var notice, out var unfit))
            return new Found(false, Failure.Unprocessable(IssueCode.Value, $"{at}: {Sentence(unfit)}"));
        if (await together.ReadAsync(patient, reads, cancellationToken) is not { } subject)
            return new Found(
                true,
                Failure.NotFound($"DocumentReference.subject: {patient} is not here, and nothing is taken in.")
            );
        var taking = await intake.TakeAsync(notice, subject, now, cancellationToken);
        return taking.Refused is { } refusal
            ? new Found(true, Failure.Unprocessable(IssueCode.BusinessRule, $"{at}: {Sentence(refusal)}"))
            : new Found(true)
            {
                Taken = taking.Taken,
                Known = taking.Known,
                Notes = text.Notes,
            };
    }

    /// <summary>What is in the attachment itself, or in a Binary of this server. Nothing is fetched from elsewhere.</summary>
    private async Task<Result<ReadOnlyMemory<byte>>> BytesAsync(
        AttachmentView attachment,
        WrittenTogether together,
        string at,
        CancellationToken cancellationToken
    )
    {
        if (attachment.Data is { } data)
            return Decode(data, at);
        if (attachment.Url is not { } url)
            return Failure.NotFound($"{at}: there is no content.");
        if (
            !url.StartsWith("Binary/", StringComparison.Ordinal)
            || await together.ReadAsync(url, reads, cancellationToken) is not { } binary
        )
            return Failure.NotFound(
                $"{at}.url: the content is not on this server: send it in the attachment, or as a Binary before the DocumentReference or with it in one transaction."
            );
        return
            ResourceDocument.Parse(binary.Utf8Json).Value.Root.TryGetProperty("data"u8, out var stored)
            && stored.GetString() is { } text
            ? Decode(text, at)
            : Failure.NotFound($"{at}.url: the Binary has no data.");
    }

    private static Result<ReadOnlyMemory<byte>> Decode(string base64, string at)
    {
        var bytes = new byte[base64.Length / 4 * 3 + 3];
        return Convert.TryFromBase64String(base64, bytes, out var count)
            ? (ReadOnlyMemory<byte>)bytes.AsMemory(0, count)
            : Failure.Unprocessable(IssueCode.Value, $"{at}.data: the content is no base64.");
    }

    private static string Sentence(Failure failure)
    {
        var issue = failure.Issues[0];
        return issue.Expression is { } place ? $"{issue.Diagnostics} ({place})" : issue.Diagnostics;
    }

    /// <summary>What was found of one content.</summary>
    /// <param name="IsSummary">True where it is a summary that people read, or says that it is a clinical document and cannot be read.</param>
    private sealed record Found(bool IsSummary, Failure? Unread = null)
    {
        public Intake? Taken { get; init; }

        /// <summary>The record of what was taken in before.</summary>
        public ResourceKey? Known { get; init; }

        public ImmutableArray<string> Notes { get; init; } = [];

        /// <summary>Why nothing of it was taken in; null where it was, now or before.</summary>
        public string? WhyNot => Unread?.Issues[0].Diagnostics ?? Taken?.Parked;

        public IEnumerable<string> Sentences =>
            Unread is { } unread ? [unread.Issues[0].Diagnostics]
            : Known is { } known ? [$"What it says was taken in before: {known}."]
            : Taken is { Parked: { } why } ? [why, .. Notes]
            : Notes;
    }
}
