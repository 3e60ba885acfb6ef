using System.Text;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Search.Extraction;

/// <summary>The contained resources of a document by id: read once, however many references there are to them.</summary>
internal sealed class ContainedTypes
{
    private readonly Dictionary<string, JsonValue> _typeOf = new(StringComparer.Ordinal);

    public ContainedTypes(ResourceDocument document)
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
                _typeOf.TryAdd(id.GetString(), type);
        }
    }

    public ResourceDocument Document { get; }

    public bool Is(ReadOnlySpan<byte> id, TypeDefinition type) =>
        _typeOf.TryGetValue(Encoding.UTF8.GetString(id), out var name) && name.StringEquals(type.Utf8Name.Span);
}
