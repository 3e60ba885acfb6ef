using System.Data.Common;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Storage.Engines;

/// <summary>A resource as it comes from the database, with its surrogate key and, in a sorted search, its place in the order.</summary>
internal readonly record struct ResourceRow(long Key, StoredResource Resource, string? SortValue = null)
{
    /// <summary>It was guessed that the caller sees it, and more has to be asked.</summary>
    public bool IsDoubted { get; init; }

    /// <summary>Where it was guessed: the transaction that last changed who acts as whom.</summary>
    public long ActingChange { get; init; }

    /// <summary>The columns that <see cref="Read"/> takes, from <c>v</c> of ResourceVersion.</summary>
    public const string Columns = """v."Version", v."LastUpdated", v."Change", v."Sequence", v."Body" """;

    public static StoredResource Read(DbDataReader row, int ordinal, ResourceKey key) =>
        new(
            key,
            row.GetInt32(ordinal),
            new DateTimeOffset(row.GetInt64(ordinal + 1), TimeSpan.Zero),
            (ChangeKind)row.GetInt16(ordinal + 2),
            row.GetInt64(ordinal + 3),
            row.IsDBNull(ordinal + 4) ? ReadOnlyMemory<byte>.Empty : row.GetFieldValue<byte[]>(ordinal + 4)
        );
}
