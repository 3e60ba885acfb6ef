using CareCoordination.Application.Requests;
using CareCoordination.Connectors;
using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Partners;
using CareCoordination.Exchange.Sending;
using CareCoordination.Exchange.Settings;

namespace CareCoordination.Exchange.Partners;

/// <summary>Partners as destinations of messages, by the ids of their Endpoints.</summary>
public sealed class PartnerDestinations(
    PartnerDirectory directory,
    PartnerConnectors connectors,
    PartnerStatuses statuses,
    DeliveryOptions options
) : Destinations
{
    // To read the partner's copy, to write, and once more after a conflict.
    private const int RequestsOfAMessage = 3;

    /// <summary>For messages that do not go out: what becomes of them is only written down.</summary>
    private const int RoomForRefusals = 64;

    public override Caller CallerOf(string destination) => Caller.Partner(destination);

    public override async Task<Admission> AdmitAsync(string destination, CancellationToken cancellationToken)
    {
        var entry = await directory.FindAsync(destination, cancellationToken);
        if (entry is { Partner: null, Passes: true } || await statuses.IsPausedAsync(destination, cancellationToken))
            return default;
        return entry.Partner is { } partner
            ? Of(partner.Options, connectors.For(partner).Health)
            : new Admission(RoomForRefusals);
    }

    public override async Task NoteAsync(string destination)
    {
        if ((await directory.FindAsync(destination, CancellationToken.None)).Partner is { } partner)
            await statuses.NoteAsync(partner, connectors.For(partner).Health);
    }

    private Admission Of(PartnerOptions partner, PartnerHealth health)
    {
        if (!health.TakesMessages)
            return default;
        // One goes first after a break: what fails together would have to wait together.
        if (health.Breaker != BreakerState.Closed)
            return new Admission(1) { OldestFirst = true };
        // What goes one at a time goes in order.
        if (partner.Concurrency == 1)
            return new Admission(1);
        // Beyond what is under way at the partner, so that reading and settling of some go on while others are sent.
        var room = 4 * health.Concurrency;
        return new Admission(partner.RequestsPerSecond > 0 ? Math.Min(room, WithinLease(partner)) : room);
    }

    /// <summary>What the rate lets pass within a lease: the rest is left to nodes that can send it.</summary>
    private int WithinLease(PartnerOptions partner) =>
        (int)Math.Clamp(partner.RequestsPerSecond * options.Lease.TotalSeconds / RequestsOfAMessage, 1, int.MaxValue);
}
