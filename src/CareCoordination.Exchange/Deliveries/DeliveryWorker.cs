using System.Collections.Concurrent;
using CareCoordination.Exchange.Diagnostics;
using CareCoordination.Exchange.Partners;
using CareCoordination.Storage;

namespace CareCoordination.Exchange.Deliveries;

/// <summary>
/// Lets this node bring messages to partners: at once what it queued itself, and within seconds what others queued, what is due again, and
/// what a node that was killed has left. Any number of nodes may.
/// </summary>
public sealed class DeliveryWorker : BackgroundService
{
    // A burst of messages is looked at once.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<string, PartnerLane> _lanes = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _leaving = new();
    private readonly LaneTools _tools;
    private readonly PartnerMarks _marks;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    public DeliveryWorker(
        LaneTools tools,
        PartnerMarks marks,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        ILogger<DeliveryWorker> log
    ) => (_tools, _marks, _lifetime, _time, _log) = (tools, marks, lifetime, time, log);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_tools.Options.IsEnabled || !await StartedAsync(stoppingToken))
            return;
        var beating = BeatAsync(stoppingToken);
        Task? arrival = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var partner in await _tools.Deliveries.PartnersWithWorkAsync(stoppingToken))
                    _lanes
                        .GetOrAdd(partner, id => new PartnerLane(id, _tools, _marks, _log))
                        .Wake(stoppingToken, _leaving.Token);
                await Task.Delay(Pause, _time, stoppingToken);
                arrival ??= _tools.Deliveries.ArrivalAsync(stoppingToken).AsTask();
                using var woken = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                if (await Task.WhenAny(arrival, Task.Delay(_tools.Options.Look, _time, woken.Token)) == arrival)
                    arrival = null;
                await woken.CancelAsync();
            }
            catch (StoreUnavailableException e)
            {
                Log.DeliveriesWait(_log, e);
                await Task.Delay(_tools.Options.Look, _time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // One look that failed must not be the last one.
                Log.Unexpected(_log, e, "deliveries");
                await Task.Delay(_tools.Options.Look, _time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await beating;
    }

    /// <summary>What is under way may end; what does not in time is given back, so that other nodes need not wait for the lease.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        var ends = Task.WhenAll(_lanes.Values.Select(lane => lane.EndAsync()));
        await Task.WhenAny(ends, Task.Delay(_tools.Options.Stop, TimeProvider.System, cancellationToken));
        await _leaving.CancelAsync();
        await ends;
    }

    public override void Dispose()
    {
        _leaving.Dispose();
        base.Dispose();
    }

    /// <summary>Our address is known once the server listens.</summary>
    private async Task<bool> StartedAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource();
        await using var registration = _lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await using var stopped = stopping.Register(() => started.TrySetCanceled());
        await ((Task)started.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stopping.IsCancellationRequested;
    }

    private async Task BeatAsync(CancellationToken stopping)
    {
        // What is still under way when the node stops has less time left than a lease.
        while (true)
        {
            await Task.Delay(_tools.Options.Lease / 3, _time, stopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested)
                return;
            try
            {
                foreach (var lane in _lanes.Values)
                {
                    var lost = await _tools.Deliveries.HeartbeatAsync(
                        [.. lane.Held],
                        _tools.Lease,
                        _tools.Options.Lease,
                        stopping
                    );
                    foreach (var delivery in lost)
                        lane.Lose(delivery);
                }
            }
            catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
            {
                // The next beat comes well before the lease ends.
            }
        }
    }
}
