using System.Collections.Concurrent;
using CareCoordination.Application.Workers;

namespace CareCoordination.Exchange.Sending;

/// <summary>
/// Lets this node send what is in the outbox: at once what it queued itself, and within seconds what others queued, what is due again, and
/// what a node that was killed has left. Any number of nodes may. One topic or destination does not hold up another.
/// </summary>
public sealed class OutboxWorker : PeriodicWorker
{
    // A burst of messages is looked at once.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<(string Topic, string Destination), DestinationQueue> _queues = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly Topic[] _topics;
    private readonly QueueTools _tools;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly Heartbeat _heartbeat;
    private Task? _arrival;

    public OutboxWorker(
        IEnumerable<Topic> topics,
        QueueTools tools,
        IHostApplicationLifetime lifetime,
        TimeProvider time
    )
        : base("outbox", tools.Options.ScanInterval, time, tools.Log)
    {
        (_topics, _tools, _lifetime) = ([.. topics], tools, lifetime);
        _heartbeat = new Heartbeat("heartbeat of the outbox", tools.Options.Lease / 3, BeatAsync, time, tools.Log);
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
        foreach (var topic in _topics)
            await Guard.RunAsync(() => WakeAsync(topic, stopping), $"outbox of {topic.Code}", _tools.Log, stopping);
        await Task.Delay(Pause, Time, stopping);
    }

    /// <summary>One wait for an arrival outlasts the looks that end without one.</summary>
    protected override async Task SignalledAsync(CancellationToken stopping)
    {
        _arrival ??= _tools.Outbox.ArrivalAsync(CancellationToken.None).AsTask();
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
        var ends = Task.WhenAll(_queues.Values.Select(queue => queue.EndAsync()));
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

    private async Task WakeAsync(Topic topic, CancellationToken stopping)
    {
        foreach (var destination in await _tools.Outbox.DestinationsAsync(topic.Code, stopping))
            _queues
                .GetOrAdd((topic.Code, destination), _ => new DestinationQueue(topic, destination, _tools))
                .Signal(stopping, _leaving.Token);
    }

    /// <summary>A queue whose leases cannot be extended does not end the others'.</summary>
    private async Task BeatAsync()
    {
        foreach (var queue in _queues.Values)
            await Guard.RunAsync(queue.BeatAsync, queue.Name, _tools.Log, CancellationToken.None);
    }
}
