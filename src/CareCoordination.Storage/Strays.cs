using System.Collections.Immutable;

namespace CareCoordination.Storage;

/// <summary>Where to look for index rows that no resource has.</summary>
/// <param name="Table">The place of the table, below <see cref="Tables"/>.</param>
/// <param name="Types">The types whose rows are looked at; empty: all.</param>
/// <param name="After">The <see cref="StrayPage.Next"/> of the page before; empty at the beginning.</param>
public sealed record StrayQuery(int Table, ImmutableArray<string> Types, ReadOnlyMemory<byte> After, int Count)
{
    /// <summary>
    /// How many tables there are to look through: those whose rows cannot be asked for by resource, and the one of all resources, for those
    /// that were deleted.
    /// </summary>
    public const int Tables = 4;
}

/// <summary>A part of an index table.</summary>
/// <param name="Seen">How many rows were looked at.</param>
/// <param name="Repairs">For the resources that have rows which their bytes do not say.</param>
/// <param name="Next">Where the table goes on; empty at its end.</param>
public sealed record StrayPage(int Seen, ImmutableArray<IndexAnew> Repairs, ReadOnlyMemory<byte> Next);

/// <summary>An index row that the resource it names does not have.</summary>
/// <param name="Table">As of <see cref="StrayQuery"/>.</param>
/// <param name="Values">In the order of the columns.</param>
public sealed record StrayRow(int Table, ImmutableArray<object> Values);
