using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Application.Transitions;

/// <summary>What became of a document that somebody stored: one of the three.</summary>
/// <param name="Taken">What is made of it, or why it is kept for somebody to look at.</param>
/// <param name="Known">The record of what was taken in before.</param>
/// <param name="Refused">Why it is stored and not taken in.</param>
public sealed record DocumentTaking(Intake? Taken = null, ResourceKey? Known = null, Failure? Refused = null);

/// <summary>Takes in documents that somebody stores, as if they had been submitted.</summary>
public sealed class DocumentIntake(CareReads reads, TransitionIntake intake, FhirDefinitions definitions)
{
    /// <summary>What follows from a document that somebody stores as a Bundle; where nothing does, with why.</summary>
    public async Task<Followed?> FollowAsync(
        ResourceKey key,
        ResourceDocument bundle,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (!NoticeReader.Read(bundle, definitions.Schema.IsResourceType).TryGet(out var notice, out var unread))
            return Stored(key, unread);
        var taking = await TakeAsync(notice with { StoredAs = key.Id }, subject: null, now, cancellationToken);
        return taking switch
        {
            { Taken: { } taken } => Of(taken.Decision, [taken]) with
            {
                Notes = taken.Parked is { } why
                    ? [Note($"Kept for somebody to look at, as {taken.Decision.Answer}: {why}")]
                    : [],
            },
            { Known: { } known } => Nothing(key, $"What it says was taken in before: {known}."),
            { Refused: { } refused } => Stored(key, refused),
            _ => null,
        };
    }

    /// <summary>What was kept before is decided again: somebody may have corrected why.</summary>
    /// <param name="subject">Whom it is about by whoever stores it; null where only it says so.</param>
    public async Task<DocumentTaking> TakeAsync(
        TransitionNotice notice,
        Snapshot? subject,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var records = await MessageRules.RecordsAsync(notice, reads, cancellationToken);
        var recorded = records.Where(r => r.Key.Id == notice.RecordId).Select(r => (Snapshot?)r).FirstOrDefault();
        if (recorded is { } before)
        {
            if (!IntakeRecord.IsParked(before))
                return new DocumentTaking(Known: before.Key);
            notice = notice with { RecordVersion = before.Version, StoredAs = IntakeRecord.StoredAs(before) };
        }
        else if (MessageRules.Contradiction(notice, records) is { } contradiction)
            return new DocumentTaking(Refused: contradiction);
        var decided = await intake.DecideAsync(notice, records, now, cancellationToken, subject);
        if (!decided.TryGet(out var taken, out var failure))
            return new DocumentTaking(Refused: failure);
        return recorded is { } kept && taken.IsParked ? new DocumentTaking(Known: kept.Key) : new DocumentTaking(taken);
    }

    /// <summary>What is written for several, with the deaths that they tell of.</summary>
    public static Followed Of(Decision first, ImmutableArray<Intake> taken)
    {
        var others = taken.Select(t => t.Decision).Where(d => d != first).ToArray();
        return new Followed(
            first with
            {
                Writes = [.. first.Writes, .. others.SelectMany(o => o.Writes)],
                ReliedOn = [.. first.ReliedOn, .. others.SelectMany(o => o.ReliedOn)],
                Finds = [.. first.Finds, .. others.SelectMany(o => o.Finds)],
                Outgoing = [.. first.Outgoing, .. others.SelectMany(o => o.Outgoing)],
            }
        )
        {
            Deaths = [.. taken.Select(t => t.Dies).OfType<PatientDeath>()],
        };
    }

    private static Followed Stored(ResourceKey key, Failure why) =>
        Nothing(
            key,
            $"Stored, and not taken in as a transition of care: {why.Issues[0].Diagnostics}",
            why.Issues[0].Expression
        );

    private static Followed Nothing(ResourceKey key, string sentence, string? place = null) =>
        new(new Decision(key, []) { Activity = "update" }) { Notes = [Note(sentence, place)], RestsOnAll = false };

    public static Issue Note(string sentence, string? place = null) =>
        new(IssueSeverity.Information, IssueCode.Informational, sentence, place);
}
