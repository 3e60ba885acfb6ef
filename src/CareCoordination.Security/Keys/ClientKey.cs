using System.Security.Cryptography;
using CareCoordination.Application.Settings;
using Microsoft.IdentityModel.Tokens;

namespace CareCoordination.Security.Keys;

/// <summary>The private key by which this server says to an issuer who it is. https://www.rfc-editor.org/rfc/rfc7523#section-2.2</summary>
public sealed class ClientKey
{
    private ClientKey(SigningCredentials credentials) => Credentials = credentials;

    internal SigningCredentials Credentials { get; }

    internal static ClientKey Read(OptionsSection section, string key, string path)
    {
        try
        {
            return FromPem(File.ReadAllText(path));
        }
        catch (Exception problem)
            when (problem is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw section.Problem(
                key,
                path,
                $"it must be a PEM file with a private RSA key of 2048 bits or more, or an EC key on P-384 ({problem.Message})."
            );
        }
    }

    /// <exception cref="CryptographicException">It is no such key.</exception>
    internal static ClientKey FromPem(string pem) =>
        pem.Contains("EC PRIVATE KEY", StringComparison.Ordinal) || !IsRsa(pem) ? OfEc(pem) : OfRsa(pem);

    private static bool IsRsa(string pem)
    {
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return true;
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    private static ClientKey OfRsa(string pem)
    {
        var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        if (rsa.KeySize < 2048)
            throw new CryptographicException("The RSA key has fewer than 2048 bits.");
        // Signing once tells a public key from a private one here and not at the first request.
        rsa.SignHash(new byte[48], HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);
        var key = new RsaSecurityKey(rsa);
        key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        return new ClientKey(new SigningCredentials(key, SecurityAlgorithms.RsaSha384));
    }

    private static ClientKey OfEc(string pem)
    {
        var ec = ECDsa.Create();
        ec.ImportFromPem(pem);
        if (ec.KeySize != 384)
            throw new CryptographicException("The EC key is not on the curve P-384.");
        ec.SignHash(new byte[48]);
        var key = new ECDsaSecurityKey(ec);
        key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        return new ClientKey(new SigningCredentials(key, SecurityAlgorithms.EcdsaSha384));
    }
}
