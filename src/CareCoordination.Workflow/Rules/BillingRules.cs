using System.Collections.Immutable;

namespace CareCoordination.Workflow.Rules;

/// <summary>
/// By which numbers a patient's month is found to be ready for billing: part of <see cref="CareRules"/>. Codes have days of their own from
/// which and until which they hold, beside the day from which the rules do. Not billing advice: docs/billing.md.
/// </summary>
public sealed record BillingRules
{
    /// <summary>In the order in which alternatives are tried, and in which programmes that exclude each other are.</summary>
    public ImmutableArray<BillingCode> Codes { get; init; } = BillingTable.Codes;

    public ImmutableArray<BillingExclusion> Exclusions { get; init; } = BillingTable.Exclusions;

    /// <summary>What codes need and keeps none of them away: it is told as a note. Codes of BillingNeeds.</summary>
    public ImmutableArray<string> Advisory { get; init; } = ["initiating-visit"];

    /// <summary>The practice bills the time of practitioners in person where there is enough of it.</summary>
    public bool ElectsPractitionerTime { get; init; } = true;

    /// <summary>
    /// Work of different people at the same time, on different contacts, counts for each. Where this is false a minute of a patient counts
    /// once, whoever works.
    /// </summary>
    public bool CountsParallelWork { get; init; }

    /// <summary>Time on a day with a visit counts where it is apart from the visit; where this is false none of the day counts.</summary>
    public bool CountsVisitDays { get; init; } = true;

    /// <summary>The days of admission and discharge count as days outside.</summary>
    public bool CountsEndsOfStays { get; init; }

    /// <summary>Months before the beginning of a programme in which the visit is looked for that begins it, by programme.</summary>
    public ImmutableDictionary<string, int> InitiatingVisitMonths { get; init; } =
        ImmutableDictionary<string, int>.Empty.Add("ccm", 12).Add("apcm", 36);

    /// <summary>The codes of <c>Coverage.type</c> by which a patient is a qualified Medicare beneficiary.</summary>
    public ImmutableArray<string> QualifiedCoverage { get; init; } = ["qmb"];

    /// <summary>The codes that hold on a day of service.</summary>
    public IEnumerable<BillingCode> On(DateOnly day) => Codes.Where(c => c.IsValidOn(day));

    /// <summary>One of the two keeps the other away.</summary>
    public bool Excludes(string family, string other, DateOnly day) =>
        Exclusions.Any(e => e.Excludes(family, other, day));
}
