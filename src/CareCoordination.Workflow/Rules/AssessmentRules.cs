using System.Collections.Immutable;

namespace CareCoordination.Workflow.Rules;

/// <summary>
/// The numbers of assessments that come from practice rather than from the instrument, or that sites set themselves: part of
/// <see cref="CareRules"/>.
/// </summary>
public sealed record AssessmentRules
{
    /// <summary>The least score of a band that differs from the instrument's own table, as <c>morse/high</c>.</summary>
    public ImmutableDictionary<string, int> Bands { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>The least score that is a positive screen where it differs from the instrument's own table, by the code of the score.</summary>
    public ImmutableDictionary<string, int> PositiveFrom { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>
    /// How many items may be missing and the score is made of the others in proportion, by the code of the score. Where nothing is said
    /// every item has to be answered.
    /// </summary>
    public ImmutableDictionary<string, int> MostMissing { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>Business days within which a positive short screen is followed by the whole instrument.</summary>
    public int FollowUpBusinessDays { get; init; } = 5;

    /// <summary>Answers that are a need by the instrument's table and are none here, as <c>93027-1/LA33-6</c>.</summary>
    public ImmutableArray<string> NoNeed { get; init; } = [];

    /// <summary>
    /// The yearly income in US dollars that counts as poverty for a household of one, and for each further person: the federal poverty
    /// guidelines of 2025 for the contiguous states. They change every January, as a rule set with that day.
    /// </summary>
    public int PovertyFirst { get; init; } = 15_650;

    public int PovertyFurther { get; init; } = 5_500;

    /// <summary>The percentage of that income below which a household is in need.</summary>
    public int PovertyPercent { get; init; } = 100;
}
