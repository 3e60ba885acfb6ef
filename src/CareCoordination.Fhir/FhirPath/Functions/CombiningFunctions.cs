using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/N1/#combining</summary>
internal static class CombiningFunctions
{
    public static void AddTo(FunctionTable table)
    {
        table.Collection("union", 1, 1, Union);
        table.Collection("combine", 1, 1, Combine);
    }

    private static void Union(in FunctionCall call, FhirPathCollection output)
    {
        var other = call.Argument(0);
        var distinct = new DistinctItems(output, call.Context);
        distinct.AddRange(call.Items);
        distinct.AddRange(other.Span);
        call.Return(other);
    }

    private static void Combine(in FunctionCall call, FhirPathCollection output)
    {
        output.AddRange(call.Items);
        var other = call.Argument(0);
        output.AddRange(other.Span);
        call.Return(other);
    }
}
