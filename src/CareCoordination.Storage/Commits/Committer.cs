using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Reads;

namespace CareCoordination.Storage.Commits;

/// <summary>
/// The one writer of this process. Commits that wait while a transaction is under way are written together by the next one, so
/// that the more there is to do, the less each costs.
/// </summary>
internal sealed class Committer : IAsyncDisposable
{
    private readonly Channel<PendingCommit> _queue;
    private readonly StorageOptions _options;
    private readonly CommitTransaction _transaction;
    private readonly DatabaseEngine _engine;
    private readonly TimeProvider _time;
    private readonly Task _loop;

    public Committer(
        DatabaseEngine engine,
        IndexSource source,
        StoreQueries queries,
        StorageOptions options,
        TimeProvider time
    )
    {
        (_engine, _options, _time) = (engine, options, time);
        _transaction = new CommitTransaction(engine, source, queries, options, time);
        _queue = Channel.CreateBounded<PendingCommit>(
            new BoundedChannelOptions(options.MaxWaitingCommits) { SingleReader = true }
        );
        _loop = Task.Run(RunAsync);
    }

    public Task<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken) =>
        CommitAsync(new PendingCommit(commit, null, cancellationToken));

    /// <summary>
    /// Hands in a commit and waits for what becomes of it. When its caller cancels, that takes the caller away, not the commit: once
    /// handed in it may happen.
    /// </summary>
    public async Task<CommitResult> CommitAsync(PendingCommit pending)
    {
        await _queue.Writer.WriteAsync(pending, pending.Caller);
        return await pending.Done.WaitAsync(pending.Caller);
    }

    /// <summary>Writes what was handed in, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        await _transaction.DisposeAsync();
    }

    private async Task RunAsync()
    {
        var group = new List<PendingCommit>();
        PendingCommit? next = null;
        while (group.Count > 0 || next is not null || await _queue.Reader.WaitToReadAsync())
        {
            // Decisions that were left over are the first, and do not take the place of commits that need none.
            var left = group.Count;
            var (changes, bytes) = (0, 0L);
            while (left < _options.MaxGroupChanges && (next is not null || _queue.Reader.TryRead(out next)))
            {
                changes += next.Size;
                bytes += next.Bytes;
                if (group.Count > left && (changes > _options.MaxGroupChanges || bytes > _options.MaxGroupBytes))
                    break;
                group.Add(next);
                next = null;
            }

            await WriteAsync(group);
            group.RemoveAll(pending => pending.Done.IsCompleted);
        }
    }

    /// <summary>Writes the group and answers its callers; those that are not answered then wait for the next transaction.</summary>
    private async Task WriteAsync(List<PendingCommit> group)
    {
        try
        {
            await TryAsync(group);
            foreach (var pending in group)
            {
                if (pending.IsDecided)
                    pending.Answer();
            }
        }
        catch (Exception e) when (group.Count > 1 && e is not StoreUnavailableException)
        {
            // One of them cannot be written. Alone, each gets what it deserves.
            foreach (var pending in group)
                await WriteAsync([pending]);
        }
        catch (Exception e)
        {
            foreach (var pending in group)
                pending.Fail(e);
        }
    }

    private async Task TryAsync(List<PendingCommit> group)
    {
        ExceptionDispatchInfo? refusal = null;
        for (var attempt = 1; group.Count > 0; )
        {
            var isWriting = false;
            try
            {
                // A group that went out before the connection broke may be in the database: then it must not go out again.
                if (_transaction.Unconfirmed is not null && await _transaction.HasLandedAsync())
                    return;
                refusal?.Throw();
                isWriting = true;
                await _transaction.RunAsync(group);
                return;
            }
            catch (Exception e)
            {
                var broken = e as TransactionBrokenException;
                var cause = broken?.Cause ?? e;
                var fault = _engine.Classify(cause);
                await _transaction.AbandonAsync(fault);
                if (IsOwnFault(fault) && broken?.Culprit is { } culprit)
                {
                    group.Remove(culprit);
                    culprit.Fail(fault == Fault.Permanent ? cause : Faults.Unavailable(fault, cause));
                    continue;
                }

                var isUnknown = _transaction.Unconfirmed is not null;
                if (fault == Fault.Permanent && !isUnknown)
                    throw;
                // It is no use to write it again, but first it has to be known that it was not written.
                if (fault == Fault.Permanent && isWriting)
                    refusal = ExceptionDispatchInfo.Capture(e);
                if (attempt >= _options.MaxAttempts || (!fault.Traits().IsTriedAgain && !isUnknown))
                    throw _transaction.GiveUp(fault, cause);
                await Task.Delay(TimeSpan.FromMilliseconds(20 * Math.Pow(3, attempt)), _time);
                attempt++;
            }
        }
    }

    /// <summary>A fault that comes of what was asked for, and not of the state that the database is in.</summary>
    private static bool IsOwnFault(Fault fault) => fault is Fault.Permanent or Fault.Timeout;
}
