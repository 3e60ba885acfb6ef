using System.Collections.Immutable;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Matching;

/// <summary>
/// How the alternatives of a criterion are sent: a few as conditions of the statement, any number as the rows of a table <c>q</c>
/// that the index rows <c>x</c> are compared with. So there are few texts, and no engine's limits of parameters or of depth are
/// in the way.
/// </summary>
/// <param name="Parameter">Null for index rows whose key says the parameter.</param>
/// <param name="Few">Writes one alternative as a condition on <c>x</c>.</param>
/// <param name="Columns">Of the table <c>q</c>.</param>
/// <param name="Add">Adds an alternative to the table, as one row or several.</param>
/// <param name="Many">Writes the condition that compares <c>x</c> with <c>q</c>.</param>
internal sealed record ValueForm<T>(
    SearchParameter? Parameter,
    Action<SqlBuilder, T> Few,
    ImmutableArray<Column> Columns,
    Action<RowBuffer, T> Add,
    Action<SqlBuilder> Many
)
{
    public IndexMatch Match(TableShape table, Selectivity selectivity, IReadOnlyList<T> values) =>
        values.Count <= ValueForm.MostConditions
            ? new IndexMatch(table, selectivity, sql => IndexMatch.WriteAny(OfParameter(sql), values, Few))
            : new IndexMatch(table, selectivity, sql => Many(OfParameter(sql))) { Listed = Rows(values) };

    private RowBuffer Rows(IReadOnlyList<T> values)
    {
        var rows = new RowBuffer(ValueForm.Listed(Columns));
        foreach (var value in values)
            Add(rows, value);
        return rows;
    }

    private SqlBuilder OfParameter(SqlBuilder sql) =>
        Parameter is { Id: var id } ? sql.Add($"""x."Parameter" = {id} AND """) : sql;
}

internal static class ValueForm
{
    /// <summary>More alternatives than these go as a table. Two is what one prefix may take.</summary>
    public const int MostConditions = 2;

    /// <summary>The table that alternatives are sent as.</summary>
    public static TableShape Listed(ImmutableArray<Column> columns) => new("q", columns, [], []);
}
