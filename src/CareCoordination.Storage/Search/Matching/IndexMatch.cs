using System.Collections.Immutable;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Matching;

/// <summary>How few rows a criterion is expected to leave: a search starts from the smallest and probes the others.</summary>
internal enum Selectivity
{
    /// <summary>An identifier: one resource, or a handful.</summary>
    One,

    /// <summary>What points at one resource.</summary>
    Few,

    /// <summary>A name, a URI, a measured value, a day.</summary>
    Some,

    /// <summary>A status, a category, an open range of dates: any part of all.</summary>
    Many,
}

/// <summary>
/// A criterion as rows of one index table. The rows are asked for in two ways: all of them, to start from, and one resource's, to
/// probe it.
/// </summary>
/// <param name="Condition">
/// Writes the condition on the table, whose alias is <c>x</c>, and on <see cref="Listed"/>, whose alias is <c>q</c>.
/// </param>
/// <param name="IsUnique">
/// The rows lie in the order of their resources' keys, and a resource has one such row, or one for which
/// <paramref name="IsFirst"/> holds too.
/// </param>
internal sealed record IndexMatch(
    TableShape Table,
    Selectivity Selectivity,
    Action<SqlBuilder> Condition,
    bool IsUnique = false,
    Action<SqlBuilder>? IsFirst = null
)
{
    /// <summary>Alternatives that the condition compares with; null where they are written in it.</summary>
    public RowBuffer? Listed { get; init; }

    /// <summary>
    /// Many alternatives are looked for one after the other; false where each would have to look at all rows of its parameter.
    /// </summary>
    public bool IsLedByList { get; init; } = true;

    /// <summary>Writes a select of the keys of resources that match without a row; null where there are none.</summary>
    public Action<SqlBuilder>? Besides { get; init; }

    /// <summary>Selects of further resources, whose rows are elsewhere.</summary>
    public ImmutableArray<Action<SqlBuilder, bool>> Others { get; init; } = [];

    /// <summary>There are no rows of this table, only <see cref="Others"/>.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>A select of the keys of the resources, some perhaps more than once.</summary>
    public void WriteKeys(SqlBuilder sql, bool distinct = false)
    {
        if (!IsEmpty)
            WriteOwn(sql, distinct);
        for (var i = 0; i < Others.Length; i++)
            Others[i](i == 0 && IsEmpty ? sql : sql.Add(distinct ? " UNION " : " UNION ALL "), distinct);
    }

    private void WriteOwn(SqlBuilder sql, bool distinct)
    {
        sql.Add($"""SELECT {new RawSql(distinct ? "DISTINCT " : "")}x."ResourceKey" FROM """);
        WriteFrom(sql, listFirst: IsLedByList);
        sql.Add(" WHERE ");
        Condition(sql);
        if (Besides is null)
            return;
        sql.Add(" UNION ");
        Besides(sql);
    }

    /// <summary>A condition: the resource with this key has such a row.</summary>
    public void WriteProbe(SqlBuilder sql, string key)
    {
        if (Besides is not null)
        {
            sql.Add($"""({new RawSql(key)} IN (""");
            Besides(sql);
            sql.Add(") OR ");
        }

        sql.Add("EXISTS (SELECT 1 FROM ");
        // The rows of one resource are together only where an index has them by its key.
        WriteFrom(sql, listFirst: !Table.Indexes.Any(index => index.Columns[0] == "ResourceKey"));
        sql.Add(" WHERE ");
        Condition(sql);
        sql.Add($""" AND x."ResourceKey" = {new RawSql(key)}{sql.Dialect.ProbeEnd})""");
        if (Besides is not null)
            sql.Add(")");
    }

    private void WriteFrom(SqlBuilder sql, bool listFirst)
    {
        var table = new RawSql($"\"{Table.Name}\" x");
        if (Listed is null)
        {
            sql.Add($"{table}");
            return;
        }

        if (!listFirst)
            sql.Add($"{table} CROSS JOIN ");
        sql.Dialect.AddRows(sql, Listed);
        if (listFirst)
            sql.Add($" CROSS JOIN {table}");
    }

    /// <summary>Writes alternatives, each by <paramref name="write"/>, joined by OR: a few, for an engine reads OR as nesting.</summary>
    public static void WriteAny<T>(SqlBuilder sql, IReadOnlyList<T> values, Action<SqlBuilder, T> write)
    {
        if (values.Count == 0)
        {
            sql.Add("1 = 0");
            return;
        }

        if (values.Count > 1)
            sql.Add("(");
        for (var i = 0; i < values.Count; i++)
        {
            if (i > 0)
                sql.Add(" OR ");
            if (values.Count > 1)
                sql.Add("(");
            write(sql, values[i]);
            if (values.Count > 1)
                sql.Add(")");
        }

        if (values.Count > 1)
            sql.Add(")");
    }
}
