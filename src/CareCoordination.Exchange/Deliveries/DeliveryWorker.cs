using System.Collections.Concurrent;
using CareCoordination.Application.Workers;
using CareCoordination.Exchange.Partners;

namespace CareCoordination.Exchange.Deliveries;

/// <summary>
/// Lets this node bring messages to partners: at once what it queued itself, and within seconds what others queued, what is due again, and
/// what a node that was killed has left. Any number of nodes may.
/// </summary>
public sealed class DeliveryWorker : PeriodicWorker
{
    // A burst of messages is looked at once.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<string, PartnerLane> _lanes = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _leaving = new();
    private readonly LaneTools _tools;
    private readonly PartnerMarks _marks;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly Heartbeat _heartbeat;
    private readonly ILogger _log;
    private Task? _arrival;

    public DeliveryWorker(
        LaneTools tools,
        PartnerMarks marks,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        ILogger<DeliveryWorker> log
    )
        : base("deliveries", tools.Options.Look, time, log)
    {
        (_tools, _marks, _lifetime, _log) = (tools, marks, lifetime, log);
        _heartbeat = new Heartbeat("heartbeat of deliveries", tools.Options.Lease / 3, BeatAsync, time, log);
    }

    protected override bool IsEnabled => _tools.Options.IsEnabled;

    /// <summary>Our address is known once the server listens.</summary>
    protected override async Task PrepareAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource();
        await using var registration = _lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await using var stopped = stopping.Register(() => started.TrySetCanceled());
        await started.Task;
        _heartbeat.Begin();
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        foreach (var partner in await _tools.Deliveries.PartnersWithWorkAsync(stopping))
            _lanes.GetOrAdd(partner, id => new PartnerLane(id, _tools, _marks, _log)).Wake(stopping, _leaving.Token);
        await Task.Delay(Pause, Time, stopping);
    }

    /// <summary>One wait for an arrival outlasts the looks that end without one.</summary>
    protected override async Task SignalledAsync(CancellationToken stopping)
    {
        _arrival ??= _tools.Deliveries.ArrivalAsync(CancellationToken.None).AsTask();
        await _arrival.WaitAsync(stopping);
        _arrival = null;
    }

    /// <summary>
    /// What is under way may end, its leases kept alive; what does not in time is given back, so that other nodes need not wait for the
    /// lease.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        var ends = Task.WhenAll(_lanes.Values.Select(lane => lane.EndAsync()));
        await Task.WhenAny(ends, Task.Delay(_tools.Options.Stop, TimeProvider.System, cancellationToken));
        await _leaving.CancelAsync();
        await ends;
        await _heartbeat.DisposeAsync();
    }

    public override void Dispose()
    {
        _leaving.Dispose();
        base.Dispose();
    }

    /// <summary>The leases of all lanes; one lane whose leases cannot be extended does not end the others'.</summary>
    private async Task BeatAsync()
    {
        foreach (var lane in _lanes.Values)
            await Guard.RunAsync(() => BeatAsync(lane), lane.Partner, _log, CancellationToken.None);
    }

    private async Task BeatAsync(PartnerLane lane)
    {
        var lost = await _tools.Deliveries.HeartbeatAsync(
            [.. lane.Held],
            _tools.Lease,
            _tools.Options.Lease,
            CancellationToken.None
        );
        foreach (var delivery in lost)
            lane.Lose(delivery);
    }
}
