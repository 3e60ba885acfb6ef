using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace CareCoordination.Connectors.Security;

/// <summary>
/// The key pair this server identifies itself with. https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html
/// </summary>
public sealed class SmartKey
{
    private readonly JsonWebKey _public;

    private SmartKey(AsymmetricSecurityKey key, JsonWebKey publicKey, string algorithm)
    {
        _public = publicKey;
        Id = Base64UrlEncoder.Encode(publicKey.ComputeJwkThumbprint());
        key.KeyId = Id;
        Credentials = new SigningCredentials(key, algorithm);
    }

    /// <summary>The thumbprint of RFC 7638, so that the same file has the same id on every node.</summary>
    public string Id { get; }

    internal SigningCredentials Credentials { get; }

    /// <summary>Reads a PEM file.</summary>
    /// <exception cref="CryptographicException">It holds no private RSA key of 2048 bits or more and no EC P-384 key.</exception>
    public static SmartKey Read(string path) => FromPem(File.ReadAllText(path));

    /// <inheritdoc cref="Read"/>
    public static SmartKey FromPem(string pem)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            if (rsa.KeySize < 2048)
                throw new CryptographicException("The RSA key has fewer than 2048 bits.");
            // Signing once tells a public key from a private one here and not at the first referral.
            rsa.SignHash(new byte[48], HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);
            var publicKey = new RsaSecurityKey(rsa.ExportParameters(false));
            return new SmartKey(
                new RsaSecurityKey(rsa),
                JsonWebKeyConverter.ConvertFromRSASecurityKey(publicKey),
                SecurityAlgorithms.RsaSha384
            );
        }
        catch (Exception problem) when (problem is ArgumentException or CryptographicException && IsNoRsa(pem))
        {
            rsa.Dispose();
            return FromEcPem(pem);
        }
    }

    /// <summary>The public half as one key of a JWK Set.</summary>
    internal void WritePublic(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("kty", _public.Kty);
        writer.WriteString("kid", Id);
        writer.WriteString("use", "sig");
        writer.WriteString("alg", Credentials.Algorithm);
        writer.WriteStartArray("key_ops");
        writer.WriteStringValue("verify");
        writer.WriteEndArray();
        foreach (
            var (name, value) in (ReadOnlySpan<(string, string?)>)
                [("n", _public.N), ("e", _public.E), ("crv", _public.Crv), ("x", _public.X), ("y", _public.Y)]
        )
        {
            if (value is { Length: > 0 })
                writer.WriteString(name, value);
        }

        writer.WriteEndObject();
    }

    private static SmartKey FromEcPem(string pem)
    {
        var ec = ECDsa.Create();
        ec.ImportFromPem(pem);
        if (ec.KeySize != 384)
            throw new CryptographicException("The EC key is not on the curve P-384.");
        ec.SignHash(new byte[48]);
        return new SmartKey(
            new ECDsaSecurityKey(ec),
            JsonWebKeyConverter.ConvertFromECDsaSecurityKey(
                new ECDsaSecurityKey(ECDsa.Create(ec.ExportParameters(false)))
            ),
            SecurityAlgorithms.EcdsaSha384
        );
    }

    private static bool IsNoRsa(string pem)
    {
        using var ec = ECDsa.Create();
        try
        {
            ec.ImportFromPem(pem);
            return true;
        }
        catch (Exception problem) when (problem is ArgumentException or CryptographicException)
        {
            return false;
        }
    }
}

/// <summary>The document with our public keys, that partners fetch. https://www.rfc-editor.org/rfc/rfc7517</summary>
public static class JsonWebKeys
{
    public static byte[] ToUtf8Json(IEnumerable<SmartKey> keys)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("keys");
            foreach (var key in keys.DistinctBy(k => k.Id))
                key.WritePublic(writer);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
