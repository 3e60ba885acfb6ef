using CareCoordination.Workflow.Goals;

namespace CareCoordination.Workflow.Monitoring;

/// <summary>An Observation that is being written, as thresholds see it.</summary>
/// <param name="Before">What it said until now; null where there was none, or nobody knows.</param>
/// <param name="After">What it says from now on; null where it is deleted, or says nothing.</param>
public sealed record WatchedReading(Reading? Before, Reading? After)
{
    public string Reference => (After ?? Before)!.Reference;
}

/// <summary>What a reading asks for.</summary>
/// <param name="Rank">Of the priority: 0 for routine to 3 for stat.</param>
/// <param name="Words">Why, as <c>Systolic blood pressure: at least 180 mm[Hg]</c>.</param>
internal sealed record ReadingFinding(Reading Reading, int Rank, string Words);
