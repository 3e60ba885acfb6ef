using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.Json;

/// <summary>
/// Makes the form in which a resource is stored: compact, <c>resourceType</c>, <c>id</c> and <c>meta</c> first, and every
/// other property in the order and with the bytes it was written. https://hl7.org/fhir/R4/resource.html#id
/// </summary>
public static class ResourceStamp
{
    /// <summary>
    /// The document under <paramref name="id"/>, without the version and time it may claim: those are the server's.
    /// The document must have a <c>resourceType</c>; a <c>meta</c> that is no object is dropped.
    /// </summary>
    public static VersionTemplate Prepare(ResourceDocument document, string id)
    {
        if (!FhirId.IsValid(id))
            throw new ArgumentException("The id breaks the rules of FHIR ids.", nameof(id));
        if (!document.Root.TryGetProperty("resourceType"u8, out var type))
            throw new ArgumentException("The document has no resourceType.", nameof(document));

        var output = new Utf8Output(document.CompactLength + id.Length + 32);
        output.Add("{"u8);
        output.Property(type);
        output.Name("id"u8);
        Span<byte> idUtf8 = stackalloc byte[FhirId.MaxLength];
        output.Add((byte)'"');
        output.Add(idUtf8[..Encoding.ASCII.GetBytes(id, idUtf8)]);
        output.Add((byte)'"');
        output.Name("meta"u8);
        output.Add((byte)'{');
        var split = output.Length;
        AddMeta(document.Root, ref output);
        AddRest(document, ref output);
        output.Add((byte)'}');
        return new VersionTemplate(output.Memory[..split], output.Memory[split..]);
    }

    private static void AddMeta(JsonValue root, ref Utf8Output output)
    {
        if (root.TryGetProperty("meta"u8, out var meta) && meta.Kind == JsonValueKind.Object)
        {
            foreach (var property in meta)
            {
                if (IsVersion(property.NameUtf8))
                    continue;
                output.Add((byte)',');
                output.BareName(property.NameUtf8);
                output.Value(property);
            }
        }

        output.Add((byte)'}');
    }

    private static void AddRest(ResourceDocument document, ref Utf8Output output)
    {
        if (document.IsCompact)
        {
            AddSlices(document, ref output);
            return;
        }

        foreach (var property in document.Root)
        {
            if (!IsHead(property.NameUtf8))
                output.Property(property);
        }
    }

    /// <summary>In compact text neighbouring properties are copied together, commas included.</summary>
    private static void AddSlices(ResourceDocument document, ref Utf8Output output)
    {
        var from = -1;
        var to = 0;
        foreach (var property in document.Root)
        {
            if (!IsHead(property.NameUtf8))
            {
                if (from < 0)
                    from = property.NameStart - 1;
                to = property.Start + property.RawUtf8.Length;
                continue;
            }

            AddSlice(document, from, to, ref output);
            from = -1;
        }

        AddSlice(document, from, to, ref output);
    }

    private static void AddSlice(ResourceDocument document, int from, int to, ref Utf8Output output)
    {
        if (from < 0)
            return;
        output.Separate();
        output.Add(document.Slice(from, to - from));
    }

    private static bool IsHead(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("resourceType"u8) || name.SequenceEqual("id"u8) || name.SequenceEqual("meta"u8);

    private static bool IsVersion(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("versionId"u8)
        || name.SequenceEqual("lastUpdated"u8)
        || name.SequenceEqual("_versionId"u8)
        || name.SequenceEqual("_lastUpdated"u8);
}
