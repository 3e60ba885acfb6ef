using System.Text.Json.Nodes;

namespace CareCoordination.Rest.OpenApi;

/// <summary>What an OpenAPI document says about security. https://spec.openapis.org/oas/v3.0.4#security-scheme-object</summary>
/// <param name="IsSecured">True where requests need an access token.</param>
public sealed record ApiSecurity(bool IsSecured)
{
    private const string Scheme = "accessToken";

    public static readonly ApiSecurity None = new(IsSecured: false);

    internal void AddTo(JsonObject document)
    {
        // That an open server asks for no security has to be said; the library leaves an empty list out.
        document["security"] = new JsonArray();
        if (!IsSecured)
            return;
        document["security"] = new JsonArray(new JsonObject { [Scheme] = new JsonArray() });
        document["components"]!["securitySchemes"] = new JsonObject
        {
            [Scheme] = new JsonObject
            {
                ["type"] = "http",
                ["scheme"] = "bearer",
                ["bearerFormat"] = "JWT",
                ["description"] =
                    "An access token of SMART App Launch 2; /.well-known/smart-configuration says where to get one.",
            },
        };
        // What everybody may read.
        if (document["paths"]?["/fhir/metadata"]?["get"] is JsonObject metadata)
            metadata["security"] = new JsonArray();
    }
}
