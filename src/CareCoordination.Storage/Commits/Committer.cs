using System.Diagnostics;
using System.Threading.Channels;
using CareCoordination.Storage.Diagnostics;
using CareCoordination.Storage.Engines;

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

    public Committer(CommitTransaction transaction, DatabaseEngine engine, StorageOptions options, TimeProvider time)
    {
        (_transaction, _engine, _options, _time) = (transaction, engine, options, time);
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
        if (pending.Size.Rows > _options.MaxCommitRows)
            throw new CommitTooLargeException(pending.Size.Rows, _options.MaxCommitRows);
        StoreTelemetry.HandedIn();
        try
        {
            await _queue.Writer.WriteAsync(pending, pending.Caller);
            return await pending.Done.WaitAsync(pending.Caller);
        }
        finally
        {
            StoreTelemetry.Answered();
        }
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
            var (changes, size) = (0, new CommitSize());
            while (left < _options.MaxGroupChanges && (next is not null || _queue.Reader.TryRead(out next)))
            {
                changes += next.Changes;
                size = new CommitSize(size.Rows + next.Size.Rows, size.Bytes + next.Size.Bytes);
                if (group.Count > left && !Fits(changes, size))
                    break;
                group.Add(next);
                next = null;
            }

            await WriteAsync(group);
            group.RemoveAll(pending => pending.Done.IsCompleted);
        }
    }

    private bool Fits(int changes, CommitSize size) =>
        changes <= _options.MaxGroupChanges
        && size.Bytes <= _options.MaxGroupBytes
        && size.Rows <= _options.MaxCommitRows;

    /// <summary>Writes the group and answers its callers; those that are not answered then wait for the next transaction.</summary>
    private async Task WriteAsync(List<PendingCommit> group)
    {
        var write = new GroupWrite(_transaction, _engine, _options, _time);
        try
        {
            var start = Stopwatch.GetTimestamp();
            await write.RunAsync(group);
            StoreTelemetry.Written(group.Count, start);
            foreach (var pending in group)
            {
                if (pending.IsDecided)
                    pending.Answer();
            }
        }
        catch (Exception e) when (group.Count > 1 && e is not StoreUnavailableException)
        {
            // One of them cannot be written: alone, the others can.
            foreach (var pending in group)
                await WriteAsync([pending]);
        }
        catch (Exception e)
        {
            StoreTelemetry.Failed(e);
            foreach (var pending in group)
                pending.Fail(e);
        }

        if (write.Slow is { } slow)
            await WriteAsync([slow]);
    }
}
