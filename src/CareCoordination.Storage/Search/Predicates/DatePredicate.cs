using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Predicates;

/// <summary>Ranges against ranges. https://hl7.org/fhir/R4/search.html#date</summary>
internal static class DatePredicate
{
    // An instant is stored with milliseconds and covers one.
    private const long Millisecond = TimeSpan.TicksPerMillisecond;

    public static IndexMatch Match(DateCriterion criterion) =>
        Ranges
            .Form<long>(criterion.Parameter, "x.\"Start\"", "x.\"End\"", ColumnType.Long, (rows, n) => rows.Add(n))
            .Match(
                FhirTables.DateIndex,
                criterion.Values.All(v => v.Prefix is SearchPrefix.Eq) ? Selectivity.Some : Selectivity.Many,
                Box<long>.Reduce(criterion.Values.SelectMany(Ranges.Of))
            );

    /// <summary>Writes the condition on <c>h</c>, which has one column for the instant it was last changed.</summary>
    public static void WriteLastUpdated(SqlBuilder sql, IEnumerable<DateValue> values)
    {
        const string column = "h.\"LastUpdated\"";
        var boxes = Instants(values);
        if (boxes.Count <= ValueForm.MostConditions)
        {
            IndexMatch.WriteAny(sql, boxes, (s, box) => box.Write(s, column, column));
            return;
        }

        var rows = new RowBuffer(ValueForm.Listed([new("Min", ColumnType.Long), new("Max", ColumnType.Long)]));
        foreach (var box in boxes)
            rows.Add(box.LowMin ?? long.MinValue).Add(box.LowMax ?? long.MaxValue);
        sql.Add("EXISTS (SELECT 1 FROM ");
        sql.Dialect.AddRows(sql, rows);
        sql.Add($""" WHERE h."LastUpdated" >= q."Min" AND h."LastUpdated" <= q."Max"{sql.Dialect.ProbeEnd})""");
    }

    /// <summary>The first and the last tick that a resource may have been last changed at; null where there is none.</summary>
    public static (long? From, long? To) LastUpdatedWithin(IEnumerable<DateValue> values)
    {
        var boxes = Instants(values);
        return (
            boxes.TrueForAll(box => box.LowMin is not null) ? boxes.Min(box => box.LowMin) : null,
            boxes.TrueForAll(box => box.LowMax is not null) ? boxes.Max(box => box.LowMax) : null
        );
    }

    private static List<Box<long>> Instants(IEnumerable<DateValue> values) =>
        Box<long>.Reduce(values.SelectMany(Ranges.Of).Select(OfInstant));

    /// <summary>Bounds on both ends of the millisecond as bounds on its start.</summary>
    private static Box<long> OfInstant(Box<long> box) =>
        new(Larger(box.LowMin, box.HighMin - Millisecond), Smaller(box.LowMax, box.HighMax - Millisecond), null, null);

    private static long? Larger(long? a, long? b) => a > b || b is null ? a : b;

    private static long? Smaller(long? a, long? b) => a < b || b is null ? a : b;
}
