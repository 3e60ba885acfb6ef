using System.Collections.Concurrent;

namespace CareCoordination.Storage.Engines;

/// <summary>
/// Read sessions, kept open with their prepared commands. A reader that finds none free waits for one, which keeps the
/// database from more concurrent work than it has cores for.
/// </summary>
internal sealed class SessionPool(DatabaseEngine engine) : IAsyncDisposable
{
    private readonly ConcurrentStack<DbSession> _idle = new();
    private readonly SemaphoreSlim _free = new(engine.MaxReaders);

    /// <summary>
    /// Runs reads on a session. A read that met a broken connection, as after a restart of the database, is tried once more on
    /// a new one; then, and for other faults that pass, throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    public async Task<T> ReadAsync<TArgument, T>(
        TArgument argument,
        Func<DbSession, TArgument, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken
    )
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                DbSession? session = null;
                try
                {
                    if (!_idle.TryPop(out session))
                        session = await engine.OpenReaderAsync(cancellationToken);
                    var result = await read(session, argument, cancellationToken);
                    _idle.Push(session);
                    return result;
                }
                catch (Exception e)
                {
                    var fault = e is OperationCanceledException ? Fault.Permanent : engine.Classify(e);
                    if (session is not null)
                        await GiveBackAsync(session, fault);
                    cancellationToken.ThrowIfCancellationRequested();
                    if (fault == Fault.Permanent)
                        throw;
                    if (attempt > 1 || fault == Fault.Timeout || !fault.Traits().IsTriedAgain)
                        throw Faults.Unavailable(fault, e);
                    if (fault.Traits().NeedsNewSession)
                        await ClearAsync();
                }
            }
        }
        finally
        {
            _free.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ClearAsync();
        _free.Dispose();
    }

    private ValueTask GiveBackAsync(DbSession session, Fault fault)
    {
        if (fault.Traits().NeedsNewSession || !session.IsOpen)
            return session.DisposeAsync();
        _idle.Push(session);
        return ValueTask.CompletedTask;
    }

    private async Task ClearAsync()
    {
        while (_idle.TryPop(out var session))
            await session.DisposeAsync();
    }
}
