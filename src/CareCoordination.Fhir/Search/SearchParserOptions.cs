using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Search;

/// <summary>What a query is read against.</summary>
/// <param name="BaseUrl">This server's FHIR base, without a slash at the end: references under it are local.</param>
/// <param name="Now">The time that <c>ap</c> on dates is relative to.</param>
public sealed record SearchParserOptions(string BaseUrl, DateTimeOffset Now)
{
    /// <summary>
    /// <c>Prefer: handling=lenient</c>: what is not known or not offered is left out with a warning instead of refused.
    /// https://hl7.org/fhir/R4/search.html#errors
    /// </summary>
    public bool IsLenient { get; init; }

    /// <summary>Matches per page where the query does not say.</summary>
    public int DefaultCount { get; init; } = 50;

    /// <summary>A larger <c>_count</c> is cut to this.</summary>
    public int MaxCount { get; init; } = 1000;

    public SearchLimits Limits { get; init; } = new();
}

/// <summary>A query as understood, and what was left out of it in lenient handling.</summary>
public sealed record ParsedSearch(SearchQuery Query, ImmutableArray<Issue> Warnings);
