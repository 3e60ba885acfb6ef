using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Referrals;

/// <summary>What every decision about a referral has to know besides the resources.</summary>
/// <param name="Calendar">Of the organisation that refers.</param>
/// <param name="NewId">Gives the ids of new resources.</param>
public sealed record ReferralContext(
    CareRules Rules,
    BusinessCalendar Calendar,
    Agent By,
    DateTimeOffset Now,
    Func<string> NewId
)
{
    /// <summary>Who gets the work that a referral makes; null: whoever asked for it.</summary>
    public string? CareManager { get; init; }

    /// <summary>Who is told when nobody acts; null: any lead may claim it.</summary>
    public string? Lead { get; init; }

    internal ReferralRules Numbers => Rules.Referrals;
}
