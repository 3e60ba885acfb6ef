namespace CareCoordination.Fhir.Search;

/// <summary>Finds what a client may have meant by a name nobody knows.</summary>
internal static class Suggestions
{
    private const int Most = 3;
    private const int MostOfAll = 40;

    /// <summary>A sentence that names the closest candidates, or all where none is close.</summary>
    public static string For(string name, IEnumerable<string> candidates)
    {
        var known = candidates.Order(StringComparer.Ordinal).ToList();
        var limit = Math.Max(2, name.Length / 3);
        var close = known
            .Select(candidate => (candidate, distance: Distance(name, candidate)))
            .Where(pair => pair.distance <= limit || IsPartOf(name, pair.candidate))
            .OrderBy(pair => pair.distance)
            .Take(Most)
            .Select(pair => $"'{pair.candidate}'")
            .ToList();
        if (close.Count > 0)
            return $"Did you mean {string.Join(" or ", close)}?";
        return known.Count == 0
            ? "There is none."
            : $"Known are {string.Join(", ", known.Take(MostOfAll))}{(known.Count > MostOfAll ? ", ..." : "")}.";
    }

    private static bool IsPartOf(string name, string candidate) =>
        name.Length >= 3
        && (
            candidate.Contains(name, StringComparison.OrdinalIgnoreCase)
            || (candidate.Length >= 3 && name.Contains(candidate, StringComparison.OrdinalIgnoreCase))
        );

    /// <summary>Levenshtein distance, without regard to case; names longer than any we know are as far as they are long.</summary>
    private static int Distance(string a, string b)
    {
        if (a.Length > 64)
            return a.Length;
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                var next = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + cost);
                diagonal = row[j];
                row[j] = next;
            }
        }

        return row[b.Length];
    }
}
