using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/N1/#tree-navigation</summary>
internal static class TreeNavigationFunctions
{
    public static void AddTo(FunctionTable table)
    {
        table.Collection("children", 0, 0, Children);
        table.Collection("descendants", 0, 0, Descendants);
    }

    private static void Children(in FunctionCall call, FhirPathCollection output)
    {
        foreach (ref readonly var item in call.Items)
            AddChildren(item, output);
    }

    private static void Descendants(in FunctionCall call, FhirPathCollection output)
    {
        var next = output.Count;
        Children(call, output);
        for (; next < output.Count; next++)
            AddChildren(output[next], output);
    }

    private static void AddChildren(in FhirPathValue value, FhirPathCollection output)
    {
        if (value.Kind != FhirPathKind.Element)
            return;
        foreach (var child in value.Element.Children())
            output.Add(child);
    }
}
