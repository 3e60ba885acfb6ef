using System.Runtime.ExceptionServices;
using CareCoordination.Storage.Engines;

namespace CareCoordination.Storage.Commits;

/// <summary>
/// Brings one group of commits into the database: tries again where a fault may pass, finds out what became of a lost answer, and
/// leaves out a commit that would harm the others.
/// </summary>
internal sealed class GroupWrite(
    CommitTransaction transaction,
    DatabaseEngine engine,
    StorageOptions options,
    TimeProvider time
)
{
    private readonly long _started = time.GetTimestamp();
    private ExceptionDispatchInfo? _refusal;
    private int _attempt = 1;
    private bool _isWriting;

    /// <summary>A commit that may have kept the others waiting too long. It left the group, and has another chance alone.</summary>
    public PendingCommit? Slow { get; private set; }

    /// <summary>On return the group is durable. Otherwise throws what its callers are to hear.</summary>
    public async Task RunAsync(List<PendingCommit> group)
    {
        while (group.Count > 0)
        {
            try
            {
                await TryAsync(group);
                return;
            }
            catch (Exception e)
            {
                await RecoverAsync(group, e);
            }
        }
    }

    private async Task TryAsync(List<PendingCommit> group)
    {
        _isWriting = false;
        // A group that went out before the connection broke may be in the database: then it must not go out again.
        if (transaction.Unconfirmed is not null && await transaction.HasLandedAsync())
            return;
        if (_refusal is { } refusal)
        {
            _refusal = null;
            refusal.Throw();
        }

        _isWriting = true;
        await transaction.RunAsync(group);
    }

    /// <summary>Returns where there is another attempt to make.</summary>
    private async Task RecoverAsync(List<PendingCommit> group, Exception exception)
    {
        var broken = exception as TransactionBrokenException;
        var cause = broken?.Cause ?? exception;
        var fault = engine.Classify(cause);
        await transaction.AbandonAsync(fault);
        var isUnknown = transaction.Unconfirmed is not null;
        if (!isUnknown && IsLeftOut(group, broken?.Culprit, fault, cause))
            return;
        if (fault == Fault.Permanent && !isUnknown)
            ExceptionDispatchInfo.Throw(cause);
        // It is no use to write it again as it is, but first it has to be known that it was not written.
        if (_isWriting && fault is Fault.Permanent or Fault.Timeout)
            _refusal = ExceptionDispatchInfo.Capture(cause);
        if (IsOver(fault, isUnknown))
            throw transaction.GiveUp(fault, cause);
        await Task.Delay(TimeSpan.FromMilliseconds(20 * Math.Pow(3, _attempt)), time);
        _attempt++;
    }

    private bool IsOver(Fault fault, bool isUnknown) =>
        _attempt >= options.MaxAttempts
        || (_attempt > 1 && time.GetElapsedTime(_started) > options.CommandTimeout)
        || (!fault.Traits().IsTriedAgain && !isUnknown);

    /// <summary>Takes the commit out of the group that the fault is owed to, as far as that can be told.</summary>
    private bool IsLeftOut(List<PendingCommit> group, PendingCommit? culprit, Fault fault, Exception cause)
    {
        if (culprit is not null && fault is Fault.Permanent or Fault.Timeout)
        {
            group.Remove(culprit);
            culprit.Fail(fault == Fault.Permanent ? cause : Faults.Unavailable(fault, cause));
            return true;
        }

        // What took too long before the lock was there is nobody's fault.
        if (fault != Fault.Timeout || !transaction.HasBegun)
            return false;
        // Alone, or without the largest, it took too long: another attempt would take as long, and all others wait for it.
        if (group.Count == 1 || Slow is not null)
            throw transaction.GiveUp(fault, cause);
        Slow = group.MaxBy(pending => pending.Size.Rows)!;
        return group.Remove(Slow);
    }
}
