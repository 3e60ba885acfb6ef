using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace CareCoordination.Server.Tests.Kit;

/// <summary>A key pair of an issuer, or of somebody who would like to be one, and tokens that are signed with it by hand.</summary>
internal sealed class IssuerKey
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _ec;

    /// <param name="algorithm">RS256, PS384, ES512 and the like.</param>
    public IssuerKey(string algorithm = "RS256", string? kid = null, int rsaBits = 2048)
    {
        Algorithm = algorithm;
        Kid = kid ?? Guid.NewGuid().ToString("N");
        if (algorithm.StartsWith("ES", StringComparison.Ordinal))
            _ec = ECDsa.Create(
                algorithm switch
                {
                    "ES256" => ECCurve.NamedCurves.nistP256,
                    "ES384" => ECCurve.NamedCurves.nistP384,
                    _ => ECCurve.NamedCurves.nistP521,
                }
            );
        else
            _rsa = RSA.Create(rsaBits);
    }

    public string Algorithm { get; }

    public string Kid { get; }

    /// <summary>As a JWK Set publishes it.</summary>
    public JsonObject Public
    {
        get
        {
            var key = new JsonObject { ["kid"] = Kid, ["use"] = "sig" };
            if (_rsa is not null)
            {
                var parts = _rsa.ExportParameters(false);
                key["kty"] = "RSA";
                key["n"] = Base64UrlEncoder.Encode(parts.Modulus!);
                key["e"] = Base64UrlEncoder.Encode(parts.Exponent!);
                return key;
            }

            var point = _ec!.ExportParameters(false);
            key["kty"] = "EC";
            key["crv"] = _ec.KeySize == 521 ? "P-521" : $"P-{_ec.KeySize}";
            key["x"] = Base64UrlEncoder.Encode(point.Q.X!);
            key["y"] = Base64UrlEncoder.Encode(point.Q.Y!);
            return key;
        }
    }

    /// <summary>What somebody may have of it who has no private key, as text.</summary>
    public string PublicPem => _rsa?.ExportSubjectPublicKeyInfoPem() ?? _ec!.ExportSubjectPublicKeyInfoPem();

    public string PrivatePem => _rsa?.ExportPkcs8PrivateKeyPem() ?? _ec!.ExportPkcs8PrivateKeyPem();

    /// <summary>The header that belongs to the key.</summary>
    public JsonObject Header(string? type = "at+jwt")
    {
        var header = new JsonObject { ["alg"] = Algorithm, ["kid"] = Kid };
        if (type is not null)
            header["typ"] = type;
        return header;
    }

    public string Sign(JsonObject header, JsonObject payload)
    {
        var signed = $"{Part(header)}.{Part(payload)}";
        return $"{signed}.{Base64UrlEncoder.Encode(Signature(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>With a shared secret, as HS256 does.</summary>
    public static string Mac(JsonObject header, JsonObject payload, byte[] secret)
    {
        var signed = $"{Part(header)}.{Part(payload)}";
        return $"{signed}.{Base64UrlEncoder.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Part(JsonObject part) => Base64UrlEncoder.Encode(part.ToJsonString());

    private byte[] Signature(byte[] signed)
    {
        var hash = Algorithm[2..] switch
        {
            "256" => HashAlgorithmName.SHA256,
            "384" => HashAlgorithmName.SHA384,
            _ => HashAlgorithmName.SHA512,
        };
        return _ec?.SignData(signed, hash)
            ?? _rsa!.SignData(signed, hash, Algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }
}
