using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareCoordination.Application.Definitions;
using CareCoordination.Rest.Routing;

namespace CareCoordination.Rest.OpenApi;

/// <summary>
/// The OpenAPI documents, made from the same table that routes and the same definitions that validate, when they are asked for first.
/// </summary>
public sealed class CareApi
{
    /// <summary>The resources of care with a path and a schema for each type.</summary>
    public const string Care = "v1";

    /// <summary>
    /// All types by the same paths. In one document with the others nobody could say which of two paths is meant.
    /// </summary>
    public const string AnyType = "any";

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // Where the address of this server stands.
    private const string Mark = "http://base.invalid";

    private readonly Dictionary<string, Lazy<Printed>> _documents;
    private readonly ApiSecurity _security;

    public CareApi(FhirDefinitions definitions, InteractionTable table, ApiSecurity security)
    {
        _security = security;
        _documents = new(StringComparer.Ordinal)
        {
            [Care] = new(() => Print(definitions, table, security, isTyped: true)),
            [AnyType] = new(() => Print(definitions, table, security, isTyped: false)),
        };
    }

    /// <summary>Null where there is no document of this name.</summary>
    /// <param name="root">The address of this server, without the path of the FHIR base.</param>
    public byte[]? For(string document, string root) => Of(document, root, printed => printed.Whole);

    /// <summary>The document for the page that shows it, whose schemas are one level deep.</summary>
    public byte[]? ForPage(string document, string root) => Of(document, root, printed => printed.Page);

    private byte[]? Of(string document, string root, Func<Printed, string[]> pieces) =>
        _documents.TryGetValue(document, out var printed)
            ? Encoding.UTF8.GetBytes(
                _security.Complete(string.Join(JsonEncodedText.Encode(root).ToString(), pieces(printed.Value)))
            )
            : null;

    private static Printed Print(
        FhirDefinitions definitions,
        InteractionTable table,
        ApiSecurity security,
        bool isTyped
    )
    {
        var json = JsonNode.Parse(ApiDocument.Print(definitions, table, isTyped, Mark))!.AsObject();
        security.AddTo(json);
        var whole = json.ToJsonString(Layout).Split(Mark);
        PageSchemas.Flatten(json);
        return new Printed(whole, json.ToJsonString().Split(Mark));
    }

    /// <summary>Both forms of a document, cut where the address of the server stands.</summary>
    private sealed record Printed(string[] Whole, string[] Page);
}
