namespace CareCoordination.Storage.Search;

/// <summary>A part of the change sequence; null where it has no such end.</summary>
internal readonly record struct SequenceRange(long? From, long? Before)
{
    // To read so many changes and sort them costs less than to look for a page among more.
    private const long Short = 4096;

    public bool IsAll => From is null && Before is null;

    /// <summary>The last change that there was when it was looked.</summary>
    public long Last { get; init; }

    public bool IsShort => From is { } from && (Before ?? (Last + 1)) - from <= Short;

    /// <summary>What is in both.</summary>
    public SequenceRange And(SequenceRange other) =>
        new(
            From > other.From || other.From is null ? From : other.From,
            Before < other.Before || other.Before is null ? Before : other.Before
        )
        {
            Last = Math.Max(Last, other.Last),
        };
}
