namespace CareCoordination.Storage.Rows;

/// <summary>What of two lists without repetition is in one only.</summary>
internal static class IndexDiff
{
    // Below this many pairs comparing each with each is quicker than hashing.
    private const int MaxPairs = 128;

    public static void Compare<T>(List<T>? before, List<T>? after, Action<T> removed, Action<T> added)
        where T : struct, IEquatable<T>
    {
        Missing(before, after, removed);
        Missing(after, before, added);
    }

    private static void Missing<T>(List<T>? items, List<T>? others, Action<T> missing)
        where T : struct, IEquatable<T>
    {
        if (items is null || items.Count == 0)
            return;
        var set = others is not null && items.Count * others.Count > MaxPairs ? new HashSet<T>(others) : null;
        foreach (var item in items)
        {
            if (others is null || !(set is null ? others.Contains(item) : set.Contains(item)))
                missing(item);
        }
    }
}
