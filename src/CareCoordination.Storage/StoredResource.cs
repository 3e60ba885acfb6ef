using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Storage;

/// <summary>How a version came to be.</summary>
public enum ChangeKind : byte
{
    Create = 1,
    Update = 2,
    Delete = 3,
}

/// <summary>One stored version. <see cref="Utf8Json"/> is what is sent back; empty for a deletion.</summary>
/// <param name="LastUpdated">UTC, whole milliseconds.</param>
/// <param name="Sequence">The place of the change in the order of all changes: gap-safe, later is larger.</param>
public readonly record struct StoredResource(
    ResourceKey Key,
    int Version,
    DateTimeOffset LastUpdated,
    ChangeKind Change,
    long Sequence,
    ReadOnlyMemory<byte> Utf8Json
)
{
    public bool IsDeleted => Change == ChangeKind.Delete;
}
