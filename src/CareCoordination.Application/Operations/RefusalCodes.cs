using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Application.Operations;

/// <summary>
/// Every refusal of an operation has a coding that a program can branch on: that of the rule that refuses, or else the type of its
/// issue in the code system of FHIR, so that a missing parameter and a lost race are told apart without reading sentences.
/// </summary>
public static class RefusalCodes
{
    public static Failure Coded(this Failure failure) => failure with { Issues = Coded(failure.Issues) };

    public static FhirResponse Coded(this FhirResponse answer)
    {
        if (answer.IsSuccess || answer.Issues.IsEmpty)
            return answer;
        var issues = Coded(answer.Issues);
        return answer with { Issues = issues, Content = new BytesContent(OperationOutcome.ToUtf8Json(issues)) };
    }

    private static ImmutableArray<Issue> Coded(ImmutableArray<Issue> issues) =>
        [.. issues.Select(i => i.IsError ? i with { RepeatsCode = i.Details is null } : i)];
}
