using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CareCoordination.Connectors.Partners;

namespace CareCoordination.Connectors.Tests;

/// <summary>Certificates on both sides.</summary>
public sealed class MutualTlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("care-tls");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Our_certificate_is_shown_and_the_partners_authority_is_trusted()
    {
        using var authority = Authority();
        using var server = Issue(authority, "server");
        using var ours = Issue(authority, "us");
        await using var partner = await ScriptedPartner.StartAsync(server);
        string? seen = null;
        partner.Answer = async (_, c) =>
        {
            seen = (await c.Connection.GetClientCertificateAsync())?.Subject;
            await c.TaskAsync(201, "7", 1, Samples.Copy("7", 1, "requested"));
        };
        using var connectors = Lines.Connectors();

        var outcome = await connectors
            .Line(
                partner.Address,
                Lines.Plain with
                {
                    Tls = new()
                    {
                        CertificatePath = Save("us.pem", ours.ExportCertificatePem()),
                        KeyPath = Save("us.key", ours.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
                        AuthorityPath = Save("ca.pem", authority.ExportCertificatePem()),
                    },
                }
            )
            .SendAsync(Samples.Package(), CancellationToken.None);

        Assert.IsType<SendOutcome.Delivered>(outcome);
        Assert.Equal("CN=us", seen);
    }

    [Fact]
    public async Task A_partner_whose_certificate_nobody_we_trust_has_signed_is_tried_later()
    {
        using var authority = Authority();
        using var server = Issue(authority, "server");
        await using var partner = await ScriptedPartner.StartAsync(server);
        using var connectors = Lines.Connectors();

        var later = Assert.IsType<SendOutcome.TryLater>(
            await connectors.Line(partner.Address).SendAsync(Samples.Package(), CancellationToken.None)
        );

        Assert.Equal("No TLS connection to the partner could be made.", later.Problem);
        Assert.Empty(partner.Asked);
    }

    private string Save(string name, string pem)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, pem);
        return path;
    }

    private static X509Certificate2 Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Start, Start.AddYears(100));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, Start, Start.AddYears(99), [.. Guid.NewGuid().ToByteArray()]);
        using var whole = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(
            whole.Export(X509ContentType.Pkcs12),
            null,
            X509KeyStorageFlags.Exportable
        );
    }

    private static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
