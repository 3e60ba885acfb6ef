using System.Collections.Immutable;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Assessments;

/// <summary>What an assessment gives people to do, and what it warns of: codes of <c>CareExtensions.AssessmentWorkSystem</c>.</summary>
public static class AssessmentWork
{
    public const string SelfHarm = "self-harm-check";
    public const string Violence = "violence-check";
    public const string SafetyReview = "safety-review";
    public const string WholePhq9 = "complete-phq-9";

    public static readonly ImmutableArray<OwnCode> All =
    [
        new(WholePhq9, "The short screen is positive: go through the whole PHQ-9 with the patient."),
        new(SafetyReview, "The patient is not sure to be safe where they live: ask further, today."),
        new(
            SelfHarm,
            "The patient has thoughts of being dead or of self-harm: speak with them today, whatever the score is."
        ),
        new(Violence, "The patient may be in danger from somebody near: speak with them alone today."),
    ];

    public static OwnCode Of(string code) => All.First(w => w.Code == code);
}
