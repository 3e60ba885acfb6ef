using System.Collections.Immutable;

namespace CareCoordination.Storage.Tables;

internal enum ColumnType
{
    Short,
    Int,
    Long,
    Real,

    /// <summary>Text that compares by code point, whatever the database's own order is.</summary>
    Text,
    Bytes,
}

internal sealed record Column(string Name, ColumnType Type, int MaxLength = 0)
{
    /// <summary>Only a deletion has nothing in a column: it has no body.</summary>
    public bool IsNullable => Type == ColumnType.Bytes;
}

/// <param name="Filter">Which rows it holds; null: all. A statement that is to be answered by it says the same, in the same words.</param>
internal sealed record TableIndex(ImmutableArray<string> Columns, bool IsUnique = false, string? Filter = null);

/// <summary>
/// A table: what the EF Core model, the migrations and the statements of all engines are made from, so that they cannot
/// disagree.
/// </summary>
/// <param name="Key">The primary key; on SQLite and SQL Server the order in which rows lie.</param>
internal sealed record TableShape(
    string Name,
    ImmutableArray<Column> Columns,
    ImmutableArray<string> Key,
    ImmutableArray<TableIndex> Indexes
)
{
    /// <summary>What names a row and nothing else: to remove rows whose other columns nobody knows.</summary>
    public TableShape KeyOnly() => this with { Columns = [.. Columns.Where(c => Key.Contains(c.Name))], Indexes = [] };

    /// <summary>What names all rows of a resource: to remove them, whatever they are.</summary>
    public TableShape RowsOfOne() =>
        this with
        {
            Columns = [Columns[Ordinal("ResourceKey")]],
            Key = ["ResourceKey"],
            Indexes = [],
        };

    /// <summary>All columns, for SELECT.</summary>
    public string ColumnList() => string.Join(", ", Columns.Select(c => $"\"{c.Name}\""));

    public int Ordinal(string column)
    {
        for (var i = 0; i < Columns.Length; i++)
        {
            if (Columns[i].Name == column)
                return i;
        }

        throw new KeyNotFoundException($"{Name} has no column {column}.");
    }
}
