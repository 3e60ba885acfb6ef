using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Storage;

/// <summary>Where a message stands. It says nothing about its subject: for a referral that is the Task's business.</summary>
public enum MessageState
{
    /// <summary>It waits for its first attempt, or was put back by an operator.</summary>
    Queued,

    /// <summary>A node holds it under a lease and sends it.</summary>
    Sending,

    /// <summary>The receiver has it.</summary>
    Delivered,

    /// <summary>The partner has moved the status of its Task since.</summary>
    Acknowledged,

    /// <summary>An attempt failed in a way that passes; it is tried again at <see cref="OutboxMessage.NextAt"/>.</summary>
    Retry,

    /// <summary>Somebody has to correct something before it is sent again.</summary>
    Parked,

    /// <summary>Given up: it will not be sent any more.</summary>
    Dead,

    /// <summary>A later message says what this one would have said.</summary>
    Superseded,
}

public enum MessageKind
{
    /// <summary>The subject goes out for the first time.</summary>
    Send,

    /// <summary>Something of it has changed.</summary>
    Update,

    /// <summary>It is called off.</summary>
    Cancel,
}

/// <summary>
/// A message to another system: it says that a subject has changed, and not how. docs/adr/0009-outbox.md
/// </summary>
/// <param name="Id">Stays the same over all attempts, so that the receiver can recognise a repeat.</param>
/// <param name="Topic">What knows how to prepare and send it.</param>
/// <param name="Destination">To whom, by a name that the topic knows: for referrals the id of the Endpoint.</param>
/// <param name="Subject">What it is about: for referrals the Task that the partner works on.</param>
public sealed record OutboxMessage(string Id, string Topic, string Destination, ResourceKey Subject, MessageKind Kind)
{
    /// <summary>Longer topics cannot be kept.</summary>
    public const int MaxTopicLength = 32;

    /// <summary>A second resource under which it is found: for referrals the ServiceRequest that the Task fulfils.</summary>
    public ResourceKey? About { get; init; }

    public MessageState State { get; init; }

    /// <summary>Its place in the order in which messages leave; later is larger.</summary>
    public long Order { get; init; }

    /// <summary>Attempts begun.</summary>
    public int Attempts { get; init; }

    /// <summary>Since when it waits to leave: the time budget is counted from here. Anew where an operator replays it.</summary>
    public DateTimeOffset QueuedAt { get; init; }

    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>When the first attempt since then began; null before.</summary>
    public DateTimeOffset? FirstAttemptAt { get; init; }

    /// <summary>When it may be tried next; while it is being sent, when the lease ends; null where it is not to be tried.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>The node that sends it; null where none does.</summary>
    public string? Lease { get; init; }

    /// <summary>What the last attempt met, as a sentence without patient data.</summary>
    public string? Problem { get; init; }

    /// <summary>The HTTP status of the partner's last answer.</summary>
    public int? LastStatus { get; init; }

    /// <summary>The partner's OperationOutcome, where it sent one.</summary>
    public ReadOnlyMemory<byte> Outcome { get; init; }

    /// <summary>What happened to it, oldest first: read it with <see cref="MessageLog.Read"/>.</summary>
    public ReadOnlyMemory<byte> Log { get; init; }

    /// <summary>The change that made this state, in the store's change sequence.</summary>
    public long Sequence { get; init; }

    /// <summary>It has not left and will, if nothing happens.</summary>
    public bool IsOpen => State is MessageState.Queued or MessageState.Sending or MessageState.Retry;

    /// <summary>Nothing of it can have reached the partner.</summary>
    public bool IsUntried => State == MessageState.Queued && Attempts == 0;

    internal bool IsSibling(OutboxMessage other) =>
        other.Topic == Topic && other.Destination == Destination && other.Subject == Subject;
}

/// <summary>What to list of the messages, newest first. Null: any.</summary>
public sealed record OutboxQuery(int Count)
{
    public string? Topic { get; init; }

    public string? Destination { get; init; }

    public MessageState? State { get; init; }

    public ResourceKey? Subject { get; init; }

    public ResourceKey? About { get; init; }

    /// <summary>Only those changed at or after this instant.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The <see cref="OutboxPage.Next"/> of the page before.</summary>
    public long? Before { get; init; }
}

/// <param name="Next">Null on the last page.</param>
public sealed record OutboxPage(IReadOnlyList<OutboxMessage> Messages, long? Next);

/// <summary>How many of the messages to a destination have not left.</summary>
/// <param name="Oldest">When the oldest of them was queued; null where there is none.</param>
public sealed record QueueDepth(int Queued, int Sending, int Retry, int Parked, DateTimeOffset? Oldest);
