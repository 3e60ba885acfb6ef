using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CareCoordination.Security.Certificates;

namespace CareCoordination.Server.Tests.Security;

/// <summary>A certificate that nobody has signed but its owner.</summary>
internal sealed class TestCertificate : IDisposable
{
    /// <param name="days">From now; less than none: it has expired.</param>
    public TestCertificate(string name = "partner", int days = 30)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-40), now.AddDays(days));
        Pkcs12 = made.Export(X509ContentType.Pkcs12);
        // Keys that exist in memory only are not accepted by every platform's TLS.
        Certificate = X509CertificateLoader.LoadPkcs12(Pkcs12, null);
    }

    public X509Certificate2 Certificate { get; }

    public byte[] Pkcs12 { get; }

    public string Thumbprint => CertificateThumbprint.Of(Certificate);

    /// <summary>https://www.rfc-editor.org/rfc/rfc9440#section-2.1</summary>
    public string Header => $":{Convert.ToBase64String(Certificate.RawData)}:";

    public string EscapedPem => Uri.EscapeDataString(Certificate.ExportCertificatePem());

    public void Dispose() => Certificate.Dispose();
}
