using System.Text;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Search.Extraction;

/// <summary>The contained resources of a document by id: read once, however many references there are to them.</summary>
internal sealed class ContainedResources
{
    private readonly Dictionary<string, (JsonValue Resource, JsonValue Type)> _byId = new(StringComparer.Ordinal);

    public ContainedResources(ResourceDocument document)
    {
        Document = document;
        if (!document.Root.TryGetProperty("contained"u8, out var contained))
            return;
        foreach (var resource in contained)
        {
            if (
                resource.TryGetProperty("id"u8, out var id)
                && id.Kind == System.Text.Json.JsonValueKind.String
                && resource.TryGetProperty("resourceType"u8, out var type)
            )
                _byId.TryAdd(id.GetString(), (resource, type));
        }
    }

    public ResourceDocument Document { get; }

    public bool Is(ReadOnlySpan<byte> id, TypeDefinition type) =>
        _byId.TryGetValue(Encoding.UTF8.GetString(id), out var found) && found.Type.StringEquals(type.Utf8Name.Span);

    /// <summary>The resource with its type; null where there is none of a known type.</summary>
    public (JsonValue Resource, TypeDefinition Type)? Find(ReadOnlySpan<byte> id, FhirSchema schema) =>
        _byId.TryGetValue(Encoding.UTF8.GetString(id), out var found)
        && schema.FindResource(found.Type.StringUtf8) is { } type
            ? (found.Resource, type)
            : null;
}
