using System.Collections.Immutable;
using Microsoft.IdentityModel.Tokens;

namespace CareCoordination.Security.Keys;

/// <summary>Which keys may verify what. https://www.rfc-editor.org/rfc/rfc8725#section-3</summary>
internal static class VerificationKeys
{
    private const int LeastRsaBits = 2048;

    /// <summary>
    /// The public signature keys of a JWK Set. Shared secrets, keys for encryption, short keys, and keys of which everybody has the private
    /// half are none. https://www.rfc-editor.org/rfc/rfc7517#section-5
    /// </summary>
    /// <exception cref="ArgumentException">It is no JWK Set.</exception>
    public static ImmutableArray<SecurityKey> Of(string jwks) => [.. new JsonWebKeySet(jwks).Keys.Where(IsUsable)];

    /// <summary>
    /// Those that could have signed with this algorithm: of the family and curve that it names, and of no other algorithm by their own word.
    /// </summary>
    public static ImmutableArray<SecurityKey> For(string algorithm, ImmutableArray<SecurityKey> keys) =>
        [.. keys.Where(key => IsFor(algorithm, key))];

    private static bool IsUsable(JsonWebKey key) =>
        key.Use is null or "" or "sig"
        && key.D is null or ""
        && (
            key.Kty switch
            {
                JsonWebAlgorithmsKeyTypes.RSA => key.KeySize >= LeastRsaBits,
                JsonWebAlgorithmsKeyTypes.EllipticCurve => key is { X.Length: > 0, Y.Length: > 0 }
                    && (key.Crv is "P-256" or "P-384" or "P-521"),
                _ => false,
            }
        );

    private static bool IsFor(string algorithm, SecurityKey key) =>
        key switch
        {
            JsonWebKey { Alg: { Length: > 0 } only } when only != algorithm => false,
            JsonWebKey { Kty: JsonWebAlgorithmsKeyTypes.RSA } or RsaSecurityKey => algorithm.StartsWith(
                "RS",
                StringComparison.Ordinal
            ) || algorithm.StartsWith("PS", StringComparison.Ordinal),
            JsonWebKey { Kty: JsonWebAlgorithmsKeyTypes.EllipticCurve } web => BitsOf(algorithm) == BitsOf(web.Crv),
            ECDsaSecurityKey curve => BitsOf(algorithm) == curve.KeySize,
            _ => false,
        };

    /// <summary>Of a curve, or of the one that an algorithm is defined on. https://www.rfc-editor.org/rfc/rfc7518#section-3.4</summary>
    private static int BitsOf(string name) =>
        name switch
        {
            "ES256" or "P-256" => 256,
            "ES384" or "P-384" => 384,
            "ES512" or "P-521" => 521,
            _ => 0,
        };
}
