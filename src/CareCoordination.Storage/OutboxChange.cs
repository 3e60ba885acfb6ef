using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Storage;

/// <summary>A change of the outbox or inbox, made in the same transaction as the resources of its commit.</summary>
public abstract record OutboxChange
{
    private protected OutboxChange() { }
}

/// <summary>A change of the message with this id.</summary>
internal interface IOfOneMessage
{
    string Id { get; }
}

/// <summary>
/// Queues a message. Messages of the same topic to the same destination about the same subject that were not
/// tried yet are superseded: a send stays a send, and a send that is called off before it was tried leaves nothing to say.
/// </summary>
/// <param name="Id">New and unique, such as a UUIDv7.</param>
public sealed record EnqueueMessage(string Id, string Topic, string Destination, ResourceKey Subject, MessageKind Kind)
    : OutboxChange,
        IOfOneMessage
{
    public ResourceKey? About { get; init; }
}

/// <summary>
/// Takes a message under a lease. Without effect where it is not due, another node holds it, or an earlier message about the
/// subject has not left.
/// </summary>
internal sealed record ClaimMessage(string Id, ResourceKey Subject, string Lease, TimeSpan For)
    : OutboxChange,
        IOfOneMessage;

/// <summary>Keeps a lease alive; without effect where it was lost.</summary>
internal sealed record ExtendLease(string Id, string Lease, TimeSpan For) : OutboxChange, IOfOneMessage;

/// <summary>Lets a message that waits for its next attempt be tried now; without effect on others.</summary>
public sealed record RetryMessageNow(string Id) : OutboxChange, IOfOneMessage;

/// <summary>A change of a message that has to be in a certain state: where it is not, the commit is refused.</summary>
public abstract record ConditionalOutboxChange(string Id) : OutboxChange, IOfOneMessage
{
    /// <summary>Whether the message is in a state that allows it.</summary>
    public abstract bool IsAllowed(OutboxMessage delivery);
}

/// <summary>What became of an attempt. The commit is refused where the lease was lost meanwhile.</summary>
/// <param name="State">
/// Delivered, Retry, Parked or Dead; Queued gives a message back that was not tried, or is to be sent again at once.
/// </param>
public sealed record SettleMessage(string Id, string Lease, MessageState State) : ConditionalOutboxChange(Id)
{
    /// <summary>False where nothing was sent, as when a node stops: the attempt does not count.</summary>
    public bool WasTried { get; init; } = true;

    public DateTimeOffset? NextAt { get; init; }

    public string? Problem { get; init; }

    public int? Status { get; init; }

    public ReadOnlyMemory<byte> Outcome { get; init; }

    public override bool IsAllowed(OutboxMessage delivery) =>
        delivery.State == MessageState.Sending && delivery.Lease == Lease;
}

/// <summary>An operator sends a message again, with a new time budget: one that waits, is parked, dead or was delivered.</summary>
public sealed record ReplayMessage(string Id) : ConditionalOutboxChange(Id)
{
    public override bool IsAllowed(OutboxMessage delivery) =>
        delivery.State is not (MessageState.Sending or MessageState.Superseded);
}

/// <summary>An operator holds a message back that waits.</summary>
public sealed record ParkMessage(string Id, string Problem) : ConditionalOutboxChange(Id)
{
    public override bool IsAllowed(OutboxMessage delivery) =>
        delivery.State is MessageState.Queued or MessageState.Retry;
}

/// <summary>A message that waits or is parked is given up.</summary>
public sealed record EndMessage(string Id, string Problem) : ConditionalOutboxChange(Id)
{
    public override bool IsAllowed(OutboxMessage delivery) =>
        delivery.State is MessageState.Queued or MessageState.Retry or MessageState.Parked;
}

/// <summary>The receiver has acted on a subject: what was delivered about it is acknowledged.</summary>
public sealed record AcknowledgeMessages(string Topic, string Destination, ResourceKey Subject) : OutboxChange;

/// <summary>Removes a message that was done with before an instant; without effect where it is not, as after a replay.</summary>
internal sealed record ForgetMessage(string Id, DateTimeOffset Before) : OutboxChange, IOfOneMessage;

/// <summary>Removes what is remembered of a version that came in. Who asks for it knows that nobody waits for it.</summary>
public sealed record ForgetInbound(string Partner, string Reference, string Version) : OutboxChange;

/// <summary>Remembers what a partner has, in place of what was remembered.</summary>
public sealed record KeepCopy(PartnerCopy Copy) : OutboxChange;

/// <summary>Remembers what a partner sent, in place of what was remembered of the same version.</summary>
public sealed record KeepInbound(InboundUpdate Update) : OutboxChange;

/// <summary>
/// Changes what is remembered of a partner. The function is given what is stored, under the write lock; null leaves it. Those that had an
/// effect are in <see cref="CommitResult.ChangedPartners"/>. It may run more than once.
/// </summary>
public sealed record ChangePartnerStatus(string Partner, Func<PartnerStatus, PartnerStatus?> Change) : OutboxChange;

/// <summary>A message was not in the state that a change of it needs, or its lease was lost.</summary>
public sealed record MessageRefused(ConditionalOutboxChange Change) : Precondition;
