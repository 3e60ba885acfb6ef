using System.Collections.Immutable;
using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary><c>sort(key, -key, ...)</c>. http://hl7.org/fhirpath/#sortkeyselector-expression-asc--desc--</summary>
internal static class SortFunction
{
    private readonly record struct Row(FhirPathValue Item, FhirPathValue[] Keys);

    public static Node Create(Node source, ImmutableArray<Node> arguments)
    {
        // A sign before a key asks for descending order; it is no arithmetic: names have no negative.
        var keys = arguments
            .Select(a =>
                a is PolarityNode { IsNegative: true } sign
                    ? (Key: sign.Operand, IsDescending: true)
                    : (Key: a, IsDescending: false)
            )
            .ToArray();
        var isDescending = keys.Select(k => k.IsDescending).DefaultIfEmpty(false).ToArray();
        return new CollectionFunctionNode("sort", source, [.. keys.Select(k => k.Key)], Sorted);

        void Sorted(in FunctionCall call, FhirPathCollection output)
        {
            var rows = Rows(call, isDescending.Length);
            Sort(rows, isDescending, call.Context);
            foreach (var (item, _) in rows)
                output.Add(item);
        }
    }

    private static Row[] Rows(in FunctionCall call, int keys)
    {
        var rows = new Row[call.Items.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var item = call.Items[i];
            var values = new FhirPathValue[keys];
            for (var k = 0; k < keys; k++)
                values[k] = call.Context.ToSystem(call.ArgumentCount == 0 ? item : call.Single(k, item, i));
            rows[i] = new Row(item, values);
        }

        return rows;
    }

    /// <summary>
    /// Merges ever longer runs, so that rows with equal keys keep their order. The sorts of .NET wrap what a comparison throws: keys without
    /// an order, a budget that is spent.
    /// </summary>
    private static void Sort(Row[] rows, bool[] isDescending, EvaluationContext context)
    {
        var (from, to) = (rows, new Row[rows.Length]);
        for (var run = 1; run < rows.Length; run *= 2)
        {
            for (var start = 0; start < rows.Length; start += 2 * run)
            {
                var middle = Math.Min(start + run, rows.Length);
                Merge(from, to, start, middle, Math.Min(middle + run, rows.Length));
            }

            (from, to) = (to, from);
        }

        if (from != rows)
            from.CopyTo(rows, 0);

        void Merge(Row[] source, Row[] target, int start, int middle, int end)
        {
            var (left, right) = (start, middle);
            for (var i = start; i < end; i++)
            {
                var takesLeft =
                    left < middle
                    && (right >= end || Compare(source[left].Keys, source[right].Keys, isDescending, context) <= 0);
                target[i] = takesLeft ? source[left++] : source[right++];
            }
        }
    }

    private static int Compare(FhirPathValue[] a, FhirPathValue[] b, bool[] isDescending, EvaluationContext context)
    {
        for (var k = 0; k < a.Length; k++)
        {
            // No key comes before any key, in either direction.
            var order =
                a[k].IsNone || b[k].IsNone ? b[k].IsNone.CompareTo(a[k].IsNone)
                : Ordering.Compare(a[k], b[k], context) is not { } known ? 0
                : isDescending[k] ? -known
                : known;
            if (order != 0)
                return order;
        }

        return 0;
    }
}
