using System.Collections.Concurrent;
using System.Threading.Channels;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Connectors;
using CareCoordination.Connectors.Exchanges;
using CareCoordination.Exchange.Diagnostics;
using CareCoordination.Exchange.Partners;
using CareCoordination.Exchange.Settings;
using CareCoordination.Storage;
using CareCoordination.Storage.Deliveries;

namespace CareCoordination.Exchange.Deliveries;

/// <summary>What all lanes of a node share.</summary>
public sealed class LaneTools(
    CareSessions sessions,
    DeliveryStore deliveries,
    PartnerDirectory directory,
    PartnerConnectors connectors,
    DeliveryOptions options
)
{
    public CareSessions Sessions => sessions;

    public DeliveryStore Deliveries => deliveries;

    public PartnerDirectory Directory => directory;

    public PartnerConnectors Connectors => connectors;

    public DeliveryOptions Options => options;

    /// <summary>Names this run of this node as the holder of messages.</summary>
    public string Lease { get; } = Guid.NewGuid().ToString("N");
}

/// <summary>
/// Brings the messages of one partner to it, as many at once as the partner takes. Each partner has a lane of its own, so that a slow
/// or broken one holds up nobody else; a lane that has nothing to do, or whose partner is to be left alone, ends until it is woken.
/// </summary>
internal sealed class PartnerLane(string partner, LaneTools tools, PartnerMarks marks, ILogger log)
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _underWay = new(StringComparer.Ordinal);
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private Task _running = Task.CompletedTask;

    public string Partner => partner;

    /// <summary>The messages that this node holds.</summary>
    public ICollection<string> Held => _underWay.Keys;

    /// <summary>For one caller at a time.</summary>
    /// <param name="stopping">No more is taken.</param>
    /// <param name="leaving">What is under way is given up.</param>
    public void Wake(CancellationToken stopping, CancellationToken leaving)
    {
        _signals.Writer.TryWrite(true);
        if (_running.IsCompleted)
            _running = Task.Run(() => RunAsync(stopping, leaving), CancellationToken.None);
    }

    /// <summary>Ends when nothing is under way any more.</summary>
    public Task EndAsync() => _running;

    /// <summary>Somebody else has the message now.</summary>
    public void Lose(string delivery)
    {
        if (!_underWay.TryGetValue(delivery, out var attempt))
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
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                _signals.Reader.TryRead(out _);
                if (await TakeAsync(stopping, leaving))
                    await _signals.Reader.WaitToReadAsync(stopping);
                else if (!_signals.Reader.TryPeek(out _))
                    break;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What is under way is waited for below.
        }
        catch (StoreUnavailableException e)
        {
            Log.DeliveriesWait(log, e);
        }
        catch (Exception e)
        {
            // A lane that met a mistake of ours must not be the end of the partner's deliveries: it is woken again.
            Log.Unexpected(log, e, partner);
        }

        while (!_underWay.IsEmpty)
            await _signals.Reader.ReadAsync(CancellationToken.None);
    }

    /// <summary>Takes what there is room for. False where there is nothing to wait for in this lane.</summary>
    private async Task<bool> TakeAsync(CancellationToken stopping, CancellationToken leaving)
    {
        var entry = await tools.Directory.FindAsync(partner, stopping);
        var room = entry.Partner is { } known ? RoomFor(known) : MostAtOnce;
        // Claims go many at a time: one for each message that ends would cost a transaction each.
        var free = room - _underWay.Count;
        if (room > 0 && free * 2 < room)
            return true;
        if (free <= 0 || entry is { Partner: null, Passes: true } || await marks.IsPausedAsync(partner, stopping))
            return !_underWay.IsEmpty;
        if (entry.Partner is { } away && tools.Connectors.For(away).Health.Breaker != BreakerState.Closed)
            await tools.Deliveries.HurryOldestAsync(partner, stopping);
        var claimed = await tools.Deliveries.ClaimAsync(
            partner,
            Math.Min(free, MostAtOnce),
            tools.Lease,
            tools.Options.Lease,
            stopping
        );
        foreach (var delivery in claimed)
        {
            var attempt = CancellationTokenSource.CreateLinkedTokenSource(leaving);
            if (_underWay.TryAdd(delivery.Id, attempt))
                _ = SendAsync(delivery, entry, attempt);
            else
                // Its lease ran out while this node was still sending it: claiming it has renewed the lease, and sending it again would
                // be once too often.
                attempt.Dispose();
        }

        return !_underWay.IsEmpty;
    }

    private async Task SendAsync(Delivery delivery, PartnerEntry entry, CancellationTokenSource attempt)
    {
        try
        {
            // Not on the thread that claims.
            await Task.Yield();
            await using var session = tools.Sessions.Open(Caller.Partner(partner));
            await session.Get<DeliveryAttempt>().RunAsync(delivery, entry, attempt.Token);
            if (entry.Partner is { } known)
                await marks.NoteAsync(known, tools.Connectors.For(known).Health);
        }
        catch (Exception e)
        {
            Log.Unexpected(log, e, delivery.Id);
        }
        finally
        {
            _underWay.TryRemove(new KeyValuePair<string, CancellationTokenSource>(delivery.Id, attempt));
            attempt.Dispose();
            _signals.Writer.TryWrite(true);
        }
    }

    // Beyond what is under way at the partner, so that reading and settling of some go on while others are sent.
    private const int MostAtOnce = 64;

    private int RoomFor(Partner known)
    {
        var health = tools.Connectors.For(known).Health;
        if (!health.TakesMessages)
            return 0;
        // One goes first after a break: what fails together would have to wait together.
        if (health.Breaker != BreakerState.Closed)
            return 1;
        // What goes one at a time goes in order.
        return known.Options.Concurrency == 1 ? 1 : 4 * known.Options.Concurrency;
    }
}
