using System.Text;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Referrals;

/// <summary>Why a message about a referral did not arrive, for the people who have to do something about it.</summary>
/// <param name="IsRefused">The partner refuses it; false: it was not reached in all the time there was.</param>
/// <param name="IsCancellation">The message was to call the referral off.</param>
/// <param name="Problem">What happened, as a sentence.</param>
public sealed record DeliveryProblem(bool IsRefused, bool IsCancellation, string? Problem)
{
    // What people read in a work item; the whole answer is in the delivery.
    private const int MostLetters = 2000;

    /// <summary>The partner's own reasons; null where it gave none.</summary>
    public string? Words { get; init; }

    /// <summary>What the referral's people are asked to do.</summary>
    internal ReferralWork Work =>
        this switch
        {
            { IsCancellation: true } => ReferralWork.CallPartner with
            {
                Meaning = IsRefused
                    ? "The partner refuses the cancellation: call to make sure that it stops, then end the delivery."
                    : "The partner does not know of the cancellation: call to make sure that it stops, then end the delivery.",
            },
            { IsRefused: true } => ReferralWork.CorrectData,
            _ => ReferralWork.CallPartner,
        };

    /// <summary>The note of the work item; null where there is nothing to add.</summary>
    internal string? Note =>
        (Problem, Words) switch
        {
            (null, null) => null,
            (var problem, null) => problem,
            (null, var words) => $"The partner says: {words}",
            var (problem, words) => $"{problem} The partner says: {words}",
        };

    /// <summary>What an OperationOutcome says, issue by issue; null where it says nothing.</summary>
    public static string? WordsOf(ReadOnlyMemory<byte> outcome)
    {
        if (outcome.IsEmpty || !ResourceDocument.Parse(outcome).TryGet(out var document, out _))
            return null;
        var text = new StringBuilder();
        foreach (var issue in OperationOutcomeView.From(document).Issue)
        {
            var said = string.Join(
                ": ",
                new[] { TextOf(issue.Details), issue.Diagnostics }
                    .Where(t => !string.IsNullOrWhiteSpace(t))
                    .Distinct(StringComparer.Ordinal)
            );
            var place = issue.Expression.Concat(issue.Location).FirstOrDefault();
            if (said.Length == 0)
                said = issue.Code ?? "";
            if (said.Length == 0)
                continue;
            if (text.Length > 0)
                text.Append("; ");
            text.Append(said);
            if (place is not null)
                text.Append($" ({place})");
        }

        return text.Length switch
        {
            0 => null,
            <= MostLetters => text.ToString(),
            _ => text.ToString(0, char.IsHighSurrogate(text[MostLetters - 2]) ? MostLetters - 2 : MostLetters - 1)
                + "…",
        };
    }

    private static string? TextOf(CodeableConceptView concept)
    {
        if (concept.Text is { Length: > 0 } text)
            return text;
        foreach (var coding in concept.Coding)
        {
            if ((coding.Display ?? coding.Code) is { } said)
                return said;
        }

        return null;
    }
}
