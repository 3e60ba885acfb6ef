using System.Collections.Immutable;
using CareCoordination.Access.Roles;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Security.Certificates;
using CareCoordination.Security.Issuers;

namespace CareCoordination.Security.Tokens;

/// <summary>From the claims of a token that was validated to the caller that it speaks for. Pure.</summary>
internal static class CallerClaims
{
    /// <summary>https://openid.net/specs/openid-connect-core-1_0.html#IDToken</summary>
    private const int LongestSubject = 255;

    /// <summary>Who may have signed in. https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html#scopes-for-requesting-identity-data</summary>
    private static readonly string[] People =
    [
        ResourceTypes.Practitioner,
        ResourceTypes.PractitionerRole,
        ResourceTypes.Patient,
        ResourceTypes.RelatedPerson,
        ResourceTypes.Person,
    ];

    /// <param name="baseUrl">The FHIR base as the client knows it: people elsewhere are nobody here.</param>
    public static Result<Caller> Read(TokenClaims claims, Issuer issuer, string baseUrl)
    {
        var client = claims.Text("client_id") ?? claims.Text("azp") ?? claims.Text("appid");
        var subject = claims.Text("sub") ?? client;
        if (subject is null || !IsName(subject) || (client is not null && !IsName(client)))
            return TokenRefusal.Nobody;
        if (claims.Has(CertificateThumbprint.Claim) && CertificateOf(claims) is null)
            return TokenRefusal.Bound;
        var scopes = ScopeSet.Parse(string.Join(' ', claims.Texts("scope").AddRange(claims.Texts("scp"))));
        var person = PersonOf(claims.Text(issuer.Claims.Person), baseUrl);
        var isProgram = person is null && scopes.IsOnly(ScopeContext.System);
        var caller = isProgram
            ? Caller.Program(issuer.Prefix + (client ?? subject))
            : Caller.User(issuer.Prefix + subject);
        return caller with
        {
            Scopes = scopes,
            Person = person,
            LaunchPatient = KeyOf(claims.Text(issuer.Claims.Patient), ResourceTypes.Patient, baseUrl),
            Roles = RolesOf(claims, issuer, client, person),
            Organization = KeyOf(claims.Text(issuer.Claims.Organization), ResourceTypes.Organization, baseUrl)?.Id,
            Client =
                isProgram ? caller.Client
                : client is null ? null
                : issuer.Prefix + client,
            Purpose = PurposeOf(claims.Text(issuer.Claims.Purpose)),
        };
    }

    /// <summary>The certificate that a token is bound to, and to nothing else; null where it is to none.</summary>
    public static string? CertificateOf(TokenClaims claims) =>
        claims.OnlyMember(CertificateThumbprint.Claim, CertificateThumbprint.Member);

    /// <summary>A name stands in logs and records: one line of letters.</summary>
    private static bool IsName(string text) => text.Length <= LongestSubject && !text.Any(char.IsControl);

    /// <summary>Whoever signed in as a patient or as somebody of the family has that role by it.</summary>
    private static ImmutableArray<CareRole> RolesOf(
        TokenClaims claims,
        Issuer issuer,
        string? client,
        ResourceKey? person
    )
    {
        var roles = issuer.Roles.Of(claims.Texts(issuer.Claims.Roles), client);
        var own =
            person?.Type == ResourceTypes.Patient ? CareRole.Patient
            : person?.Type == ResourceTypes.RelatedPerson ? CareRole.Family
            : null;
        return own is null || roles.Contains(own) ? roles : roles.Add(own);
    }

    private static ResourceKey? PersonOf(string? claim, string baseUrl) =>
        claim is not null && Locate(claim, baseUrl) is { } key && People.Contains(key.Type) ? key : null;

    /// <summary>A reference, or the id alone.</summary>
    private static ResourceKey? KeyOf(string? claim, string type, string baseUrl) =>
        claim is null ? null
        : FhirId.IsValid(claim) ? new ResourceKey(type, claim)
        : Locate(claim, baseUrl) is { } key && key.Type == type ? key
        : null;

    private static ResourceKey? Locate(string claim, string baseUrl)
    {
        var reference = LiteralReference.Parse(claim, R4Definitions.Schema.IsResourceType);
        return
            reference is { HasKey: true, Version: null }
            && (reference.Kind == ReferenceKind.Relative || reference.BaseUrl == baseUrl)
            ? reference.Key
            : null;
    }

    /// <summary>A code of v3-PurposeOfUse, which may have its system before it, or be its address.</summary>
    private static string? PurposeOf(string? claim) =>
        claim?[(claim.LastIndexOfAny(['|', '#', '/', ':']) + 1)..] is { Length: > 0 and <= 40 } code
        && code.All(char.IsAsciiLetterUpper)
            ? code
            : null;
}
