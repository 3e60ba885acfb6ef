namespace CareCoordination.Application.Import;

/// <summary>
/// Keeps memory flat: the reader waits while more than the budget is between reading and storing. One item larger than the whole
/// budget passes alone.
/// </summary>
internal sealed class ByteBudget(long total)
{
    private readonly Lock _lock = new();
    private long _used;
    private (long Bytes, TaskCompletionSource Turn)? _waiting;

    /// <summary>For one reader: at most one may wait.</summary>
    public Task TakeAsync(long bytes)
    {
        lock (_lock)
        {
            if (_used == 0 || _used + bytes <= total)
            {
                _used += bytes;
                return Task.CompletedTask;
            }

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting = (bytes, turn);
            return turn.Task;
        }
    }

    public void Give(long bytes)
    {
        lock (_lock)
        {
            _used -= bytes;
            if (_waiting is { } waiting && (_used == 0 || _used + waiting.Bytes <= total))
            {
                _used += waiting.Bytes;
                _waiting = null;
                waiting.Turn.SetResult();
            }
        }
    }
}
