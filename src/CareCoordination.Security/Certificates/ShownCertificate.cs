using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CareCoordination.Security.Settings;

namespace CareCoordination.Security.Certificates;

/// <summary>
/// The certificate that a client has shown with its request: in its own TLS connection, or, where TLS ends at a proxy in front, in the header
/// by which that one tells of it. Whoever has shown one has its key; by whom it is signed does not matter, since it is known by its
/// thumbprint.
/// </summary>
public sealed class ShownCertificate(SecurityOptions options, TimeProvider time)
{
    /// <summary>A certificate with a long list of names.</summary>
    private const int LongestHeader = 16 * 1024;

    /// <summary>The thumbprint; null where none was shown that is valid now.</summary>
    public string? Of(HttpContext context)
    {
        if (options.ClientCertificateHeader is { } header)
        {
            using var forwarded = Read(context.Request.Headers[header]);
            return Thumbprint(forwarded);
        }

        return options.ClientCertificates ? Thumbprint(context.Connection.ClientCertificate) : null;
    }

    private string? Thumbprint(X509Certificate2? certificate)
    {
        if (certificate is null)
            return null;
        var now = time.GetUtcNow().UtcDateTime;
        return now >= certificate.NotBefore.ToUniversalTime() && now <= certificate.NotAfter.ToUniversalTime()
            ? CertificateThumbprint.Of(certificate)
            : null;
    }

    /// <summary>
    /// As RFC 9440 has it (<c>:base64:</c>), and as proxies wrote it before: PEM in the encoding of addresses. Two headers are none: nobody
    /// knows which of them is the proxy's.
    /// </summary>
    private static X509Certificate2? Read(Microsoft.Extensions.Primitives.StringValues values)
    {
        if (values is not [{ Length: > 2 and <= LongestHeader } text])
            return null;
        try
        {
            return text[0] == ':' && text[^1] == ':'
                ? X509CertificateLoader.LoadCertificate(Convert.FromBase64String(text[1..^1]))
                : X509Certificate2.CreateFromPem(Uri.UnescapeDataString(text));
        }
        catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException)
        {
            return null;
        }
    }
}
