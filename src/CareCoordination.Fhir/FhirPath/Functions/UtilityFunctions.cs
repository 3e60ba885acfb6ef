using System.Collections.Immutable;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/N1/#utility-functions, and sort() and type() of http://hl7.org/fhirpath/</summary>
internal static class UtilityFunctions
{
    public static void AddTo(FunctionTable table)
    {
        table.Collection("trace", 1, 2, Trace, ArgumentFocus.Item, keepsType: true);
        table.Scalar("now", 0, 0, static (in FunctionCall call) => FhirPathTemporal.DateTimeOf(Now(call)));
        table.Scalar("today", 0, 0, static (in FunctionCall call) => FhirPathTemporal.DateOf(Now(call)));
        table.Scalar("timeOfDay", 0, 0, static (in FunctionCall call) => FhirPathTemporal.TimeOf(Now(call)));
        table.Collection("type", 0, 0, Type);
        table.Add("sort", 0, int.MaxValue, ArgumentFocus.Item, keepsType: true, Sort);
    }

    private static void Trace(in FunctionCall call, FhirPathCollection output)
    {
        output.AddRange(call.Items);
        if (call.Context.Trace is not { } trace || call.Text(0) is not { } name)
            return;
        if (call.ArgumentCount == 1)
        {
            trace(name, call.Input);
            return;
        }

        var projected = call.Context.Rent();
        for (var i = 0; i < call.Items.Length; i++)
            call.Project(1, call.Items[i], i, projected);
        trace(name, projected);
        call.Return(projected);
    }

    private static DateTimeOffset Now(in FunctionCall call) =>
        call.Context.Now ?? throw call.Fail("needs the evaluation context to tell the time");

    private static void Type(in FunctionCall call, FhirPathCollection output)
    {
        foreach (ref readonly var item in call.Items)
            output.Add(
                FhirPathValue.Of(
                    item.Type is { } type
                        ? new SystemTypeInfo("FHIR", type.Name)
                        : new SystemTypeInfo("System", item.Kind.ToString())
                )
            );
    }

    private static Node Sort(Node source, ImmutableArray<Node> arguments)
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
            var rows = new List<(FhirPathValue Item, FhirPathValue[] Keys)>();
            for (var i = 0; i < call.Items.Length; i++)
            {
                var values = new FhirPathValue[isDescending.Length];
                for (var k = 0; k < values.Length; k++)
                    values[k] = (call.ArgumentCount == 0 ? call.Items[i] : call.Single(k, call.Items[i], i)).ToSystem();
                rows.Add((call.Items[i], values));
            }

            foreach (
                var (item, _) in rows.Order(
                    Comparer<(FhirPathValue Item, FhirPathValue[] Keys)>.Create((a, b) => Compare(a.Keys, b.Keys))
                )
            )
                output.Add(item);
        }

        int Compare(FhirPathValue[] a, FhirPathValue[] b)
        {
            for (var k = 0; k < a.Length; k++)
            {
                // No key comes before any key, in either direction.
                var order =
                    a[k].IsNone || b[k].IsNone ? b[k].IsNone.CompareTo(a[k].IsNone)
                    : Ordering.Compare(a[k], b[k]) is not { } known ? 0
                    : isDescending[k] ? -known
                    : known;
                if (order != 0)
                    return order;
            }

            return 0;
        }
    }
}
