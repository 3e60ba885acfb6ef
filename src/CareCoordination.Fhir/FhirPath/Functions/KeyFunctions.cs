using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary>
/// <c>getResourceKey()</c> of SQL on FHIR: what joins a resource with the references to it, here its id. Its counterpart
/// <c>getReferenceKey()</c> takes the name of a type and is a node of its own.
/// https://build.fhir.org/ig/FHIR/sql-on-fhir-v2/StructureDefinition-ViewDefinition.html#required-additional-functions
/// </summary>
internal static class KeyFunctions
{
    private static readonly PathStep Id = new("id");

    public static void AddTo(FunctionTable table) => table.Scalar("getResourceKey", 0, 0, ResourceKey);

    private static FhirPathValue ResourceKey(in FunctionCall call)
    {
        var value = call.Singleton;
        if (value.Kind != FhirPathKind.Element || !value.Element.Type.IsResource)
            return default;
        if (Id.In(value.Element.Type) is { } definition)
        {
            foreach (var id in value.Element.Children(definition))
                return id;
        }

        return default;
    }
}
