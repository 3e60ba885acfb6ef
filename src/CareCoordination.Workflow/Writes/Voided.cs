using System.Text;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Lifecycles;

namespace CareCoordination.Workflow.Writes;

/// <summary>
/// What a deletion means for what depends on a resource: that it should never have been, which R4 writes as
/// <c>entered-in-error</c>. https://hl7.org/fhir/R4/http.html#delete leaves it to servers what follows from a deletion.
/// </summary>
public static class Voided
{
    /// <summary>The resource as if it had been marked as entered in error; null for a type that has no such status.</summary>
    public static ResourceDocument? Of(ResourceKey key, ResourceDocument resource)
    {
        var element =
            LifecycleTables.For(key.Type)?.StatusElement
            ?? (
                key.Type is ResourceTypes.Consent or ResourceTypes.Observation or ResourceTypes.Procedure
                    ? "status"
                    : null
            );
        if (element is null)
            return null;
        var editor = new ResourceEditor(resource);
        editor.SetJson(element, Encoding.UTF8.GetBytes($"\"{Lifecycle.EnteredInError}\""));
        return ResourceDocument.Parse(editor.ToUtf8Json()).Value;
    }
}
