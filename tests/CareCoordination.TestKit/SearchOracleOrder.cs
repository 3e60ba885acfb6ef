using System.Collections.Immutable;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Types;

namespace CareCoordination.TestKit;

/// <summary>
/// The order of results: of several values the smallest counts, descending the largest; a range counts as its start; rows
/// without a value come last in both directions; ties keep their order.
/// </summary>
internal static class SearchOracleOrder
{
    public static IEnumerable<Row> Sort(List<Row> rows, ImmutableArray<SortKey> keys) =>
        rows.Order(Comparer<Row>.Create((left, right) => Compare(left, right, keys)));

    private static int Compare(Row left, Row right, ImmutableArray<SortKey> keys)
    {
        foreach (var key in keys)
        {
            var order = Compare(Value(left, key), Value(right, key), key.Descending);
            if (order != 0)
                return order;
        }

        return 0;
    }

    private static int Compare(object? left, object? right, bool descending)
    {
        if (left is null || right is null)
            return (left is null).CompareTo(right is null);
        var order = left is string text
            ? string.CompareOrdinal(text, (string)right)
            : ((IComparable)left).CompareTo(right);
        return descending ? -order : order;
    }

    private static object? Value(Row row, SortKey key) =>
        key.By switch
        {
            SortBy.Id => row.Key.Id,
            SortBy.LastUpdated => row.Sequence,
            _ => Value(row.Entries, key.Parameter!, key.Descending),
        };

    private static object? Value(IndexEntries entries, SearchParameter parameter, bool descending) =>
        parameter.Type switch
        {
            SearchParameterType.String => Pick(
                entries.Strings.Where(entry => entry.Parameter == parameter.Id).Select(entry => entry.Value),
                descending
            ),
            SearchParameterType.Date => Pick(
                entries
                    .Dates.Where(entry => entry.Parameter == parameter.Id)
                    .Select(entry => (object)entry.Range.Start),
                descending
            ),
            SearchParameterType.Number => Pick(
                entries.Numbers.Where(entry => entry.Parameter == parameter.Id).Select(entry => (object)entry.Low),
                descending
            ),
            SearchParameterType.Quantity => Pick(
                entries.Quantities.Where(entry => entry.Parameter == parameter.Id).Select(entry => (object)entry.Low),
                descending
            ),
            SearchParameterType.Token => Pick(
                entries
                    .Tokens.Select(entry => TokenParameter.Order(parameter).IndexOf(entry.Code))
                    .Where(p => p >= 0)
                    .Select(p => (object)p),
                descending
            ),
            _ => Pick(
                entries.Uris.Where(entry => entry.Parameter == parameter.Id).Select(entry => entry.Value),
                descending
            ),
        };

    private static object? Pick(IEnumerable<object> values, bool descending) =>
        values.OrderBy(value => value, Comparer<object>.Create((a, b) => Compare(a, b, descending))).FirstOrDefault();
}
