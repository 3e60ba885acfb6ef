using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CareCoordination.Hl7v2.Senders;

/// <summary>
/// A certificate that a sender shows where it connects: this very one, by the SHA-256 of its bytes, or any that has a name, so that one
/// that is renewed goes on to be known.
/// </summary>
public sealed class SenderCertificate
{
    private readonly byte[]? _thumbprint;
    private readonly string _name = "";

    private SenderCertificate(byte[] thumbprint) => _thumbprint = thumbprint;

    private SenderCertificate(string name) => _name = name;

    /// <param name="text">
    /// 64 hexadecimal digits, with colons between or without; the same 32 bytes in base64url (<c>x5t#S256</c> of RFC 7515); or a DNS name
    /// that the certificate is for.
    /// </param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SenderCertificate? certificate)
    {
        certificate =
            Thumbprint(text) is { Length: SHA256.HashSizeInBytes } thumbprint ? new SenderCertificate(thumbprint)
            : Uri.CheckHostName(text) == UriHostNameType.Dns && text.Contains('.', StringComparison.Ordinal)
                ? new SenderCertificate(text)
            : null;
        return certificate is not null;
    }

    /// <summary>A name of a kind (<c>*.example.org</c>) in the certificate is no name of one sender, and does not count.</summary>
    public bool Is(X509Certificate2 shown) =>
        _thumbprint is { } thumbprint
            ? CryptographicOperations.FixedTimeEquals(thumbprint, shown.GetCertHash(HashAlgorithmName.SHA256))
            : shown.MatchesHostname(_name, allowWildcards: false);

    private static byte[]? Thumbprint(string text)
    {
        var digits = text.Replace(":", "", StringComparison.Ordinal);
        if (digits.Length == 2 * SHA256.HashSizeInBytes && digits.All(char.IsAsciiHexDigit))
            return Convert.FromHexString(digits);
        var length = Base64Url.GetMaxDecodedLength(text.Length);
        return length is SHA256.HashSizeInBytes or SHA256.HashSizeInBytes + 1 && Base64Url.IsValid(text)
            ? Base64Url.DecodeFromChars(text)
            : null;
    }
}
