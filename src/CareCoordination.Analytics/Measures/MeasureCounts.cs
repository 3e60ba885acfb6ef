namespace CareCoordination.Analytics.Measures;

/// <summary>What a measure comes to, of all rows or of one stratum.</summary>
/// <param name="Stratifier">Null: of all.</param>
/// <param name="Initial">Rows that the statement gives.</param>
/// <param name="Value">The sum of what is measured.</param>
/// <param name="Weight">The sum of what it is measured by.</param>
/// <param name="Median">Of what is measured.</param>
internal sealed record MeasureCounts(
    string? Stratifier,
    string? Stratum,
    int Initial,
    int Excluded,
    int Numerator,
    double? Value,
    double? Weight,
    double? Median,
    double? NinetiethPercentile
)
{
    public int Denominator => Initial - Excluded;

    /// <summary>Null where nothing is measured, or by nothing.</summary>
    public double? Score(MeasureDefinition measure) =>
        measure.Scoring switch
        {
            MeasureScoring.Proportion => Denominator == 0 ? null : (double)Numerator / Denominator,
            MeasureScoring.Ratio => Weight is > 0 ? (Value ?? 0) / Weight : null,
            _ => Median,
        };
}
