using System.Text.Json.Nodes;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Schema;
using CareCoordination.Rest.Routing;
using Microsoft.OpenApi;

namespace CareCoordination.Rest.OpenApi;

/// <summary>What a row takes: the parts of its address, its query, its headers and its body, each with an example.</summary>
internal sealed class RequestDescriptions(
    SchemaComponents schemas,
    OperationSchemas operations,
    QueryDescriptions queries,
    ApiExamples examples
)
{
    private const string Preferences = "return=minimal, return=representation or return=OperationOutcome.";

    private static readonly (ConditionKinds Kind, string Name, string Text)[] ConditionTexts =
    [
        (
            ConditionKinds.IfMatch,
            "If-Match",
            "W/\"version\": the version that is meant. Where it is no longer the current one the answer is 412."
        ),
        (
            ConditionKinds.IfNoneMatch,
            "If-None-Match",
            "W/\"version\": of a read, the version at hand, 304 where it is the current one; of an update, * to create only."
        ),
        (ConditionKinds.IfModifiedSince, "If-Modified-Since", "The Last-Modified at hand; 304 where it is not older."),
        (
            ConditionKinds.IfNoneExist,
            "If-None-Exist",
            "Search criteria: where they find a resource, that one is the answer and nothing is created."
        ),
        (
            ConditionKinds.IdempotencyKey,
            "Idempotency-Key",
            "A text of your own for this request: sent again with it, the request gets the first answer and does nothing."
        ),
    ];

    public IEnumerable<IOpenApiParameter> Parameters(InteractionDefinition row, TypeDefinition? type) =>
        [.. OfPath(row, type), .. queries.Of(row, type), .. Headers(row)];

    public OpenApiRequestBody? Body(InteractionDefinition row, TypeDefinition? type) =>
        !row.HasBody ? null
        : row.Code == "patch" ? Patch(type?.Name ?? ApiExamples.AnyType)
        : row.TakesForm
            ? new OpenApiRequestBody
            {
                Content = Content.Of(
                    "application/x-www-form-urlencoded",
                    Form(type),
                    new JsonObject { ["_count"] = "10" }
                ),
            }
        : row.Operation is { } operation
            ? new OpenApiRequestBody
            {
                Description = OperationText.Of(operation),
                Required = operation.NeedsBody,
                Content = Content.Fhir(operations.Of(operation), examples.Parameters(row)),
            }
        : new OpenApiRequestBody
        {
            Required = row.Code != "$everything",
            Content = row.Code switch
            {
                "transaction" => Content.Fhir(schemas.Of(ResourceTypes.Bundle), examples.Transaction()),
                "$process-message" => Content.Fhir(schemas.Of(ResourceTypes.Bundle), ApiExamples.Message()),
                "$everything" => Content.Fhir(
                    schemas.Of("Parameters"),
                    new JsonObject { ["resourceType"] = "Parameters" }
                ),
                _ => Content.Fhir(schemas.Of(type?.Name ?? "Resource"), Resource(row, type)),
            },
        };

    private IEnumerable<IOpenApiParameter> OfPath(InteractionDefinition row, TypeDefinition? type) =>
        row
            .Template.Split('/')
            .Where(s => s.StartsWith('{') && (type is null || s != "{type}"))
            .Select(segment =>
            {
                var name = segment.Trim('{', '}');
                return new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Path,
                    Required = true,
                    Schema = Content.Text(),
                    Example = name switch
                    {
                        "id" => examples.Id(row),
                        "vid" => "1",
                        _ => ApiExamples.AnyType,
                    },
                };
            });

    private static IEnumerable<IOpenApiParameter> Headers(InteractionDefinition row)
    {
        foreach (var (kind, name, text) in ConditionTexts)
        {
            if (row.Conditions.HasFlag(kind))
                yield return Content.Header(name, text);
        }

        if (row.Code is "create" or "update" or "patch" || row.Operation?.AffectsState is true)
            yield return Content.Header("Prefer", Preferences);
        if (row is { Operation: { AnswersLater: true, AffectsState: false }, Method: not "DELETE" })
            yield return Content.Header(
                "Prefer",
                "respond-async: the work goes on after the answer. handling=lenient as well has what is not offered passed over.",
                "respond-async"
            );
    }

    private JsonObject? Resource(InteractionDefinition row, TypeDefinition? type)
    {
        var name = type?.Name ?? ApiExamples.AnyType;
        return row.Code == "create" ? examples.New(name) : examples.Stored(name);
    }

    private OpenApiRequestBody Patch(string type) =>
        new()
        {
            Description =
                "A JSON Patch (RFC 6902), or a FHIRPath Patch: a Parameters with a parameter 'operation' for each step.",
            Required = true,
            Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal)
            {
                [PatchBody.JsonPatchType] = new OpenApiMediaType
                {
                    Schema = schemas.Component("JsonPatch", JsonPatch),
                    Example = ApiExamples.JsonPatch(),
                },
                [Content.FhirJson] = new OpenApiMediaType
                {
                    Schema = schemas.Of("Parameters"),
                    Example = ApiExamples.PathPatch(type),
                },
            },
        };

    private OpenApiSchema JsonPatch() =>
        new() { Type = JsonSchemaType.Array, Items = schemas.Component("JsonPatchStep", JsonPatchStep) };

    /// <summary>https://www.rfc-editor.org/rfc/rfc6902#section-4</summary>
    private static OpenApiSchema JsonPatchStep() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string>(StringComparer.Ordinal) { "op", "path" },
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["op"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Enum =
                    [
                        .. new[] { "add", "remove", "replace", "move", "copy", "test" }.Select(o =>
                            JsonValue.Create(o)
                        ),
                    ],
                },
                ["path"] = Content.Text(),
                ["from"] = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null },
                ["value"] = new OpenApiSchema { Description = "Anything." },
            },
        };

    private IOpenApiSchema Form(TypeDefinition? type) =>
        schemas.Component(
            $"{type?.Name ?? "Any"}SearchForm",
            () =>
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = queries
                        .Names(type)
                        .ToDictionary(
                            name => name,
                            IOpenApiSchema (_) =>
                                new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null },
                            StringComparer.Ordinal
                        ),
                }
        );
}
