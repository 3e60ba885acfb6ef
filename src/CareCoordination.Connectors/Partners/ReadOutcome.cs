using System.Collections.Immutable;

namespace CareCoordination.Connectors.Partners;

/// <summary>One page of what has changed at a partner.</summary>
/// <param name="Problem">Why there are no further pages; null where this page is in order.</param>
public sealed record PollPage(ImmutableArray<PartnerTask> Tasks, SendOutcome? Problem);

/// <summary>What reading a resource of a partner brought.</summary>
/// <param name="Utf8Json">Empty where it failed.</param>
/// <param name="Why"><see cref="SendOutcome.TryLater"/>, <see cref="SendOutcome.Collided"/> or <see cref="SendOutcome.NeedsHuman"/>; null where it was read.</param>
public readonly record struct ResourceOutcome(ReadOnlyMemory<byte> Utf8Json, SendOutcome? Why);

/// <summary>What reading a partner's copy brought.</summary>
public abstract record ReadOutcome
{
    private ReadOutcome() { }

    public sealed record Found(PartnerTask Task) : ReadOutcome;

    /// <summary>The partner has no such Task, or keeps none that could be read.</summary>
    public sealed record Absent : ReadOutcome;

    /// <param name="Why"><see cref="SendOutcome.TryLater"/> or <see cref="SendOutcome.NeedsHuman"/>.</param>
    public sealed record Failed(SendOutcome Why) : ReadOutcome;
}
