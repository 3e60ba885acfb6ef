namespace CareCoordination.Fhir.Validation;

/// <summary>Finds the known name that somebody probably meant.</summary>
internal static class Suggestion
{
    private const int MaxLength = 64;

    /// <summary>The nearest of <paramref name="known"/> where it is near enough: other case, or up to two letters wrong.</summary>
    public static string? For(string text, IEnumerable<string> known)
    {
        if (text.Length is 0 or > MaxLength)
            return null;
        string? best = null;
        var bestDistance = Math.Min(3, (text.Length + 2) / 2);
        foreach (var candidate in known)
        {
            if (candidate.Length > MaxLength || Math.Abs(candidate.Length - text.Length) >= bestDistance)
                continue;
            var distance = Distance(text, candidate);
            if (distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }

        return best;
    }

    /// <summary>Levenshtein's distance, case ignored.</summary>
    private static int Distance(string a, string b)
    {
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
