using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Samples;

/// <summary>
/// An issuer of others, unmodified, that comes after the server. It is from npm: where it is not installed the test is skipped, and with
/// CARE_REQUIRE_CLIENTS=1 it is installed.
/// </summary>
public sealed class IssuerSampleTests
{
    private const string Audience = "https://care.example.org/fhir";

    private static readonly string Folder = Path.Combine(SharedMaterial.Repository, "samples", "issuers");

    [Fact]
    public async Task Tokens_of_oidc_provider_are_taken_as_they_come()
    {
        await InstallAsync();
        var port = FreePort().ToString(CultureInfo.InvariantCulture);
        string[] issuer =
        [
            $"Authority=http://127.0.0.1:{port}",
            $"Audiences={Audience}",
            "Roles:care-manager=Care Manager",
            "Clients:ehr-system=ehr,ehr-opaque",
            "Introspection:ClientId=care-server",
            "Introspection:ClientSecret=a secret of the care server",
            "Introspection:RememberSeconds=0",
        ];
        await using var server = await TestServer.OnSqliteAsync([
            "--Security:Mode=Oidc",
            .. issuer.Select(setting => $"--Security:Issuers:main:{setting}"),
        ]);

        var (code, output, error) = await ProgramRun.OfAsync(
            Folder,
            "node",
            ["story.mjs", port, Audience, server.Base]
        );

        Assert.True(code == 0, $"{output}\n{error}");
        Assert.Contains("oidc-provider: done", output, StringComparison.Ordinal);
    }

    private static async Task InstallAsync()
    {
        if (Directory.Exists(Path.Combine(Folder, "node_modules", "oidc-provider")))
            return;
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("CARE_REQUIRE_CLIENTS") == "1",
            "oidc-provider is not installed: run npm ci --ignore-scripts in samples/issuers, or set CARE_REQUIRE_CLIENTS=1."
        );
        var (code, output, error) = await ProgramRun.OfAsync(
            Folder,
            "npm",
            ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        );
        Assert.True(code == 0, $"{output}\n{error}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
