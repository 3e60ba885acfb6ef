using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Storage.Deliveries;

/// <summary>A change of the outbox or inbox, made in the same transaction as the resources of its commit.</summary>
public abstract record DeliveryChange
{
    private protected DeliveryChange() { }
}

/// <summary>A change of the delivery with this id.</summary>
internal interface IOfOneDelivery
{
    string Id { get; }
}

/// <summary>
/// A partner is to be told about a Task. Messages to the same partner about the same Task that nobody has tried to send are
/// superseded: a send stays a send, and a send that is called off before it was tried leaves nothing to say.
/// </summary>
/// <param name="Id">New and unique, such as a UUIDv7.</param>
public sealed record EnqueueDelivery(
    string Id,
    string Partner,
    ResourceKey Task,
    ResourceKey Request,
    DeliveryKind Kind
) : DeliveryChange, IOfOneDelivery;

/// <summary>
/// Takes a message under a lease. Without effect where it is not due, another node holds it, or an earlier message about the
/// Task has not left.
/// </summary>
internal sealed record ClaimDelivery(string Id, ResourceKey Task, string Lease, TimeSpan For)
    : DeliveryChange,
        IOfOneDelivery;

/// <summary>Keeps a lease alive; without effect where it was lost.</summary>
internal sealed record ExtendLease(string Id, string Lease, TimeSpan For) : DeliveryChange, IOfOneDelivery;

/// <summary>Lets a message that waits for its next attempt be tried now; without effect on others.</summary>
public sealed record HurryDelivery(string Id) : DeliveryChange, IOfOneDelivery;

/// <summary>A change of a message that has to be in a certain state: where it is not, the commit is refused.</summary>
public abstract record ConditionalDeliveryChange(string Id) : DeliveryChange, IOfOneDelivery
{
    /// <summary>Whether the message is in a state that allows it.</summary>
    public abstract bool IsAllowed(Delivery delivery);
}

/// <summary>What became of an attempt. The commit is refused where the lease was lost meanwhile.</summary>
/// <param name="State">
/// Delivered, Retry, Parked or Dead; Queued gives a message back that was not tried, or is to be sent again at once.
/// </param>
public sealed record SettleDelivery(string Id, string Lease, DeliveryState State) : ConditionalDeliveryChange(Id)
{
    /// <summary>False where nothing was sent, as when a node stops: the attempt does not count.</summary>
    public bool WasTried { get; init; } = true;

    public DateTimeOffset? NextAt { get; init; }

    public string? Problem { get; init; }

    public int? Status { get; init; }

    public ReadOnlyMemory<byte> Outcome { get; init; }

    public override bool IsAllowed(Delivery delivery) =>
        delivery.State == DeliveryState.Sending && delivery.Lease == Lease;
}

/// <summary>An operator sends a message again, with a new time budget: one that waits, is parked, dead or was delivered.</summary>
public sealed record ReplayDelivery(string Id) : ConditionalDeliveryChange(Id)
{
    public override bool IsAllowed(Delivery delivery) =>
        delivery.State is not (DeliveryState.Sending or DeliveryState.Superseded);
}

/// <summary>An operator holds a message back that waits.</summary>
public sealed record ParkDelivery(string Id, string Problem) : ConditionalDeliveryChange(Id)
{
    public override bool IsAllowed(Delivery delivery) => delivery.State is DeliveryState.Queued or DeliveryState.Retry;
}

/// <summary>A message that waits or is parked is given up.</summary>
public sealed record EndDelivery(string Id, string Problem) : ConditionalDeliveryChange(Id)
{
    public override bool IsAllowed(Delivery delivery) =>
        delivery.State is DeliveryState.Queued or DeliveryState.Retry or DeliveryState.Parked;
}

/// <summary>The partner has moved the status of a Task: what was delivered about it is acknowledged.</summary>
public sealed record AcknowledgeDeliveries(string Partner, ResourceKey Task) : DeliveryChange;

/// <summary>Remembers what a partner has, in place of what was remembered.</summary>
public sealed record KeepCopy(PartnerCopy Copy) : DeliveryChange;

/// <summary>Remembers what a partner sent, in place of what was remembered of the same version.</summary>
public sealed record KeepInbound(InboundUpdate Update) : DeliveryChange;

/// <summary>
/// Changes what is remembered of a partner. The function is given what is stored, under the write lock; null leaves it. Those that had an
/// effect are in <see cref="CommitResult.Marked"/>. It may run more than once.
/// </summary>
public sealed record ChangeMark(string Partner, Func<PartnerMark, PartnerMark?> Change) : DeliveryChange;

/// <summary>A message was not in the state that a change of it needs, or its lease was lost.</summary>
public sealed record DeliveryRefused(ConditionalDeliveryChange Change) : Precondition;
