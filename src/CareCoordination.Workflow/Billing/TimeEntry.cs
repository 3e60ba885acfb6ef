using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Billing;

/// <summary>Somebody's work for a patient, from one instant to another, for one programme.</summary>
/// <param name="Source">The Task or Encounter that tells it, as a reference: entries of one source are of one contact.</param>
/// <param name="Program">A code of <see cref="CarePrograms"/>.</param>
/// <param name="Role">Clinical staff, or the practitioner in person.</param>
public sealed record TimeEntry(
    string Source,
    string Performer,
    TimeOf Role,
    string Program,
    DateTimeOffset Start,
    DateTimeOffset End
)
{
    /// <summary>Somebody spoke with the patient or a caregiver.</summary>
    public bool IsContact { get; init; }

    /// <summary>What was done; null where nothing is said.</summary>
    public string? Activity { get; init; }

    /// <summary>How complex what was decided was: <c>low</c>, <c>moderate</c>, <c>high</c>; null where nothing is said.</summary>
    public string? Decisions { get; init; }
}

/// <summary>From one instant to another, the second outside of it.</summary>
public readonly record struct TimeSpanOf(DateTimeOffset Start, DateTimeOffset End)
{
    public bool IsEmpty => End <= Start;

    public long Ticks => IsEmpty ? 0 : (End - Start).Ticks;

    public TimeSpanOf Within(TimeSpanOf other) =>
        new(Start > other.Start ? Start : other.Start, End < other.End ? End : other.End);
}
