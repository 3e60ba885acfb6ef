using CareCoordination.Storage.Engines;

namespace CareCoordination.Storage.Commits;

/// <summary>
/// Makes decisions inside a transaction, one after the other, each on the state that the ones before it made: with the write
/// lock held, none of them can lose.
/// </summary>
internal sealed class Decider(DatabaseEngine engine, StorageOptions options, TimeProvider time)
{
    /// <summary>
    /// Decides those of the group that have to be, until the time that a transaction has for it is over: those that are left are not
    /// decided then. One is decided always, so that there is progress.
    /// </summary>
    public async Task DecideAsync(OpenTransaction transaction, List<PendingCommit> group)
    {
        var started = 0L;
        var decided = new CommitSize(group.Sum(p => p.MustDecide ? 0 : p.Size.Rows), 0);
        foreach (var pending in group)
        {
            if (!pending.MustDecide)
                continue;
            if (started == 0)
                started = time.GetTimestamp();
            else if (
                time.GetElapsedTime(started) >= options.MaxDecisionTime
                || decided.Bytes > options.MaxGroupBytes
                || decided.Rows > options.MaxCommitRows
            )
                return;
            var size = await DecideAsync(transaction, pending);
            decided = new CommitSize(decided.Rows + size.Rows, decided.Bytes + size.Bytes);
        }
    }

    /// <returns>The size of what is to be written.</returns>
    private async Task<CommitSize> DecideAsync(OpenTransaction transaction, PendingCommit pending)
    {
        var reads = new DecisionReads(transaction, engine);
        Commit? commit;
        try
        {
            commit = await InTimeAsync(pending, reads);
        }
        catch (Exception e)
        {
            ThrowIfBroken(reads, pending);
            pending.Keep(e);
            return default;
        }

        ThrowIfBroken(reads, pending);
        if (commit is null)
        {
            pending.Keep(CommitResult.Withdrawn);
            return default;
        }

        pending.Size = CommitSize.Of(commit);
        if (pending.Size.Rows > options.MaxCommitRows)
        {
            pending.Keep(new CommitTooLargeException(pending.Size.Rows, options.MaxCommitRows));
            return default;
        }

        await transaction.PrepareAsync(pending, commit);
        var failed = await transaction.FirstFailedAsync(pending, commit);
        pending.Keep(failed is null ? transaction.Decisions.Apply(commit) : CommitResult.Refused(failed));
        return failed is null ? pending.Size : default;
    }

    /// <summary>The decision, or the exception for its caller alone. Afterwards nothing of it runs on the connection.</summary>
    private async Task<Commit?> InTimeAsync(PendingCommit pending, DecisionReads reads)
    {
        pending.Caller.ThrowIfCancellationRequested();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(pending.Caller);
        limit.CancelAfter(options.DecisionTime);
        try
        {
            var decision = pending.DecideAsync(reads, limit.Token);
            return decision.IsCompletedSuccessfully ? decision.Result : await decision.AsTask().WaitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
            when (limit.IsCancellationRequested && !pending.Caller.IsCancellationRequested)
        {
            throw Faults.Unavailable(Fault.Timeout, e);
        }
        finally
        {
            await reads.EndAsync();
        }
    }

    private static void ThrowIfBroken(DecisionReads reads, PendingCommit pending)
    {
        if (reads.Fault is { } fault)
            throw new TransactionBrokenException(reads.IsFaultOwn ? pending : null, fault);
    }
}
