using CareCoordination.Application.Definitions;
using CareCoordination.Rest.Routing;
using Microsoft.OpenApi;

namespace CareCoordination.Rest.OpenApi;

/// <summary>One document, put together.</summary>
internal static class ApiDocument
{
    private const string Common =
        " Search parameters also take modifiers and chains (`name:exact`, `subject:Patient.organization.name`, `_has:Observation:patient:code`), which OpenAPI has no words for."
        + " Any primitive element may be accompanied by its id and extensions under the same name with an underscore in front."
        + " `nullable` says that a property may be left out; FHIR's JSON has no nulls."
        + " Every body is also taken and answered as FHIR XML, by Content-Type, Accept or _format, which this document does not repeat."
        + " The example of `POST /fhir` stores what all other examples are about: execute it first.";

    private const string OfCare =
        "FHIR R4 for care coordination: the resources of care with typed paths. Every other type of R4 is served too, by the paths of the document \"Any resource\" (/swagger/any/swagger.json).";

    private const string OfAny =
        "FHIR R4 for care coordination: the paths of any type of resource. Those of care are typed in the other document (/swagger/v1/swagger.json).";

    /// <param name="root">The address of the server.</param>
    public static string Print(FhirDefinitions definitions, InteractionTable table, bool isTyped, string root)
    {
        var document = Start(isTyped, root);
        var schemas = new SchemaComponents(document, definitions.Schema);
        var examples = new ApiExamples();
        var answers = new AnswerDescriptions(document, schemas, examples);
        var queries = new QueryDescriptions(document, definitions, examples);
        var operations = new OperationSchemas(schemas, definitions.Schema);
        var requests = new RequestDescriptions(schemas, operations, queries, examples);
        var tags = AddPaths(new PathBuilder(document, requests, answers, examples), definitions, table, isTyped);
        if (isTyped)
            Hl7Path.Add(document, schemas);
        document.Tags = tags.Select(tag => new OpenApiTag { Name = tag, Description = ApiTags.Describe(tag) })
            .ToHashSet();
        document.Components!.Parameters = queries.Components;
        document.Components.Responses = answers.Components();
        document.Components.Headers = AnswerHeaders.Components(isTyped);
        document.Components.Schemas = schemas.All;
        using var text = new StringWriter { NewLine = "\n" };
        document.SerializeAsV3(new OpenApiJsonWriter(text));
        return text.ToString();
    }

    private static OpenApiDocument Start(bool isTyped, string root) =>
        new()
        {
            Info = new OpenApiInfo
            {
                Title = isTyped ? "CareCoordination" : "CareCoordination, any resource",
                Version = typeof(CareApi).Assembly.GetName().Version!.ToString(3),
                Description = (isTyped ? OfCare : OfAny) + Common,
                License = new OpenApiLicense
                {
                    Name = "Apache-2.0",
                    Url = new Uri("https://www.apache.org/licenses/LICENSE-2.0"),
                },
            },
            Servers = [new OpenApiServer { Url = root, Description = "This server." }],
            Paths = [],
            Components = new OpenApiComponents(),
        };

    /// <returns>The tags, in the order in which they are shown.</returns>
    private static List<string> AddPaths(
        PathBuilder paths,
        FhirDefinitions definitions,
        InteractionTable table,
        bool isTyped
    )
    {
        // With a variable for its type, a search in a compartment has the shape of other paths, which OpenAPI cannot tell apart.
        var inCompartment = table.All.Single(row => row.Code == "search-compartment");
        var described = table.All.Remove(inCompartment);
        var general = described.Where(row => row.Template.Contains("{type}", StringComparison.Ordinal)).ToList();
        if (!isTyped)
        {
            foreach (var row in general)
                paths.Add(row, type: null);
            return [ApiTags.AnyResource];
        }

        foreach (var row in described.Except(general))
            paths.Add(row, type: null);
        foreach (var type in CareTypes.All.Keys.Select(name => definitions.Schema[name]))
        {
            foreach (var row in general)
                paths.Add(row, type);
            if (!definitions.SearchParameters.PatientCompartment(type.Name).IsEmpty)
                paths.Add(inCompartment, type);
        }

        return [ApiTags.System, .. CareTypes.All.Keys];
    }
}
