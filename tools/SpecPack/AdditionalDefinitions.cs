using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpecPack;

/// <summary>
/// Resource types beside those of R4, each a StructureDefinition with a differential only, and their search parameters: the files of the
/// folder Additional. In the terms of R6 they are additional resources.
/// </summary>
internal static class AdditionalDefinitions
{
    public const string Folder = "tools/SpecPack/Additional";

    private const string Base = "http://hl7.org/fhir/StructureDefinition/";

    /// <summary>The resources by the names of their files.</summary>
    /// <param name="published">A published definition by the name of its type.</param>
    public static IEnumerable<JsonElement> Read(string root, Func<string, JsonElement> published)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(root, Folder), "*.json").Order(StringComparer.Ordinal))
        {
            var resource = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
            if ((string?)resource["resourceType"] == "StructureDefinition")
                resource["snapshot"] = new JsonObject { ["element"] = Snapshot(resource, published) };
            yield return JsonSerializer.SerializeToElement(resource);
        }
    }

    /// <summary>What the base type has, under the new name, and then what the differential adds.</summary>
    private static JsonArray Snapshot(JsonObject definition, Func<string, JsonElement> published)
    {
        var type = (string)definition["type"]!;
        var parent = ((string)definition["baseDefinition"]!)[Base.Length..];
        var own = definition["differential"]!["element"]!.AsArray();
        var elements = new JsonArray();
        foreach (var element in Elements(published(parent), parent, type))
        {
            // The root is the type's own, and what holds of the base holds of it.
            if ((string?)element["path"] == type)
                element["short"] = (string?)own[0]!["short"];
            elements.Add(element);
        }

        foreach (var element in own.Skip(1))
        {
            elements.Add(element!.DeepClone());
            if (element["type"]?[0]?["code"]?.GetValue<string>() != "BackboneElement")
                continue;
            foreach (
                var child in Elements(published("BackboneElement"), "BackboneElement", (string)element["path"]!).Skip(1)
            )
                elements.Add(child);
        }

        return elements;
    }

    private static IEnumerable<JsonObject> Elements(JsonElement definition, string from, string to) =>
        definition
            .GetProperty("snapshot")
            .Items("element")
            .Select(element =>
            {
                var copy = JsonNode.Parse(element.GetRawText())!.AsObject();
                copy["path"] = to + ((string)copy["path"]!)[from.Length..];
                return copy;
            });
}
