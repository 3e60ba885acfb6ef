using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Types;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Predicates;

/// <summary>One row holds all parts of a tuple. https://hl7.org/fhir/R4/search.html#composite</summary>
internal static class CompositePredicate
{
    public static IndexMatch Match(CompositeCriterion criterion) =>
        new(
            FhirTables.CompositeIndex,
            Selectivity.Some,
            sql => IndexMatch.WriteAny(sql, criterion.Values, (s, value) => Write(s, criterion.Parameter, value))
        );

    private static void Write(SqlBuilder sql, SearchParameter parameter, CompositeValue value)
    {
        IndexMatch.WriteAny(sql, CompositeParameter.FirstLookups(parameter, value), WriteFirst);
        sql.Add(" AND ");
        switch (value.Parts[1])
        {
            case TokenValue token:
                var lookup = CompositeParameter.SecondLookup(parameter, token);
                sql.Add($"""x."SecondCode" = {lookup.Code.Key}""");
                WriteSystems(sql, "SecondSystem", lookup);
                break;
            case DateValue date:
                DatePredicate.WriteReal(sql, date);
                break;
            case NumberValue number:
                NumberPredicate.Write(sql, number);
                break;
            case QuantityValue quantity:
                NumberPredicate.Write(sql, quantity.Number);
                if (quantity.System is { } system)
                    sql.Add($""" AND x."SecondSystem" = {TokenParameter.SystemHash(system)}""");
                if (quantity.Unit is { } unit)
                    sql.Add($""" AND x."SecondCode" = {QuantityParameter.UnitHash(unit)}""");
                break;
            case string text:
                var folded = StringParameter.Fold(text);
                sql.Add($"""x."Text" >= {folded} AND x."Text" < {sql.Dialect.AfterPrefix(folded)}""");
                break;
            default:
                throw new NotSupportedException($"{parameter} has a second part that rows do not hold.");
        }
    }

    private static void WriteFirst(SqlBuilder sql, TokenLookup lookup)
    {
        sql.Add($"""x."Key" = {lookup.Code.Key} AND x."Check" = {lookup.Code.Check}""");
        WriteSystems(sql, "FirstSystem", lookup);
    }

    private static void WriteSystems(SqlBuilder sql, string column, TokenLookup lookup)
    {
        if (lookup.Systems.IsEmpty)
            return;
        sql.Add($""" AND x."{new RawSql(column)}" IN (""");
        IndexMatch.WriteList(sql, lookup.Systems);
        sql.Add(")");
    }
}
