using System.Text.Json.Nodes;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search;
using CareCoordination.Rest.Routing;
using Microsoft.OpenApi;

namespace CareCoordination.Rest.OpenApi;

/// <summary>The parameters of a row's URL.</summary>
internal sealed class QueryDescriptions(OpenApiDocument document, FhirDefinitions definitions, ApiExamples examples)
{
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["_format"] = "json or xml, instead of Accept.",
        ["_pretty"] = "true: indented, for people.",
        ["_summary"] = "true, text, data, count or false: which part is wanted.",
        ["_elements"] = "Only these elements, with commas between.",
        ["mode"] = "What is asked for.",
        ["profile"] = "The canonical of a profile.",
        ["_since"] = "Only what changed since this instant.",
        ["_count"] = "How many a page.",
        ["_type"] = "Only these types, with commas between.",
        ["_sort"] = "Parameters to sort by, with commas between; descending with a minus in front.",
        ["_total"] = "none, estimate or accurate.",
    };

    private readonly Dictionary<string, IOpenApiParameter> _components = new(StringComparer.Ordinal);

    /// <summary>The search parameters, which several interactions of a type take.</summary>
    public IDictionary<string, IOpenApiParameter> Components =>
        new SortedDictionary<string, IOpenApiParameter>(_components, StringComparer.Ordinal);

    public IEnumerable<IOpenApiParameter> Of(InteractionDefinition row, TypeDefinition? type) =>
        row.Operation is { } operation ? OfOperation(row, operation)
        : IsByCriteria(row) ? Criteria(type, JsonValue.Create("sample"))
        : row.Code switch
        {
            "search-type" or "search-compartment" when !row.TakesForm => Search(type),
            "history-instance" or "history-type" or "history-system" => Known(
                "_since",
                "_count",
                "_summary",
                "_elements"
            ),
            "$everything" => Known("_since", "_type", "_count", "_summary", "_elements"),
            _ => Known([.. row.Parameters ?? []]),
        };

    /// <summary>What a form of a search may hold.</summary>
    public IEnumerable<string> Names(TypeDefinition? type) =>
        [
            "_id",
            "_lastUpdated",
            .. (type is null ? [] : definitions.SearchParameters.Of(type.Name)).Select(p => p.Code),
            "_include",
            "_revinclude",
            "_sort",
            "_count",
            "_total",
            "_summary",
            "_elements",
        ];

    private IEnumerable<IOpenApiParameter> Search(TypeDefinition? type) =>
        [
            .. Criteria(type, example: null),
            Content.Repeated(
                "_include",
                "Also what the matches refer to: Type:parameter. As _include:iterate also what the included resources refer to."
            ),
            Content.Repeated(
                "_revinclude",
                "Also what refers to the matches: Type:parameter. As _revinclude:iterate also what refers to the included resources."
            ),
            .. Known("_sort", "_count", "_total", "_summary", "_elements"),
        ];

    private static bool IsByCriteria(InteractionDefinition row) =>
        row.Template == "{type}"
        && row.Code is "update" or "patch" or "delete"
        && !row.Template.Contains("{id}", StringComparison.Ordinal);

    private static IEnumerable<IOpenApiParameter> Known(params IEnumerable<string> names) =>
        names.Select(name => Content.Query(name, Texts[name]));

    private IEnumerable<IOpenApiParameter> OfOperation(InteractionDefinition row, Operation operation) =>
        row.Method != "GET"
            ? []
            : operation
                .Parameters.Where(p => p.Name != operation.ChangesBy)
                .Select(p =>
                    p.IsRepeatable
                        ? Content.Repeated(p.Name, p.Documentation, examples.InQuery(row, p))
                        : Content.Query(p.Name, p.Documentation, examples.InQuery(row, p))
                );

    /// <summary>Each may be repeated: all have to be met. Commas within one are alternatives.</summary>
    /// <param name="example">The id that is looked for; null: none.</param>
    private IEnumerable<IOpenApiParameter> Criteria(TypeDefinition? type, JsonNode? example)
    {
        yield return Content.Repeated("_id", "token", example);
        yield return Content.Repeated("_lastUpdated", "date");
        foreach (var parameter in type is null ? [] : definitions.SearchParameters.Of(type.Name))
        {
            var name = NameOf(type!, parameter);
            _components.TryAdd(name, Content.Repeated(parameter.Code, Describe(parameter)));
            yield return new OpenApiParameterReference(name, document);
        }
    }

    /// <summary>
    /// What every type takes is one component, <c>Resource-source</c> for <c>_source</c>: some generators leave the underscore out of a name, and
    /// a type may have a <c>source</c> of its own.
    /// </summary>
    private static string NameOf(TypeDefinition type, SearchParameter parameter) =>
        parameter.Code.StartsWith('_') ? $"Resource-{parameter.Code[1..]}" : $"{type.Name}-{parameter.Code}";

    private static string Describe(SearchParameter parameter) =>
        parameter.Targets.IsEmpty || parameter.Targets.Length > 12
            ? parameter.Type.ToString().ToLowerInvariant()
            : $"{parameter.Type.ToString().ToLowerInvariant()} to {string.Join(", ", parameter.Targets)}";
}
