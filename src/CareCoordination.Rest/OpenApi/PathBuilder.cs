using CareCoordination.Fhir.Schema;
using CareCoordination.Rest.Http;
using CareCoordination.Rest.Routing;
using Microsoft.OpenApi;

namespace CareCoordination.Rest.OpenApi;

/// <summary>Paths of the rows of the <see cref="InteractionTable"/>.</summary>
internal sealed class PathBuilder(
    OpenApiDocument document,
    RequestDescriptions requests,
    AnswerDescriptions answers,
    ApiExamples examples
)
{
    /// <summary>Adds a row for one type; for any type where <paramref name="type"/> is null.</summary>
    public void Add(InteractionDefinition row, TypeDefinition? type)
    {
        var template = type is null
            ? row.Template
            : row.Template.Replace("{type}", type.Name, StringComparison.Ordinal);
        var path = $"{FhirEndpoints.BasePath}/{template}".TrimEnd('/');
        if (!document.Paths.TryGetValue(path, out var item))
            document.Paths[path] = item = new OpenApiPathItem { Operations = [] };
        item.Operations![new HttpMethod(row.Method)] = Describe(row, type);
    }

    /// <summary>The tag of a row.</summary>
    public static string Tag(InteractionDefinition row, TypeDefinition? type) =>
        row.OnlyType
        ?? type?.Name
        ?? (row.Template.Contains("{type}", StringComparison.Ordinal) ? ApiTags.AnyResource : ApiTags.System);

    private OpenApiOperation Describe(InteractionDefinition row, TypeDefinition? type)
    {
        var tag = Tag(row, type);
        return new OpenApiOperation
        {
            OperationId = OperationId(row, tag, type),
            Summary =
                row.Operation?.Description
                ?? OperationText.Of(row.Code, row.Method, row.Template, type is null ? "a resource" : $"a {type.Name}"),
            Description = examples.Before(row),
            Tags = new HashSet<OpenApiTagReference> { new(tag, document) },
            Parameters = [.. requests.Parameters(row, type)],
            RequestBody = requests.Body(row, type),
            Responses = answers.Of(row, type),
        };
    }

    /// <summary>A name that client generators can make a method of: <c>read-CarePlan</c>, <c>conditional-update-Goal</c>.</summary>
    private static string OperationId(InteractionDefinition row, string tag, TypeDefinition? type)
    {
        var hasId = row.Template.Contains("{id}", StringComparison.Ordinal);
        var name = row.Code switch
        {
            "update" or "patch" or "delete" when !hasId => $"conditional-{row.Code}",
            // Its tag is the type of the compartment.
            _ when row.Template.Contains("{id}/{type}", StringComparison.Ordinal) =>
                $"{row.Code}-{type?.Name ?? "any"}",
            _ when row.TakesForm => $"{row.Code}-by-form",
            _ when row.IsOperation => $"{row.Code[1..]}{(hasId ? "-instance" : "")}-{row.Method.ToLowerInvariant()}",
            _ => row.Code,
        };
        return $"{name}-{tag.Replace(' ', '-')}";
    }
}
