using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Predicates;

/// <summary>Ranges against ranges, both half-open. https://hl7.org/fhir/R4/search.html#prefix</summary>
internal static class DatePredicate
{
    public static IndexMatch Match(DateCriterion criterion) =>
        new(
            FhirTables.DateIndex,
            criterion.Values.All(v => v.Prefix is SearchPrefix.Eq) ? Selectivity.Some : Selectivity.Many,
            sql =>
                IndexMatch.WriteAny(
                    sql,
                    criterion.Values,
                    (s, value) =>
                    {
                        s.Add($"""x."Parameter" = {criterion.Parameter.Id} AND """);
                        Write(s, value, """x."Start" """, """x."End" """);
                    }
                )
        );

    /// <summary>A condition on two expressions that give the range's ends in ticks.</summary>
    public static void Write(SqlBuilder sql, DateValue value, string start, string end) =>
        Write(sql, value.Prefix, value.Range.Start, value.Range.End, new RawSql(start), new RawSql(end));

    /// <summary>The same on the columns of composite rows, which hold ticks rounded to a double: so are ours.</summary>
    public static void WriteReal(SqlBuilder sql, DateValue value) =>
        Write(
            sql,
            value.Prefix,
            (double)value.Range.Start,
            (double)value.Range.End,
            new RawSql("""x."Low" """),
            new RawSql("""x."High" """)
        );

    private static void Write<T>(SqlBuilder sql, SearchPrefix prefix, T start, T end, RawSql from, RawSql to)
        where T : struct
    {
        switch (prefix)
        {
            case SearchPrefix.Ne:
                sql.Add($"({from} < {start} OR {to} > {end})");
                break;
            case SearchPrefix.Gt:
                sql.Add($"{to} > {end}");
                break;
            case SearchPrefix.Lt:
                sql.Add($"{from} < {start}");
                break;
            case SearchPrefix.Ge:
                // The second half is eq; what it adds to gt starts inside the range.
                sql.Add($"({to} > {end} OR {from} >= {start})");
                break;
            case SearchPrefix.Le:
                sql.Add($"({from} < {start} OR {to} <= {end})");
                break;
            case SearchPrefix.Sa:
                sql.Add($"{from} >= {end}");
                break;
            case SearchPrefix.Eb:
                sql.Add($"{to} <= {start}");
                break;
            case SearchPrefix.Ap:
                sql.Add($"{from} < {end} AND {to} > {start}");
                break;
            default:
                // A range inside another also starts before its end, which bounds the scan of the index.
                sql.Add($"{from} >= {start} AND {from} <= {end} AND {to} <= {end}");
                break;
        }
    }
}
