using System.Collections.Immutable;
using System.Security.Claims;
using System.Text.Json;
using CareCoordination.Security.Certificates;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Settings;
using CareCoordination.SignIn.Tables;
using CareCoordination.SignIn.Users;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace CareCoordination.SignIn.Protocol;

/// <summary>What tokens say of whom they are for.</summary>
internal static class TokenClaims
{
    public const string FhirUser = "fhirUser";
    public const string Patient = "patient";

    /// <summary>In codes and refresh tokens, for the answer to the client: here a token is not narrowed by it.</summary>
    public const string Encounter = "encounter";
    public const string Roles = "roles";
    public const string Organization = "organization";
    public const string Purpose = "purpose_of_use";

    /// <summary>In codes and refresh tokens alone: what changes with the password.</summary>
    public const string Stamp = "care_stamp";

    /// <summary>On the way to the access token: the certificate that it is bound to.</summary>
    public const string Certificate = "care_certificate";

    /// <summary>Those of somebody who signed in.</summary>
    /// <param name="since">When they gave their password, in seconds since 1970.</param>
    /// <param name="patient">The id of the patient of the launch; null where there is none.</param>
    /// <param name="encounter">The id of the encounter of the launch; null where there is none.</param>
    public static ClaimsPrincipal OfPerson(
        CareUser user,
        long since,
        ClientRecord client,
        ImmutableArray<string> scopes,
        string? patient,
        string? encounter,
        IssuerAddress address
    )
    {
        var identity = NewIdentity(user.Id);
        identity.SetClaim(Claims.AuthenticationTime, since);
        identity.SetClaim(Claims.Name, user.UserName);
        identity.SetClaim(Stamp, user.SecurityStamp);
        identity.SetClaims(Roles, [.. UserDirectory.RolesOf(user).Select(r => r.Code)]);
        if (user.FhirUser is { } person)
            identity.SetClaim(FhirUser, $"{address.FhirBase}/{person}");
        identity.SetClaim(Organization, user.Organization);
        identity.SetClaim(Purpose, client.Purpose);
        identity.SetClaim(Patient, patient);
        identity.SetClaim(Encounter, encounter);
        return Finish(identity, scopes, address);
    }

    /// <summary>Those of a client by itself.</summary>
    public static ClaimsPrincipal OfProgram(ClientRecord client, ImmutableArray<string> scopes, IssuerAddress address)
    {
        var identity = NewIdentity(client.Id);
        identity.SetClaims(Roles, [.. client.Roles.Select(r => r.Code)]);
        identity.SetClaim(Organization, client.Organization);
        identity.SetClaim(Purpose, client.Purpose);
        return Finish(identity, scopes, address);
    }

    /// <summary>The access token opens nothing without the certificate. https://www.rfc-editor.org/rfc/rfc8705#section-3.1</summary>
    public static void Bind(ClaimsPrincipal token, string thumbprint) =>
        token.SetClaim(
            CertificateThumbprint.Claim,
            JsonSerializer.SerializeToElement(
                new Dictionary<string, string>(StringComparer.Ordinal) { [CertificateThumbprint.Member] = thumbprint }
            )
        );

    private static ClaimsIdentity NewIdentity(string subject) =>
        new ClaimsIdentity("care-signin", Claims.Name, Claims.Role).SetClaim(Claims.Subject, subject);

    private static ClaimsPrincipal Finish(ClaimsIdentity identity, ImmutableArray<string> scopes, IssuerAddress address)
    {
        identity.SetScopes(scopes);
        identity.SetResources(address.FhirBase);
        identity.SetDestinations(claim => Destinations(claim, scopes));
        return new ClaimsPrincipal(identity);
    }

    private static IEnumerable<string> Destinations(Claim claim, ImmutableArray<string> scopes)
    {
        if (claim.Type is Roles or Organization or Purpose or FhirUser or Patient)
            yield return OpenIddictConstants.Destinations.AccessToken;
        if (
            claim.Type == Claims.AuthenticationTime
            || (claim.Type == FhirUser && scopes.Contains("fhirUser"))
            || (claim.Type == Claims.Name && scopes.Contains("profile"))
        )
            yield return OpenIddictConstants.Destinations.IdentityToken;
    }
}
