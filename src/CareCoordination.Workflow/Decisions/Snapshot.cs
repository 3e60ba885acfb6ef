using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Workflow.Decisions;

/// <summary>A resource as it was read: what a decision is taken from.</summary>
public readonly record struct Snapshot(ResourceKey Key, int Version, ReadOnlyMemory<byte> Utf8Json);
