using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using static CareCoordination.PartnerSimulator.PartnerStore;

namespace CareCoordination.PartnerSimulator;

/// <summary>The public keys of a client: RSA for RS384, P-384 for ES384. https://www.rfc-editor.org/rfc/rfc7517</summary>
internal static class JsonWebKeys
{
    public static bool Verifies(string jwks, string keyId, string text, byte[] signature)
    {
        var key = (JsonNode.Parse(jwks)?["keys"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .FirstOrDefault(k => Text(k["kid"]) == keyId);
        var data = Encoding.ASCII.GetBytes(text);
        switch (Text(key?["kty"]))
        {
            case "RSA":
                using (
                    var rsa = RSA.Create(new RSAParameters { Modulus = Bytes(key!["n"]), Exponent = Bytes(key["e"]) })
                )
                    return rsa.VerifyData(data, signature, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);
            case "EC":
                var point = new ECPoint { X = Bytes(key!["x"]), Y = Bytes(key["y"]) };
                using (var ec = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP384, Q = point }))
                    return ec.VerifyData(data, signature, HashAlgorithmName.SHA384);
            default:
                return false;
        }
    }

    private static byte[] Bytes(JsonNode? base64Url) => Base64Url.DecodeFromChars(Text(base64Url));
}
