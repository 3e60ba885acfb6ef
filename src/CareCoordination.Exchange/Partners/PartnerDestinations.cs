using CareCoordination.Application.Requests;
using CareCoordination.Connectors;
using CareCoordination.Connectors.Exchanges;
using CareCoordination.Exchange.Sending;

namespace CareCoordination.Exchange.Partners;

/// <summary>Partners as destinations of messages, by the ids of their Endpoints.</summary>
public sealed class PartnerDestinations(PartnerDirectory directory, PartnerConnectors connectors, PartnerMarks marks)
    : Destinations
{
    /// <summary>For messages that do not go out: what becomes of them is only written down.</summary>
    private const int RoomForRefusals = 64;

    public override Caller CallerOf(string destination) => Caller.Partner(destination);

    public override async Task<Admission> AdmitAsync(string destination, CancellationToken cancellationToken)
    {
        var entry = await directory.FindAsync(destination, cancellationToken);
        if (entry is { Partner: null, Passes: true } || await marks.IsPausedAsync(destination, cancellationToken))
            return default;
        return entry.Partner is { } partner
            ? Of(partner.Options.Concurrency, connectors.For(partner).Health)
            : new Admission(RoomForRefusals);
    }

    public override async Task NoteAsync(string destination)
    {
        if ((await directory.FindAsync(destination, CancellationToken.None)).Partner is { } partner)
            await marks.NoteAsync(partner, connectors.For(partner).Health);
    }

    private static Admission Of(int concurrency, PartnerHealth health)
    {
        if (!health.TakesMessages)
            return default;
        // One goes first after a break: what fails together would have to wait together.
        if (health.Breaker != BreakerState.Closed)
            return new Admission(1) { OldestFirst = true };
        // Beyond what is under way at the partner, so that reading and settling of some go on while others are sent. What goes one at
        // a time goes in order.
        return new Admission(concurrency == 1 ? 1 : 4 * concurrency);
    }
}
