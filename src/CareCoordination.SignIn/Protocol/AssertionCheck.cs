using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Settings;
using CareCoordination.SignIn.Stores;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CareCoordination.SignIn.Protocol;

/// <summary>
/// Whether an assertion shows that a client is who it says, by the rules of SMART: signed with RS384 or ES384 by a registered key that is
/// named, by the client about itself, for the token endpoint, for five minutes at most, and once.
/// https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html
/// </summary>
internal sealed class AssertionCheck(
    ClientDirectory clients,
    AssertionKeys keys,
    SpentOnce spent,
    IssuerAddress address,
    TimeProvider time
)
{
    /// <summary>What the clocks of two machines may differ.</summary>
    private const long SkewSeconds = 60;

    private const long LongestSeconds = 300;
    private const int MaxLength = 8 * 1024;

    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = MaxLength };

    /// <summary>The token, and the reason why it is refused where it is: not for the client, which could learn from it.</summary>
    public async Task<(JsonWebToken? Token, string? Problem)> CheckAsync(
        string text,
        CancellationToken cancellationToken
    )
    {
        if (text.Length > MaxLength || !Handler.CanReadToken(text))
            return (null, "it is no JSON Web Token");
        JsonWebToken token;
        try
        {
            token = Handler.ReadJsonWebToken(text);
            if (await ClaimsProblemAsync(token, text, cancellationToken) is { } problem)
                return (token, problem);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or SecurityTokenException)
        {
            return (null, "it is malformed");
        }

        return await TakeAsync(token, cancellationToken) ? (token, null) : (token, "its jti was used before");
    }

    private async Task<string?> ClaimsProblemAsync(JsonWebToken token, string text, CancellationToken cancellationToken)
    {
        if (!ClientRules.Algorithms.Contains(token.Alg, StringComparer.Ordinal))
            return "it is not signed by RS384 or ES384";
        if (string.IsNullOrEmpty(token.Kid))
            return "its header has no kid";
        if (token.Issuer.Length == 0 || token.Issuer != token.Subject)
            return "iss and sub are not both the client's id";
        if (await clients.FindAsync(token.Issuer, cancellationToken) is not { Kind: ClientKind.Key } client)
            return "there is no such client with keys";
        if (await keys.FindAsync(client, token.Kid, token.Alg, cancellationToken) is not { } key)
            return "the client has no such key for this algorithm";
        if (!await IsSignedAsync(text, key))
            return "the signature does not match";
        if (token.Audiences.ToArray() is not [var audience] || audience != address.At(Endpoints.Token))
            return "aud is not the token endpoint";
        return TimeProblem(token);
    }

    private string? TimeProblem(JsonWebToken token)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return !token.TryGetPayloadValue<long>("exp", out var expires) ? "it has no exp"
            : expires + SkewSeconds <= now ? "it has expired"
            : expires > now + LongestSeconds + SkewSeconds ? "its exp is more than five minutes away"
            : token.TryGetPayloadValue<long>("nbf", out var from) && from > now + SkewSeconds ? "it is not valid yet"
            : token.Id is not { Length: > 0 and <= 500 } ? "it has no jti"
            : null;
    }

    private static async Task<bool> IsSignedAsync(string text, ClientKey key)
    {
        var result = await Handler.ValidateTokenAsync(
            text,
            new TokenValidationParameters
            {
                ValidAlgorithms = [key.Algorithm],
                IssuerSigningKey = key.Key,
                RequireSignedTokens = true,
                TryAllIssuerSigningKeys = false,
                // By our own clock and addresses, above.
                ValidateLifetime = false,
                ValidateAudience = false,
                ValidateIssuer = false,
            }
        );
        return result.IsValid;
    }

    /// <summary>False where the same client has used the same <c>jti</c> before, at whichever node.</summary>
    private Task<bool> TakeAsync(JsonWebToken token, CancellationToken cancellationToken) =>
        spent.TakeAsync(
            $"{token.Issuer} {token.Id}",
            token.GetPayloadValue<long>("exp") + SkewSeconds,
            cancellationToken
        );
}
