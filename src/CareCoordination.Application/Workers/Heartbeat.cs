namespace CareCoordination.Application.Workers;

/// <summary>
/// Keeps leases alive for as long as anything is under way, also while the node stops. A beat that fails, whatever it throws, is
/// followed by the next one.
/// </summary>
public sealed class Heartbeat(string name, TimeSpan interval, Func<Task> beat, TimeProvider time, ILogger log)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private Task _beating = Task.CompletedTask;

    public void Begin() => _beating = Task.Run(BeatAsync);

    /// <summary>Nothing is under way any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _beating;
        _end.Dispose();
    }

    private async Task BeatAsync()
    {
        while (true)
        {
            await Task.Delay(interval, time, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_end.IsCancellationRequested)
                return;
            await Guard.RunAsync(beat, name, log, _end.Token);
        }
    }
}
