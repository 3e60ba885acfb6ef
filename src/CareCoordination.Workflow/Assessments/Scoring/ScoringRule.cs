using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Assessments.Scoring;

/// <summary>What keeps a response from being scored.</summary>
public static class ScoringRule
{
    /// <summary>422 <c>response-not-complete</c>, <c>patient-missing</c>; null where it may be.</summary>
    public static Failure? Check(QuestionnaireResponseView response) =>
        !ResponseCheck.AppliesTo(response)
            ? RuleFailure.Of(
                "response-not-complete",
                $"The response is {response.Status}: what is completed or amended is scored.",
                QuestionnaireResponseView.At.Status
            )
        : response.Subject.Target() is not { } subject
        || !subject.StartsWith(ResourceTypes.Patient + "/", StringComparison.Ordinal)
            ? NoPatient()
        : null;

    /// <summary>422 <c>patient-missing</c></summary>
    public static Failure NoPatient() =>
        RuleFailure.Of(
            "patient-missing",
            "The subject of the response is no Patient of this server.",
            QuestionnaireResponseView.At.Subject
        );

    /// <summary>422 <c>instrument-unknown</c></summary>
    public static Failure Unknown() =>
        RuleFailure.Of(
            "instrument-unknown",
            $"The response is of no instrument that is scored here: {string.Join(", ", Instruments.All.Select(i => i.Code))}.",
            QuestionnaireResponseView.At.Questionnaire
        );
}
