using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>
/// The status that a resource on hold had before. R4 has no element for it ("typically resumed in the state it was in when
/// originally suspended"), so an extension remembers it.
/// </summary>
public static class HeldStatus
{
    private static readonly byte[] Url = Encoding.UTF8.GetBytes(CareExtensions.HeldFrom);

    /// <summary>The remembered status, or null.</summary>
    public static string? Of(ResourceDocument resource)
    {
        if (!resource.Root.TryGetProperty("extension"u8, out var extensions))
            return null;
        foreach (var extension in extensions)
        {
            if (
                extension.TryGetProperty("url"u8, out var url)
                && url.StringEquals(Url)
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
