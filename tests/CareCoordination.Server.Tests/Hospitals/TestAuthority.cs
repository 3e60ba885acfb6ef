using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CareCoordination.Server.Tests.Hospitals;

/// <summary>An authority of the test's own, and what it signs.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly X509Certificate2 _own = Own();

    public string Pem => _own.ExportCertificatePem();

    /// <param name="name">Of its subject.</param>
    /// <param name="dns">The name that it is for.</param>
    public X509Certificate2 Issue(string name, string dns = "localhost")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dns);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_own, Start, Start.AddYears(99), [.. Guid.NewGuid().ToByteArray()]);
        using var whole = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(
            whole.Export(X509ContentType.Pkcs12),
            null,
            X509KeyStorageFlags.Exportable
        );
    }

    public void Dispose() => _own.Dispose();

    private static X509Certificate2 Own()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Start, Start.AddYears(100));
    }
}
