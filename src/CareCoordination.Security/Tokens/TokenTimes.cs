using CareCoordination.Fhir.Outcomes;
using CareCoordination.Security.Issuers;

namespace CareCoordination.Security.Tokens;

/// <summary>Whether a token may be used now. https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4</summary>
internal static class TokenTimes
{
    public static Result<TokenClaims> Check(TokenClaims claims, Issuer issuer, DateTimeOffset now)
    {
        if (claims.Instant("exp") is not { } expires)
            return TokenRefusal.NoExpiry;
        if (now >= expires + issuer.ClockSkew)
            return TokenRefusal.Expired;
        // A beginning that is no instant is one that nobody knows to be over.
        if (claims.Has("nbf") && (claims.Instant("nbf") is not { } begins || now < begins - issuer.ClockSkew))
            return TokenRefusal.NotYet;
        return claims;
    }
}
