using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Predicates;

/// <summary>https://hl7.org/fhir/R4/search.html#number</summary>
internal static class NumberPredicate
{
    public static IndexMatch Match(NumberCriterion criterion) =>
        new(
            FhirTables.NumberIndex,
            Selectivity.Many,
            sql =>
                IndexMatch.WriteAny(
                    sql,
                    criterion.Values,
                    (s, value) =>
                    {
                        s.Add($"""x."Parameter" = {criterion.Parameter.Id} AND """);
                        Write(s, value);
                    }
                )
        );

    /// <summary>A condition on the columns Low and High of <c>x</c>.</summary>
    public static void Write(SqlBuilder sql, NumberValue value)
    {
        switch (value.Prefix)
        {
            case SearchPrefix.Ne:
                sql.Add($"""(x."Low" < {value.Low} OR x."High" >= {value.High})""");
                break;
            case SearchPrefix.Gt:
                sql.Add($"""x."High" > {value.Value}""");
                break;
            case SearchPrefix.Lt:
                sql.Add($"""x."Low" < {value.Value}""");
                break;
            case SearchPrefix.Ge:
                sql.Add($"""x."High" >= {value.Value}""");
                break;
            case SearchPrefix.Le:
                sql.Add($"""x."Low" <= {value.Value}""");
                break;
            case SearchPrefix.Sa:
                sql.Add($"""x."Low" > {value.Value}""");
                break;
            case SearchPrefix.Eb:
                sql.Add($"""x."High" < {value.Value}""");
                break;
            case SearchPrefix.Ap:
                sql.Add($"""x."Low" < {value.High} AND x."High" >= {value.Low}""");
                break;
            default:
                sql.Add($"""x."Low" >= {value.Low} AND x."Low" < {value.High} AND x."High" < {value.High}""");
                break;
        }
    }
}
