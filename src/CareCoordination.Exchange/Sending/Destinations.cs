using CareCoordination.Application.Requests;

namespace CareCoordination.Exchange.Sending;

/// <summary>Those to whom messages of a topic go, by the names that its messages have for them.</summary>
public abstract class Destinations
{
    /// <summary>As whom a message to the destination reads and writes here.</summary>
    public abstract Caller CallerOf(string destination);

    /// <summary>How many of a topic's messages may be under way to the destination now. Asked before messages are claimed.</summary>
    public abstract Task<Admission> AdmitAsync(string destination, CancellationToken cancellationToken);

    /// <summary>An attempt has ended, whatever became of it.</summary>
    public virtual Task NoteAsync(string destination) => Task.CompletedTask;
}

/// <summary>What a destination takes at the moment.</summary>
/// <param name="Room">Messages under way at the same time; 0: none are claimed until the queue is looked at again.</param>
public readonly record struct Admission(int Room)
{
    /// <summary>Whether the destination is back is found out with the message that should leave first, although it is not due yet.</summary>
    public bool OldestFirst { get; init; }
}
