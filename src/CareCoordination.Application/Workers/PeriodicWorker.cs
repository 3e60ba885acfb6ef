using CareCoordination.Application.Diagnostics;
using CareCoordination.Storage;

namespace CareCoordination.Application.Workers;

/// <summary>
/// A loop in the background of this node: a round now and then, and at once where it is signalled. It owns what all such loops must do
/// alike: whatever a round throws is logged under the name of the worker and does not end the loop, and neither does it end the
/// process; a database that is away is waited for.
/// </summary>
/// <param name="name">As the log has it.</param>
/// <param name="interval">
/// From the beginning of a round to the beginning of the next. A round that takes longer is followed by the next one at once.
/// </param>
public abstract class PeriodicWorker(string name, TimeSpan interval, TimeProvider time, ILogger log) : BackgroundService
{
    /// <summary>False: other nodes do it, or nobody; the loop is not begun.</summary>
    protected virtual bool IsEnabled => true;

    protected TimeProvider Time => time;

    protected abstract Task RunAsync(CancellationToken stopping);

    /// <summary>What has to be there before the first round.</summary>
    protected virtual Task PrepareAsync(CancellationToken stopping) => Task.CompletedTask;

    /// <summary>Ends when there may be something to do before the interval has passed; never where it is not signalled.</summary>
    protected virtual Task SignalledAsync(CancellationToken stopping) =>
        Task.Delay(Timeout.InfiniteTimeSpan, time, stopping);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!IsEnabled)
            return;
        await PrepareAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            // Time that passes while a round runs counts: otherwise a clock that moves on meanwhile would be waited for once more.
            var next = time.GetUtcNow() + interval;
            await Guard.RunAsync(() => RunAsync(stoppingToken), name, log, stoppingToken);
            await WaitAsync(next, stoppingToken);
        }
    }

    private async Task WaitAsync(DateTimeOffset next, CancellationToken stopping)
    {
        var rest = next - time.GetUtcNow();
        if (rest <= TimeSpan.Zero)
            return;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(SignalledAsync(either.Token), Task.Delay(rest, time, either.Token));
        await either.CancelAsync();
    }
}

/// <summary>Runs what must not end what runs it.</summary>
public static class Guard
{
    /// <summary>False where it threw: the log says what, under the name or id.</summary>
    public static async Task<bool> RunAsync(
        Func<Task> action,
        string name,
        ILogger log,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await action();
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (StoreUnavailableException e)
        {
            Log.WaitsForDatabase(log, e, name);
            return false;
        }
        catch (Exception e)
        {
            Log.Unexpected(log, e, name);
            return false;
        }
    }
}
