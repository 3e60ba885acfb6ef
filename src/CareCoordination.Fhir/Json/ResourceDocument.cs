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
    private int _compactLength;

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
        Root.TryGetProperty("resourceType"u8, out var type) && type.Kind == JsonValueKind.String
            ? type.StringUtf8
            : default;

    /// <summary>The text of <c>id</c>, or null.</summary>
    public string? Id =>
        Root.TryGetProperty("id"u8, out var id) && id.Kind == JsonValueKind.String ? id.GetString() : null;

    internal ReadOnlySpan<JsonNode> Nodes => _nodes;

    internal ref readonly JsonNode Node(int index) => ref _nodes[index];

    internal int NodeCount => _nodes.Length;

    internal ReadOnlySpan<byte> Slice(int start, int length) => Utf8.Span.Slice(start, length);

    /// <summary>How many bytes the document has without insignificant whitespace.</summary>
    internal int CompactLength
    {
        get
        {
            if (_compactLength == 0)
                _compactLength = MeasureCompact();
            return _compactLength;
        }
    }

    /// <summary>True where the text has no insignificant whitespace, so that slices of it can be copied.</summary>
    internal bool IsCompact => CompactLength == _nodes[0].Length;

    /// <summary>
    /// The object <paramref name="value"/>, as of a Bundle entry, as a document of its own. It shares the bytes; only the
    /// index is copied.
    /// </summary>
    public ResourceDocument Detach(JsonValue value)
    {
        if (!ReferenceEquals(value.Document, this) || _nodes[value.Index].Kind != NodeKind.Object)
            throw new ArgumentException("Only an object of this document can be detached.", nameof(value));
        var first = value.Index;
        var nodes = _nodes.AsSpan(first, _nodes[first].Next - first).ToArray();
        var start = nodes[0].Start;
        foreach (ref var node in nodes.AsSpan())
        {
            node.Start -= start;
            if (node.NameStart > 0)
                node.NameStart -= start;
            node.Parent -= first;
            node.Next -= first;
        }

        nodes[0].Parent = -1;
        nodes[0].NameStart = 0;
        nodes[0].NameLength = 0;
        return new ResourceDocument(Utf8.Slice(start, nodes[0].Length), nodes);
    }

    private int MeasureCompact()
    {
        var length = 0;
        foreach (ref readonly var node in _nodes.AsSpan())
        {
            if (node.Kind > NodeKind.Array)
                length += node.Length;
            else
                length += 2;
            if (node.Parent < 0)
                continue;
            if (_nodes[node.Parent].Kind == NodeKind.Object)
                length += node.NameLength + 3;
        }

        // Each value but the first of its container has a comma before it.
        for (var i = 1; i < _nodes.Length; i++)
        {
            if (_nodes[i].Parent != i - 1)
                length++;
        }

        return length;
    }

    /// <summary>
    /// Parses UTF-8 JSON whose root is an object. Refuses, with line and position: malformed JSON, invalid UTF-8, duplicate
    /// property names, lone surrogates, too deep and too large documents.
    /// </summary>
    public static Result<ResourceDocument> Parse(ReadOnlyMemory<byte> utf8, JsonLimits? limits = null) =>
        new TapeBuilder(limits ?? JsonLimits.Default).Build(utf8);

    /// <summary>As <see cref="Parse"/>, of an array: no resource, but a list of operations on one.</summary>
    internal static Result<ResourceDocument> ParseArray(ReadOnlyMemory<byte> utf8, JsonLimits limits) =>
        new TapeBuilder(limits, NodeKind.Array).Build(utf8);
}
