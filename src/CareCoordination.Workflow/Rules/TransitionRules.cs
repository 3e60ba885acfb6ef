using System.Collections.Immutable;

namespace CareCoordination.Workflow.Rules;

/// <summary>
/// The numbers of transitions of care: part of <see cref="CareRules"/>. The two business days, seven and fourteen days and the thirty
/// days are those of transitional care management as payers describe it; all else is proposed by this project.
/// </summary>
public sealed record TransitionRules
{
    /// <summary>Business days after the discharge, whose day counts as none, in which somebody has spoken with the patient.</summary>
    public int ContactBusinessDays { get; init; } = 2;

    /// <summary>Business days in which the discharge papers are read.</summary>
    public int ReviewBusinessDays { get; init; } = 1;

    /// <summary>Business days in which referrals, equipment and home health are looked after.</summary>
    public int ServicesBusinessDays { get; init; } = 3;

    /// <summary>Days until the visit, where the risk is not high.</summary>
    public int VisitDays { get; init; } = 14;

    /// <summary>Days until the visit, where the risk is high.</summary>
    public int VisitDaysAtHighRisk { get; init; } = 7;

    /// <summary>Days until the medications are reconciled, at the latest with the visit.</summary>
    public int ReconciliationDays { get; init; } = 7;

    /// <summary>Days of the transition, the day of the discharge included.</summary>
    public int PeriodDays { get; init; } = 30;

    /// <summary>
    /// Days after the discharge until which one that is told late still begins a plan: the last day of the transition. Later ones are
    /// recorded, and all clocks of theirs would be over.
    /// </summary>
    public int LatestDays { get; init; } = 29;

    /// <summary>Days after the discharge on which somebody calls.</summary>
    public ImmutableArray<int> CallDays { get; init; } = [7, 14, 21, 28];

    /// <summary>As <see cref="CallDays"/>, where the risk is high.</summary>
    public ImmutableArray<int> CallDaysAtHighRisk { get; init; } = [3, 7, 10, 14, 21, 28];

    /// <summary>A discharge that lies further ahead of the clock of this server is refused.</summary>
    public int MostMinutesAhead { get; init; } = 15;

    /// <summary>
    /// True: a discharge of a patient whom no organisation manages is given to the best of all care managers. False: to nobody, and its
    /// tasks to the role.
    /// </summary>
    public bool AssignsAnybody { get; init; }
}
