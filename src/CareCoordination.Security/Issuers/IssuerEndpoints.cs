using System.Collections.Immutable;
using System.Text.Json;

namespace CareCoordination.Security.Issuers;

/// <summary>
/// Where the endpoints of an issuer are, and what it can do, as its metadata say. What it does not say is null or empty.
/// https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata https://www.rfc-editor.org/rfc/rfc8414
/// </summary>
public sealed record IssuerEndpoints(string Issuer)
{
    public string? Jwks { get; init; }

    public string? Authorization { get; init; }

    public string? Token { get; init; }

    public string? Introspection { get; init; }

    public string? Revocation { get; init; }

    public string? Registration { get; init; }

    /// <summary>Where people see which apps they let in. https://hl7.org/fhir/smart-app-launch/conformance.html#metadata</summary>
    public string? Management { get; init; }

    public ImmutableArray<string> GrantTypes { get; init; } = [];

    public ImmutableArray<string> ResponseTypes { get; init; } = [];

    public ImmutableArray<string> Scopes { get; init; } = [];

    public ImmutableArray<string> TokenAuthMethods { get; init; } = [];

    public ImmutableArray<string> TokenAuthAlgorithms { get; init; } = [];

    public ImmutableArray<string> ChallengeMethods { get; init; } = [];

    /// <summary>Tokens may be bound to client certificates. https://www.rfc-editor.org/rfc/rfc8705#section-3.3</summary>
    public bool BindsToCertificates { get; init; }

    /// <summary>Those of SMART that the issuer itself claims.</summary>
    public ImmutableArray<string> Capabilities { get; init; } = [];

    internal const string BoundTokens = "tls_client_certificate_bound_access_tokens";

    /// <exception cref="JsonException">It is no JSON object.</exception>
    internal static IssuerEndpoints Parse(ReadOnlyMemory<byte> utf8Json)
    {
        using var document = JsonDocument.Parse(utf8Json);
        var json = document.RootElement;
        if (json.ValueKind != JsonValueKind.Object)
            throw new JsonException("no object");
        return new IssuerEndpoints(Text("issuer") ?? "")
        {
            Jwks = Text("jwks_uri"),
            Authorization = Text("authorization_endpoint"),
            Token = Text("token_endpoint"),
            Introspection = Text("introspection_endpoint"),
            Revocation = Text("revocation_endpoint"),
            Registration = Text("registration_endpoint"),
            Management = Text("management_endpoint"),
            GrantTypes = List("grant_types_supported"),
            ResponseTypes = List("response_types_supported"),
            Scopes = List("scopes_supported"),
            TokenAuthMethods = List("token_endpoint_auth_methods_supported"),
            TokenAuthAlgorithms = List("token_endpoint_auth_signing_alg_values_supported"),
            ChallengeMethods = List("code_challenge_methods_supported"),
            Capabilities = List("capabilities"),
            BindsToCertificates =
                json.TryGetProperty(BoundTokens, out var binds) && binds.ValueKind == JsonValueKind.True,
        };

        string? Text(string name) =>
            json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;

        ImmutableArray<string> List(string name) =>
            json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
                ?
                [
                    .. value
                        .EnumerateArray()
                        .Where(item => item.ValueKind == JsonValueKind.String)
                        .Select(item => item.GetString()!),
                ]
                : [];
    }
}
