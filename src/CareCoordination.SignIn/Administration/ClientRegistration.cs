using System.Text.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Users;

namespace CareCoordination.SignIn.Administration;

/// <summary>A client as an administrator sends and is shown it. Names are those of OAuth's own registration where it has them.</summary>
/// <remarks>https://www.rfc-editor.org/rfc/rfc7591#section-2</remarks>
internal sealed record ClientRegistration
{
    public string? ClientId { get; init; }

    public string? ClientName { get; init; }

    /// <summary><c>none</c>, <c>client_secret_basic</c> or <c>private_key_jwt</c>.</summary>
    public string? TokenEndpointAuthMethod { get; init; }

    public string? Scope { get; init; }

    public string[]? RedirectUris { get; init; }

    public string? JwksUri { get; init; }

    public JsonElement? Jwks { get; init; }

    /// <summary>In which it acts by itself.</summary>
    public string[]? Roles { get; init; }

    public string? Organization { get; init; }

    public string? Purpose { get; init; }

    /// <summary>False: people are not asked whether they want it.</summary>
    public bool? AsksConsent { get; init; }

    /// <summary>SHA-256 in base64url of the certificates of which it has to show one.</summary>
    public string[]? CertificateThumbprints { get; init; }

    /// <summary>Shown once, when it is made.</summary>
    public string? ClientSecret { get; init; }

    public bool? IsDisabled { get; init; }

    public static ClientRegistration Of(ClientRecord client) =>
        new()
        {
            ClientId = client.Id,
            ClientName = client.Name,
            TokenEndpointAuthMethod = Methods[client.Kind],
            Scope = client.Scopes,
            RedirectUris = client.RedirectUris.IsEmpty ? null : [.. client.RedirectUris],
            JwksUri = client.JwksUri,
            Jwks = client.Jwks is { } keys ? JsonDocument.Parse(keys).RootElement : null,
            Roles = client.Roles.IsEmpty ? null : [.. client.Roles.Select(role => role.Code)],
            Organization = client.Organization,
            Purpose = client.Purpose,
            AsksConsent = client.AsksConsent,
            CertificateThumbprints = client.Certificates.IsEmpty ? null : [.. client.Certificates],
            IsDisabled = client.IsDisabled,
        };

    public Result<ClientRecord> ToRecord()
    {
        if (ClientSecret is not null || IsDisabled is not null)
            return Failure.Unprocessable(
                IssueCode.BusinessRule,
                "The secret of a client is made here, and a client is disabled after it was registered: leave both out."
            );
        if (!UserRules.Roles(Roles ?? []).TryGet(out var roles, out var unknown))
            return unknown;
        var method = TokenEndpointAuthMethod ?? "client_secret_basic";
        if (!Methods.ContainsValue(method))
            return Failure.Unprocessable(
                IssueCode.CodeInvalid,
                $"'{method}' is no token_endpoint_auth_method of this server: they are {string.Join(", ", Methods.Values)}."
            );
        return new ClientRecord(
            ClientId ?? "",
            ClientName ?? ClientId ?? "",
            Methods.First(known => known.Value == method).Key,
            Scope ?? ""
        )
        {
            RedirectUris = [.. RedirectUris ?? []],
            Roles = [.. roles],
            Organization = Organization,
            Purpose = Purpose,
            JwksUri = JwksUri,
            Jwks = Jwks?.GetRawText(),
            AsksConsent = AsksConsent ?? true,
            Certificates = [.. CertificateThumbprints ?? []],
        };
    }

    private static readonly Dictionary<ClientKind, string> Methods = new()
    {
        [ClientKind.Public] = "none",
        [ClientKind.Secret] = "client_secret_basic",
        [ClientKind.Key] = "private_key_jwt",
    };
}
