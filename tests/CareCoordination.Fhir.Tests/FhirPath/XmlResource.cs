using System.Text.Json.Nodes;
using System.Xml.Linq;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Tests.FhirPath;

/// <summary>Reads a resource in FHIR XML as JSON, for the suites that give their input so. https://hl7.org/fhir/R4/xml.html</summary>
internal static class XmlResource
{
    public static JsonObject ToJson(XElement xml, FhirSchema schema)
    {
        var json = new JsonObject { ["resourceType"] = xml.Name.LocalName };
        AddChildren(json, xml, schema[xml.Name.LocalName]);
        return json;
    }

    private static void AddChildren(JsonObject json, XElement xml, TypeDefinition type)
    {
        foreach (
            var attribute in xml.Attributes()
                .Where(a => a.Name.LocalName is "id" or "url" && a.Name.NamespaceName.Length == 0)
        )
            json[attribute.Name.LocalName] = attribute.Value;
        foreach (var group in xml.Elements().GroupBy(e => e.Name.LocalName))
        {
            var binding =
                type.Property(System.Text.Encoding.UTF8.GetBytes(group.Key))
                ?? throw new FormatException($"{type} has no {group.Key}.");
            var items = group.Select(e => Read(e, binding.Type)).ToList();
            Set(json, group.Key, binding.Element.IsArray, items.Select(i => i.Value));
            if (items.Exists(i => i.Shadow is not null))
                Set(json, "_" + group.Key, binding.Element.IsArray, items.Select(i => i.Shadow));
        }
    }

    private static void Set(JsonObject json, string name, bool isArray, IEnumerable<JsonNode?> values)
    {
        if (isArray)
            json[name] = new JsonArray([.. values]);
        else if (values.Single() is { } value)
            json[name] = value;
    }

    private static (JsonNode? Value, JsonNode? Shadow) Read(XElement xml, TypeDefinition type)
    {
        if (type.Name == "xhtml")
            return (JsonValue.Create(xml.ToString(SaveOptions.DisableFormatting)), null);
        if (type is { IsResource: true })
            return (ToJson(xml.Elements().Single(), type.Schema), null);
        var json = new JsonObject();
        AddChildren(json, xml, type);
        if (!type.IsPrimitive)
            return (json, null);
        var text = xml.Attribute("value")?.Value;
        JsonNode? value = type.Name switch
        {
            _ when text is null => null,
            "boolean" => JsonValue.Create(text == "true"),
            "integer" or "positiveInt" or "unsignedInt" or "decimal" => JsonNode.Parse(text),
            _ => JsonValue.Create(text),
        };
        return (value, json.Count > 0 ? json : null);
    }
}
