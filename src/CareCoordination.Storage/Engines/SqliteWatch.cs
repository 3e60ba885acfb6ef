using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CareCoordination.Storage.Engines;

/// <summary>
/// Ends a SQLite query that takes too long or that nobody waits for any more: SQLite itself runs on, whatever its caller does.
/// https://sqlite.org/c3ref/interrupt.html
/// </summary>
internal sealed class SqliteWatch(SqliteConnection connection, TimeSpan timeout) : IDisposable
{
    private Timer? _timer;

    public Query Start(CancellationToken cancellationToken)
    {
        _timer ??= new Timer(static self => ((SqliteWatch)self!).Interrupt(), this, Timeout.Infinite, Timeout.Infinite);
        _timer.Change(timeout, Timeout.InfiniteTimeSpan);
        return new Query(this, cancellationToken.UnsafeRegister(static self => ((SqliteWatch)self!).Interrupt(), this));
    }

    public void Dispose() => _timer?.Dispose();

    private void Interrupt()
    {
        if (connection.Handle is { IsInvalid: false, IsClosed: false } handle)
            raw.sqlite3_interrupt(handle);
    }

    /// <summary>A query under watch.</summary>
    internal readonly struct Query(SqliteWatch watch, CancellationTokenRegistration registration) : IDisposable
    {
        public void Dispose()
        {
            registration.Dispose();
            watch._timer?.Change(Timeout.Infinite, Timeout.Infinite);
        }
    }
}
