using System.Text.Json.Nodes;
using CareCoordination.Rest.Metadata;

namespace CareCoordination.Rest.OpenApi;

/// <summary>What an OpenAPI document says about security. https://spec.openapis.org/oas/v3.0.4#security-scheme-object</summary>
/// <param name="IsSecured">True where requests need an access token.</param>
public sealed record ApiSecurity(bool IsSecured)
{
    private const string Token = "accessToken";
    private const string Smart = "smart";

    // Where a document says what is known only once somebody asks for it: the issuer may be away, or this server not listen yet.
    private const string AskedMark = "http://asked.invalid";
    private const string SchemesMark = "http://schemes.invalid";

    public static readonly ApiSecurity None = new(IsSecured: false);

    /// <summary>Where tokens are got; null while that is not known.</summary>
    public Func<OAuthAddresses?> Addresses { get; init; } = () => null;

    /// <summary>What tokens are for, as the issuer that is asked has it; null: nobody knows.</summary>
    public Func<string?> Audience { get; init; } = () => null;

    /// <summary>As which client the page signs people in; null: they say themselves.</summary>
    public string? ClientId { get; init; }

    /// <summary>What the page asks for unless somebody chooses otherwise: all that the roles of a person let them do.</summary>
    internal static readonly string[] AskedByPage = ["openid", "fhirUser", "user/*.cruds"];

    internal void AddTo(JsonObject document)
    {
        // That an open server asks for no security has to be said; the library leaves an empty list out.
        document["security"] = new JsonArray();
        if (!IsSecured)
            return;
        document["security"] = AskedMark;
        document["components"]!["securitySchemes"] = SchemesMark;
        // What everybody may read.
        if (document["paths"]?["/fhir/metadata"]?["get"] is JsonObject metadata)
            metadata["security"] = new JsonArray();
    }

    /// <summary>A document with the addresses that are known now.</summary>
    internal string Complete(string document)
    {
        if (!IsSecured)
            return document;
        var flows = Addresses() is { Token: not null } addresses ? Flows(addresses) : null;
        var asked = new JsonArray();
        var schemes = new JsonObject();
        if (flows is not null)
        {
            asked.Add(new JsonObject { [Smart] = new JsonArray() });
            schemes[Smart] = new JsonObject
            {
                ["type"] = "oauth2",
                ["description"] = "SMART App Launch 2: somebody signs in, or a program shows who it is.",
                ["flows"] = flows,
            };
        }

        asked.Add(new JsonObject { [Token] = new JsonArray() });
        schemes[Token] = new JsonObject
        {
            ["type"] = "http",
            ["scheme"] = "bearer",
            ["bearerFormat"] = "JWT",
            ["description"] =
                "An access token of SMART App Launch 2; /.well-known/smart-configuration says where to get one.",
        };
        return document
            .Replace($"\"{AskedMark}\"", asked.ToJsonString(), StringComparison.Ordinal)
            .Replace($"\"{SchemesMark}\"", schemes.ToJsonString(), StringComparison.Ordinal);
    }

    private static JsonObject Flows(OAuthAddresses addresses)
    {
        var flows = new JsonObject();
        if (addresses.Authorize is not null)
            flows["authorizationCode"] = new JsonObject
            {
                ["authorizationUrl"] = addresses.Authorize,
                ["tokenUrl"] = addresses.Token,
                ["refreshUrl"] = addresses.Token,
                ["scopes"] = new JsonObject
                {
                    ["openid"] = "who signs in",
                    ["fhirUser"] = "which person of this server that is",
                    ["offline_access"] = "a refresh token",
                    ["launch/patient"] = "a patient whom the person chooses",
                    ["patient/*.rs"] = "see and search what is of that patient",
                    ["user/*.rs"] = "see and search what the person may see",
                    ["user/*.cruds"] = "all that the person may do",
                },
            };
        flows["clientCredentials"] = new JsonObject
        {
            ["tokenUrl"] = addresses.Token,
            ["scopes"] = new JsonObject
            {
                ["system/*.rs"] = "see and search what the program may see",
                ["system/*.cruds"] = "all that the program may do",
            },
        };
        return flows;
    }
}
