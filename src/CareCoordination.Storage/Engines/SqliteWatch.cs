using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CareCoordination.Storage.Engines;

/// <summary>
/// Ends a SQLite statement that takes too long or that nobody waits for any more. SQLite runs on its caller's thread whatever
/// becomes of the caller, so it is asked every some thousand steps whether it shall go on. (An interrupt from another thread is
/// lost where it comes before the statement has begun, and ends the next statement where it comes late.)
/// https://sqlite.org/c3ref/progress_handler.html
/// </summary>
internal sealed class SqliteWatch
{
    // About a millisecond; being asked takes a ten-thousandth of it.
    private const int Steps = 10_000;
    private readonly TimeSpan _limit;
    private CancellationToken _token;
    private long _since;
    private bool _isRunning;

    /// <param name="connection">Open.</param>
    /// <param name="limit">Of one statement.</param>
    public SqliteWatch(SqliteConnection connection, TimeSpan limit)
    {
        _limit = limit;
        raw.sqlite3_progress_handler(
            connection.Handle!,
            Steps,
            static self => ((SqliteWatch)self).ShallEnd() ? 1 : 0,
            this
        );
    }

    public Statement Start(CancellationToken cancellationToken)
    {
        _token = cancellationToken;
        _since = Stopwatch.GetTimestamp();
        _isRunning = true;
        return new Statement(this);
    }

    private bool ShallEnd() =>
        _isRunning && (_token.IsCancellationRequested || Stopwatch.GetElapsedTime(_since) > _limit);

    /// <summary>A statement under watch.</summary>
    internal readonly struct Statement(SqliteWatch watch) : IDisposable
    {
        public void Dispose()
        {
            watch._isRunning = false;
            watch._token = default;
        }
    }
}
