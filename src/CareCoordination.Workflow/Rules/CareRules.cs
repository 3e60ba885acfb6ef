using System.Collections.Immutable;

namespace CareCoordination.Workflow.Rules;

/// <summary>
/// The numbers of care management that come from policies and may change: data with a day from which they hold, never constants
/// of the code. A server loads its own; <see cref="Defaults"/> are proposals of this project.
/// </summary>
/// <param name="EffectiveFrom">The first day on which they hold.</param>
public sealed record CareRules(DateOnly EffectiveFrom)
{
    /// <summary>
    /// Defaults. The cap of 170 patients is the panel size that care-management guides name; all else is proposed by this project
    /// and taken from no regulation.
    /// </summary>
    public static readonly CareRules Defaults = new(DateOnly.MinValue);

    /// <summary>How many readings in a row have to meet a target that says nothing itself.</summary>
    public int RequiredReadings { get; init; } = 1;

    /// <summary>A change of a reading below this share of the target is no change, where the target says nothing itself.</summary>
    public decimal DeadBandShare { get; init; } = 0.02m;

    /// <summary>When a late task is escalated, and to whom.</summary>
    public ImmutableArray<LatenessThreshold> Lateness { get; init; } =
    [
        new("overdue", 0, ToLead: false),
        new("overdue-asap", 0, ToLead: true, LeastPriority: "asap"),
        new("overdue-urgent", 1, ToLead: true, LeastPriority: "urgent"),
        // A ride that is not sure by then leaves nobody a second day.
        new("overdue-transport", 0, ToLead: true) { Work = "confirm-transport" },
        new("overdue-lead", 3, ToLead: true),
    ];

    /// <summary>Points of a patient in a caseload, by the code of the risk tier; an unknown tier counts as low.</summary>
    public ImmutableDictionary<string, int> TierPoints { get; init; } =
        ImmutableDictionary<string, int>.Empty.Add("low", 1).Add("moderate", 2).Add("high", 4);

    /// <summary>Further points while a patient is in a transition of care.</summary>
    public int TransitionPoints { get; init; } = 3;

    /// <summary>The most patients of one care manager.</summary>
    public int MostPatients { get; init; } = 170;

    /// <summary>The most points of one care manager.</summary>
    public int MostPoints { get; init; } = 300;

    /// <summary>The share of a cap from which a caseload is worth a warning.</summary>
    public decimal WarnAtShare { get; init; } = 0.8m;

    /// <summary>The SNOMED, NUCC or other codes of categories whose plans need the patient's consent before they begin.</summary>
    public ImmutableArray<string> ConsentCategories { get; init; } = [];

    /// <summary>The codes of Consent.category that count as such; empty: all but advance directives and research.</summary>
    public ImmutableArray<string> ConsentKinds { get; init; } = [];

    /// <summary>Business days within which the new care manager is to accept a handover, before a lead is told.</summary>
    public int HandoverBusinessDays { get; init; } = 1;

    /// <summary>Days until the next review of a plan, where the reviewer names none.</summary>
    public int ReviewAfterDays { get; init; } = 90;

    public ReferralRules Referrals { get; init; } = new();

    public TransitionRules Transitions { get; init; } = new();

    public VisitRules Visits { get; init; } = new();

    public RiskRules Risk { get; init; } = new();

    public AssessmentRules Assessments { get; init; } = new();

    public MonitoringRules Monitoring { get; init; } = new();

    public BillingRules Billing { get; init; } = new();

    /// <summary>The rules that hold on a day: the latest that are effective. <see cref="Defaults"/> where none is.</summary>
    public static CareRules On(DateOnly day, IEnumerable<CareRules> all) =>
        all.Where(r => r.EffectiveFrom <= day).MaxBy(r => r.EffectiveFrom) ?? Defaults;
}
