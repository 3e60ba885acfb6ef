using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>A server that is open to a closed network says so, and still is no way in for pages of the web.</summary>
public sealed class ClosedNetworkTests
{
    private const string Everybody = "--Server:AnybodyOnTheNetworkMayDoEverything=true";

    [Fact]
    public async Task Listens_for_other_machines_where_somebody_said_so_in_so_many_words()
    {
        await using var server = await TestServer.OnSqliteAsync(Everybody, "--urls=http://0.0.0.0:0");
        var port = new Uri(server.Root.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)).Port;
        using var client = new HttpClient { BaseAddress = new Uri($"http://{OwnAddress()}:{port}/fhir/") };

        using var answer = await client.GetAsync("metadata", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var statement = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.StartsWith(
            "No security is configured: EVERYBODY WHO REACHES THIS SERVER",
            (string?)statement["rest"]![0]!["security"]!["description"],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Without_it_the_statement_says_that_nobody_else_can_connect()
    {
        await using var server = await TestServer.OnSqliteAsync();
        var statement = (await server.GetAsync("metadata")).ShouldBe(200).Json;
        Assert.Equal(
            "No security is configured: everyone on this machine may do everything, and nobody else can connect.",
            statement.GetProperty("rest")[0].GetProperty("security").GetProperty("description").GetString()
        );
    }

    [Theory]
    [InlineData("10.1.2.3:5080", 200)]
    [InlineData("[fd00::1]:5080", 200)]
    [InlineData("care:5080", 200)]
    [InlineData("care.example.org", 200)]
    [InlineData("CARE.EXAMPLE.ORG", 200)]
    [InlineData("localhost", 200)]
    [InlineData("evil.example", 421)]
    [InlineData("care.example.org.evil.example", 421)]
    [InlineData("10.1.2.3.evil.example", 421)]
    public async Task Answers_under_addresses_plain_names_and_names_that_it_was_given(string host, int status)
    {
        await using var server = await TestServer.OnSqliteAsync(Everybody, "--Server:HostNames=care.example.org");
        (await server.GetAsync("metadata", $"Host: {host}")).ShouldBe(status);
    }

    [Theory]
    [InlineData("care.example.org", 200)]
    [InlineData("care", 421)]
    [InlineData("10.1.2.3", 421)]
    public async Task An_open_server_of_this_machine_knows_its_names_only(string host, int status)
    {
        await using var server = await TestServer.OnSqliteAsync("--Server:HostNames=care.example.org");
        (await server.GetAsync("metadata", $"Host: {host}")).ShouldBe(status);
    }

    [Fact]
    public async Task Pages_of_other_sites_change_nothing_there_either()
    {
        await using var server = await TestServer.OnSqliteAsync(Everybody);
        (await server.PostAsync("Patient", Given.Patient("x"), "Origin: http://evil.example")).ShouldBe(403);
    }

    [Fact]
    public async Task Health_asks_the_server_that_listens()
    {
        await using var server = await TestServer.OnSqliteAsync();
        Assert.Equal(0, await Program.Main(["health", "--urls", server.Root]));
    }

    [Fact]
    public async Task Health_is_bad_where_nothing_listens()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var free = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        Assert.Equal(1, await Program.Main(["health", "--urls", $"http://*:{free}", Everybody]));
    }

    /// <summary>An address of this machine that is not loopback, or loopback where it has no other.</summary>
    private static IPAddress OwnAddress() =>
        Dns.GetHostAddresses(Dns.GetHostName())
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a))
        ?? IPAddress.Loopback;
}
