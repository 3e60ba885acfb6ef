using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Storage;

namespace CareCoordination.Exchange.Sending;

/// <summary>
/// What the worker of the outbox has to know of the messages of one topic. A new topic is one of these among the services, and commits
/// that carry an <see cref="EnqueueMessage"/> with its code. docs/adr/0009-outbox.md
/// </summary>
/// <param name="Code">The <see cref="OutboxMessage.Topic"/>.</param>
/// <param name="Destinations">To whom its messages go.</param>
/// <param name="Build">Makes a message from what is stored at the moment when it is about to leave.</param>
public sealed record Topic(string Code, Destinations Destinations, Build Build);

/// <param name="session">Of this attempt alone, opened for the caller that the destination is.</param>
public delegate Task<Built> Build(OpenSession session, OutboxMessage message, CancellationToken cancellationToken);

/// <summary>What is to be done with a message whose turn it is.</summary>
public abstract record Built
{
    private Built() { }

    /// <summary>Nothing is sent.</summary>
    public sealed record Settled(Settlement Settlement) : Built;

    /// <summary>It is sent. What the receiver answered becomes a settlement; an exception is a mistake here, and tried again.</summary>
    public sealed record Ready(Func<CancellationToken, Task<Settlement>> SendAsync) : Built;
}

/// <summary>
/// What an attempt means: the next state of the message, with what follows from it here, as one commit that holds only while the
/// message's lease does.
/// </summary>
/// <param name="Decide">Is asked again where another write came first.</param>
public sealed record Settlement(Func<CancellationToken, ValueTask<WriteSet>> Decide)
{
    /// <summary>What is done once that is written.</summary>
    public Func<Task>? Afterwards { get; init; }

    /// <summary>Nothing follows but the state of the message.</summary>
    public static Settlement Of(SettleMessage settle) =>
        new(_ => ValueTask.FromResult(new WriteSet { Outbox = [settle] }));
}
