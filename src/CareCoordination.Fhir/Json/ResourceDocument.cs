using System.Text.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Json;

/// <summary>
/// The JSON of one resource: its UTF-8 bytes and a flat index over them (the tape). Immutable; values are views of the
/// bytes, so decimals stay as written. https://hl7.org/fhir/R4/json.html
/// </summary>
public sealed class ResourceDocument
{
    private readonly JsonNode[] _nodes;

    internal ResourceDocument(ReadOnlyMemory<byte> utf8, JsonNode[] nodes)
    {
        Utf8 = utf8;
        _nodes = nodes;
    }

    /// <summary>The text this document was parsed from.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    public JsonValue Root => new(this, 0);

    /// <summary>The text of <c>resourceType</c>, or an empty span where there is none.</summary>
    public ReadOnlySpan<byte> ResourceTypeUtf8 =>
        Root.TryGetProperty("resourceType"u8, out var type) && type.Kind == JsonValueKind.String ? type.StringUtf8 : default;

    /// <summary>The text of <c>id</c>, or null.</summary>
    public string? Id => Root.TryGetProperty("id"u8, out var id) && id.Kind == JsonValueKind.String ? id.GetString() : null;

    internal ReadOnlySpan<JsonNode> Nodes => _nodes;

    internal ref readonly JsonNode Node(int index) => ref _nodes[index];

    internal int NodeCount => _nodes.Length;

    internal ReadOnlySpan<byte> Slice(int start, int length) => Utf8.Span.Slice(start, length);

    /// <summary>
    /// Parses UTF-8 JSON whose root is an object. Refuses, with line and position: malformed JSON, invalid UTF-8, duplicate
    /// property names, lone surrogates, too deep and too large documents.
    /// </summary>
    public static Result<ResourceDocument> Parse(ReadOnlyMemory<byte> utf8, JsonLimits? limits = null) =>
        new TapeBuilder(limits ?? JsonLimits.Default).Build(utf8);
}
