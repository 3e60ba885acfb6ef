using System.Collections.Concurrent;
using System.Threading.Channels;
using CareCoordination.Application.Workers;
using CareCoordination.Exchange.Diagnostics;
using CareCoordination.Exchange.Settings;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Exchange.Sending;

/// <summary>What all queues of a node share.</summary>
public sealed class QueueTools(
    OutboxStore outbox,
    MessageAttempts attempts,
    DeliveryOptions options,
    ILogger<QueueTools> log
)
{
    public OutboxStore Outbox => outbox;

    public MessageAttempts Attempts => attempts;

    public DeliveryOptions Options => options;

    public ILogger Log => log;

    /// <summary>Names this run of this node as the holder of messages.</summary>
    public string Lease { get; } = Guid.NewGuid().ToString("N");
}

/// <summary>
/// Brings the messages of one topic to one destination, as many at once as it takes. Each has a queue of its own, so that a slow or broken
/// one holds up no other; a queue that has nothing to do, or whose destination is to be left alone, ends until it is signalled.
/// </summary>
internal sealed class DestinationQueue(Topic topic, string destination, QueueTools tools)
{
    // A transaction for claims should not become long.
    private const int MostAtOnce = 64;

    private readonly ConcurrentDictionary<string, CancellationTokenSource> _underWay = new(StringComparer.Ordinal);
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private Task _running = Task.CompletedTask;
    private int _room;

    /// <summary>As the log has it.</summary>
    public string Name { get; } = $"{topic.Code} to {destination}";

    /// <summary>For one caller at a time.</summary>
    /// <param name="stopping">No more is taken.</param>
    /// <param name="leaving">What is under way is given up.</param>
    public void Signal(CancellationToken stopping, CancellationToken leaving)
    {
        _signals.Writer.TryWrite(true);
        if (_running.IsCompleted)
            _running = Task.Run(() => RunAsync(stopping, leaving), CancellationToken.None);
    }

    /// <summary>Ends when nothing is under way any more.</summary>
    public Task EndAsync() => _running;

    /// <summary>Keeps the leases of what is under way. What another node has taken meanwhile is given up.</summary>
    public async Task BeatAsync()
    {
        var lost = await tools.Outbox.HeartbeatAsync(
            [.. _underWay.Keys],
            tools.Lease,
            tools.Options.Lease,
            CancellationToken.None
        );
        foreach (var message in lost)
            Lose(message);
    }

    private void Lose(string message)
    {
        if (!_underWay.TryGetValue(message, out var attempt))
            return;
        try
        {
            attempt.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile, which is why it is not held any more.
        }
    }

    private async Task RunAsync(CancellationToken stopping, CancellationToken leaving)
    {
        await Guard.RunAsync(
            async () =>
            {
                while (!stopping.IsCancellationRequested)
                {
                    _signals.Reader.TryRead(out _);
                    if (await TakeAsync(stopping, leaving))
                        await _signals.Reader.WaitToReadAsync(stopping);
                    else if (!_signals.Reader.TryPeek(out _))
                        break;
                }
            },
            Name,
            tools.Log,
            stopping
        );
        while (!_underWay.IsEmpty)
            await _signals.Reader.ReadAsync(CancellationToken.None);
    }

    /// <summary>Takes what there is room for. False where there is nothing to wait for in this queue.</summary>
    private async Task<bool> TakeAsync(CancellationToken stopping, CancellationToken leaving)
    {
        // Claims go many at a time: one for each message that ends would cost a transaction each.
        if (_underWay.Count * 2 > _room && !_underWay.IsEmpty)
            return true;
        var admission = await topic.Destinations.AdmitAsync(destination, stopping);
        _room = Math.Min(admission.Room, MostAtOnce);
        var free = _room - _underWay.Count;
        if (free <= 0)
            return !_underWay.IsEmpty;
        if (admission.OldestFirst)
            await tools.Outbox.RetryOldestNowAsync(topic.Code, destination, stopping);
        var claimed = await tools.Outbox.ClaimAsync(
            topic.Code,
            destination,
            free,
            tools.Lease,
            tools.Options.Lease,
            stopping
        );
        foreach (var message in claimed)
            Begin(message, leaving);
        return !_underWay.IsEmpty;
    }

    private void Begin(OutboxMessage message, CancellationToken leaving)
    {
        var attempt = CancellationTokenSource.CreateLinkedTokenSource(leaving);
        if (_underWay.TryAdd(message.Id, attempt))
            _ = SendAsync(message, attempt);
        else
            // Its lease ran out while this node was still sending it: claiming it has renewed the lease, and sending it again would
            // be once too often.
            attempt.Dispose();
    }

    private async Task SendAsync(OutboxMessage message, CancellationTokenSource attempt)
    {
        try
        {
            // Not on the thread that claims.
            await Task.Yield();
            await tools.Attempts.RunAsync(topic, message, attempt.Token);
            await topic.Destinations.NoteAsync(destination);
        }
        catch (Exception e)
        {
            Log.Unexpected(tools.Log, e, message.Id);
        }
        finally
        {
            _underWay.TryRemove(new KeyValuePair<string, CancellationTokenSource>(message.Id, attempt));
            attempt.Dispose();
            _signals.Writer.TryWrite(true);
        }
    }
}
