using System.Collections.Immutable;

namespace CareCoordination.Analytics.Measures;

/// <summary>
/// Which counts are told of strata whose sum is told: none that is small, and none from which a small one follows by subtraction. Where one is
/// hidden others are too, the smallest first, until those that are hidden could be several numbers each.
/// </summary>
internal static class SmallCells
{
    /// <summary>None is nobody, who cannot be found out.</summary>
    public static bool IsSmall(int count, int smallest) => count > 0 && count < smallest;

    /// <param name="counts">Of strata that have nobody in common, and together all.</param>
    /// <param name="smallest">Counts below it are small; 0: none is.</param>
    /// <returns>For each whether it is told; null where nothing that can be hidden keeps single people from being found.</returns>
    public static ImmutableArray<bool>? Told(IReadOnlyList<int> counts, int smallest)
    {
        var isTold = counts.Select(count => !IsSmall(count, smallest)).ToArray();
        // Of a sum that is small itself nothing is told that could be subtracted from.
        if (isTold.All(told => told) || counts.Sum() < smallest)
            return [.. isTold];
        foreach (
            var next in Enumerable
                .Range(0, counts.Count)
                .Where(i => isTold[i] && counts[i] > 0)
                .OrderBy(i => counts[i])
                .ThenBy(i => i)
        )
        {
            if (IsOpen(counts, isTold, smallest))
                break;
            isTold[next] = false;
        }

        return IsOpen(counts, isTold, smallest) ? [.. isTold] : null;
    }

    /// <summary>There are several that are hidden, they are not few people together, and not one each.</summary>
    private static bool IsOpen(IReadOnlyList<int> counts, bool[] isTold, int smallest)
    {
        var hidden = counts.Where((_, i) => !isTold[i]).ToList();
        return hidden.Count >= 2 && hidden.Sum() >= smallest && hidden.Sum() > hidden.Count;
    }
}
