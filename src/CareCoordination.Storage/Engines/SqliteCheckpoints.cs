using System.Diagnostics;

namespace CareCoordination.Storage.Engines;

/// <summary>
/// Keeps the write-ahead log of a SQLite file small. SQLite starts it anew when all of it is in the file and nobody reads from it,
/// which under constant reads is never: so now and then the writer is held up for a moment, in which those who read from the log
/// come to their end and those who begin read from the file alone. https://sqlite.org/wal.html#avoiding_excessively_large_wal_files
/// </summary>
/// <param name="open">Opens a connection of its own.</param>
/// <param name="lanes">Of the searches, the only readers that take longer than a moment.</param>
internal sealed class SqliteCheckpoints(
    Func<CancellationToken, Task<DbSession>> open,
    ReadLanes lanes,
    TimeSpan longestRead
) : IAsyncDisposable
{
    /// <summary>Where the log is begun anew if that needs no more than a moment.</summary>
    public const long Large = 32 * 1024 * 1024;

    /// <summary>Where searches are made to wait for it, so that it comes to pass.</summary>
    public const long TooLarge = 2 * Large;

    // The first column of the answer of a checkpoint: 1 where others were in the way. https://sqlite.org/pragma.html#pragma_wal_checkpoint
    private static readonly Sql CopySql = new("PRAGMA wal_checkpoint(PASSIVE)", []);
    private static readonly Sql RestartSql = new("PRAGMA wal_checkpoint(TRUNCATE)", []);

    // A moment: that long the writer may be held up.
    private static readonly Sql PatienceSql = new("PRAGMA busy_timeout = 50", []);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _closing = new();
    private Task _running = Task.CompletedTask;
    private long _lastEnd;

    /// <summary>To be told after each commit, with the file of the log. Returns at once.</summary>
    public void After(FileInfo log)
    {
        if (!_running.IsCompleted || Stopwatch.GetElapsedTime(_lastEnd) < Pause)
            return;
        log.Refresh();
        if (log.Exists && log.Length > Large)
            _running = Task.Run(() => RunAsync(mustHold: log.Length > TooLarge));
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _running;
        _closing.Dispose();
    }

    private async Task RunAsync(bool mustHold)
    {
        try
        {
            await using var session = await open(_closing.Token);
            await session.ExecuteAsync(PatienceSql, _closing.Token);
            if (!await TryRestartAsync(session) && mustHold)
                await RestartWithoutSearchesAsync(session);
        }
        catch (Exception e) when (e is OperationCanceledException || SqliteFaults.Classify(e) != Fault.Permanent)
        {
            // The next commit brings it up again.
        }
        finally
        {
            _lastEnd = Stopwatch.GetTimestamp();
        }
    }

    private async Task RestartWithoutSearchesAsync(DbSession session)
    {
        var ended = lanes.HoldAsync();
        try
        {
            await ended.WaitAsync(longestRead, _closing.Token);
            await TryRestartAsync(session);
        }
        catch (TimeoutException)
        {
            // Searches end at their time limit, unless the machine is so busy that this is the least of its cares.
        }
        finally
        {
            lanes.Release();
        }
    }

    /// <summary>
    /// First what can be done with nobody waiting, which is nearly all of it; then, with the write lock, what came meanwhile, and
    /// the log is cut to nothing.
    /// </summary>
    private static async Task<bool> TryRestartAsync(DbSession session)
    {
        await session.FirstAsync(CopySql, row => row.GetInt32(0), CancellationToken.None);
        var isBusy = await session.FirstAsync(RestartSql, row => row.GetInt32(0), CancellationToken.None);
        return isBusy == 0;
    }
}
