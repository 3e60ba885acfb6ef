using System.Collections.Immutable;

namespace CareCoordination.Workflow.Risk;

/// <summary>What one input of a score gives.</summary>
/// <param name="Code">The letter or short word by which the instrument knows it: <c>L</c>.</param>
/// <param name="Name">What it is, for people.</param>
/// <param name="Points">Null where the input is missing, which is not the same as none.</param>
/// <param name="MostPoints">What it could give.</param>
public sealed record ScorePart(string Code, string Name, int? Points, int MostPoints);

/// <summary>
/// A score as far as its inputs are known. What is missing is named, and is never read as zero: it is said how many points there are
/// already, and how many there could be.
/// </summary>
/// <param name="Instrument">A code of <see cref="RiskInstruments"/>: <c>lace-index</c>.</param>
/// <param name="Version">The code of the table that it was made by: <c>lace-2010</c>.</param>
/// <param name="Tiers">The least score of each tier above low.</param>
public sealed record RiskScore(
    string Instrument,
    string Version,
    ImmutableArray<ScorePart> Parts,
    ImmutableDictionary<string, int> Tiers
)
{
    /// <summary>What is known gives so many points.</summary>
    public int Least => Parts.Sum(p => p.Points ?? 0);

    /// <summary>What is missing could make it so many.</summary>
    public int Most => Parts.Sum(p => p.Points ?? p.MostPoints);

    /// <summary>The score; null while an input is missing.</summary>
    public int? Total => Missing.Any() ? null : Least;

    /// <summary>The inputs that are not known.</summary>
    public IEnumerable<ScorePart> Missing => Parts.Where(p => p.Points is null);

    /// <summary>The tier of what is known: <c>low</c>, <c>moderate</c> or <c>high</c>.</summary>
    public string Tier => TierOf(Least);

    /// <summary>Whatever is missing, the tier is this one.</summary>
    public bool IsTierCertain => TierOf(Most) == Tier;

    /// <summary>As people write it: <c>L 5, A 3, C missing, E 1</c>.</summary>
    public string Rationale =>
        string.Join(", ", Parts.Select(p => p.Points is { } points ? $"{p.Code} {points}" : $"{p.Code} missing"));

    private string TierOf(int score) =>
        Tiers
            .Where(t => score >= t.Value)
            .OrderByDescending(t => t.Value)
            .ThenBy(t => t.Key, StringComparer.Ordinal)
            .Select(t => t.Key)
            .FirstOrDefault()
        ?? "low";
}
