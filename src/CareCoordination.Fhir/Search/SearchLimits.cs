namespace CareCoordination.Fhir.Search;

/// <summary>
/// What one query may ask for at most. What goes beyond is refused with 400 <c>too-costly</c>, as soon as it is seen.
/// </summary>
public sealed record SearchLimits
{
    /// <summary>
    /// Values of all parameters together; an id without a type counts once for each type it may mean, and a part of a composite
    /// is a value.
    /// </summary>
    public int MaxValues { get; init; } = 1000;

    /// <summary>
    /// Conditions that must all hold: parameters that are given, a chain once for each type it may lead to or through.
    /// </summary>
    public int MaxConditions { get; init; } = 200;

    /// <summary>References that one condition may follow, in either direction.</summary>
    public int MaxLevels { get; init; } = 4;

    public int MaxSortKeys { get; init; } = 16;

    public int MaxIncludes { get; init; } = 64;

    /// <summary>The smaller of each: what is configured, and what a database takes.</summary>
    public SearchLimits Within(SearchLimits other) =>
        new()
        {
            MaxValues = Math.Min(MaxValues, other.MaxValues),
            MaxConditions = Math.Min(MaxConditions, other.MaxConditions),
            MaxLevels = Math.Min(MaxLevels, other.MaxLevels),
            MaxSortKeys = Math.Min(MaxSortKeys, other.MaxSortKeys),
            MaxIncludes = Math.Min(MaxIncludes, other.MaxIncludes),
        };
}
