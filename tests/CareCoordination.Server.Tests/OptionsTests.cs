using CareCoordination.Server.Options;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>A wrong setting stops the start with a sentence that names it.</summary>
public sealed class OptionsTests
{
    [Theory]
    [InlineData(
        "Limits:MaxBodyBytes=many",
        "Limits:MaxBodyBytes is 'many'; it must be a whole number from 1024 to 1073741824."
    )]
    [InlineData("Limits:MaxPageSize=0", "Limits:MaxPageSize is '0'; it must be a whole number from 1 to 10000.")]
    [InlineData(
        "Limits:DefaultPageSize=5000",
        "Limits:DefaultPageSize is 5000; it must not be above Limits:MaxPageSize, which is 1000."
    )]
    [InlineData(
        "Limits:MaxBody=5",
        "Limits:MaxBody is no setting; Limits has BatchConcurrency, DefaultPageSize, MaxBodyBytes, MaxBundleEntries, MaxJsonDepth, MaxPageSize, MaxUrlBytes."
    )]
    [InlineData(
        "Storage:Provider=Oracle",
        "Storage:Provider is 'Oracle'; it must be one of Sqlite, PostgreSql, SqlServer."
    )]
    [InlineData("Storage:Provider=PostgreSql", "ConnectionStrings:CareCoordination is missing; PostgreSql needs one.")]
    [InlineData(
        "Server:BaseUrl=fhir",
        "Server:BaseUrl is 'fhir'; it must be an address such as https://fhir.example.org/fhir."
    )]
    [InlineData(
        "Server:CorsOrigins=app.example.org",
        "Server:CorsOrigins has 'app.example.org'; an origin is scheme, host and port, such as https://app.example.org."
    )]
    public void A_wrong_setting_is_named(string setting, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<ConfigurationProblem>(() => Program.Build($"--{setting}")).Message);

    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://*:5080")]
    [InlineData("http://[::]:5080")]
    [InlineData("http://care.example:5080")]
    public void An_open_server_refuses_to_listen_for_other_machines(string url) =>
        Assert.Equal(
            $"--urls is '{url}', but no security is configured, and an open server only listens on this machine: use http://localhost:5080, or put a proxy that checks clients in front.",
            Assert.Throws<ConfigurationProblem>(() => Program.Build("--urls", url)).Message
        );

    [Theory]
    [InlineData("http://localhost:1", true)]
    [InlineData("http://127.0.0.1:1", true)]
    [InlineData("http://127.8.9.1:1", true)]
    [InlineData("http://[::1]:1", true)]
    [InlineData("http://10.0.0.1:1", false)]
    [InlineData("http://localhost.evil.example:1", false)]
    [InlineData("nonsense", false)]
    public void Knows_loopback_addresses(string url, bool isLoopback) =>
        Assert.Equal(isLoopback, Exposure.IsLoopback(url));

    [Fact]
    public async Task An_unknown_verb_ends_with_an_error() => Assert.Equal(2, await Program.Main(["serve"]));

    [Fact]
    public async Task The_base_behind_a_proxy_is_what_clients_see()
    {
        await using var server = await TestServer.OnSqliteAsync("--Server:BaseUrl=https://fhir.example.org/fhir/");
        var created = (await server.PostAsync("Patient", Given.Patient("x"))).ShouldBe(201);
        Assert.Equal($"https://fhir.example.org/fhir/Patient/{created.Id}/_history/1", created.Location);
    }
}
