using System.Text.Json.Nodes;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Application.Definitions;

/// <summary>
/// All elements of an extension, with what R4's definition of Extension says of them: for a reader that does not put a differential over
/// its base. https://hl7.org/fhir/R4/structuredefinition.html#snapshot
/// </summary>
internal static class ExtensionSnapshot
{
    private const string Primitive = "http://hl7.org/fhirpath/System.String";
    private const string PrimitiveType = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";

    /// <param name="differential">What the extension says itself, each element by its id.</param>
    public static IEnumerable<JsonObject> Of(
        OwnExtension extension,
        IReadOnlyDictionary<string, JsonObject> differential
    )
    {
        yield return Root(differential["Extension"]);
        yield return Id("Extension");
        yield return Parts("Extension", extension);
        foreach (var part in extension.IsComplex ? extension.Values : [])
        {
            var id = $"Extension.extension:{part.Name}";
            yield return Over(Extension(id, "Extension", 0, "*"), differential[id]);
            yield return Id(id);
            yield return Over(Extension($"{id}.extension", "Element", 0, "0"), differential[$"{id}.extension"]);
            yield return Over(Url(id), differential[$"{id}.url"]);
            yield return Over(Value(id), differential[$"{id}.value[x]"]);
        }

        yield return Over(Url("Extension"), differential["Extension.url"]);
        yield return Over(Value("Extension"), differential["Extension.value[x]"]);
    }

    private static JsonObject Root(JsonObject own)
    {
        var root = Over(Element("Extension", "Extension", 0, "*"), own);
        root["condition"] = new JsonArray("ele-1");
        root["constraint"] = new JsonArray(
            Constraint(
                "ele-1",
                "All FHIR elements must have a @value or children",
                "hasValue() or (children().count() > id.count())"
            ),
            Constraint(
                "ext-1",
                "Must have either extensions or value[x], not both",
                "extension.exists() != value.exists()"
            )
        );
        root["isModifier"] = false;
        return root;
    }

    /// <summary>How parts are told apart; of a value there are none.</summary>
    private static JsonObject Parts(string of, OwnExtension extension)
    {
        var required = extension.IsComplex ? extension.Values.Count(v => v.IsRequired) : 0;
        var parts = Extension($"{of}.extension", "Element", required, extension.IsComplex ? "*" : "0");
        parts["slicing"] = new JsonObject
        {
            ["discriminator"] = new JsonArray(new JsonObject { ["type"] = "value", ["path"] = "url" }),
            ["description"] = "Extensions are always sliced by (at least) url",
            ["rules"] = "open",
        };
        return parts;
    }

    private static JsonObject Extension(string id, string baseType, int min, string max)
    {
        var element = Element(id, "Element.extension", min, max);
        element["short"] = baseType == "Element" ? "Additional content defined by implementations" : "Part";
        element["definition"] = "Extensions that are part of this one.";
        element["base"] = Base("Element.extension", 0, "*");
        element["type"] = new JsonArray(new JsonObject { ["code"] = "Extension" });
        return element;
    }

    private static JsonObject Id(string of)
    {
        var element = Element($"{of}.id", "Element.id", 0, "1");
        element["representation"] = new JsonArray("xmlAttr");
        element["short"] = "Unique id for inter-element referencing";
        element["definition"] = "Unique id for the element within a resource (for internal references).";
        element["type"] = new JsonArray(PlainType("string"));
        return element;
    }

    private static JsonObject Url(string of)
    {
        var element = Element($"{of}.url", "Extension.url", 1, "1");
        element["representation"] = new JsonArray("xmlAttr");
        element["short"] = "identifies the meaning of the extension";
        element["definition"] = "Source of the definition for the extension code - a logical name or a URL.";
        element["type"] = new JsonArray(PlainType("uri"));
        return element;
    }

    private static JsonObject Value(string of)
    {
        var element = Element($"{of}.value[x]", "Extension.value[x]", 0, "1");
        element["short"] = "Value of extension";
        element["definition"] = "Value of extension - of the type that the extension has.";
        return element;
    }

    private static JsonObject Element(string id, string of, int min, string max) =>
        new()
        {
            ["id"] = id,
            ["path"] = ExtensionDefinition.PathOf(id),
            ["min"] = min,
            ["max"] = max,
            ["base"] = Base(of, of == "Extension.url" ? 1 : 0, of is "Extension" ? "*" : "1"),
        };

    private static JsonObject Base(string path, int min, string max) =>
        new()
        {
            ["path"] = path,
            ["min"] = min,
            ["max"] = max,
        };

    private static JsonObject PlainType(string type) =>
        new()
        {
            ["extension"] = new JsonArray(new JsonObject { ["url"] = PrimitiveType, ["valueUrl"] = type }),
            ["code"] = Primitive,
        };

    private static JsonObject Constraint(string key, string human, string expression) =>
        new()
        {
            ["key"] = key,
            ["severity"] = "error",
            ["human"] = human,
            ["expression"] = expression,
        };

    /// <summary>The base with what the extension says of the element instead; what it says in short it says of the meaning too.</summary>
    private static JsonObject Over(JsonObject element, JsonObject own)
    {
        foreach (var (name, value) in own)
            element[name] = value?.DeepClone();
        if (!own.ContainsKey("definition") && own["short"] is { } meaning)
            element["definition"] = meaning.DeepClone();
        return element;
    }
}
