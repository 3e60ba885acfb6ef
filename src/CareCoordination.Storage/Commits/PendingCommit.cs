namespace CareCoordination.Storage.Commits;

/// <summary>A commit that waits for its turn, and the caller that waits for it.</summary>
internal sealed class PendingCommit(Commit commit)
{
    private readonly TaskCompletionSource<CommitResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Commit Commit => commit;

    public Task<CommitResult> Done => _done.Task;

    /// <summary>Decided within the transaction that is under way; given to the caller once that has committed.</summary>
    public CommitResult? Decided { get; set; }

    public int Bytes { get; } =
        commit.Changes.Sum(c => c is PutResource put ? put.Content.Before.Length + put.Content.After.Length + 64 : 64);

    public void Acknowledge() => _done.TrySetResult(Decided!);

    public void Fail(Exception exception) => _done.TrySetException(exception);
}
