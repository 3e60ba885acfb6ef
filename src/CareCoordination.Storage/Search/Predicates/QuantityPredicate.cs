using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Types;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Predicates;

/// <summary>https://hl7.org/fhir/R4/search.html#quantity</summary>
internal static class QuantityPredicate
{
    private const string Low = "x.\"Low\"";
    private const string High = "x.\"High\"";

    public static IndexMatch Match(QuantityCriterion criterion)
    {
        var form = new ValueForm<(Unit Unit, Box<double> Box)>(
            criterion.Parameter,
            (sql, value) =>
            {
                value.Box.Write(sql, Low, High);
                value.Unit.Write(sql, "System", "Unit");
            },
            [.. Ranges.Columns(ColumnType.Real), .. Unit.Columns],
            (rows, value) =>
            {
                foreach (var bound in value.Box.Bounds)
                    rows.Add(bound);
                value.Unit.Add(rows);
            },
            sql => sql.Add(Box<double>.Listed(Low, High)).Add(Unit.Listed("System", "Unit"))
        );
        return form.Match(FhirTables.QuantityIndex, Selectivity.Many, Reduce(criterion.Values));
    }

    /// <summary>The fewest conditions that find the same: only those of one unit can become one.</summary>
    private static List<(Unit Unit, Box<double> Box)> Reduce(IEnumerable<QuantityValue> values) =>
        [
            .. values
                .GroupBy(Unit.Of)
                .SelectMany(unit =>
                    Box<double>.Reduce(unit.SelectMany(v => Ranges.Of(v.Number))).Select(box => (unit.Key, box))
                ),
        ];
}

/// <summary>The unit of a quantity by its hashes; null: any.</summary>
internal readonly record struct Unit(long? System, long? Code)
{
    public static readonly IEnumerable<Column> Columns = [new("System", ColumnType.Long), new("Code", ColumnType.Long)];

    public static Unit Of(QuantityValue value) =>
        new(
            value.System is { } system ? TokenParameter.SystemHash(system) : null,
            value.Unit is { } unit ? QuantityParameter.UnitHash(unit) : null
        );

    public void Write(SqlBuilder sql, string system, string code)
    {
        if (System is { } wantedSystem)
            sql.Add($""" AND x."{new RawSql(system)}" = {wantedSystem}""");
        if (Code is { } wantedCode)
            sql.Add($""" AND x."{new RawSql(code)}" = {wantedCode}""");
    }

    public void Add(RowBuffer rows) => rows.Add(System ?? AnyHash.Value).Add(Code ?? AnyHash.Value);

    public static string Listed(string system, string code) =>
        AnyHash.Listed(system, "System") + AnyHash.Listed(code, "Code");
}

/// <summary>In a list the number that stands for "any", where others stand for a system or a code: no hash of a text is likely to be it.</summary>
internal static class AnyHash
{
    public const long Value = long.MinValue;

    public static string Listed(string column, string listed) =>
        $""" AND (q."{listed}" = {Value} OR x."{column}" = q."{listed}")""";
}
