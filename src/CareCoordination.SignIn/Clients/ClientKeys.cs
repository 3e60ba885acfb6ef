using System.Collections.Immutable;
using Microsoft.IdentityModel.Tokens;

namespace CareCoordination.SignIn.Clients;

/// <summary>The public keys of clients, as they give them.</summary>
internal static class ClientKeys
{
    private const int MaxKeys = 20;

    /// <summary>
    /// Those of a JSON Web Key Set that may be used here, each with a <c>kid</c>; empty where it is none. Private parts are not taken over.
    /// https://www.rfc-editor.org/rfc/rfc7517
    /// </summary>
    public static ImmutableArray<ClientKey> Read(string jwks)
    {
        try
        {
            return
            [
                .. new JsonWebKeySet(jwks)
                    .Keys.Take(MaxKeys)
                    .Where(k => k.KeyId is { Length: > 0 } && k.Use is null or "" or "sig")
                    .Select(Public)
                    .OfType<ClientKey>(),
            ];
        }
        catch (ArgumentException)
        {
            return [];
        }
    }

    private static ClientKey? Public(JsonWebKey key) =>
        key.Kty switch
        {
            JsonWebAlgorithmsKeyTypes.RSA when key is { N: not null, E: not null } => Usable(
                new JsonWebKey
                {
                    Kty = key.Kty,
                    N = key.N,
                    E = key.E,
                    KeyId = key.KeyId,
                },
                SecurityAlgorithms.RsaSha384,
                key.Alg
            ),
            JsonWebAlgorithmsKeyTypes.EllipticCurve
                when key is { X: not null, Y: not null, Crv: JsonWebKeyECTypes.P384 } => Usable(
                new JsonWebKey
                {
                    Kty = key.Kty,
                    Crv = key.Crv,
                    X = key.X,
                    Y = key.Y,
                    KeyId = key.KeyId,
                },
                SecurityAlgorithms.EcdsaSha384,
                key.Alg
            ),
            _ => null,
        };

    private static ClientKey? Usable(JsonWebKey key, string algorithm, string? stated)
    {
        // A key that is said to be for another algorithm is not used for this one.
        if (!string.IsNullOrEmpty(stated) && stated != algorithm)
            return null;
        try
        {
            return key.Kty != JsonWebAlgorithmsKeyTypes.RSA || key.KeySize >= 2048
                ? new ClientKey(key, algorithm)
                : null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return null;
        }
    }
}

/// <param name="Algorithm">The only one that it is used with.</param>
internal sealed record ClientKey(JsonWebKey Key, string Algorithm);
