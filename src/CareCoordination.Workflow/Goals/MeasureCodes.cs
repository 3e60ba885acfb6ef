using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Goals;

/// <summary>What is measured for a goal, whether its targets can be tested or are for people to judge.</summary>
public static class MeasureCodes
{
    /// <summary>None for what is no goal.</summary>
    public static IEnumerable<MeasureCode> Of(Snapshot resource)
    {
        var goal = GoalView.From(ResourceDocument.Parse(resource.Utf8Json).Value);
        return goal.Target.SelectMany(t => KnownReadings.CodesOf(t.Measure));
    }
}
