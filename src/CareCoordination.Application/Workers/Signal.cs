namespace CareCoordination.Application.Workers;

/// <summary>Wakes a loop of this node. Several signals before the loop looks are one.</summary>
public sealed class Signal
{
    private readonly SemaphoreSlim _set = new(0, 1);

    public void Set()
    {
        lock (_set)
        {
            if (_set.CurrentCount == 0)
                _set.Release();
        }
    }

    public Task WaitAsync(CancellationToken cancellationToken) => _set.WaitAsync(cancellationToken);
}
