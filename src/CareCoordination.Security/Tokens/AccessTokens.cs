using System.Text.Json;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Security.Issuers;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CareCoordination.Security.Tokens;

/// <summary>From an access token to the caller: signed ones by the keys of their issuer, others by asking the one issuer that may be asked.</summary>
internal sealed class AccessTokens(KnownIssuers issuers, JwtValidation signed, TokenMemory memory, TimeProvider time)
{
    /// <summary>A token that was validated before; null: it has to be validated first.</summary>
    public async ValueTask<Result<RememberedToken>?> RememberedAsync(
        TokenHash token,
        CancellationToken cancellationToken
    )
    {
        if (memory.Find(token) is not { } remembered)
            return null;
        var stood = await StandingAsync(remembered, cancellationToken);
        if (!stood.IsSuccess)
            memory.Forget(token);
        return stood;
    }

    /// <param name="token">As it was shown.</param>
    /// <param name="baseUrl">The FHIR base as the client knows it.</param>
    public async ValueTask<Result<RememberedToken>> ValidateAsync(
        string token,
        TokenHash hash,
        string baseUrl,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var (read, issuer, until) = Parse(token) is { } jwt
            ? (await ReadAsync(jwt, cancellationToken), issuers.Find(jwt.Issuer), DateTimeOffset.MaxValue)
            : (
                await AskAsync(token, cancellationToken),
                issuers.Introspecting,
                now + RememberedOf(issuers.Introspecting)
            );
        if (!read.Then(claims => CallerClaims.Read(claims, issuer!, baseUrl)).TryGet(out var caller, out var failure))
            return failure;
        var standing = issuer!.Standing;
        var remembered = new RememberedToken(
            caller,
            standing,
            standing is null ? null : read.Value.Text(standing.Claim),
            time,
            CallerClaims.CertificateOf(read.Value)
        );
        var stood = await StandingAsync(remembered, cancellationToken);
        var expires = read.Value.Instant("exp");
        if (stood.IsSuccess)
            memory.Add(hash, remembered, expires < until ? expires.Value : until);
        return stood;
    }

    private static async ValueTask<Result<RememberedToken>> StandingAsync(
        RememberedToken token,
        CancellationToken cancellationToken
    )
    {
        if (!(await token.IsTakenAsync(cancellationToken)).TryGet(out var isTaken, out var failure))
            return failure;
        return isTaken ? token : TokenRefusal.Revoked;
    }

    private static TimeSpan RememberedOf(Issuer? issuer) => issuer?.IntrospectionRemembered ?? TimeSpan.Zero;

    /// <summary>Null: no signed JWT. One that is encrypted says nothing to this server.</summary>
    private static JsonWebToken? Parse(string token)
    {
        if (token.AsSpan().Count('.') != 2)
            return null;
        try
        {
            return new JsonWebToken(token);
        }
        catch (Exception problem)
            when (problem is ArgumentException or SecurityTokenMalformedException or JsonException)
        {
            return null;
        }
    }

    private ValueTask<Result<TokenClaims>> ReadAsync(JsonWebToken token, CancellationToken cancellationToken) =>
        issuers.Find(token.Issuer) is { } issuer
            ? signed.ValidateAsync(token, issuer, cancellationToken)
            : new(TokenRefusal.UnknownIssuer);

    private async ValueTask<Result<TokenClaims>> AskAsync(string token, CancellationToken cancellationToken)
    {
        if (issuers.Introspecting is not { Introspect: { } introspect } issuer)
            return TokenRefusal.Malformed;
        if (!(await introspect(token, cancellationToken)).TryGet(out var answer, out var failure))
            return failure;
        if (!answer.IsActive)
            return TokenRefusal.Inactive;
        var claims = TokenClaims.Parse(answer.Utf8Json);
        // What an answer may leave out is held to as in a token: it says for whom a token is, and until when.
        if (claims.Text("iss") is { } iss && iss != issuer.Id)
            return TokenRefusal.UnknownIssuer;
        if (!claims.Texts("aud").Any(issuer.Audiences.Contains))
            return TokenRefusal.Audience;
        if (claims.Text("token_type") is { } type && !type.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            return TokenRefusal.Bound;
        return TokenTimes.Check(claims, issuer, time.GetUtcNow());
    }
}
