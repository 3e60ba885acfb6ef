using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/N1/#subsetting</summary>
internal static class SubsettingFunctions
{
    public static void AddTo(FunctionTable table)
    {
        table.Scalar("single", 0, 0, static (in FunctionCall call) => call.Singleton, keepsType: true);
        table.Scalar(
            "first",
            0,
            0,
            static (in FunctionCall call) => call.Input.IsEmpty ? default : call.Items[0],
            keepsType: true
        );
        table.Scalar(
            "last",
            0,
            0,
            static (in FunctionCall call) => call.Input.IsEmpty ? default : call.Items[^1],
            keepsType: true
        );
        table.Collection(
            "tail",
            0,
            0,
            static (in FunctionCall call, FhirPathCollection output) => Slice(call, output, 1, int.MaxValue),
            keepsType: true
        );
        table.Collection(
            "skip",
            1,
            1,
            static (in FunctionCall call, FhirPathCollection output) =>
                Slice(call, output, call.Number(0) ?? 0, int.MaxValue),
            keepsType: true
        );
        table.Collection(
            "take",
            1,
            1,
            static (in FunctionCall call, FhirPathCollection output) => Slice(call, output, 0, call.Number(0) ?? 0),
            keepsType: true
        );
        table.Collection("intersect", 1, 1, Intersect, keepsType: true);
        table.Collection("exclude", 1, 1, Exclude, keepsType: true);
    }

    private static void Slice(in FunctionCall call, FhirPathCollection output, int skip, int take)
    {
        var start = Math.Clamp(skip, 0, call.Items.Length);
        output.AddRange(call.Items.Slice(start, Math.Clamp(take, 0, call.Items.Length - start)));
    }

    private static void Intersect(in FunctionCall call, FhirPathCollection output)
    {
        var other = call.Argument(0);
        var known = new KnownValues(other.Span, call.Items.Length, call.Context);
        var distinct = new DistinctItems(output, call.Context);
        foreach (ref readonly var item in call.Items)
        {
            if (known.Holds(item))
                distinct.Add(item);
        }

        call.Return(other);
    }

    private static void Exclude(in FunctionCall call, FhirPathCollection output)
    {
        var other = call.Argument(0);
        var known = new KnownValues(other.Span, call.Items.Length, call.Context);
        foreach (ref readonly var item in call.Items)
        {
            if (!known.Holds(item))
                output.Add(item);
        }

        call.Return(other);
    }
}
