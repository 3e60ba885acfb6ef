using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.ServerState;

namespace CareCoordination.Application.Jobs;

/// <summary>What is particular to the jobs of one kind, for the status that all jobs have.</summary>
/// <param name="Code">The <see cref="Job.Kind"/>.</param>
/// <param name="Unit">What a step is about, in the plural: <c>patients</c>.</param>
/// <param name="Report">The resource that a finished job is answered with.</param>
public sealed record JobKind(
    string Code,
    string Unit,
    Func<ResourceKey, ImmutableArray<JobStep>, ReadOnlyMemory<byte>> Report
);
