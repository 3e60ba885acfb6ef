using System.Globalization;
using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Validation.Rules;

/// <summary>
/// Where a value is, as a simple FHIRPath: <c>Observation.component[1].value.unit</c>. Choices have no type in their name,
/// and a primitive's extensions are below the primitive. https://hl7.org/fhir/R4/fhirpath.html#simple
/// </summary>
internal static class IssueExpression
{
    public static string Of(Element element, FhirSchema schema) =>
        Of(element.HasValue ? element.Value : element.Shadow, schema);

    public static string Of(JsonValue value, FhirSchema schema)
    {
        var text = new StringBuilder();
        Append(value, schema, text);
        return text.ToString();
    }

    /// <summary>Appends the path and answers the type found there, null where the definitions end.</summary>
    private static TypeDefinition? Append(JsonValue value, FhirSchema schema, StringBuilder text)
    {
        var parent = value.Parent;
        TypeDefinition? type = null;
        if (!parent.Exists)
        {
            type = schema.FindResource(value.Document.ResourceTypeUtf8);
            text.Append(type?.Name ?? "Resource");
        }
        else if (parent.Kind == JsonValueKind.Array)
        {
            type = Append(parent, schema, text);
            text.Append('[').Append(PositionOf(value, parent).ToString(CultureInfo.InvariantCulture)).Append(']');
        }
        else
        {
            var binding = Append(parent, schema, text)?.Property(value.NameUtf8);
            text.Append('.').Append(binding?.Element.Name ?? Shorten(value.Name));
            type = binding is { IsShadow: true } ? schema["Element"] : binding?.Type;
        }

        return type is { IsResource: true } && value.TryGetProperty("resourceType"u8, out var name)
            ? schema.FindResource(name.StringUtf8) ?? type
            : type;
    }

    private static string Shorten(string name) => name.Length <= 64 ? name : name[..64];

    private static int PositionOf(JsonValue item, JsonValue array)
    {
        var position = 0;
        foreach (var other in array)
        {
            if (other == item)
                break;
            position++;
        }

        return position;
    }
}
