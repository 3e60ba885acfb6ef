using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Workflow.Decisions;

/// <summary>A resource to write.</summary>
/// <param name="DecidedFrom">The version the decision was taken from; 0 for a new resource. The write holds only while this is current.</param>
public sealed record ResourceWrite(ResourceKey Key, int DecidedFrom, ReadOnlyMemory<byte> Utf8Json);

/// <summary>A version that a decision relied on without changing it. The decision holds only while it is current.</summary>
public readonly record struct ReliedOn(ResourceKey Key, int Version);

/// <summary>A search that a decision relied on: it finds this resource and no other, or nothing. The decision holds only while that is so.</summary>
/// <param name="Query">As in a URL: <c>subject=Patient/1&amp;status=active</c>.</param>
/// <param name="Only">Null: nothing.</param>
public readonly record struct StillFinds(string ResourceType, string Query, ResourceKey? Only);

/// <summary>Work that is done step by step after the answer.</summary>
/// <param name="Kind">What knows how to do it.</param>
/// <param name="Total">How many steps there are.</param>
/// <param name="Arguments">What is asked for, in the words of the kind.</param>
public sealed record JobOrder(string Kind, int Total, ReadOnlyMemory<byte> Arguments);

/// <summary>
/// What is to be done, as one commit or not at all. Nothing has happened yet: deciding again from fresh reads is all that a
/// retry needs.
/// </summary>
/// <param name="Answer">The resource that the operation answers with.</param>
public sealed record Decision(ResourceKey Answer, ImmutableArray<ResourceWrite> Writes)
{
    public ImmutableArray<ReliedOn> ReliedOn { get; init; } = [];

    /// <summary>What keeps two decisions apart that write no resource in common.</summary>
    public ImmutableArray<StillFinds> Finds { get; init; } = [];

    /// <summary>Patients who have not died, as references. Asked when it is stored, whatever was read before.</summary>
    public ImmutableArray<string> Living { get; init; } = [];

    /// <summary>It holds only where nobody writes something new meanwhile that it would have met: no version says so.</summary>
    public bool RestsOnAll { get; init; }

    /// <summary>The partners to tell, in the same commit.</summary>
    public ImmutableArray<Outgoing> Outgoing { get; init; } = [];

    /// <summary>The work that is begun with it and goes on after the answer; null where there is none.</summary>
    public JobOrder? Begins { get; init; }

    /// <summary>What the caller should know although it was done: informational and warning issues.</summary>
    public ImmutableArray<Issue> Notes { get; init; } = [];

    /// <summary>The operation that was decided, without <c>$</c>: the activity of the Provenance.</summary>
    public required string Activity { get; init; }

    /// <summary>Nothing is to be written: it was so already.</summary>
    public bool IsEmpty => Writes.IsEmpty;

    internal Decision Noting(params IEnumerable<Issue> notes) => this with { Notes = [.. Notes, .. notes] };
}
