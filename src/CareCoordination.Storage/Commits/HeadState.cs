using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Storage.Commits;

/// <summary>The state of one resource inside a transaction: as stored, then as changed by each commit in turn.</summary>
internal sealed class HeadState(ResourceKey key, short typeId)
{
    public ResourceKey ResourceKey => key;

    public short TypeId => typeId;

    /// <summary>0 until the resource has a key.</summary>
    public long Key { get; set; }

    /// <summary>The table has the row. A new row is inserted whole, a stored one updated.</summary>
    public bool IsStored { get; set; }

    /// <summary>What follows here is known. Of a resource that is only referred to, the key is.</summary>
    public bool IsLoaded { get; set; }

    /// <summary><see cref="Change"/> and <see cref="Body"/> are known too.</summary>
    public bool HasBody { get; set; }

    /// <summary>A new row that only reserves a key is written only where something needs the key.</summary>
    public bool IsUsed { get; set; }

    public int Version { get; set; }

    public bool IsDeleted { get; set; } = true;

    public long LastUpdated { get; set; }

    public long Sequence { get; set; }

    public ChangeKind Change { get; set; }

    public byte[]? Body { get; set; }

    /// <summary>The condition that the current content is known to meet, be it loaded or not; null: none is known.</summary>
    public ContentCondition? Met { get; set; }

    public ulong Presence { get; set; }

    public long Status { get; set; }

    /// <summary>The column Patient as it was read: what holds where <see cref="Patients"/> is null.</summary>
    public long KnownPatient { get; set; }

    /// <summary>The patients whose compartments hold the current version, or held what was deleted; null: as it was read.</summary>
    public IReadOnlyList<ResourceKey>? Patients { get; set; }

    public long Labels { get; set; }

    /// <summary>The index entries of the current version, where this transaction wrote it.</summary>
    public IndexEntries? Index { get; set; }

    /// <summary>Something was changed since the rows were last written.</summary>
    public bool IsChanged { get; set; }

    /// <summary>The bytes of the version whose index rows are in the tables; null where there are no such rows.</summary>
    public byte[]? IndexedBody { get; set; }

    /// <summary>The entries of <see cref="IndexedBody"/>, where they are known without extracting them.</summary>
    public IndexEntries? IndexedEntries { get; set; }

    /// <summary>The rows in the tables may be any: all of them go, and those of <see cref="Index"/> come.</summary>
    public bool IsIndexedAnew { get; set; }

    /// <summary>What is to be kept beside the index; null for a type that keeps nothing.</summary>
    public ProjectionRows? Projection { get; set; }

    /// <summary><see cref="ProjectionRows"/> was set since the rows were last written.</summary>
    public bool IsProjectionChanged { get; set; }

    /// <summary>The tables may have kept rows of the resource.</summary>
    public bool MayHaveProjection { get; set; }

    public bool IsPresent => Version > 0 && !IsDeleted;

    public StoredResource ToResource() =>
        new(
            key,
            Version,
            new DateTimeOffset(LastUpdated, TimeSpan.Zero),
            Change,
            Sequence,
            Body ?? ReadOnlyMemory<byte>.Empty
        );
}
