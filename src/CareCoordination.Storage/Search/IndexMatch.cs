using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search;

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
/// <param name="Condition">Writes the condition on the table, whose alias is <c>x</c>.</param>
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
    /// <summary>A select of the keys of the resources, some perhaps more than once.</summary>
    public void WriteKeys(SqlBuilder sql, bool distinct = false)
    {
        sql.Add(
            $"""SELECT {new RawSql(distinct ? "DISTINCT " : "")}x."ResourceKey" FROM "{new RawSql(Table.Name)}" x WHERE """
        );
        Condition(sql);
    }

    /// <summary>A condition: the resource with this key has such a row.</summary>
    public void WriteProbe(SqlBuilder sql, string key)
    {
        sql.Add($"""EXISTS (SELECT 1 FROM "{new RawSql(Table.Name)}" x WHERE """);
        Condition(sql);
        sql.Add($""" AND x."ResourceKey" = {new RawSql(key)}{sql.Dialect.ProbeEnd})""");
    }

    /// <summary>Writes alternatives, each by <paramref name="write"/>, joined by OR.</summary>
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

    /// <summary>Writes <c>a, b, c</c> as parameters.</summary>
    public static void WriteList<T>(SqlBuilder sql, IEnumerable<T> values)
        where T : notnull
    {
        var first = true;
        foreach (var value in values)
        {
            if (!first)
                sql.Add(", ");
            sql.Add($"{value}");
            first = false;
        }
    }
}
