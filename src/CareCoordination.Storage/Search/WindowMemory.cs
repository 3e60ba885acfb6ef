using System.Collections.Concurrent;
using CareCoordination.Storage.Engines;

namespace CareCoordination.Storage.Search;

/// <summary>
/// How large a part of a type was walked the last time for the first page of a status, so that the next time begins there. A part that is
/// larger than it has to be costs nothing, because a walk ends with its page.
/// </summary>
/// <remarks>A minute old it is forgotten: then the status may be more of the type, or less.</remarks>
internal sealed class WindowMemory
{
    /// <summary>All rows of the status were collected.</summary>
    public const int Collected = 0;

    private const int MaxKept = 1_000;
    private static readonly long Lifetime = (long)TimeSpan.FromMinutes(1).TotalMilliseconds;

    private readonly ConcurrentDictionary<string, (int Size, long At)> _sizes = new(StringComparer.Ordinal);

    /// <summary>
    /// All that is asked for, as a statement that finds it: of two queries for one status, one may ask for what few of its resources have.
    /// </summary>
    public static string KeyOf(Sql window) => $"{window.Text}|{string.Join('|', window.Values)}";

    /// <summary>Null: nobody asked of late.</summary>
    public int? Find(string key) =>
        _sizes.TryGetValue(key, out var kept) && Environment.TickCount64 - kept.At < Lifetime ? kept.Size : null;

    public void Keep(string key, int size)
    {
        if (_sizes.Count >= MaxKept)
            _sizes.Clear();
        // The time is that of the first finding: what is asked for all the time is forgotten as well.
        _sizes.AddOrUpdate(
            key,
            _ => (size, Environment.TickCount64),
            (_, kept) =>
                kept.Size == size && Environment.TickCount64 - kept.At < Lifetime
                    ? kept
                    : (size, Environment.TickCount64)
        );
    }
}
