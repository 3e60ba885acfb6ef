namespace CareCoordination.Fhir.Outcomes;

/// <summary>Finds the known names that somebody probably meant.</summary>
internal static class Suggestion
{
    private const int MaxLength = 64;
    private const int MostNamed = 3;
    private const int MostListed = 40;

    /// <summary>The nearest of <paramref name="known"/> where it is near enough: other case, or up to two letters wrong.</summary>
    public static string? For(string name, IEnumerable<string> known)
    {
        var limit = Math.Min(3, (name.Length + 2) / 2);
        return known
            .Select(candidate => (Name: candidate, Distance: Distance(name, candidate, limit)))
            .Where(pair => pair.Distance < limit)
            .OrderBy(pair => pair.Distance)
            .Select(pair => pair.Name)
            .FirstOrDefault();
    }

    /// <summary>A sentence that names the closest of <paramref name="known"/>, or all where none is close.</summary>
    public static string Sentence(string name, IEnumerable<string> known)
    {
        var names = known.Order(StringComparer.Ordinal).ToList();
        var limit = Math.Max(2, name.Length / 3) + 1;
        var close = names
            .Select(candidate => (Name: candidate, Distance: Distance(name, candidate, int.MaxValue)))
            .Where(pair => pair.Distance < limit || IsPartOf(name, pair.Name))
            .OrderBy(pair => pair.Distance)
            .Take(MostNamed)
            .Select(pair => $"'{pair.Name}'")
            .ToList();
        if (close.Count > 0)
            return $"Did you mean {string.Join(" or ", close)}?";
        return names.Count == 0
            ? "There is none."
            : $"Known are {string.Join(", ", names.Take(MostListed))}{(names.Count > MostListed ? ", ..." : "")}.";
    }

    private static bool IsPartOf(string name, string candidate) =>
        name.Length >= 3
        && (
            candidate.Contains(name, StringComparison.OrdinalIgnoreCase)
            || (candidate.Length >= 3 && name.Contains(candidate, StringComparison.OrdinalIgnoreCase))
        );

    /// <summary>
    /// Levenshtein's distance, case ignored. Names that are longer than any we know, or that differ by <paramref name="limit"/> in length
    /// alone, are as far as they are long.
    /// </summary>
    private static int Distance(string a, string b, int limit)
    {
        if (a.Length is 0 or > MaxLength || b.Length > MaxLength || Math.Abs(a.Length - b.Length) >= limit)
            return Math.Max(a.Length, b.Length);
        Span<int> row = stackalloc int[MaxLength + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                var cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + cost);
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
