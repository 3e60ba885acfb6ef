using System.Collections.Immutable;
using System.Numerics;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search.Predicates;

/// <summary>What the prefixes of dates and numbers ask of the interval of an index row. https://hl7.org/fhir/R4/search.html#prefix</summary>
internal static class Ranges
{
    /// <summary>The columns that hold the bounds of a <see cref="Box{T}"/> in a list.</summary>
    public static ImmutableArray<Column> Columns(ColumnType type) =>
        [new("LowMin", type), new("LowMax", type), new("HighMin", type), new("HighMax", type)];

    /// <summary>How boxes on two columns of a parameter's index rows are sent.</summary>
    public static ValueForm<Box<T>> Form<T>(
        SearchParameter parameter,
        string low,
        string high,
        ColumnType type,
        Action<RowBuffer, T> add
    )
        where T : struct, INumber<T>, IMinMaxValue<T> =>
        new(
            parameter,
            (sql, box) => box.Write(sql, low, high),
            Columns(type),
            (rows, box) =>
            {
                foreach (var bound in box.Bounds)
                    add(rows, bound);
            },
            sql => sql.Add(Box<T>.Listed(low, high))
        );

    /// <summary>Ranges of ticks, on both sides half-open: from the start to before the end.</summary>
    public static IEnumerable<Box<long>> Of(DateValue value) =>
        OfDate(value.Prefix, value.Range.Start, value.Range.End, end => end + 1, end => end - 1);

    /// <summary>The same for rows that hold ticks rounded to doubles: so are ours.</summary>
    public static IEnumerable<Box<double>> OfRounded(DateValue value) =>
        OfDate(value.Prefix, (double)value.Range.Start, (double)value.Range.End, Math.BitIncrement, Math.BitDecrement);

    /// <summary>A row is an interval that holds both its ends; the query's own, of what its digits may stand for, ends before its end.</summary>
    public static IEnumerable<Box<double>> Of(NumberValue value)
    {
        var (exact, low, high) = (value.Value, value.Low, value.High);
        return value.Prefix switch
        {
            SearchPrefix.Ne => [new(null, null, high, null), new(null, Math.BitDecrement(low), null, null)],
            SearchPrefix.Gt => [new(null, null, Math.BitIncrement(exact), null)],
            SearchPrefix.Lt => [new(null, Math.BitDecrement(exact), null, null)],
            SearchPrefix.Ge => [new(null, null, exact, null)],
            SearchPrefix.Le => [new(null, exact, null, null)],
            SearchPrefix.Sa => [new(Math.BitIncrement(exact), null, null, null)],
            SearchPrefix.Eb => [new(null, null, null, Math.BitDecrement(exact))],
            SearchPrefix.Ap => [new(null, Math.BitDecrement(high), low, null)],
            _ => [new(low, Math.BitDecrement(high), null, Math.BitDecrement(high))],
        };
    }

    private static IEnumerable<Box<T>> OfDate<T>(
        SearchPrefix prefix,
        T start,
        T end,
        Func<T, T> after,
        Func<T, T> before
    )
        where T : struct, INumber<T>, IMinMaxValue<T> =>
        prefix switch
        {
            SearchPrefix.Ne => [new(null, null, after(end), null), new(null, before(start), null, null)],
            SearchPrefix.Gt => [new(null, null, after(end), null)],
            SearchPrefix.Lt => [new(null, before(start), null, null)],
            // The second half is eq; what it adds to gt starts inside the range.
            SearchPrefix.Ge => [new(null, null, after(end), null), new(start, null, null, null)],
            SearchPrefix.Le => [new(null, before(start), null, null), new(null, null, null, end)],
            SearchPrefix.Sa => [new(end, null, null, null)],
            SearchPrefix.Eb => [new(null, null, null, start)],
            SearchPrefix.Ap => [new(null, before(end), after(start), null)],
            // A range inside another also starts before its end, which bounds the scan of the index.
            _ => [new(start, end, null, end)],
        };
}
