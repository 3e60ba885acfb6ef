using System.Collections.Immutable;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Types;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Predicates;

/// <summary>One way in which a row can hold what a tuple of a query asks for; a part that is not asked for is open.</summary>
internal sealed record CompositeTuple(TokenLookup First)
{
    public static readonly ImmutableArray<Column> Columns =
    [
        new("Key", ColumnType.Long),
        new("Check", ColumnType.Long),
        new("FirstSystem", ColumnType.Long),
        new("SecondCode", ColumnType.Long),
        new("SecondSystem", ColumnType.Long),
        .. Ranges.Columns(ColumnType.Real),
        new("From", ColumnType.Text, FhirTables.MaxStringLength),
        new("To", ColumnType.Text, FhirTables.MaxEndLength),
    ];

    private long? Code { get; init; }

    /// <summary>Of the second part; empty: any.</summary>
    private ImmutableArray<long> Systems { get; init; } = [];

    private Box<double> Box { get; init; }

    private string Start { get; init; } = "";

    public static IEnumerable<CompositeTuple> Of(SearchParameter parameter, CompositeValue value) =>
        CompositeParameter
            .FirstLookups(parameter, value)
            .SelectMany(first =>
                value.Parts is [_, NumberValue start, NumberValue end]
                    ? OfInterval(first, start, end)
                    : Of(parameter, first, value.Parts[1])
            );

    /// <summary>Writes the condition on <c>x</c>.</summary>
    public void Write(SqlBuilder sql)
    {
        sql.Add($"""x."Key" = {First.Code.Key} AND x."Check" = {First.Code.Check}""");
        TokenPredicate.WriteSystems(sql, "x.\"FirstSystem\"", First.Systems);
        if (Code is { } code)
            sql.Add($""" AND x."SecondCode" = {code}""");
        TokenPredicate.WriteSystems(sql, "x.\"SecondSystem\"", Systems);
        if (Box != default)
            Box.Write(sql.Add(" AND "), "x.\"Low\"", "x.\"High\"");
        if (Start.Length > 0)
            sql.Add($""" AND x."Text" >= {Start} AND x."Text" < {sql.Dialect.AfterPrefix(Start)}""");
    }

    public void Add(RowBuffer rows, SqlDialect dialect)
    {
        foreach (var first in TokenPredicate.Listed(First.Systems))
        {
            foreach (var second in TokenPredicate.Listed(Systems))
            {
                rows.Add(First.Code.Key).Add(First.Code.Check).Add(first).Add(Code ?? AnyHash.Value).Add(second);
                foreach (var bound in Box.Bounds)
                    rows.Add(bound);
                rows.Add(Start).Add(dialect.AfterPrefix(Start));
            }
        }
    }

    /// <summary>Writes the condition that a listed row <c>q</c> makes on <c>x</c>.</summary>
    public static void WriteListed(SqlBuilder sql) =>
        sql.Add("""x."Key" = q."Key" AND x."Check" = q."Check" """)
            .Add(AnyHash.Listed("FirstSystem", "FirstSystem"))
            .Add(AnyHash.Listed("SecondCode", "SecondCode"))
            .Add(AnyHash.Listed("SecondSystem", "SecondSystem"))
            .Add(" AND ")
            .Add(Box<double>.Listed("x.\"Low\"", "x.\"High\""))
            .Add($""" AND x."Text" >= q."From"{sql.Dialect.ListedText} """)
            .Add($"""AND x."Text" < q."To"{sql.Dialect.ListedText}""");

    /// <summary>Conditions on two numbers, which are the ends of the row's interval: what each asks of a number it asks of one end.</summary>
    private static IEnumerable<CompositeTuple> OfInterval(TokenLookup first, NumberValue start, NumberValue end) =>
        from low in Ranges.Of(start)
        from high in Ranges.Of(end)
        select new CompositeTuple(first)
        {
            Box = new(
                Larger(low.LowMin, low.HighMin),
                Smaller(low.LowMax, low.HighMax),
                Larger(high.LowMin, high.HighMin),
                Smaller(high.LowMax, high.HighMax)
            ),
        };

    private static double? Larger(double? a, double? b) => a > b || b is null ? a : b;

    private static double? Smaller(double? a, double? b) => a < b || b is null ? a : b;

    private static IEnumerable<CompositeTuple> Of(SearchParameter parameter, TokenLookup first, object second)
    {
        switch (second)
        {
            case TokenValue token:
                var lookup = CompositeParameter.SecondLookup(parameter, token);
                return [new(first) { Code = lookup.Code.Key, Systems = lookup.Systems }];
            case DateValue date:
                return Ranges.OfRounded(date).Select(box => new CompositeTuple(first) { Box = box });
            case NumberValue number:
                return Ranges.Of(number).Select(box => new CompositeTuple(first) { Box = box });
            case QuantityValue quantity:
                var unit = Unit.Of(quantity);
                return Ranges
                    .Of(quantity.Number)
                    .Select(box => new CompositeTuple(first)
                    {
                        Box = box,
                        Code = unit.Code,
                        Systems = unit.System is { } system ? [system] : [],
                    });
            case string text:
                return [new(first) { Start = StringParameter.Fold(text) }];
            default:
                throw new NotSupportedException($"{parameter} has a second part that rows do not hold.");
        }
    }
}
