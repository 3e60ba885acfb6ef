using System.Collections.Immutable;

namespace CareCoordination.HospitalSimulator.Scripts;

/// <summary>What there is of a patient when all is told, as the hospital's own ledger has it.</summary>
/// <param name="Finished">Stays that have ended.</param>
/// <param name="InProgress">Stays that go on.</param>
/// <param name="Cancelled">Stays that never were.</param>
/// <param name="Plans">Plans that are open.</param>
/// <param name="Tasks">Tasks that somebody has to do, but for escalations: those come with time.</param>
public readonly record struct Holding(int Finished, int InProgress, int Cancelled, int Plans, int Tasks)
{
    /// <summary>What each kind of day leads to: docs/transitions.md, "What follows from a discharge".</summary>
    public static Holding Of(StoryKind kind) =>
        kind switch
        {
            StoryKind.StillIn => new(0, 1, 0, 0, 0),
            StoryKind.NeverWas => new(0, 0, 1, 0, 0),
            StoryKind.TakenBack => new(0, 1, 0, 0, 0),
            StoryKind.Hospice => new(1, 0, 0, 0, 1),
            StoryKind.Died => new(1, 0, 0, 0, 1),
            StoryKind.Outpatient => new(1, 0, 0, 0, 0),
            StoryKind.Facility => new(1, 0, 0, 1, FacilityTasks),
            StoryKind.Paper => new(1, 0, 0, 1, HomeTasks + 1),
            StoryKind.Readmitted => new(2, 0, 0, 1, HomeTasks),
            StoryKind.InAgain => new(1, 1, 0, 1, HomeTasks),
            StoryKind.Merged => new(2, 0, 0, 1, HomeTasks),
            _ => new(1, 0, 0, 1, HomeTasks),
        };

    /// <summary>Papers, contact, needs, services, medications, visit, four calls, close.</summary>
    private const int HomeTasks = 11;

    /// <summary>The facility, four calls, close.</summary>
    private const int FacilityTasks = 6;
}

/// <summary>What can happen to a patient on the day.</summary>
public enum StoryKind
{
    Home,
    Facility,
    AgainstAdvice,
    Hospice,
    Died,
    StillIn,
    NeverWas,

    /// <summary>The discharge never was.</summary>
    TakenBack,

    /// <summary>The discharge never was, and then there was one.</summary>
    DischargedAgain,

    /// <summary>The first discharge said another disposition.</summary>
    Corrected,
    Outpatient,
    Readmitted,
    InAgain,

    /// <summary>Two numbers of one person.</summary>
    Merged,

    /// <summary>Told as a resource.</summary>
    Written,
    Paper,
}

/// <summary>What is told of one patient, in the order in which it is sent, and what there is then.</summary>
/// <param name="Person">Whose numbers find the record at the end.</param>
public sealed record PatientDay(StoryKind Kind, Person Person, ImmutableArray<Told> Told)
{
    public Holding Ledger => Holding.Of(Kind);
}
