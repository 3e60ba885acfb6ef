namespace CareCoordination.Application.Import;

/// <summary>How far the items have been stored, and a way to wait for it.</summary>
internal sealed class Watermark
{
    private readonly Lock _lock = new();
    private readonly List<(long Sequence, TaskCompletionSource Reached)> _waiting = [];
    private long _stored;

    /// <summary>Completes when every item before <paramref name="sequence"/> is stored or refused.</summary>
    public Task AllBeforeAsync(long sequence)
    {
        lock (_lock)
        {
            if (_stored >= sequence)
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((sequence, reached));
            return reached.Task;
        }
    }

    public void Advance()
    {
        lock (_lock)
        {
            _stored++;
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (_waiting[i].Sequence > _stored)
                    continue;
                _waiting[i].Reached.SetResult();
                _waiting.RemoveAt(i);
            }
        }
    }
}
