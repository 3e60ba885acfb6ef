using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/N1/#filtering-and-projection</summary>
internal static class FilteringFunctions
{
    /// <summary>A projection that makes new values for ever, as <c>1.repeat($this + 1)</c>, stops here.</summary>
    private const int MaxRepeated = 100_000;

    public static void AddTo(FunctionTable table)
    {
        table.Collection("where", 1, 1, Where, focus: ArgumentFocus.Item, keepsType: true);
        table.Collection("select", 1, 1, Select, focus: ArgumentFocus.Item);
        table.Collection("repeat", 1, 1, Repeat, focus: ArgumentFocus.AnyItem);
    }

    private static void Where(in FunctionCall call, FhirPathCollection output)
    {
        for (var i = 0; i < call.Items.Length; i++)
        {
            if (call.Truth(0, call.Items[i], i) == true)
                output.Add(call.Items[i]);
        }
    }

    private static void Select(in FunctionCall call, FhirPathCollection output)
    {
        for (var i = 0; i < call.Items.Length; i++)
            call.Project(0, call.Items[i], i, output);
    }

    private static void Repeat(in FunctionCall call, FhirPathCollection output)
    {
        var start = output.Count;
        var distinct = new DistinctItems(output, call.Context);
        var projected = call.Context.Rent();
        for (var i = 0; i < call.Items.Length; i++)
            call.Project(0, call.Items[i], i, projected);
        distinct.AddRange(projected.Span);
        // Items found are projected in their turn, until nothing new comes.
        for (var next = start; next < output.Count; next++)
        {
            if (output.Count - start > MaxRepeated)
                throw call.Fail($"found more than {MaxRepeated} items");
            projected.Clear();
            call.Project(0, output[next], next - start, projected);
            distinct.AddRange(projected.Span);
        }

        call.Return(projected);
    }
}
