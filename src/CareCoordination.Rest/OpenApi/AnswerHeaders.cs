using Microsoft.OpenApi;

namespace CareCoordination.Rest.OpenApi;

/// <summary>The headers that answers have, as components.</summary>
internal sealed class AnswerHeaders(OpenApiDocument document)
{
    /// <summary>Of one version of a resource.</summary>
    public static readonly string[] OfVersion = ["ETag", "Last-Modified"];

    /// <summary>Of a version that was made.</summary>
    public static readonly string[] OfWrite = [.. OfVersion, "Location", "Content-Location"];

    private static readonly (string Name, string Text, JsonSchemaType Type)[] All =
    [
        ("ETag", "The version, as If-Match takes it: W/\"3\".", JsonSchemaType.String),
        ("Last-Modified", "When the version was made, as a date of HTTP.", JsonSchemaType.String),
        ("Location", "The address of the version that was made.", JsonSchemaType.String),
        (
            "Content-Location",
            "The address of what is answered, or of the state of work that goes on.",
            JsonSchemaType.String
        ),
        ("Retry-After", "After how many seconds to ask again.", JsonSchemaType.Integer),
        ("X-Progress", "How far the work is, for people.", JsonSchemaType.String),
    ];

    /// <param name="isWithOperations">False where nothing goes on after its request.</param>
    public static Dictionary<string, IOpenApiHeader> Components(bool isWithOperations) =>
        All.Where(h => isWithOperations || h.Name != "X-Progress")
            .ToDictionary(
                h => h.Name,
                h =>
                    (IOpenApiHeader)
                        new OpenApiHeader
                        {
                            Description = h.Text,
                            Schema = new OpenApiSchema { Type = h.Type },
                        },
                StringComparer.Ordinal
            );

    public Dictionary<string, IOpenApiHeader>? Of(params ReadOnlySpan<string> names)
    {
        if (names.IsEmpty)
            return null;
        var headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
        foreach (var name in names)
            headers[name] = new OpenApiHeaderReference(name, document);
        return headers;
    }
}
