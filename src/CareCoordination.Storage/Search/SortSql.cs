using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Types;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;
using SortKey = CareCoordination.Fhir.Search.SortKey;

namespace CareCoordination.Storage.Search;

/// <summary>
/// The order of a search. A resource with several values is placed by its first one in the direction asked for, one without a
/// value comes last in both directions; equal ones follow their keys. https://hl7.org/fhir/R4/search.html#sort
/// </summary>
internal static class SortSql
{
    /// <summary>Writes the value a resource <c>h</c> is placed by.</summary>
    public static void WriteValue(SqlBuilder sql, SortKey key)
    {
        switch (key)
        {
            case { By: SortBy.Id }:
                sql.Add("""h."Id" """);
                return;
            case { By: SortBy.LastUpdated }:
                sql.Add("""h."Sequence" """);
                return;
            case { Parameter.Type: SearchParameterType.Token }:
                WritePlace(sql, key);
                return;
        }

        var (table, low, high) = Columns(key.Parameter!.Type);
        var value = key.Descending ? $"""MAX(x."{high}")""" : $"""MIN(x."{low}")""";
        sql.Add($"""(SELECT {new RawSql(value)} FROM "{new RawSql(table.Name)}" x """)
            .Add($"""WHERE x."ResourceKey" = h."Key" AND x."Parameter" = {key.Parameter.Id})""");
    }

    /// <summary>
    /// The place of a code in the order of all that there can be, which are looked for one after the other until one is there. They are
    /// constants of the definitions, and so of the statement.
    /// </summary>
    private static void WritePlace(SqlBuilder sql, SortKey key)
    {
        var codes = TokenParameter.Order(key.Parameter!).Select((code, place) => (code, place));
        sql.Add("(CASE");
        foreach (var (code, place) in key.Descending ? codes.Reverse() : codes)
        {
            var (first, check, at) = (RawSql.Of(code.Key), RawSql.Of(code.Check), RawSql.Of(place));
            sql.Add($""" WHEN EXISTS (SELECT 1 FROM "TokenIndex" x WHERE x."Key" = {first} """)
                .Add($"""AND x."Check" = {check} AND x."ResourceKey" = h."Key"{sql.Dialect.ProbeEnd}) THEN {at}""");
        }

        sql.Add(" END)");
    }

    public static void WriteOrder(SqlBuilder sql, IReadOnlyList<SortKey> sort)
    {
        sql.Add(" ORDER BY ");
        for (var i = 0; i < sort.Count; i++)
        {
            sql.Add(
                sort[i].By == SortBy.Parameter
                    ? sql.Dialect.NullsLast(Name(i), sort[i].Descending)
                    : Name(i) + (sort[i].Descending ? " DESC" : "")
            );
            sql.Add(", ");
        }

        sql.Add("""m."Key" """);
    }

    /// <summary>Writes a condition: the row <c>m</c> comes after the cursor.</summary>
    public static void WriteAfter(SqlBuilder sql, IReadOnlyList<SortKey> sort, PageCursor after)
    {
        // Each is compared with several times.
        var values = Parse(sort, after.SortValue!)
            .ConvertAll(value => value is null ? default(RawSql?) : sql.Parameter(value));
        sql.Add("(");
        for (var i = 0; i < sort.Count; i++)
        {
            // Nothing comes after a missing value but other missing ones.
            if (values[i] is null)
                continue;
            sql.Add("(");
            WriteEqual(sql, values, i);
            sql.Add($"({new RawSql(Name(i))} {new RawSql(sort[i].Descending ? "<" : ">")} {values[i]!.Value}");
            if (sort[i].By == SortBy.Parameter)
                sql.Add($" OR {new RawSql(Name(i))} IS NULL");
            sql.Add(")) OR ");
        }

        sql.Add("(");
        WriteEqual(sql, values, sort.Count);
        sql.Add($"""m."Key" > {after.Key}))""");
    }

    /// <summary>The sort values of a row as text, as a cursor carries them.</summary>
    public static string ReadValues(DbDataReader row, int ordinal, int count)
    {
        var values = new string?[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = row.IsDBNull(ordinal + i)
                ? null
                : row.GetValue(ordinal + i) switch
                {
                    double number => number.ToString("R", CultureInfo.InvariantCulture),
                    var value => Convert.ToString(value, CultureInfo.InvariantCulture),
                };
        }

        return JsonSerializer.Serialize(values);
    }

    /// <summary>The change sequence that a cursor of a search by <c>_lastUpdated</c> carries.</summary>
    public static long ParseSequence(PageCursor after) =>
        long.Parse(JsonSerializer.Deserialize<string?[]>(after.SortValue!)![0]!, CultureInfo.InvariantCulture);

    public static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"m.\"S{i}\"");

    private static void WriteEqual(SqlBuilder sql, List<RawSql?> values, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (values[i] is { } value)
                sql.Add($"{new RawSql(Name(i))} = {value} AND ");
            else
                sql.Add($"{new RawSql(Name(i))} IS NULL AND ");
        }
    }

    private static List<object?> Parse(IReadOnlyList<SortKey> sort, string cursor)
    {
        var texts = JsonSerializer.Deserialize<string?[]>(cursor)!;
        return [.. sort.Select((key, i) => texts[i] is { } text ? Parse(key, text) : null)];
    }

    private static object Parse(SortKey key, string text) =>
        key switch
        {
            { By: SortBy.Id } => text,
            { By: SortBy.LastUpdated } or { Parameter.Type: SearchParameterType.Date or SearchParameterType.Token } =>
                long.Parse(text, CultureInfo.InvariantCulture),
            { Parameter.Type: SearchParameterType.Number or SearchParameterType.Quantity } => double.Parse(
                text,
                CultureInfo.InvariantCulture
            ),
            _ => text,
        };

    private static (TableShape Table, string Low, string High) Columns(SearchParameterType type) =>
        type switch
        {
            SearchParameterType.String => (FhirTables.StringIndex, "Value", "Value"),
            SearchParameterType.Date => (FhirTables.DateIndex, "Start", "Start"),
            SearchParameterType.Number => (FhirTables.NumberIndex, "Low", "Low"),
            SearchParameterType.Quantity => (FhirTables.QuantityIndex, "Low", "Low"),
            SearchParameterType.Uri => (FhirTables.UriIndex, "Value", "Value"),
            _ => throw new NotSupportedException($"A {type} parameter has no order."),
        };
}
