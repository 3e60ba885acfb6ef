using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CareCoordination.Application.Settings;
using CareCoordination.Exchange.Hospitals;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Hospitals;

/// <summary>How the listener of MLLP is set up: TLS, limits, and what stops the start.</summary>
public sealed class MllpSettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("care-mllp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task TLS_is_spoken_where_there_is_a_certificate()
    {
        using var authority = new TestAuthority();
        using var own = authority.Issue("server");
        await using var server = await Hl7Kit.StartAsync(
            $"--Transitions:Mllp:CertificatePath={Write("server.pem", own.ExportCertificatePem())}",
            $"--Transitions:Mllp:CertificateKeyPath={Write("server.key", own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem())}"
        );

        using var line = await Hl7Kit.SecureAsync(server, null);

        Assert.Equal("AA", Hl7Kit.Segment(await line.AskAsync(Hl7Kit.Discharge("L1", "1", "1")), "MSA")[1]);
        using var plain = await Hl7Kit.ConnectAsync(server);
        await plain.SendAsync(Hl7Kit.Discharge("L2", "1", "1"));
        var answer = await plain.ReceiveAsync();
        Assert.DoesNotContain("MSA", answer ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_no_certificate_of_the_authority_is_not_let_in()
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority();
        using var own = authority.Issue("server");
        using var hospital = authority.Issue("hospital");
        using var stranger = other.Issue("stranger");
        await using var server = await Hl7Kit.StartAsync(
            $"--Transitions:Mllp:CertificatePath={Write("server.pem", own.ExportCertificatePem())}",
            $"--Transitions:Mllp:CertificateKeyPath={Write("server.key", own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem())}",
            $"--Transitions:Mllp:AuthorityPath={Write("authority.pem", authority.Pem)}"
        );

        using (var line = await Hl7Kit.SecureAsync(server, hospital))
            Assert.Equal("AA", Hl7Kit.Segment(await line.AskAsync(Hl7Kit.Discharge("L3", "1", "1")), "MSA")[1]);
        foreach (var certificate in new[] { null, stranger })
            Assert.Null(await RefusedAsync(server, certificate));
    }

    [Fact]
    public async Task More_connections_than_are_allowed_wait_until_one_ends()
    {
        await using var server = await Hl7Kit.StartAsync("--Transitions:Mllp:MaxConnections=1");
        var first = await Hl7Kit.ConnectAsync(server);
        Assert.Equal("AA", Hl7Kit.Segment(await first.AskAsync(Hl7Kit.Discharge("W1", "1", "1")), "MSA")[1]);
        using var second = await Hl7Kit.ConnectAsync(server);
        await second.SendAsync(Hl7Kit.Discharge("W2", "1", "1"));
        var answer = second.ReceiveAsync();
        Assert.Equal("AA", Hl7Kit.Segment(await first.AskAsync(Hl7Kit.Discharge("W3", "1", "1")), "MSA")[1]);
        Assert.False(answer.IsCompleted);

        first.Dispose();

        Assert.Equal("W2", Hl7Kit.Segment((await answer)!, "MSA")[2]);
    }

    [Fact]
    public async Task A_connection_that_says_nothing_is_ended()
    {
        await using var server = await Hl7Kit.StartAsync("--Transitions:Mllp:IdleSeconds=1");
        using var line = await Hl7Kit.ConnectAsync(server);
        await line.SendBytesAsync("\u000bMSH|^~");

        Assert.Null(await line.ReceiveAsync());
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_lines()
    {
        var server = await Hl7Kit.StartAsync();
        using var line = await Hl7Kit.ConnectAsync(server);
        Assert.Equal("AA", Hl7Kit.Segment(await line.AskAsync(Hl7Kit.Discharge("E1", "1", "1")), "MSA")[1]);

        await server.DisposeAsync();

        Assert.Null(await line.ReceiveAsync());
    }

    [Fact]
    public async Task Without_a_port_there_is_no_listener_and_without_profiles_nothing_is_taken()
    {
        await using var server = await TestServer.OnSqliteAsync();

        Assert.Null(server.Services.GetRequiredService<MllpListener>().EndPoint);
        Assert.Equal(501, (await server.PostAsync(server.Root + "/hl7v2", "MSH|^~\\&|")).Status);
    }

    [Theory]
    [InlineData("Transitions:Mllp:Port is set and Transitions:SendersPath is not", "--Transitions:Mllp:Port=0")]
    [InlineData(
        "Transitions:SendersPath is '/nowhere.json'; it must be a file",
        "--Transitions:SendersPath=/nowhere.json"
    )]
    [InlineData("Transitions:Port is no setting", "--Transitions:Port=1")]
    [InlineData("Transitions:Mllp:Ports is no setting", "--Transitions:Mllp:Ports=1")]
    [InlineData("Transitions:Mllp:Port is 'x'", "--Transitions:Mllp:Port=x")]
    [InlineData(
        "Transitions:Mllp:Address is 'here'; it must be an IP address",
        "--Transitions:Mllp:Port=0",
        "--Transitions:Mllp:Address=here"
    )]
    [InlineData(
        "Transitions:Mllp:Address is '0.0.0.0'; other machines reach it",
        "--Transitions:Mllp:Port=0",
        "--Transitions:Mllp:Address=0.0.0.0"
    )]
    [InlineData(
        "Transitions:Mllp:AuthorityPath is 'x'; it needs CertificatePath",
        "--Transitions:Mllp:Port=0",
        "--Transitions:Mllp:AuthorityPath=x"
    )]
    [InlineData(
        "Transitions:Mllp:CertificatePath is '/no.pem'; it and CertificateKeyPath",
        "--Transitions:Mllp:Port=0",
        "--Transitions:Mllp:CertificatePath=/no.pem"
    )]
    public async Task A_wrong_setting_stops_the_start(string sentence, params string[] settings)
    {
        var problem = await Assert.ThrowsAsync<ConfigurationProblem>(() => TestServer.OnSqliteAsync(settings));

        Assert.StartsWith(sentence, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_profiles_stop_the_start_with_their_place()
    {
        var problem = await Assert.ThrowsAsync<ConfigurationProblem>(() =>
            TestServer.OnSqliteAsync($"--Transitions:SendersPath={Write("senders.json", "[{\"id\":\"x\"}]")}")
        );

        Assert.Contains(
            "senders[0].timeZone: Write where the sender's clocks are",
            problem.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_port_that_is_taken_stops_the_start()
    {
        var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var problem = await Assert.ThrowsAsync<ConfigurationProblem>(() =>
            Hl7Kit.StartAsync($"--Transitions:Mllp:Port={port}")
        );

        Assert.StartsWith(
            $"Transitions:Mllp:Port is '127.0.0.1:{port}'; nothing can listen there",
            problem.Message,
            StringComparison.Ordinal
        );
        taken.Stop();
    }

    private static async Task<string?> RefusedAsync(TestServer server, X509Certificate2? certificate)
    {
        try
        {
            using var line = await Hl7Kit.SecureAsync(server, certificate);
            await line.SendAsync(Hl7Kit.Discharge("L4", "1", "1"));
            return await line.ReceiveAsync();
        }
        catch (Exception problem) when (problem is IOException or AuthenticationException)
        {
            return null;
        }
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
