using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using CareCoordination.Connectors.Partners;

namespace CareCoordination.Connectors.Security;

/// <summary>TLS towards one partner: versions, our certificate, and the authority that the partner's is signed by.</summary>
internal static class PartnerTls
{
    public static SslClientAuthenticationOptions Client(TlsOptions options)
    {
        var tls = new SslClientAuthenticationOptions();
        if (options.CertificatePath is { } path)
        {
            using var pem = X509Certificate2.CreateFromPemFile(path, options.KeyPath);
            // Keys that exist in memory only are not accepted by every platform's TLS; a PKCS#12 round trip makes them usable.
            var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
            tls.ClientCertificates = [certificate];
            tls.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        if (options.AuthorityPath is { } authority)
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(authority);
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        return tls;
    }
}
