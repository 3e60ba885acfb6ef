namespace CareCoordination.Storage.Commits;

/// <summary>A commit that waits for its turn, and the caller that waits for it.</summary>
/// <param name="first">Null: there is nothing to try before it is decided inside the transaction.</param>
/// <param name="decide">Null: where a precondition of <paramref name="first"/> fails, that is the answer.</param>
internal sealed class PendingCommit(Commit? first, Decide? decide, CancellationToken caller)
{
    // A decision logs and traces as its caller does, whichever thread makes it.
    private readonly ExecutionContext? _context = decide is null ? null : ExecutionContext.Capture();
    private readonly TaskCompletionSource<CommitResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CommitResult? _result;
    private Exception? _failure;

    public Commit? First => first;

    public CancellationToken Caller => caller;

    public Task<CommitResult> Done => _done.Task;

    public bool CanDecide => decide is not null;

    /// <summary>It is decided inside the transaction: from the beginning, or because its first commit lost.</summary>
    public bool MustDecide { get; set; } = first is null;

    /// <summary>The transaction that is under way has come to it.</summary>
    public bool IsDecided => _result is not null || _failure is not null;

    /// <summary>Places in the change sequence that it may need; a guess where nothing is decided yet.</summary>
    public int Changes => first is null ? 1 : first.Changes.Length + first.Outbox.Length;

    /// <summary>Of the commit that was handed in, then of what was decided in its place.</summary>
    public CommitSize Size { get; set; } = first is null ? default : CommitSize.Of(first);

    public ValueTask<Commit?> DecideAsync(IStoreReads reads, CancellationToken cancellationToken)
    {
        if (_context is null)
            return decide!(reads, cancellationToken);
        ValueTask<Commit?> decision = default;
        ExecutionContext.Run(_context, _ => decision = decide!(reads, cancellationToken), null);
        return decision;
    }

    /// <summary>Keeps what was decided, for the caller to hear once the transaction has committed.</summary>
    public void Keep(CommitResult result) => _result = result;

    /// <summary>Keeps that its decision failed, which is an answer like another: what it was made from has to be committed too.</summary>
    public void Keep(Exception failure) => _failure = failure;

    /// <summary>Forgets what a transaction decided that did not come to its end.</summary>
    public void Reset() => (_result, _failure) = (null, null);

    /// <summary>Tells the caller what was decided.</summary>
    public void Answer()
    {
        if (_failure is not null)
            Fail(_failure);
        else
            _done.TrySetResult(_result!);
    }

    public void Fail(Exception exception)
    {
        if (exception is OperationCanceledException && caller.IsCancellationRequested)
            _done.TrySetCanceled(caller);
        else
            _done.TrySetException(exception);
    }
}
