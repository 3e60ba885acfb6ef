using System.Collections.Immutable;

namespace CareCoordination.Workflow.Rules;

/// <summary>
/// The numbers of what is told of readings at home: part of <see cref="CareRules"/>, and proposals of this project like the rest of them. What
/// value of a patient is too high, the patient's goals say.
/// </summary>
public sealed record MonitoringRules
{
    /// <summary>A reading of more days ago asks nobody to act: it is history that arrives late.</summary>
    public int FreshDays { get; init; } = 3;

    /// <summary>Business days in which a reading is reviewed, by the priority of its threshold; 0 is the same day.</summary>
    public ImmutableDictionary<string, int> ReviewBusinessDays { get; init; } =
        ImmutableDictionary<string, int>.Empty.Add("routine", 3).Add("urgent", 1).Add("asap", 0).Add("stat", 0);
}
