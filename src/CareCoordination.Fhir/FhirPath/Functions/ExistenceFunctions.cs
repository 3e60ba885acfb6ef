using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/N1/#existence</summary>
internal static class ExistenceFunctions
{
    public static void AddTo(FunctionTable table)
    {
        table.Add(
            "empty",
            0,
            0,
            focus: ArgumentFocus.Outer,
            keepsType: false,
            static (source, _) => new AnyNode(source, expected: false)
        );
        table.Add(
            "exists",
            0,
            1,
            focus: ArgumentFocus.Item,
            keepsType: false,
            static (source, arguments) =>
                arguments.IsEmpty
                    ? new AnyNode(source, expected: true)
                    : new TruthFunctionNode("exists", source, arguments, Exists)
        );
        table.Truth("all", 1, 1, All, focus: ArgumentFocus.Item);
        table.Truth("allTrue", 0, 0, static (in FunctionCall call) => !AnyIs(call, false));
        table.Truth("anyTrue", 0, 0, static (in FunctionCall call) => AnyIs(call, true));
        table.Truth("allFalse", 0, 0, static (in FunctionCall call) => !AnyIs(call, true));
        table.Truth("anyFalse", 0, 0, static (in FunctionCall call) => AnyIs(call, false));
        table.Truth("subsetOf", 1, 1, static (in FunctionCall call) => IsSubset(call, isReversed: false));
        table.Truth("supersetOf", 1, 1, static (in FunctionCall call) => IsSubset(call, isReversed: true));
        table.Scalar("count", 0, 0, static (in FunctionCall call) => call.Input.Count);
        table.Collection(
            "distinct",
            0,
            0,
            static (in FunctionCall call, FhirPathCollection output) =>
                new DistinctItems(output, call.Context).AddRange(call.Items),
            keepsType: true
        );
        table.Truth("not", 0, 0, static (in FunctionCall call) => !call.InputTruth);
        table.Truth("isDistinct", 0, 0, IsDistinct);
    }

    private static bool? Exists(in FunctionCall call)
    {
        for (var i = 0; i < call.Items.Length; i++)
        {
            if (call.Truth(0, call.Items[i], i) == true)
                return true;
        }

        return false;
    }

    private static bool? All(in FunctionCall call)
    {
        for (var i = 0; i < call.Items.Length; i++)
        {
            if (call.Truth(0, call.Items[i], i) != true)
                return false;
        }

        return true;
    }

    private static bool AnyIs(in FunctionCall call, bool wanted)
    {
        var found = false;
        foreach (ref readonly var item in call.Items)
        {
            var value = call.Context.ToSystem(item);
            if (value.Kind != FhirPathKind.Boolean)
                throw call.Fail("takes Booleans");
            found |= value.Boolean == wanted;
        }

        return found;
    }

    private static bool? IsSubset(in FunctionCall call, bool isReversed)
    {
        var other = call.Argument(0);
        var (small, large) = isReversed ? (other, call.Input) : (call.Input, other);
        var known = new KnownValues(large.Span, small.Count, call.Context);
        var isSubset = true;
        foreach (ref readonly var item in small.Span)
            isSubset = isSubset && known.Holds(item);
        call.Return(other);
        return isSubset;
    }

    private static bool? IsDistinct(in FunctionCall call)
    {
        var seen = call.Context.Rent();
        var distinct = new DistinctItems(seen, call.Context);
        var isDistinct = true;
        foreach (ref readonly var item in call.Items)
            isDistinct = isDistinct && distinct.Add(item);
        call.Return(seen);
        return isDistinct;
    }
}
