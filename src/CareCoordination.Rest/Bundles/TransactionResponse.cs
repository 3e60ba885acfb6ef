using CareCoordination.Application.Answers;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Bundles;

/// <summary>Turns the answer to one entry into an entry of the response Bundle.</summary>
internal static class TransactionResponse
{
    /// <summary>
    /// As without a budget, where that allows it. Beyond it reads are refused; what was written stays written, and is told of without
    /// its resource.
    /// </summary>
    public static BundleEntry Entry(
        FhirResponse answer,
        ReturnPreference preference,
        string method,
        string baseUrl,
        AnswerBudget budget
    )
    {
        var entry = Entry(answer, preference, method, baseUrl);
        // A reason why not is short, and there is one for an entry at most.
        if (budget.TryTake(entry) || !answer.IsSuccess)
            return entry;
        return Entry(answer.AnswersWrite ? Bare(answer) : budget.Refusal, ReturnPreference.Minimal, method, baseUrl);
    }

    private static FhirResponse Bare(FhirResponse answer) =>
        new()
        {
            Status = answer.Status,
            Version = answer.Version,
            Location = answer.Location,
            AnswersWrite = true,
        };

    /// <summary>
    /// Reads bring their resource; writes bring it only with <c>Prefer: return=representation</c>, because whoever sent it has it.
    /// </summary>
    public static BundleEntry Entry(FhirResponse answer, ReturnPreference preference, string method, string baseUrl)
    {
        if (!answer.IsSuccess)
            return new()
            {
                Response = new EntryResponse(EntryResponse.StatusLine(answer.Status))
                {
                    Outcome = answer.Body?.ToUtf8Json() ?? default,
                },
            };
        var response = EntryResponse.Of(answer.Status, answer.Version) with
        {
            Location = answer.Location ?? answer.StatusLocation,
        };
        if (answer.AnswersWrite && preference == ReturnPreference.OperationOutcome)
            response = response with { Outcome = OperationOutcome.ToUtf8Json(answer.Issues) };
        var hasResource = method != "HEAD" && (!answer.AnswersWrite || preference == ReturnPreference.Representation);
        var resource = hasResource ? answer.Body?.ToUtf8Json() ?? default : default;
        return new()
        {
            FullUrl = resource.IsEmpty || answer.Version is not { } version ? null : $"{baseUrl}/{version.Key}",
            Resource = resource,
            Response = response,
        };
    }
}
