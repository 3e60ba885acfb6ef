using System.Text.Json.Nodes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Application.Definitions;

/// <summary>The StructureDefinition of an extension. https://hl7.org/fhir/R4/defining-extensions.html</summary>
internal static class ExtensionDefinition
{
    private const string Core = "http://hl7.org/fhir/StructureDefinition/";

    public static BuiltIn ToBuiltIn(OwnExtension extension) =>
        OwnResource.BuiltIn(
            ResourceTypes.StructureDefinition,
            extension.Url,
            extension.Title,
            extension.Meaning,
            definition =>
            {
                definition["fhirVersion"] = "4.0.1";
                definition["kind"] = "complex-type";
                definition["abstract"] = false;
                definition["context"] = new JsonArray([
                    .. extension.On.Select(on => new JsonObject { ["type"] = "element", ["expression"] = on }),
                ]);
                definition["type"] = "Extension";
                definition["baseDefinition"] = Core + "Extension";
                definition["derivation"] = "constraint";
                var own = Elements(extension).ToDictionary(e => (string)e["id"]!, StringComparer.Ordinal);
                definition["snapshot"] = ElementsOf(ExtensionSnapshot.Of(extension, own));
                definition["differential"] = ElementsOf(own.Values);
            }
        );

    private static JsonObject ElementsOf(IEnumerable<JsonObject> elements) =>
        new() { ["element"] = new JsonArray([.. elements]) };

    private static IEnumerable<JsonObject> Elements(OwnExtension extension)
    {
        yield return new JsonObject
        {
            ["id"] = "Extension",
            ["path"] = "Extension",
            ["short"] = extension.Title,
            ["definition"] = extension.Meaning,
            ["min"] = 0,
            ["max"] = extension.Repeats ? "*" : "1",
        };
        if (!extension.IsComplex)
        {
            yield return None("Extension", "extension");
            yield return Url("Extension", extension.Url);
            yield return Value("Extension", extension.Values[0]);
            yield break;
        }

        foreach (var part in extension.Values.SelectMany(Part))
            yield return part;
        yield return Url("Extension", extension.Url);
        yield return None("Extension", "value[x]");
    }

    private static IEnumerable<JsonObject> Part(OwnValue part)
    {
        var id = $"Extension.extension:{part.Name}";
        yield return new JsonObject
        {
            ["id"] = id,
            ["path"] = "Extension.extension",
            ["sliceName"] = part.Name,
            ["short"] = part.Meaning,
            ["min"] = part.IsRequired ? 1 : 0,
            ["max"] = "1",
        };
        yield return None(id, "extension");
        yield return Url(id, part.Name);
        yield return Value(id, part);
    }

    private static JsonObject Url(string of, string url) =>
        new()
        {
            ["id"] = $"{of}.url",
            ["path"] = $"{PathOf(of)}.url",
            ["fixedUri"] = url,
        };

    private static JsonObject None(string of, string element) =>
        new()
        {
            ["id"] = $"{of}.{element}",
            ["path"] = $"{PathOf(of)}.{element}",
            ["max"] = "0",
        };

    private static JsonObject Value(string of, OwnValue value)
    {
        var type = new JsonObject { ["code"] = value.Type };
        if (value.Targets.Length > 0)
            type["targetProfile"] = new JsonArray([.. value.Targets.Select(t => JsonValue.Create(Core + t))]);
        var element = new JsonObject
        {
            ["id"] = $"{of}.value[x]",
            ["path"] = $"{PathOf(of)}.value[x]",
            ["short"] = value.Meaning,
            ["min"] = 1,
            ["type"] = new JsonArray(type),
        };
        if (value.ValueSet is { } codes)
            element["binding"] = new JsonObject { ["strength"] = "required", ["valueSet"] = codes };
        return element;
    }

    /// <summary>The path of an element knows no slices.</summary>
    internal static string PathOf(string id) => string.Join('.', id.Split('.').Select(step => step.Split(':')[0]));
}
