using System.Globalization;
using System.Text.Json;
using CareCoordination.Connectors.Exchanges;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Strategies.TransactionBundle;

/// <summary>
/// What became of the entries of a transaction. R4 has it as all or nothing, but some servers work it entry by entry and answer 200 with
/// refusals inside. https://hl7.org/fhir/R4/http.html#transaction-response
/// </summary>
internal static class TransactionAnswer
{
    /// <summary>
    /// The answer as it is where every entry was accepted, or where it does not tell of them; otherwise the answer to the entry that
    /// stands most in the way.
    /// </summary>
    /// <param name="types">Of the entries that were sent, in their order; the Task is the last.</param>
    public static PartnerAnswer Judge(PartnerAnswer answer, string[] types)
    {
        if (answer.Kind != AnswerKind.Accepted || BundleOf(answer) is not { } document)
            return answer;
        PartnerAnswer? worst = null;
        var place = 0;
        foreach (var entry in BundleView.From(document).Entry)
        {
            var judged = Of(entry, document, place, types);
            place++;
            if (Rank(judged.Kind) > Rank(worst?.Kind ?? AnswerKind.Accepted))
                worst = judged;
        }

        return worst ?? answer;
    }

    private static int Rank(AnswerKind kind) =>
        kind switch
        {
            AnswerKind.Accepted => 0,
            AnswerKind.Conflict => 1,
            AnswerKind.Refused => 3,
            _ => 2,
        };

    /// <summary>The answer to the last entry, which is the Task; null where there is none that tells where it is.</summary>
    public static PartnerAnswer? Last(PartnerAnswer answer)
    {
        if (BundleOf(answer) is not { } document)
            return null;
        BundleEntryView last = default;
        foreach (var entry in BundleView.From(document).Entry)
            last = entry;
        if (!last.Element.Exists)
            return null;
        return new PartnerAnswer(AnswerKind.Accepted, StatusOf(last), "")
        {
            Location = last.Response.Location,
            Version = HttpAnswers.Version(last.Response.Etag),
            Body = last.Resource.Element.Exists
                ? document.Detach(last.Resource.Element.Value).Utf8
                : ReadOnlyMemory<byte>.Empty,
        };
    }

    /// <summary>
    /// The partner refuses so much at once: 413, or what R4 has for content that is too long and for work that costs too much.
    /// https://hl7.org/fhir/R4/valueset-issue-type.html
    /// </summary>
    public static bool IsTooLarge(PartnerAnswer answer) =>
        answer.Kind == AnswerKind.Refused
        && (
            answer.Status == 413
            || (
                ResourceDocument.Parse(answer.Body).TryGet(out var outcome, out _)
                && OperationOutcomeView
                    .From(outcome)
                    .Issue.Any(issue => issue.Code is IssueTypeCodes.TooLong or IssueTypeCodes.TooCostly)
            )
        );

    /// <summary>What is refused for its size and cannot be divided any more is for people.</summary>
    /// <param name="type">Of the one resource that was sent.</param>
    public static PartnerAnswer OfSize(PartnerAnswer answer, string type) =>
        IsTooLarge(answer)
            ? answer with
            {
                Problem =
                    $"The partner refuses the {type} for its size, even alone ({answer.Status}): ask it to take more, or leave {type} out (Types).",
            }
            : answer;

    /// <summary>Where each entry is, in their order; null for one of which the partner does not tell.</summary>
    public static IEnumerable<string?> Places(PartnerAnswer answer)
    {
        if (BundleOf(answer) is not { } document)
            yield break;
        foreach (var entry in BundleView.From(document).Entry)
            yield return entry.Response.Location;
    }

    /// <summary>True where a resource refers to an entry of a Bundle, which nothing outside that Bundle can.</summary>
    public static bool LeadsNowhere(ReadOnlyMemory<byte> resource)
    {
        using var json = JsonDocument.Parse(resource);
        return LeadsNowhere(json.RootElement);
    }

    private static bool LeadsNowhere(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .Any(p =>
                    p.NameEquals("reference")
                        && p.Value.ValueKind == JsonValueKind.String
                        && p.Value.GetString()!.StartsWith("urn:uuid:", StringComparison.Ordinal)
                    || LeadsNowhere(p.Value)
                ),
            JsonValueKind.Array => element.EnumerateArray().Any(LeadsNowhere),
            _ => false,
        };

    private static PartnerAnswer Of(BundleEntryView entry, ResourceDocument document, int place, string[] types)
    {
        // An entry that says nothing of itself is accepted as the whole is.
        if (StatusOf(entry) is not { } status)
            return new PartnerAnswer(AnswerKind.Accepted, null, "");
        var outcome = OutcomeOf(entry, document);
        var kind = HttpAnswers.KindOf(status, asksToWait: false, ConflictWords.In(outcome));
        if (kind == AnswerKind.Accepted)
            return new PartnerAnswer(kind, status, "");
        // What is there of the Task tells what its conflict is about; of other entries nothing is known that could.
        if (kind == AnswerKind.Conflict && place < types.Length - 1)
            kind = AnswerKind.Collided;
        var what = place < types.Length ? types[place] : "resource";
        return new PartnerAnswer(
            kind,
            status,
            $"The partner answered {status} to entry {place + 1} of the transaction, the {what}, and not to all of it: correct what its answer names, leave {what} out (Types), or choose another strategy."
        )
        {
            Body = outcome,
        };
    }

    private static ReadOnlyMemory<byte> OutcomeOf(BundleEntryView entry, ResourceDocument document) =>
        entry.Response.Outcome.Element.Exists
            ? HttpAnswers.OutcomeOnly(document.Detach(entry.Response.Outcome.Element.Value).Utf8)
        : entry.Resource.Element.Exists ? HttpAnswers.OutcomeOnly(document.Detach(entry.Resource.Element.Value).Utf8)
        : default;

    /// <summary>The number that <c>201 Created</c> begins with.</summary>
    private static int? StatusOf(BundleEntryView entry) =>
        entry.Response.Status is { Length: >= 3 } status
        && int.TryParse(status.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static ResourceDocument? BundleOf(PartnerAnswer answer) =>
        ResourceDocument.Parse(answer.Body).TryGet(out var document, out _)
        && document.ResourceTypeUtf8.SequenceEqual("Bundle"u8)
            ? document
            : null;
}
