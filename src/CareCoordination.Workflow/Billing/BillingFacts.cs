using System.Collections.Immutable;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Billing;

/// <summary>What is to be known of a patient's month in one programme to say which codes it is ready for.</summary>
/// <param name="Program">A code of <see cref="CarePrograms"/>.</param>
/// <param name="Day">The day by which the codes are chosen: of most the first of the month, of a visit or a window its own.</param>
public sealed record BillingFacts(string Program, DateOnly Day)
{
    /// <summary>With the days of stays in hospital.</summary>
    public RoleMinutes Minutes { get; init; }

    /// <summary>Without them.</summary>
    public RoleMinutes OutsideStays { get; init; }

    /// <summary>Days with data in the window of thirty that ended in the month; null where none did.</summary>
    public int? DataDays { get; init; }

    /// <summary>There was a visit after a discharge in the month, which opens the claim.</summary>
    public bool HasTransition { get; init; }

    /// <summary>What is on record: codes of <see cref="BillingNeeds"/>.</summary>
    public ImmutableHashSet<string> Met { get; init; } = [];

    /// <summary>Families that somebody else has claimed for the month, or that a biller has said are not billable.</summary>
    public ImmutableHashSet<string> Claimed { get; init; } = [];

    /// <summary>Families that were billed here for the month: what they exclude stays away.</summary>
    public ImmutableHashSet<string> Billed { get; init; } = [];

    /// <summary>Codes that were billed in the episode before the month.</summary>
    public ImmutableHashSet<string> BilledBefore { get; init; } = [];

    internal int MinutesFor(BillingCode code) => (code.CountsStays ? Minutes : OutsideStays).Of(code.Time);
}

/// <summary>A code that the month is ready for.</summary>
public readonly record struct ReadyCode(BillingCode Code, int Units);

/// <summary>Why a code that is reached is not ready, or what should be looked at.</summary>
/// <param name="Code">Of <see cref="BillingNeeds"/>.</param>
/// <param name="For">The code that it keeps away.</param>
/// <param name="IsNote">It keeps nothing away.</param>
public readonly record struct BillingReason(string Code, string For, bool IsNote);

/// <summary>What the next code or unit needs.</summary>
/// <param name="Minutes">More of this kind.</param>
public readonly record struct NextThreshold(string Code, TimeOf Time, int Minutes);

/// <summary>How a month in a programme stands.</summary>
/// <param name="Reasons">Where a code was reached and is not ready: what is missing. And notes.</param>
/// <param name="Next">The nearest threshold; null where no more minutes make a difference.</param>
public sealed record ProgramBilling(
    string Program,
    ImmutableArray<ReadyCode> Codes,
    ImmutableArray<BillingReason> Reasons,
    NextThreshold? Next
)
{
    /// <summary>Something was reached, and something keeps it away.</summary>
    public bool IsLeaking => Codes.IsEmpty && Reasons.Any(r => !r.IsNote);
}
