using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Types;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Predicates;

/// <summary>https://hl7.org/fhir/R4/search.html#string</summary>
internal static class StringPredicate
{
    public static IndexMatch Match(StringCriterion criterion) =>
        new(
            FhirTables.StringIndex,
            criterion.Match == StringMatch.Contains ? Selectivity.Many : Selectivity.Some,
            sql => IndexMatch.WriteAny(sql, criterion.Values, (s, value) => Write(s, criterion, value))
        );

    private static void Write(SqlBuilder sql, StringCriterion criterion, string value)
    {
        var folded = StringParameter.Fold(value);
        sql.Add($"""x."Parameter" = {criterion.Parameter.Id} AND """);
        switch (criterion.Match)
        {
            case StringMatch.StartsWith:
                sql.Add($"""x."Value" >= {folded} AND x."Value" < {sql.Dialect.AfterPrefix(folded)}""");
                break;
            case StringMatch.Exact:
                sql.Add(
                    $"""x."Value" = {folded} AND x."Exact" = {StringParameter.ExactHash(criterion.Parameter, value)}"""
                );
                break;
            default:
                sql.Dialect.Contains(sql, """x."Value" """, folded);
                break;
        }
    }
}
