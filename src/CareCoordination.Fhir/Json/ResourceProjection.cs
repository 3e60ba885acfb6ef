using System.Text.Json;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Json;

/// <summary>
/// The parts of a stored resource a client asked for, tagged <c>SUBSETTED</c> so that nobody mistakes them for the whole.
/// Mandatory and modifier elements always stay, and so do the contained resources that something in the parts refers to.
/// https://hl7.org/fhir/R4/search.html#summary
/// </summary>
public static class ResourceProjection
{
    private static ReadOnlySpan<byte> SubsettedTag =>
        """{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}"""u8;

    /// <summary><c>_summary=true</c>: the elements that the definitions mark as summary, at every level.</summary>
    public static byte[] Summary(ResourceDocument document, FhirSchema schema) =>
        Project(document, schema, deep: true, element => element.IsSummary);

    /// <summary><c>_summary=text</c>: the narrative.</summary>
    public static byte[] Text(ResourceDocument document, FhirSchema schema) =>
        Project(document, schema, deep: false, element => element.Name == "text");

    /// <summary><c>_summary=data</c>: all but the narrative.</summary>
    public static byte[] Data(ResourceDocument document, FhirSchema schema) =>
        Project(document, schema, deep: false, element => element.Name != "text");

    /// <summary><c>_elements=</c>: the named top-level elements (<c>value</c> or <c>value[x]</c> for a choice).</summary>
    public static byte[] Elements(ResourceDocument document, FhirSchema schema, IReadOnlyCollection<string> names) =>
        Project(
            document,
            schema,
            deep: false,
            element => names.Contains(element.Name) || (element.IsChoice && names.Contains(element.Name + "[x]"))
        );

    private static byte[] Project(
        ResourceDocument document,
        FhirSchema schema,
        bool deep,
        Func<ElementDefinition, bool> isWanted
    )
    {
        var root = document.Root;
        var type =
            schema.FindResource(document.ResourceTypeUtf8)
            ?? throw new ArgumentException("The document has no known resourceType.", nameof(document));
        var output = new Utf8Output(document.Utf8.Length + SubsettedTag.Length + 32);
        output.Add((byte)'{');
        AddIfPresent(root, "resourceType"u8, ref output);
        AddIfPresent(root, "id"u8, ref output);
        output.Name("meta"u8);
        AddMeta(root, ref output);
        foreach (var property in root)
        {
            if (IsHead(property.NameUtf8) || type.Property(property.NameUtf8) is not { } binding)
                continue;
            if (isWanted(binding.Element) || IsKept(binding.Element))
                AddProperty(property, binding, schema, deep, ref output);
        }

        AddContained(root, ref output);
        output.Add((byte)'}');
        return output.ToArray();
    }

    /// <summary>
    /// A reference to a contained resource means nothing without it: what is not kept as an element is added where something that is kept
    /// refers to it.
    /// </summary>
    private static void AddContained(JsonValue root, ref Utf8Output output)
    {
        if (!root.TryGetProperty("contained"u8, out var contained) || contained.Kind != JsonValueKind.Array)
            return;
        byte[] whole = [.. output.ToArray(), (byte)'}'];
        var kept = ResourceDocument.Parse(whole).Value.Root;
        if (kept.TryGetProperty("contained"u8, out _))
            return;
        var isFirst = true;
        foreach (var resource in Fragments.Reached(kept, contained))
        {
            if (isFirst)
            {
                output.Name("contained"u8);
                output.Add((byte)'[');
                isFirst = false;
            }

            output.Separate();
            output.Value(resource);
        }

        if (!isFirst)
            output.Add((byte)']');
    }

    private static void AddProperty(
        JsonValue property,
        PropertyBinding binding,
        FhirSchema schema,
        bool deep,
        ref Utf8Output output
    )
    {
        // Of an extension no part is marked as summary, and none of it means anything without the others.
        if (!deep || binding.Type.IsPrimitive || binding.Type.Name == "Extension")
        {
            output.Property(property);
            return;
        }

        output.Name(property.NameUtf8);
        if (property.Kind != JsonValueKind.Array)
        {
            AddSummary(property, binding.Type, schema, ref output);
            return;
        }

        output.Add((byte)'[');
        foreach (var item in property)
        {
            output.Separate();
            AddSummary(item, binding.Type, schema, ref output);
        }

        output.Add((byte)']');
    }

    private static void AddSummary(JsonValue value, TypeDefinition type, FhirSchema schema, ref Utf8Output output)
    {
        if (value.Kind != JsonValueKind.Object)
        {
            output.Value(value);
            return;
        }

        if (type.IsResource)
            type = FindType(value, schema) ?? type;
        var start = output.Length;
        output.Add((byte)'{');
        foreach (var property in value)
        {
            if (property.NameUtf8.SequenceEqual("resourceType"u8))
                output.Property(property);
            else if (
                type.Property(property.NameUtf8) is { } binding
                && (binding.Element.IsSummary || IsKept(binding.Element))
            )
                AddProperty(property, binding, schema, deep: true, ref output);
        }

        if (output.Length == start + 1)
        {
            // An object cannot be empty: one of extensions alone stays as it is.
            output.CutTo(start);
            output.Value(value);
            return;
        }

        output.Add((byte)'}');
    }

    private static TypeDefinition? FindType(JsonValue resource, FhirSchema schema) =>
        resource.TryGetProperty("resourceType"u8, out var name) ? schema.FindResource(name.StringUtf8) : null;

    private static bool IsKept(ElementDefinition element) => element.Min > 0 || element.IsModifier;

    private static void AddMeta(JsonValue root, ref Utf8Output output)
    {
        output.Add((byte)'{');
        var isTagged = false;
        if (root.TryGetProperty("meta"u8, out var meta))
        {
            foreach (var property in meta)
            {
                if (!property.NameUtf8.SequenceEqual("tag"u8))
                {
                    output.Property(property);
                    continue;
                }

                output.Name("tag"u8);
                AddTags(property, ref output);
                isTagged = true;
            }
        }

        if (!isTagged)
        {
            output.Name("tag"u8);
            AddTags(default, ref output);
        }

        output.Add((byte)'}');
    }

    private static void AddTags(JsonValue tags, ref Utf8Output output)
    {
        var isSubsetted = false;
        output.Add((byte)'[');
        if (tags.Exists)
        {
            foreach (var tag in tags)
            {
                output.Separate();
                output.Value(tag);
                isSubsetted |= tag.TryGetProperty("code"u8, out var code) && code.StringEquals("SUBSETTED"u8);
            }
        }

        if (!isSubsetted)
        {
            output.Separate();
            output.Add(SubsettedTag);
        }

        output.Add((byte)']');
    }

    private static void AddIfPresent(JsonValue root, ReadOnlySpan<byte> name, ref Utf8Output output)
    {
        if (root.TryGetProperty(name, out var property))
            output.Property(property);
    }

    private static bool IsHead(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("resourceType"u8) || name.SequenceEqual("id"u8) || name.SequenceEqual("meta"u8);
}
