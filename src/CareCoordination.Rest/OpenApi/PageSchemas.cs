using System.Text.Json.Nodes;

namespace CareCoordination.Rest.OpenApi;

/// <summary>
/// Makes a document light enough for Swagger UI, which resolves all that an operation leads to before it opens it: from one resource of FHIR
/// everything can be reached, a hundred thousand times over. Here schemas are one level deep, and refusals are named together.
/// </summary>
internal static class PageSchemas
{
    private const string Reference = "$ref";

    public static void Flatten(JsonObject document)
    {
        foreach (var (_, schema) in document["components"]!["schemas"]!.AsObject())
            FlattenBelow(schema!);
        foreach (var (_, path) in document["paths"]!.AsObject())
        {
            foreach (var (_, operation) in path!.AsObject())
                NameRefusals(operation!["responses"]!.AsObject());
        }

        document["components"]!.AsObject().Remove("responses");
    }

    private static void FlattenBelow(JsonNode schema)
    {
        if (schema is JsonObject properties)
        {
            foreach (var (name, value) in properties.ToList())
            {
                if (value is JsonObject reference && reference.ContainsKey(Reference))
                    properties[name] = Named((string)reference[Reference]!);
                else if (value is not null)
                    FlattenBelow(value);
            }
        }
        else if (schema is JsonArray items)
        {
            foreach (var item in items.OfType<JsonNode>())
                FlattenBelow(item);
        }
    }

    private static JsonObject Named(string reference) =>
        new() { ["type"] = "object", ["title"] = reference[(reference.LastIndexOf('/') + 1)..] };

    private static void NameRefusals(JsonObject responses)
    {
        string[] refusals = [.. responses.Where(r => r.Value![Reference] is not null).Select(r => r.Key)];
        foreach (var status in refusals)
            responses.Remove(status);
        responses["default"] = new JsonObject
        {
            ["description"] =
                $"Refused with {string.Join(", ", refusals)}: the OperationOutcome says why, and what to do.",
        };
    }
}
