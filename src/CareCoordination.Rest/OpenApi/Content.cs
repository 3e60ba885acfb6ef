using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace CareCoordination.Rest.OpenApi;

/// <summary>The small parts that descriptions are made of.</summary>
internal static class Content
{
    public const string FhirJson = "application/fhir+json";

    public static Dictionary<string, IOpenApiMediaType> Of(
        string mediaType,
        IOpenApiSchema schema,
        JsonNode? example = null
    ) =>
        new(StringComparer.Ordinal)
        {
            [mediaType] = new OpenApiMediaType { Schema = schema, Example = example },
        };

    public static Dictionary<string, IOpenApiMediaType> Fhir(IOpenApiSchema schema, JsonNode? example = null) =>
        Of(FhirJson, schema, example);

    public static OpenApiParameter Query(string name, string description, JsonNode? example = null) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Query,
            Description = description,
            Example = example,
            Schema = Text(),
        };

    /// <summary>One that may be given several times, each time as a parameter of its own.</summary>
    public static OpenApiParameter Repeated(string name, string description, JsonNode? example = null) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Query,
            Description = description,
            Style = ParameterStyle.Form,
            Explode = true,
            Example = example is null ? null : new JsonArray(example),
            Schema = Texts(),
        };

    /// <param name="example">What has to be sent; null: nothing has to.</param>
    public static OpenApiParameter Header(string name, string description, string? example = null) =>
        new()
        {
            Name = name,
            Example = example,
            Required = example is not null,
            In = ParameterLocation.Header,
            Description = description,
            Schema = Text(),
        };

    public static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    public static OpenApiSchema Texts() => new() { Type = JsonSchemaType.Array, Items = Text() };
}
