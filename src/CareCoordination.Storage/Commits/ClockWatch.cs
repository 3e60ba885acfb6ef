using CareCoordination.Storage.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CareCoordination.Storage.Commits;

/// <summary>Compares the node's clock with the database's, and says it once where a spell begins in which it is ahead, or ends.</summary>
internal sealed class ClockWatch(StoreClock clock, ILogger log)
{
    /// <summary>What the node's clock says, in whole milliseconds.</summary>
    public long NodeNow
    {
        get
        {
            var ticks = clock.NodeNow.UtcTicks;
            return ticks - ticks % TimeSpan.TicksPerMillisecond;
        }
    }

    public TimeSpan MaxAhead => clock.MaxAhead;

    /// <param name="database">Null: it has no clock of its own.</param>
    public void Compare(long node, long? database)
    {
        if (database is not { } ticks)
            return;
        var change = clock.Compare(new DateTimeOffset(node, TimeSpan.Zero), new DateTimeOffset(ticks, TimeSpan.Zero));
        if (change is true)
            Log.ClockAhead(log, clock.Ahead.TotalSeconds);
        else if (change is false)
            Log.ClockRight(log);
    }
}
