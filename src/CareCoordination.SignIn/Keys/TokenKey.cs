using System.Security.Cryptography;
using CareCoordination.Application.Settings;
using Microsoft.IdentityModel.Tokens;

namespace CareCoordination.SignIn.Keys;

/// <summary>A key of the authorization server, and when it is used.</summary>
/// <param name="Key">With its private part.</param>
/// <param name="UsedFrom">In seconds since 1970; shown before.</param>
internal sealed record TokenKey(SecurityKey Key, string Algorithm, long UsedFrom)
{
    private const int RsaBits = 2048;

    public bool IsSigning => Key is AsymmetricSecurityKey;

    /// <summary>As a text that <see cref="Read"/> takes: to be protected, and never to be shown.</summary>
    public static string Make(string algorithm)
    {
        if (algorithm == SecurityAlgorithms.RsaSha256)
        {
            using var rsa = RSA.Create(RsaBits);
            return rsa.ExportPkcs8PrivateKeyPem();
        }

        if (algorithm == SecurityAlgorithms.EcdsaSha256)
        {
            using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return ec.ExportPkcs8PrivateKeyPem();
        }

        return Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    }

    public static TokenKey Read(string text, string algorithm, long usedFrom) =>
        algorithm switch
        {
            SecurityAlgorithms.RsaSha256 => OfRsa(text, usedFrom),
            SecurityAlgorithms.EcdsaSha256 => OfEc(text, usedFrom),
            _ => Named(new SymmetricSecurityKey(Convert.FromBase64String(text)), algorithm, usedFrom),
        };

    /// <summary>A private key that an operator gave. Throws <see cref="ConfigurationProblem"/>.</summary>
    public static TokenKey OfFile(string path)
    {
        try
        {
            var text = File.ReadAllText(path);
            return TryRead(() => OfRsa(text, 0))
                ?? TryRead(() => OfEc(text, 0))
                ?? throw Refused(
                    path,
                    "it holds no private key of RSA or of the curve P-256 that can be read without a password"
                );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, $"it cannot be read ({e.Message})");
        }
    }

    private static ConfigurationProblem Refused(string path, string why) =>
        new(
            $"Security:Embedded:SigningKeyFiles has '{path}', but {why}: give a PEM file with a private key of RSA (2048 bits or more) or P-256."
        );

    private static TokenKey? TryRead(Func<TokenKey> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private static TokenKey OfRsa(string pem, long usedFrom)
    {
        var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        if (rsa.KeySize < RsaBits)
            throw new CryptographicException("The key is too short.");
        // Without its private part the key would be found out at the first token.
        _ = rsa.ExportParameters(includePrivateParameters: true);
        return Named(new RsaSecurityKey(rsa), SecurityAlgorithms.RsaSha256, usedFrom);
    }

    private static TokenKey OfEc(string pem, long usedFrom)
    {
        var ec = ECDsa.Create();
        ec.ImportFromPem(pem);
        if (ec.KeySize != 256)
            throw new CryptographicException("The curve is not P-256.");
        _ = ec.ExportParameters(includePrivateParameters: true);
        return Named(new ECDsaSecurityKey(ec), SecurityAlgorithms.EcdsaSha256, usedFrom);
    }

    /// <summary>A key is named by its thumbprint. https://www.rfc-editor.org/rfc/rfc7638</summary>
    private static TokenKey Named(SecurityKey key, string algorithm, long usedFrom)
    {
        key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        return new TokenKey(key, algorithm, usedFrom);
    }
}
