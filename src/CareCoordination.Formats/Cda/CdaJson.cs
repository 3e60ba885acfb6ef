using System.Text.Json.Nodes;

namespace CareCoordination.Formats.Cda;

/// <summary>JSON without what is empty: FHIR has no empty objects, arrays and strings.</summary>
internal static class CdaJson
{
    public static JsonObject? Of(params ReadOnlySpan<(string Name, JsonNode? Value)> parts)
    {
        var made = new JsonObject();
        foreach (var (name, value) in parts)
        {
            if (value is not null)
                made[name] = value;
        }

        return made.Count == 0 ? null : made;
    }

    public static JsonArray? Array(IEnumerable<JsonNode?> items)
    {
        var made = new JsonArray([.. items.Where(i => i is not null)]);
        return made.Count == 0 ? null : made;
    }

    public static JsonObject Concept(string system, string code) =>
        new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }) };

    public static JsonObject Reference(string fullUrl) => new() { ["reference"] = fullUrl };
}
