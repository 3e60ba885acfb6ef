using System.Collections.Immutable;
using CareCoordination.Storage;

namespace CareCoordination.Application.Import;

/// <summary>
/// What is prepared, and committed, as one: a whole transaction, or some neighbouring resources of a file. Items are read, handed
/// to the workers and committed in the order of the files.
/// </summary>
/// <param name="Sequence">Its place among all items, from 0.</param>
/// <param name="IsWhole">True for a transaction: one wrong entry refuses all of it.</param>
/// <param name="Addresses">Of the other entries; null where the item holds them all.</param>
internal sealed record ImportItem(
    ImportFile File,
    long Sequence,
    bool IsWhole,
    IReadOnlyList<ImportEntry> Entries,
    BundleAddresses? Addresses,
    long Bytes
)
{
    /// <summary>Set by the worker.</summary>
    public TaskCompletionSource<PreparedItem> Prepared { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The last item of a file, which may be empty.</summary>
    public bool EndsFile { get; init; }

    /// <summary>Why the rest of the file cannot be read; null where it was read to its end.</summary>
    public string? Unreadable { get; init; }
}

/// <summary>Resources that are valid and ready to be stored, in the order they came, and those that are not.</summary>
/// <param name="Sets">In each, every resource appears once.</param>
internal sealed record PreparedItem(ImmutableArray<ImmutableArray<Change>> Sets, ImmutableArray<Rejection> Rejections)
{
    public static readonly PreparedItem Empty = new([], []);
}

/// <summary>What became of an item.</summary>
internal sealed record StoredItem(ImmutableArray<ChangeResult> Changes, ImmutableArray<Rejection> Rejections);

/// <summary>Why something was not imported.</summary>
/// <param name="Entry">The entry or line, from 1; null for the whole file.</param>
public sealed record Rejection(string File, int? Entry, string Reason)
{
    public override string ToString() => Entry is null ? $"{File}: {Reason}" : $"{File}, entry {Entry}: {Reason}";
}
