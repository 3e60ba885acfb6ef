using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Access.Roles;
using CareCoordination.Access.Scopes;

namespace CareCoordination.SignIn.Clients;

/// <summary>How a client shows who it is.</summary>
public enum ClientKind
{
    /// <summary>It runs where its users are, and can keep no secret.</summary>
    Public,

    /// <summary>By a secret. https://hl7.org/fhir/smart-app-launch/client-confidential-symmetric.html</summary>
    Secret,

    /// <summary>By a key of its own. https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html</summary>
    Key,
}

/// <summary>A program that may ask for tokens.</summary>
/// <param name="Id">Its <c>client_id</c>.</param>
/// <param name="Name">As people are shown it.</param>
/// <param name="Scopes">The most it may be granted, with spaces between.</param>
public sealed record ClientRecord(string Id, string Name, ClientKind Kind, string Scopes)
{
    /// <summary>Where people are sent back to. Empty: nobody signs in for it.</summary>
    public ImmutableArray<string> RedirectUris { get; init; } = [];

    /// <summary>In which it acts by itself, without a person.</summary>
    public ImmutableArray<CareRole> Roles { get; init; } = [];

    /// <summary>The id of the Organization that it acts for by itself.</summary>
    public string? Organization { get; init; }

    /// <summary>Why it uses data, a code of v3-PurposeOfUse; null where nobody says. https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html</summary>
    public string? Purpose { get; init; }

    /// <summary>Where its public keys are, as a JSON Web Key Set; null where they are given.</summary>
    public string? JwksUri { get; init; }

    /// <summary>Its public keys; null where they are at an address.</summary>
    public string? Jwks { get; init; }

    /// <summary>False: people are not asked whether they want it, as for a program of their own organisation.</summary>
    public bool AsksConsent { get; init; } = true;

    /// <summary>
    /// Thumbprints of the certificates of which it has to show one wherever it shows who it is; its tokens are bound to it. Empty: none.
    /// https://www.rfc-editor.org/rfc/rfc8705#section-3
    /// </summary>
    public ImmutableArray<string> Certificates { get; init; } = [];

    /// <summary>Gets no more tokens.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>True where it may ask for tokens without a person.</summary>
    public bool ActsByItself =>
        Kind != ClientKind.Public
        && ScopeSet.Parse(Scopes).Resources.Any(scope => scope.Context == ScopeContext.System);

    /// <summary>What OpenIddict has no place for.</summary>
    internal ImmutableDictionary<string, JsonElement> Properties =>
        ImmutableDictionary<string, JsonElement>.Empty.Add(
            "care",
            JsonSerializer.SerializeToElement(
                new Kept(
                    Kind,
                    Scopes,
                    [.. Roles.Select(r => r.Code)],
                    Organization,
                    Purpose,
                    JwksUri,
                    Jwks,
                    AsksConsent,
                    IsDisabled,
                    Certificates.IsEmpty ? null : [.. Certificates]
                )
            )
        );

    internal sealed record Kept(
        ClientKind Kind,
        string Scopes,
        string[] Roles,
        string? Organization,
        string? Purpose,
        string? JwksUri,
        string? Jwks,
        bool AsksConsent,
        bool IsDisabled,
        string[]? Certificates = null
    );

    /// <summary>Null: it was not registered by this program.</summary>
    internal static ClientRecord? Of(
        string id,
        string? name,
        ImmutableArray<string> redirectUris,
        ImmutableDictionary<string, JsonElement> properties
    ) =>
        properties.TryGetValue("care", out var text) && text.Deserialize<Kept>() is { } kept
            ? new ClientRecord(id, name ?? id, kept.Kind, kept.Scopes)
            {
                RedirectUris = redirectUris,
                Roles = [.. kept.Roles.Select(CareRole.Find).OfType<CareRole>()],
                Organization = kept.Organization,
                Purpose = kept.Purpose,
                JwksUri = kept.JwksUri,
                Jwks = kept.Jwks,
                AsksConsent = kept.AsksConsent,
                IsDisabled = kept.IsDisabled,
                Certificates = [.. kept.Certificates ?? []],
            }
            : null;
}
