using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CareCoordination.Security.Certificates;

/// <summary>A certificate as tokens and registrations name it. https://www.rfc-editor.org/rfc/rfc8705#section-3.1</summary>
public static class CertificateThumbprint
{
    /// <summary>The claim of a token that is bound to a certificate, and its member.</summary>
    public const string Claim = "cnf";

    public const string Member = "x5t#S256";

    /// <summary>Base64url of the SHA-256 of the certificate's DER.</summary>
    public static string Of(X509Certificate2 certificate) =>
        Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA256));

    /// <summary>True where it can be one: 32 bytes in base64url without padding.</summary>
    public static bool IsValid(string text) =>
        text.Length == 43
        && Base64Url.IsValid(text, out var length)
        && length == SHA256.HashSizeInBytes
        // The last letter carries four bits: in one spelling only.
        && Base64Url.EncodeToString(Base64Url.DecodeFromChars(text)) == text;
}
