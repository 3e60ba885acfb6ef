using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;

namespace CareCoordination.Application.Writes;

/// <summary>What clients ask to be changed, before what follows from it is known.</summary>
/// <param name="Changes">On distinct resources.</param>
public sealed record PlannedCommit(ImmutableArray<PlannedChange> Changes, ImmutableArray<Precondition> Preconditions)
{
    /// <summary>As <see cref="Commit.AsOf"/>.</summary>
    public long? AsOf { get; init; }
}

/// <summary>One change of a <see cref="PlannedCommit"/>.</summary>
/// <param name="Resource">What is to be stored; null for a deletion.</param>
/// <param name="Current">
/// What was read, where the status is guarded: the commit has to rely on its version. Null where the change creates the resource.
/// </param>
public sealed record PlannedChange(ResourceKey Key, IncomingResource? Resource, StoredResource? Current = null)
{
    /// <summary>Turns a refusal into one that names the entry of the Bundle that asks for the change.</summary>
    public Func<Failure, Failure> Locate { get; init; } = failure => failure;
}
