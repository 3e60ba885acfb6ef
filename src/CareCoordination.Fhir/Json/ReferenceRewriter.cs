using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Json;

/// <summary>
/// Replaces the addresses that hold only inside a transaction by those the server gave.
/// https://hl7.org/fhir/R4/http.html#trules
/// </summary>
public static class ReferenceRewriter
{
    /// <summary>
    /// The values that name entries of the same Bundle or a search: <c>urn:uuid:</c>, <c>urn:oid:</c> and
    /// <c>Patient?identifier=...</c> in <c>Reference.reference</c>, in document order.
    /// </summary>
    public static IReadOnlyList<JsonValue> LocalReferences(ResourceDocument document)
    {
        List<JsonValue>? found = null;
        var nodes = document.Nodes;
        for (var i = 1; i < nodes.Length; i++)
        {
            if (!IsReference(document, nodes[i]))
                continue;
            var text = document.Slice(nodes[i].Start + 1, nodes[i].Length - 2);
            if (IsUrn(text) || (text.Contains((byte)'?') && !text.StartsWith("http"u8) && !text.StartsWith("#"u8)))
                (found ??= []).Add(new JsonValue(document, i));
        }

        return found ?? [];
    }

    /// <summary>
    /// The document with every <c>Reference.reference</c> that <paramref name="addresses"/> knows replaced, and every
    /// uri, url, oid and uuid element that equals a <c>urn:</c> it knows. The same document where there is none.
    /// </summary>
    public static ResourceDocument Rewrite(
        ResourceDocument document,
        FhirSchema schema,
        IReadOnlyDictionary<string, string> addresses
    ) => Rewrite(document, schema, value => addresses.GetValueOrDefault(value.GetString()));

    /// <summary>
    /// As with a table of addresses; <paramref name="address"/> gives the text that a value is replaced by, null where it stays.
    /// </summary>
    /// <param name="links">Of what is no reference: uri, url, oid and uuid elements, and links of narratives. Null: only urns are.</param>
    public static ResourceDocument Rewrite(
        ResourceDocument document,
        FhirSchema schema,
        Func<JsonValue, string?> address,
        LinkTargets? links = null
    )
    {
        List<(int Node, byte[] Text)>? edits = null;
        var nodes = document.Nodes;
        for (var i = 1; i < nodes.Length; i++)
        {
            if (nodes[i].Kind != NodeKind.String)
                continue;
            if (Replacement(document, i, schema, address, links) is { } text)
                (edits ??= []).Add((i, Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(text)}\"")));
        }

        return edits is null ? document : Apply(document, edits);
    }

    private static string? Replacement(
        ResourceDocument document,
        int index,
        FhirSchema schema,
        Func<JsonValue, string?> address,
        LinkTargets? links
    )
    {
        ref readonly var node = ref document.Node(index);
        var value = new JsonValue(document, index);
        if (IsReference(document, node))
            return address(value);
        var text = document.Slice(node.Start + 1, node.Length - 2);
        if (IsUrn(text))
            return IsLink(value, schema) ? address(value) : null;
        if (links is null)
            return null;
        if (links.HasWebAddresses && text.StartsWith("http"u8))
            return links.OfElement(value.GetString()) is { } link && IsLink(value, schema) ? link : null;
        return IsNarrative(document, node) && (text.IndexOf("href"u8) >= 0 || text.IndexOf("src"u8) >= 0)
            ? NarrativeLinks.Rewrite(value.GetString(), links.OfNarrative)
            : null;
    }

    /// <summary>
    /// The document with every <c>Reference.reference</c> replaced for which <paramref name="address"/> gives another text. The
    /// same document where there is none.
    /// </summary>
    public static ResourceDocument Rewrite(ResourceDocument document, Func<string, string?> address)
    {
        List<(int Node, byte[] Text)>? edits = null;
        var nodes = document.Nodes;
        for (var i = 1; i < nodes.Length; i++)
        {
            if (IsReference(document, nodes[i]) && address(new JsonValue(document, i).GetString()) is { } text)
                (edits ??= []).Add((i, Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(text)}\"")));
        }

        return edits is null ? document : Apply(document, edits);
    }

    /// <summary>Strings change, so that the index only shifts: nothing is parsed again.</summary>
    private static ResourceDocument Apply(ResourceDocument document, List<(int Node, byte[] Text)> edits)
    {
        var growth = 0;
        foreach (var (node, text) in edits)
            growth += text.Length - document.Node(node).Length;
        var old = document.Utf8.Span;
        var bytes = new byte[old.Length + growth];
        var nodes = document.Nodes.ToArray();
        var read = 0;
        var shift = 0;
        var next = 0;
        foreach (var (edited, text) in edits)
        {
            for (; next <= edited; next++)
                Shift(ref nodes[next], shift);
            ref readonly var was = ref document.Node(edited);
            old[read..was.Start].CopyTo(bytes.AsSpan(read + shift));
            text.CopyTo(bytes.AsSpan(was.Start + shift));
            read = was.Start + was.Length;
            var grown = text.Length - was.Length;
            shift += grown;
            nodes[edited].Length = text.Length;
            nodes[edited].IsEscaped = text.AsSpan().Contains((byte)'\\');
            for (var parent = was.Parent; parent >= 0; parent = nodes[parent].Parent)
                nodes[parent].Length += grown;
        }

        for (; next < nodes.Length; next++)
            Shift(ref nodes[next], shift);
        old[read..].CopyTo(bytes.AsSpan(read + shift));
        return new ResourceDocument(bytes, nodes);
    }

    private static void Shift(ref JsonNode node, int shift)
    {
        node.Start += shift;
        if (node.NameStart > 0)
            node.NameStart += shift;
    }

    /// <summary>In R4 a string named <c>reference</c> is a Reference's, or a uri that may name an entry just as well.</summary>
    private static bool IsReference(ResourceDocument document, in JsonNode node) =>
        node.Kind == NodeKind.String
        && node.NameLength == 9
        && document.Slice(node.NameStart, 9).SequenceEqual("reference"u8);

    private static bool IsUrn(ReadOnlySpan<byte> text) =>
        text.StartsWith("urn:uuid:"u8) || text.StartsWith("urn:oid:"u8);

    /// <summary>In R4 a string named <c>div</c> is a Narrative's.</summary>
    private static bool IsNarrative(ResourceDocument document, in JsonNode node) =>
        node.NameLength == 3 && document.Slice(node.NameStart, 3).SequenceEqual("div"u8);

    /// <summary>True for elements that may lead to an entry; canonical ones name definitions, and stay.</summary>
    private static bool IsLink(JsonValue value, FhirSchema schema) =>
        TypeOf(value, schema) is { IsPrimitive: true } type && type.Is(schema["uri"]) && !type.Is(schema["canonical"]);

    /// <summary>The type of a value, found along its path from the root; null for what the definitions do not know.</summary>
    private static TypeDefinition? TypeOf(JsonValue value, FhirSchema schema)
    {
        if (value.Kind == JsonValueKind.Object && value.TryGetProperty("resourceType"u8, out var name))
            return schema.FindResource(name.StringUtf8);
        var parent = value.Parent;
        if (!parent.Exists)
            return null;
        return parent.Kind == JsonValueKind.Array
            ? TypeOf(parent, schema)
            : TypeOf(parent, schema)?.Property(value.NameUtf8)?.Type;
    }
}
