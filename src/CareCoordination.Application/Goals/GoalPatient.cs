using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Goals;

internal static class GoalPatient
{
    /// <summary>Whose goal it is: <c>Goal.subject</c> is required.</summary>
    public static string Of(Snapshot goal) =>
        GoalView.From(ResourceDocument.Parse(goal.Utf8Json).Value).Subject.Reference ?? "";
}
