using System.Text.Json;
using CareCoordination.Fhir.Json;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>
/// The status that a resource on hold had before. R4 has no element for it ("typically resumed in the state it was in when
/// originally suspended"), so an extension remembers it.
/// </summary>
public static class HeldStatus
{
    public const string ExtensionUrl = "https://carecoordination.example/fhir/StructureDefinition/held-from";

    /// <summary>The remembered status, or null.</summary>
    public static string? Of(ResourceDocument resource)
    {
        if (!resource.Root.TryGetProperty("extension"u8, out var extensions))
            return null;
        foreach (var extension in extensions)
        {
            if (
                extension.TryGetProperty("url"u8, out var url)
                && url.StringEquals("https://carecoordination.example/fhir/StructureDefinition/held-from"u8)
                && extension.TryGetProperty("valueCode"u8, out var value)
                && value.Kind == JsonValueKind.String
            )
            {
                return value.GetString();
            }
        }

        return null;
    }
}
