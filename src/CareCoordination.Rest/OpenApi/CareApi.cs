using CareCoordination.Application.Definitions;
using CareCoordination.Rest.Routing;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace CareCoordination.Rest.OpenApi;

/// <summary>
/// The OpenAPI document, made from the same table that routes and the same definitions that validate, when it is asked for first.
/// </summary>
public sealed class CareApi : ISwaggerProvider
{
    public const string DocumentName = "v1";

    private readonly Lazy<OpenApiDocument> _document;

    public CareApi(FhirDefinitions definitions, InteractionTable table) =>
        _document = new Lazy<OpenApiDocument>(() => Build(definitions, table));

    public OpenApiDocument GetSwagger(string documentName, string? host = null, string? basePath = null) =>
        documentName == DocumentName ? _document.Value : throw new UnknownSwaggerDocument(documentName, [DocumentName]);

    private static OpenApiDocument Build(FhirDefinitions definitions, InteractionTable table)
    {
        var document = new OpenApiDocument
        {
            Info = new OpenApiInfo
            {
                Title = "CareCoordination",
                Version = typeof(CareApi).Assembly.GetName().Version!.ToString(3),
                Description =
                    "FHIR R4 for care coordination. The resources of care coordination have typed paths; every other type of R4 is served by the paths with {type}. "
                    + "Any primitive element may be accompanied by its id and extensions under the same name with an underscore in front."
                    + " Every body is also taken and answered as FHIR XML, by Content-Type, Accept or _format, which this document does not repeat.",
            },
            Paths = [],
            Components = new OpenApiComponents(),
        };
        var schemas = new SchemaComponents(document);
        var paths = new PathBuilder(document, schemas, definitions);
        var types = CareTypes.All.Select(name => definitions.Schema[name]).ToList();
        document.Tags = new HashSet<OpenApiTag>(
            new[] { "System", "Any resource" }.Concat(CareTypes.All).Select(name => new OpenApiTag { Name = name })
        );
        document.Components.Responses = new Dictionary<string, IOpenApiResponse>(StringComparer.Ordinal)
        {
            ["NotThere"] = paths.Response(
                "404 where it never was, 410 where it was deleted; the OperationOutcome says what to do.",
                schemas.Of(definitions.Schema["OperationOutcome"])
            ),
            ["Refused"] = paths.Response(
                "4xx: nothing was changed; the OperationOutcome says where the request is wrong and what to do.",
                schemas.Of(definitions.Schema["OperationOutcome"])
            ),
        };

        foreach (var row in table.All)
        {
            if (!row.Template.Contains("{type}", StringComparison.Ordinal))
                paths.Add(row, type: null);
        }

        foreach (var type in types.Prepend(null))
        {
            foreach (var row in table.All)
            {
                if (row.Template.Contains("{type}", StringComparison.Ordinal))
                    paths.Add(row, type);
            }
        }

        document.Components.Schemas = schemas.All;
        return document;
    }
}
