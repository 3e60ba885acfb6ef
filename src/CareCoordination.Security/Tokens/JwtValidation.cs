using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Security.Issuers;
using CareCoordination.Security.Keys;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CareCoordination.Security.Tokens;

/// <summary>
/// Validates a signed token of a known issuer. Of its header the algorithm and the name of the key are used, to choose among what the issuer
/// and its configuration allow; keys and addresses in it (jwk, jku, x5u, x5c) are not looked at.
/// https://www.rfc-editor.org/rfc/rfc9068#section-4 https://www.rfc-editor.org/rfc/rfc8725
/// </summary>
internal sealed class JwtValidation(TimeProvider time)
{
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    /// <summary>What an ID token has and an access token has not. https://openid.net/specs/openid-connect-core-1_0.html#IDToken</summary>
    private static readonly string[] OfIdTokens = ["nonce", "at_hash", "c_hash", "s_hash", "events"];

    public async ValueTask<Result<TokenClaims>> ValidateAsync(
        JsonWebToken token,
        Issuer issuer,
        CancellationToken cancellationToken
    )
    {
        if (!issuer.Algorithms.Contains(token.Alg))
            return TokenRefusal.Algorithm;
        if (token.TryGetHeaderValue<object>("crit", out _))
            return TokenRefusal.Critical;
        var kid = string.IsNullOrEmpty(token.Kid) ? null : token.Kid;
        if (!(await issuer.Keys(kid, cancellationToken)).TryGet(out var keys, out var failure))
            return failure;
        keys = VerificationKeys.For(token.Alg, keys);
        if (keys.IsEmpty)
            return TokenRefusal.UnknownKey;
        var result = await Handler.ValidateTokenAsync(token, ParametersFor(issuer, keys));
        if (!result.IsValid)
            return Explain(result.Exception);
        var claims = TokenClaims.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        return IsForAccess(token.Typ, claims)
            ? TokenTimes.Check(claims, issuer, time.GetUtcNow())
            : TokenRefusal.NotForAccess;
    }

    private static TokenValidationParameters ParametersFor(Issuer issuer, ImmutableArray<SecurityKey> keys) =>
        new()
        {
            ValidIssuer = issuer.Id,
            ValidAudiences = issuer.Audiences,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            ValidAlgorithms = issuer.Algorithms,
            IssuerSigningKeys = keys,
            TryAllIssuerSigningKeys = true,
            RequireSignedTokens = true,
            RequireAudience = true,
            // By the clock of this server, afterwards.
            ValidateLifetime = false,
        };

    private static Failure Explain(Exception? problem) =>
        problem switch
        {
            SecurityTokenInvalidAudienceException => TokenRefusal.Audience,
            SecurityTokenInvalidIssuerException => TokenRefusal.UnknownIssuer,
            SecurityTokenInvalidAlgorithmException => TokenRefusal.Algorithm,
            SecurityTokenSignatureKeyNotFoundException => TokenRefusal.UnknownKey,
            SecurityTokenInvalidSignatureException => TokenRefusal.Signature,
            SecurityTokenMalformedException or ArgumentException or JsonException => TokenRefusal.Malformed,
            _ => TokenRefusal.Signature,
        };

    /// <summary>
    /// A token of type at+jwt is an access token. One without a type, or of type JWT as many issuers write it, is one where it has scopes and
    /// nothing that ID tokens alone have.
    /// </summary>
    private static bool IsForAccess(string? type, TokenClaims claims) =>
        (type ?? "").ToLowerInvariant() switch
        {
            "at+jwt" or "application/at+jwt" => true,
            "" or "jwt" or "application/jwt" => !OfIdTokens.Any(claims.Has)
                && (claims.Has("scope") || claims.Has("scp"))
                // As Keycloak tells its tokens apart.
                && claims.Text("typ") is null or "Bearer",
            _ => false,
        };
}
