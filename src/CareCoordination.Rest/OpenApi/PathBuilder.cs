using CareCoordination.Application.Definitions;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Jobs;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search;
using CareCoordination.Rest.Routing;
using Microsoft.OpenApi;

namespace CareCoordination.Rest.OpenApi;

/// <summary>Paths of the rows of the <see cref="InteractionTable"/>: typed for care resources, general for all others.</summary>
internal sealed class PathBuilder(OpenApiDocument document, SchemaComponents schemas, FhirDefinitions definitions)
{
    public const string FhirJson = "application/fhir+json";

    private static readonly string[] Versioned = ["read", "vread", "create", "update"];

    /// <summary>Adds a row for one type; for any type where <paramref name="type"/> is null.</summary>
    public void Add(InteractionDefinition row, TypeDefinition? type)
    {
        var template = type is null
            ? row.Template
            : row.Template.Replace("{type}", type.Name, StringComparison.Ordinal);
        var path = $"/fhir/{template}".TrimEnd('/');
        if (!document.Paths.TryGetValue(path, out var item))
            document.Paths[path] = item = new OpenApiPathItem { Operations = [] };
        item.Operations![new HttpMethod(row.Method)] = Describe(row, type);
    }

    private OpenApiOperation Describe(InteractionDefinition row, TypeDefinition? type)
    {
        var isOnType = row.Template.Contains("{type}", StringComparison.Ordinal) || row.OnlyType is not null;
        var tag = row.OnlyType ?? type?.Name ?? (isOnType ? "Any resource" : "System");
        return new OpenApiOperation
        {
            OperationId = OperationId(row, tag),
            Summary =
                row.Operation?.Description
                ?? OperationText.Of(row.Code, row.Method, row.Template, type is null ? "a resource" : $"a {type.Name}"),
            Tags = new HashSet<OpenApiTagReference> { new(tag, document) },
            Parameters = [.. Parameters(row, type)],
            RequestBody = row.HasBody ? Body(row, type) : null,
            Responses = Responses(row, type),
        };
    }

    /// <summary>A name that client generators can make a method of: <c>read-CarePlan</c>, <c>conditional-update-Goal</c>.</summary>
    private static string OperationId(InteractionDefinition row, string tag)
    {
        var hasId = row.Template.Contains("{id}", StringComparison.Ordinal);
        var name = row.Code switch
        {
            "update" or "patch" or "delete" when !hasId => $"conditional-{row.Code}",
            _ when row.TakesForm => $"{row.Code}-by-form",
            _ when row.IsOperation => $"{row.Code[1..]}{(hasId ? "-instance" : "")}-{row.Method.ToLowerInvariant()}",
            _ => row.Code,
        };
        return $"{name}-{tag.Replace(' ', '-')}";
    }

    private IEnumerable<IOpenApiParameter> Parameters(InteractionDefinition row, TypeDefinition? type)
    {
        foreach (
            var segment in row.Template.Split('/').Where(s => s.StartsWith('{') && (type is null || s != "{type}"))
        )
            yield return new OpenApiParameter
            {
                Name = segment.Trim('{', '}'),
                In = ParameterLocation.Path,
                Required = true,
                Schema = Text(),
            };

        foreach (var parameter in row.Operation is { } operation ? Parameters(operation, row.Method) : [])
            yield return parameter;
        switch (row.Code)
        {
            case "create":
                yield return Header(
                    "If-None-Exist",
                    "Search criteria: where they find a resource, that one is the answer and nothing is created."
                );
                yield return Header("Prefer", "return=minimal, return=representation or return=OperationOutcome.");
                break;
            case "update" or "patch":
                yield return Header(
                    "If-Match",
                    "W/\"version\": the version that the change was made from. Where it is no longer the current one the answer is 412."
                );
                yield return Header("Prefer", "return=minimal, return=representation or return=OperationOutcome.");
                break;
            case "read":
                yield return Header(
                    "If-None-Match",
                    "W/\"version\": the version at hand. Where it is the current one the answer is 304."
                );
                break;
            case "search-type" when !row.TakesForm:
                foreach (var parameter in SearchParameters(type))
                    yield return parameter;
                break;
            case "history-instance" or "history-type" or "history-system":
                yield return Query("_since", "Only versions since this instant.");
                yield return Query("_count", "Versions a page.");
                break;
            case "$everything":
                yield return Query("_since", "Only what changed since this instant.");
                yield return Query("_type", "Only these types, with commas between.");
                yield return Query("_count", "Resources a page.");
                break;
            default:
                break;
        }
    }

    private static IEnumerable<IOpenApiParameter> Parameters(Operation operation, string method)
    {
        if (operation.AffectsState)
        {
            if (operation.IsOnInstance)
                yield return Header(
                    "If-Match",
                    "W/\"version\": the version that is meant. Otherwise the answer is 412."
                );
            yield return Header(
                "Idempotency-Key",
                "A text of your own for this request: sent again with it, the request gets the first answer and does nothing."
            );
        }

        foreach (var parameter in method == "GET" ? operation.Parameters : [])
            yield return Query(parameter.Name, parameter.Documentation);
    }

    private IEnumerable<IOpenApiParameter> SearchParameters(TypeDefinition? type)
    {
        yield return Query("_id", "token");
        yield return Query("_lastUpdated", "date");
        foreach (var parameter in type is null ? [] : definitions.SearchParameters.Of(type.Name))
            yield return Query(parameter.Code, Describe(parameter));
        yield return Query("_sort", "Parameters to sort by, with commas between; descending with a minus in front.");
        yield return Query("_count", "Matches a page.");
        yield return Query("_include", "Also what the matches refer to: Type:parameter.");
        yield return Query("_revinclude", "Also what refers to the matches: Type:parameter.");
        yield return Query("_total", "none, estimate or accurate.");
        yield return Query("_summary", "true, text, data, count or false.");
        yield return Query("_elements", "Only these elements, with commas between.");
    }

    private static string Describe(SearchParameter parameter) =>
        parameter.Targets.IsEmpty || parameter.Targets.Length > 12
            ? parameter.Type.ToString().ToLowerInvariant()
            : $"{parameter.Type.ToString().ToLowerInvariant()} to {string.Join(", ", parameter.Targets)}";

    private OpenApiRequestBody Body(InteractionDefinition row, TypeDefinition? type) =>
        row.Code == "patch"
            ? new OpenApiRequestBody
            {
                Description =
                    "A JSON Patch (RFC 6902), or a FHIRPath Patch: a Parameters with a parameter 'operation' for each step.",
                Required = true,
                Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal)
                {
                    [PatchBody.JsonPatchType] = new OpenApiMediaType
                    {
                        Schema = new OpenApiSchema
                        {
                            Type = JsonSchemaType.Array,
                            Items = new OpenApiSchema { Type = JsonSchemaType.Object },
                        },
                    },
                    [FhirJson] = new OpenApiMediaType { Schema = Schema("Parameters") },
                },
            }
        : row.TakesForm
            ? new OpenApiRequestBody
            {
                Content = Content(
                    "application/x-www-form-urlencoded",
                    new OpenApiSchema { Type = JsonSchemaType.Object }
                ),
            }
        : new OpenApiRequestBody
        {
            Description = row.Operation is { } operation ? OperationText.Of(operation) : null,
            Required =
                !row.IsOperation || row.Code is "$validate" or "$process-message" || row.Operation?.NeedsBody is true,
            Content = Content(
                FhirJson,
                row.Code is "transaction" or "$process-message" ? Schema("Bundle")
                    : row.IsOperation && row.Code != "$validate" ? Schema("Parameters")
                    : OfType(type)
            ),
        };

    private OpenApiResponses Responses(InteractionDefinition row, TypeDefinition? type)
    {
        var responses = new OpenApiResponses();
        if (row.Code is "create" or "update")
            responses["201"] = Response("Created; Location names it.", OfType(type));
        if (row.Operation?.AnswersLater is true || row is { Method: "DELETE", Operation: not null })
            responses["202"] = Response(
                "Accepted; the work goes on, or is being given up.",
                Schema("OperationOutcome")
            );
        else if (row.Code is not "delete")
            responses["200"] = Response(
                row.Code == "create" ? "If-None-Exist found this one." : "Done.",
                Answer(row, type)
            );
        else
            responses["204"] = new OpenApiResponse { Description = "Deleted, or not there." };
        if (row.Operation == ShowAsyncStatus.Operation && row.Method != "DELETE")
            responses["202"] = Response("Not done yet; X-Progress says how far it is.", Schema("OperationOutcome"));
        if (row.Code == "read")
            responses["304"] = new OpenApiResponse { Description = "The version at hand is the current one." };
        if (Versioned.Contains(row.Code))
            responses["default"] = new OpenApiResponseReference(
                row.Code is "read" or "vread" ? "NotThere" : "Refused",
                document
            );
        else
            responses["default"] = new OpenApiResponseReference("Refused", document);
        return responses;
    }

    private IOpenApiSchema Answer(InteractionDefinition row, TypeDefinition? type) =>
        row.Code switch
        {
            _ when row.Operation is { } operation => Schema(operation.Answer),
            "capabilities" => Schema("CapabilityStatement"),
            "$validate" => Schema("OperationOutcome"),
            "search-type" or "transaction" or "$everything" or "$process-message" => Schema("Bundle"),
            _ when row.Code.StartsWith("history", StringComparison.Ordinal) => Schema("Bundle"),
            _ => OfType(type),
        };

    public OpenApiResponse Response(string description, IOpenApiSchema schema) =>
        new() { Description = description, Content = Content(FhirJson, schema) };

    private IOpenApiSchema OfType(TypeDefinition? type) => schemas.Of(type ?? definitions.Schema["Resource"]);

    private IOpenApiSchema Schema(string type) => schemas.Of(definitions.Schema[type]);

    private static Dictionary<string, IOpenApiMediaType> Content(string mediaType, IOpenApiSchema schema) =>
        new(StringComparer.Ordinal) { [mediaType] = new OpenApiMediaType { Schema = schema } };

    private static OpenApiParameter Query(string name, string description) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Query,
            Description = description,
            Schema = Text(),
        };

    private static OpenApiParameter Header(string name, string description) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = Text(),
        };

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };
}
