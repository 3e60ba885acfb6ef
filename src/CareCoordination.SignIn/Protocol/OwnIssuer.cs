using CareCoordination.Fhir.Outcomes;
using CareCoordination.Security.Issuers;
using CareCoordination.Security.Settings;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Keys;
using CareCoordination.SignIn.Settings;
using CareCoordination.SignIn.Stores;
using Microsoft.IdentityModel.Tokens;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace CareCoordination.SignIn.Protocol;

/// <summary>This authorization server as an issuer whose tokens are taken: its keys are at hand, and nothing is asked over HTTP.</summary>
internal static class OwnIssuer
{
    public static Issuer Of(TokenKeys keys, IssuerAddress address, TokenStates states, bool takesCertificates) =>
        new("this server", address.Issuer.AbsoluteUri)
        {
            Audiences = [address.FhirBase],
            Algorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256],
            Claims = new ClaimNames { Purpose = TokenClaims.Purpose },
            Roles = RoleNames.Own,
            // One clock: that of this program, or of another node of it.
            ClockSkew = TimeSpan.FromSeconds(5),
            Keys = async (kid, cancellationToken) => await keys.FindAsync(kid, cancellationToken),
            Standing = states.Standing,
            Endpoints = _ => new(EndpointsOf(address, takesCertificates)),
        };

    private static Result<IssuerEndpoints> EndpointsOf(IssuerAddress address, bool takesCertificates) =>
        new IssuerEndpoints(address.Issuer.AbsoluteUri)
        {
            Jwks = address.At(Endpoints.Keys),
            Authorization = address.At(Endpoints.Authorize),
            Token = address.At(Endpoints.Token),
            Introspection = address.At(Endpoints.Introspect),
            Revocation = address.At(Endpoints.Revoke),
            GrantTypes = [GrantTypes.AuthorizationCode, GrantTypes.RefreshToken, GrantTypes.ClientCredentials],
            ResponseTypes = [ResponseTypes.Code],
            Scopes =
            [
                "openid",
                "profile",
                "fhirUser",
                "launch",
                "launch/patient",
                "offline_access",
                "patient/*.cruds",
                "user/*.cruds",
                "system/*.cruds",
            ],
            TokenAuthMethods =
            [
                ClientAuthenticationMethods.ClientSecretBasic,
                ClientAuthenticationMethods.ClientSecretPost,
                ClientAuthenticationMethods.PrivateKeyJwt,
                "none",
            ],
            TokenAuthAlgorithms = [.. ClientRules.Algorithms],
            ChallengeMethods = [CodeChallengeMethods.Sha256],
            BindsToCertificates = takesCertificates,
            // https://hl7.org/fhir/smart-app-launch/conformance.html#capabilities
            Capabilities =
            [
                "launch-ehr",
                "launch-standalone",
                "client-public",
                "client-confidential-symmetric",
                "client-confidential-asymmetric",
                "sso-openid-connect",
                "context-ehr-patient",
                "context-ehr-encounter",
                "context-standalone-patient",
                "permission-offline",
                "permission-patient",
                "permission-user",
                "permission-v1",
                "permission-v2",
            ],
        };
}
