using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Storage;

/// <summary>What a partner has of a Task of ours, as far as we know. One per Task and partner.</summary>
/// <param name="Reference">At the partner: <c>Task/7</c>; null where the partner has it and does not tell where.</param>
/// <param name="Version">The version that was seen last, for If-Match; null where the partner tells none.</param>
/// <param name="Status">The status that it had then, in the partner's words.</param>
/// <param name="UpdatedAt"><c>meta.lastUpdated</c> of it, by the partner's clock; null where that is not known.</param>
public sealed record PartnerCopy(
    string Partner,
    ResourceKey Task,
    string? Reference,
    string? Version,
    string? Status,
    DateTimeOffset? UpdatedAt
)
{
    /// <summary>Longer ones cannot be kept.</summary>
    public const int MaxReferenceLength = 256;

    /// <summary>The <see cref="Status"/> of a copy that the partner has deleted.</summary>
    public const string Gone = "deleted";

    /// <summary>What the <see cref="Status"/> of a copy begins with that nothing more is expected of.</summary>
    public static readonly ImmutableArray<string> StatusesOver =
    [
        "completed",
        "rejected",
        "failed",
        "cancelled",
        "entered-in-error",
        Gone,
    ];
}

public enum InboundState
{
    /// <summary>It changed something here.</summary>
    Applied,

    /// <summary>Our own write, come back.</summary>
    Echo,

    /// <summary>Older than what is known.</summary>
    Stale,

    /// <summary>It could not be applied: an operator has to look at it.</summary>
    Unapplied,

    /// <summary>A message about a stay that was refused: an operator may correct it and have it taken in.</summary>
    Refused,

    /// <summary>It was refused, and an operator has had it taken in.</summary>
    Replayed,

    /// <summary>It was refused, and an operator has decided that nothing comes of it.</summary>
    Discarded,
}

/// <summary>
/// One version of a partner's Task that came in, or one message about a stay that was refused. The same version is taken once, however
/// often it comes.
/// </summary>
/// <param name="Partner">The Endpoint of the partner; of a message whose door and sender, in a form that no id has.</param>
/// <param name="Reference">At the partner: <c>Task/7</c>. Of a message what its sender calls it.</param>
/// <param name="Version">Its version there; where the partner tells none, something that differs when the content does.</param>
/// <param name="Task">Our Task; null where it could not be told, or none was made.</param>
public sealed record InboundUpdate(
    string Partner,
    string Reference,
    string Version,
    ResourceKey? Task,
    InboundState State,
    DateTimeOffset At
)
{
    /// <summary>Longer ones cannot be kept.</summary>
    public const int MaxVersionLength = 64;

    /// <summary>Its place in the order in which updates came; 0 where it is new.</summary>
    public long Order { get; init; }

    /// <summary>Why it is in this state, as a sentence without patient data.</summary>
    public string? Reason { get; init; }

    /// <summary>What came, kept while it is not applied.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }
}

public sealed record InboundPage(IReadOnlyList<InboundUpdate> Updates, long? Next);

/// <summary>What is remembered of a partner as a whole.</summary>
public sealed record PartnerStatus(string Partner)
{
    /// <summary>Everything of the partner up to this instant of its clock has been polled.</summary>
    public DateTimeOffset? PolledThrough { get; init; }

    /// <summary>When polling it began last.</summary>
    public DateTimeOffset? PolledAt { get; init; }

    /// <summary>The Task up to which copies were read by their ids, in turn; null where the turn begins anew.</summary>
    public string? ReadThrough { get; init; }

    /// <summary>What kept the last poll from being complete, as a sentence; null where nothing did.</summary>
    public string? PollProblem { get; init; }

    /// <summary>The node that polls it; null where none does.</summary>
    public string? PollLease { get; init; }

    public DateTimeOffset? PollLeaseEnd { get; init; }

    public DateTimeOffset? LastSuccessAt { get; init; }

    public DateTimeOffset? LastFailureAt { get; init; }

    public int ConsecutiveFailures { get; init; }

    public string? LastProblem { get; init; }

    /// <summary>Nothing new is sent until an operator resumes.</summary>
    public bool IsPaused { get; init; }
}
