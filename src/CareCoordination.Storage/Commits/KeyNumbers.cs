namespace CareCoordination.Storage.Commits;

/// <summary>
/// The numbers of surrogate keys that one transaction may give out. What it does not need is nobody's: a number is given out
/// once or never, and there are more of them than a database will ever hold resources.
/// </summary>
/// <param name="first">The first one that nobody has.</param>
/// <param name="count">How many the transaction has taken with the write lock.</param>
internal sealed class KeyNumbers(long first, int count)
{
    // A decision may make any number of resources, and more numbers than were taken cost a round trip.
    private const int ForDecisions = 64;
    private const int BlockSize = 1024;

    private long _next = first;
    private long _end = first + count;

    /// <summary>The first number that nobody has, while the write lock is held.</summary>
    public long Free => _end;

    /// <summary>More were needed than taken: <see cref="Free"/> has to be stored.</summary>
    public bool IsExtended { get; private set; }

    /// <summary>How many to take for so many resources that may be new.</summary>
    public static int Wanted(int resources, bool mayDecide) => resources + (mayDecide ? ForDecisions : 0);

    public long Next()
    {
        if (_next == _end)
            (_end, IsExtended) = (_end + BlockSize, true);
        return _next++;
    }
}
