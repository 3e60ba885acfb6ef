using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CareCoordination.Application.Settings;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Server.Tests.Security;

namespace CareCoordination.Server.Tests.Hospitals;

/// <summary>Hospitals that share an authority are told by their own certificates: none sends for another. docs/hl7v2.md</summary>
public sealed class MllpCertificateTests : IAsyncLifetime
{
    private const string Refused = "204^";

    private readonly string _folder = Directory.CreateTempSubdirectory("care-mllp-").FullName;
    private readonly TestAuthority _authority = new();
    private TestIssuer _issuer = null!;

    public async ValueTask InitializeAsync() => _issuer = await TestIssuer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _issuer.DisposeAsync();
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("hexadecimal digits")]
    [InlineData("with colons")]
    [InlineData("base64url")]
    [InlineData("name")]
    public async Task A_hospital_of_a_secured_server_sends_by_its_own_certificate_and_for_no_other(string how)
    {
        using var north = _authority.Issue("north", "adt.north.example");
        using var lake = _authority.Issue("lake", "adt.lake.example");
        await using var server = await StartAsync(Secured, Named(north, how));

        using (var line = await Hl7Kit.SecureAsync(server, north))
            Assert.Equal("AA", await SendAsync(line, "C1"));
        using (var line = await Hl7Kit.SecureAsync(server, lake))
        {
            var answer = await line.AskAsync(Hl7Kit.Discharge("C2", "2", "2"));
            Assert.Equal("AE", Hl7Kit.Segment(answer, "MSA")[1]);
            Assert.Contains(Refused, answer, StringComparison.Ordinal);
            // The next on the line is judged by itself.
            Assert.Equal("AE", await SendAsync(line, "C3"));
        }
    }

    [Fact]
    public async Task One_certificate_of_an_engine_may_send_for_several_and_one_sender_may_have_several()
    {
        using var north = _authority.Issue("north", "adt.north.example");
        using var engine = _authority.Issue("engine", "engine.example");
        await using var server = await StartAsync(Secured, [Thumbprint(north), "engine.example"]);

        foreach (var certificate in new[] { north, engine })
        {
            using var line = await Hl7Kit.SecureAsync(server, certificate);
            Assert.Equal("AA", await SendAsync(line, certificate.Subject));
        }
    }

    [Theory]
    [InlineData("*.north.example")]
    [InlineData("*.example")]
    public async Task A_certificate_for_a_kind_of_names_is_nobodys(string name)
    {
        using var any = _authority.Issue("any", name);
        await using var server = await StartAsync(Secured, ["adt.north.example"]);

        using var line = await Hl7Kit.SecureAsync(server, any);

        Assert.Equal("AE", await SendAsync(line, "K1"));
    }

    [Fact]
    public async Task A_profile_that_names_no_certificate_is_for_other_doors()
    {
        using var north = _authority.Issue("north", "adt.north.example");
        await using var server = await StartAsync(Secured, null, ("HNAM", [Thumbprint(north)]));

        using var line = await Hl7Kit.SecureAsync(server, north);

        Assert.Equal("AE", await SendAsync(line, "N1"));
    }

    [Fact]
    public async Task An_open_server_asks_for_the_certificates_that_a_profile_names()
    {
        using var north = _authority.Issue("north", "adt.north.example");
        using var lake = _authority.Issue("lake", "adt.lake.example");
        await using var named = await StartAsync([], [Thumbprint(north)]);
        await using var unnamed = await StartAsync([], null);

        using var line = await Hl7Kit.SecureAsync(named, lake);
        Assert.Equal("AE", await SendAsync(line, "O1"));
        Assert.Empty((await named.GetAsync("Encounter")).ShouldBe(200).Ids);
        using var other = await Hl7Kit.SecureAsync(unnamed, lake);
        Assert.Equal("AA", await SendAsync(other, "O2"));
        Assert.Single((await unnamed.GetAsync("Encounter")).ShouldBe(200).Ids);
    }

    [Fact]
    public async Task What_comes_in_pieces_for_another_takes_no_place_of_theirs()
    {
        using var north = _authority.Issue("north", "adt.north.example");
        using var lake = _authority.Issue("lake", "adt.lake.example");
        await using var server = await StartAsync([], [Thumbprint(north)]);
        using var line = await Hl7Kit.SecureAsync(server, lake);
        await line.SendBytesAsync("\u000b" + Hl7Kit.Discharge("P1", "1", "1") + new string('x', 30_000) + "\u001c\r");
        Assert.Equal("AE", Hl7Kit.Segment((await line.ReceiveAsync())!, "MSA")[1]);

        var kept = (await server.GetAsync("$transition-messages?state=refused")).ShouldBe(200);

        Assert.DoesNotContain("hl7v2 north", kept.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"north\"", kept.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_on_which_nobody_could_send_does_not_start()
    {
        var problem = await Assert.ThrowsAsync<ConfigurationProblem>(() => StartAsync(Secured, null));

        Assert.StartsWith(
            "Transitions:Mllp:AuthorityPath asks those who connect",
            problem.Message,
            StringComparison.Ordinal
        );
    }

    private string[] Secured => _issuer.Settings("main", "Clients:hospital=north");

    private static async Task<string> SendAsync(MllpClient line, string control) =>
        Hl7Kit.Segment(await line.AskAsync(Hl7Kit.Discharge(control, "1", "1")), "MSA")[1];

    private static string Thumbprint(X509Certificate2 certificate) =>
        certificate.GetCertHashString(HashAlgorithmName.SHA256);

    private static string[] Named(X509Certificate2 certificate, string how) =>
        how switch
        {
            "name" => ["adt.north.example"],
            "base64url" =>
            [
                System.Buffers.Text.Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA256)),
            ],
            "with colons" =>
            [
                string.Join(':', Thumbprint(certificate).ToLowerInvariant().Chunk(2).Select(c => new string(c))),
            ],
            _ => [Thumbprint(certificate)],
        };

    /// <param name="certificates">Of the hospital whose messages the tests send; null: none.</param>
    private async Task<TestServer> StartAsync(
        string[] settings,
        string[]? certificates,
        params (string Application, string[] Certificates)[] others
    )
    {
        using var own = _authority.Issue("server");
        var profiles = JsonNode
            .Parse(await File.ReadAllTextAsync(Hl7Kit.SendersPath, TestContext.Current.CancellationToken))!
            .AsArray();
        foreach (
            var (application, named) in others.Append(("EPICADT", certificates ?? [])).Where(o => o.Item2.Length > 0)
        )
        {
            foreach (var profile in profiles.Where(p => (string?)p!["application"] == application))
                profile!["certificates"] = new JsonArray([.. named.Select(n => (JsonNode)n)]);
        }

        return await TestServer.OnSqliteAsync([
            .. settings,
            $"--Transitions:SendersPath={Write("senders.json", profiles.ToJsonString())}",
            "--Transitions:Mllp:Port=0",
            "--Transitions:MaxMessageBytes=20000",
            $"--Transitions:Mllp:CertificatePath={Write("server.pem", own.ExportCertificatePem())}",
            $"--Transitions:Mllp:CertificateKeyPath={Write("server.key", own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem())}",
            $"--Transitions:Mllp:AuthorityPath={Write("authority.pem", _authority.Pem)}",
        ]);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N") + name);
        File.WriteAllText(path, text);
        return path;
    }
}
