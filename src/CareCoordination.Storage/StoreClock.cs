namespace CareCoordination.Storage;

/// <summary>
/// The clock of everything that is due, expires or is recorded. It is the node's own, unless that is further ahead of the
/// database's than <see cref="StorageOptions.MaxClockAhead"/>: then it is the database's, which all nodes have in common. What one
/// node stamps with a time that is yet to come, all others would have to stamp later still.
/// </summary>
public sealed class StoreClock(TimeProvider node, TimeSpan maxAhead) : TimeProvider
{
    private long _ahead;

    public TimeSpan MaxAhead => maxAhead;

    /// <summary>By how much the node's clock is ahead; zero while that is not too much.</summary>
    public TimeSpan Ahead => new(Interlocked.Read(ref _ahead));

    /// <summary>What the node's own clock says.</summary>
    public DateTimeOffset NodeNow => node.GetUtcNow();

    public override long TimestampFrequency => node.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => node.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => node.GetUtcNow() - Ahead;

    public override long GetTimestamp() => node.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        node.CreateTimer(callback, state, dueTime, period);

    /// <summary>To be told whenever both clocks were looked at.</summary>
    /// <returns>False where it was ahead before and is not now, true where it is the other way, null where nothing changed.</returns>
    internal bool? Compare(DateTimeOffset own, DateTimeOffset database)
    {
        var ahead = own - database;
        var now = ahead > maxAhead ? ahead.Ticks : 0;
        var before = Interlocked.Exchange(ref _ahead, now);
        return (before == 0) == (now == 0) ? null : now != 0;
    }
}
