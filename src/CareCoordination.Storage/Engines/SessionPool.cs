using System.Collections.Concurrent;

namespace CareCoordination.Storage.Engines;

/// <summary>
/// Read sessions, kept open with their prepared commands. How many read at once is up to <see cref="ReadLanes"/>; how long one
/// read may take, waiting included, is <see cref="StorageOptions.CommandTimeout"/>. A session that is in doubt is closed and never
/// used again: a transaction is open on it, its statement was given up, or the writer has found another server since.
/// </summary>
internal sealed class SessionPool(DatabaseEngine engine) : IAsyncDisposable
{
    // A statement that was told to stop has this long until others get its lane and the server counts as one that hangs.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentStack<(DbSession Session, int Era)> _idle = new();
    private readonly ConcurrentStack<ReadTurn> _turns = new();
    private readonly ReadLanes _lanes = engine.Lanes;

    /// <summary>Somebody reads now, or waits to.</summary>
    public bool IsBusy => _lanes.IsBusy;

    /// <summary>Reads whatever a client asks for.</summary>
    public Task<T> ReadAsync<TArgument, T>(
        TArgument argument,
        Func<DbSession, TArgument, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken
    ) => ReadAsync(ReadKind.Search, argument, read, cancellationToken);

    /// <summary>As <see cref="ReadAsync"/>, with all statements seeing one state of the database where the engine has such.</summary>
    public Task<T> ReadSnapshotAsync<TArgument, T>(
        TArgument argument,
        Func<DbSession, TArgument, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken
    ) =>
        engine.Snapshot is { } snapshot
            ? ReadAsync(
                ReadKind.Search,
                (snapshot, argument, read),
                static async (session, all, token) =>
                {
                    await session.BeginSnapshotAsync(all.snapshot.Begin, token);
                    var result = await all.read(session, all.argument, token);
                    await session.EndSnapshotAsync(all.snapshot.End, token);
                    return result;
                },
                cancellationToken
            )
            : ReadAsync(argument, read, cancellationToken);

    /// <summary>Reads a few rows by their key, on a lane that searches cannot take.</summary>
    public Task<T> ReadByKeyAsync<TArgument, T>(
        TArgument argument,
        Func<DbSession, TArgument, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken
    ) => ReadAsync(ReadKind.ByKey, argument, read, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        while (_idle.TryPop(out var idle))
            await idle.Session.DisposeAsync();
    }

    /// <summary>
    /// A read that met a broken connection, as after a restart of the database, is tried once more on a new one; then, and for
    /// other faults that pass, throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    private async Task<T> ReadAsync<TArgument, T>(
        ReadKind kind,
        TArgument argument,
        Func<DbSession, TArgument, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken
    )
    {
        using var turn = ReadTurn.Begin(_lanes, _turns, engine.ReadTime, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (attempt == 1)
                    await turn.EnterAsync(kind);
                return await OnSessionAsync(turn, argument, read);
            }
            catch (Exception e) when (e is not StoreUnavailableException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var fault = e is OperationCanceledException ? Fault.Timeout : engine.Classify(e);
                if (fault == Fault.Permanent)
                    throw;
                if (attempt > 1 || fault == Fault.Timeout || !fault.Traits().IsTriedAgain)
                    throw Faults.Unavailable(fault, e);
            }
        }
    }

    private async Task<T> OnSessionAsync<TArgument, T>(
        ReadTurn turn,
        TArgument argument,
        Func<DbSession, TArgument, CancellationToken, Task<T>> read
    )
    {
        var (session, era) = await TakeAsync(turn.Limit);
        Task<T>? running = null;
        try
        {
            running = read(session, argument, engine.StatementToken(turn.Limit));
            var result = running.IsCompleted ? await running : await running.WaitAsync(turn.Limit);
            await GiveBackAsync(session, era);
            return result;
        }
        catch (Exception e)
        {
            if (running is { IsCompleted: false })
                _ = ReclaimAsync(session, running, turn.KeepLane());
            else if (e is not OperationCanceledException && engine.Classify(e).Traits().NeedsNewSession)
                await LeaveAsync(session);
            else
                await GiveBackAsync(session, era);
            throw;
        }
    }

    private async ValueTask<(DbSession Session, int Era)> TakeAsync(CancellationToken cancellationToken)
    {
        var era = engine.Era;
        while (_idle.TryPop(out var idle))
        {
            if (idle.Era == era && idle.Session.IsOpen && engine.IsCurrent(idle.Session))
                return idle;
            await idle.Session.DisposeAsync();
        }

        var opening = engine.OpenReaderAsync(cancellationToken);
        try
        {
            return (opening.IsCompleted ? await opening : await opening.WaitAsync(cancellationToken), era);
        }
        catch (OperationCanceledException) when (!opening.IsCompleted)
        {
            _ = CloseAsync(opening);
            throw;
        }
    }

    private static async Task CloseAsync(Task<DbSession> opening)
    {
        await DbSession.QuietAsync(opening);
        if (opening.IsCompletedSuccessfully)
            await (await opening).DisposeAsync();
    }

    private ValueTask GiveBackAsync(DbSession session, int era)
    {
        if (era != engine.Era || !session.IsOpen || session.IsInSnapshot)
            return session.DisposeAsync();
        _idle.Push((session, era));
        return ValueTask.CompletedTask;
    }

    /// <summary>Where one connection is of no use any more the others hardly are.</summary>
    private ValueTask LeaveAsync(DbSession session)
    {
        engine.BeginEra();
        return session.DisposeAsync();
    }

    /// <summary>
    /// Ends a statement that nobody waits for any more, and the session with it. Its lane is taken until it has ended. A database
    /// that is told to stop before it has begun does not stop, so it is told again.
    /// </summary>
    private async Task ReclaimAsync(DbSession session, Task running, Action leaveLane)
    {
        var ended = DbSession.QuietAsync(running);
        var grace = Task.Delay(Grace);
        for (var pause = FirstPause; !ended.IsCompleted && !grace.IsCompleted; pause *= 2)
        {
            var stopping = DbSession.QuietAsync(engine.StopAsync(session));
            await Task.WhenAny(Task.WhenAll(stopping, Task.Delay(pause)), ended, grace);
        }

        if (!ended.IsCompleted)
            engine.BeginEra();
        leaveLane();
        await ended;
        await session.DisposeAsync();
    }
}
