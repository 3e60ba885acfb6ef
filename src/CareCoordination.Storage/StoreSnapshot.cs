using System.Buffers;
using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Storage;

/// <summary>A place in the change sequence, and when the last change up to it was made.</summary>
/// <param name="LastUpdated">Later changes have this time or a later one.</param>
public readonly record struct SnapshotPoint(long Sequence, DateTimeOffset LastUpdated);

/// <summary>
/// Versions of one type as they were at a place of the change sequence, however many writes go on: each resource once, in the order of
/// its key, as the version that was its current one then. docs/adr/0034-a-snapshot-is-a-place-in-the-change-sequence.md
/// </summary>
/// <param name="AsOf">The sequence of the last change that counts.</param>
/// <param name="Count">So many versions, or keys that were looked at, and no more.</param>
public sealed record SnapshotQuery(string ResourceType, long AsOf, int Count)
{
    /// <summary>The <see cref="SnapshotPage.Next"/> of the page before.</summary>
    public long? After { get; init; }

    /// <summary>A page ends after the version by which it has this many bytes.</summary>
    public int MaxBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Only versions that were made at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only versions that were made before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Resources that were deleted are told of as well.</summary>
    public bool WithDeletions { get; init; }

    /// <summary>The ids of all rows are wanted.</summary>
    public bool WithIds { get; init; }

    /// <summary>Only what is about a patient.</summary>
    public bool OnlyOfPatients { get; init; }

    /// <summary>Only what is about these patients and nobody else; null: about whomever.</summary>
    public ImmutableArray<ResourceKey>? Patients { get; init; }

    /// <summary>
    /// Criteria any of which a resource has to meet; empty: none is asked. Asked of resources that have not changed since; whoever reads
    /// judges the others by their bytes (<see cref="SnapshotRow.HasChanged"/>).
    /// </summary>
    public ImmutableArray<ImmutableArray<Criterion>> AnyOf { get; init; } = [];

    /// <summary>What may be seen by whoever asks; null: everything. A version that is no longer current is judged by what it said then.</summary>
    public Visibility? Visibility { get; init; }

    internal bool IsFiltered =>
        Since is not null
        || Until is not null
        || OnlyOfPatients
        || Patients is not null
        || !AnyOf.IsEmpty
        || Visibility is not null;
}

/// <summary>Which of some resources are about patients.</summary>
/// <param name="Patients">About these and nobody else; null: about whomever.</param>
public sealed record AboutQuery(ImmutableArray<ResourceKey> Keys, ImmutableArray<ResourceKey>? Patients);

/// <summary>One version of a page.</summary>
/// <param name="Offset">Where its bytes are in the text of the page.</param>
/// <param name="HasChanged">It is not the current one any more.</param>
/// <param name="Id">Null where nobody needs it: neither deleted nor changed, nor asked for.</param>
public readonly record struct SnapshotRow(
    long Key,
    int Offset,
    int Length,
    bool HasChanged,
    bool IsDeleted,
    string? Id
);

/// <summary>The versions of a page, as one text in which each is followed by a line feed. To be disposed of: its memory is used again.</summary>
public sealed class SnapshotPage(byte[] text, int length, IReadOnlyList<SnapshotRow> rows, long? next) : IDisposable
{
    private byte[]? _text = text;

    public IReadOnlyList<SnapshotRow> Rows => rows;

    /// <summary>Where the next page starts; null on the last.</summary>
    public long? Next => next;

    /// <summary>Somebody else was reading from the database when this page had been read.</summary>
    public bool HasCompany { get; internal set; }

    public Memory<byte> Text => (_text ?? throw new ObjectDisposedException(nameof(SnapshotPage))).AsMemory(0, length);

    public ReadOnlyMemory<byte> BytesOf(in SnapshotRow row) => Text.Slice(row.Offset, row.Length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _text, null) is { } used)
            ArrayPool<byte>.Shared.Return(used);
    }
}
