using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using CareCoordination.Application.Settings;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Keys;
using CareCoordination.SignIn.Settings;
using CareCoordination.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.SignIn;

/// <summary>The keys of the authorization server, over restarts, nodes and time.</summary>
public sealed class KeyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("care-keys-").FullName;

    private string[] Database =>
        [$"--ConnectionStrings:CareCoordination=Data Source={Path.Combine(_folder, "care.db")}"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_one_node_has_given_another_takes(bool isPostgreSql)
    {
        var database = isPostgreSql ? await SignInServer.NewPostgreSqlAsync() : Database;
        // Both are known by one address, as behind a balancer.
        const string Base = "--Server:BaseUrl=http://localhost:5999/fhir";
        await using var first = await SignInServer.StartOnAsync(database, null, Base);
        await using var second = await SignInServer.StartOnAsync(database, null, Base);
        using var program = new BackendClient(isEc: true);
        using var here = new AppBrowser(first);
        using var there = new AppBrowser(second);
        await first.AddAsync(program.Record());

        var assertion = program.Assertion(first, c => c["aud"] = "http://localhost:5999/connect/token");
        var tokens = await BackendClient.AskAsync(here, assertion);

        Assert.Equal(HttpStatusCode.OK, tokens.Status);
        Assert.Equal("invalid_client", (await BackendClient.AskAsync(there, assertion)).Error);
        (
            await second.Server.GetAsync(
                "Practitioner?_count=1",
                $"Authorization: Bearer {tokens.Text("access_token")}"
            )
        ).ShouldBe(200);
    }

    [Fact]
    public async Task A_restart_keeps_keys_sessions_and_refresh_tokens()
    {
        string[] database = [.. Database, "--Server:BaseUrl=http://localhost:5999/fhir"];
        Tokens tokens;
        ClientRecord app;
        await using (var server = await SignInServer.StartOnAsync(database))
        {
            app = await server.AddAppAsync();
            var user = await server.AddUserAsync();
            using var browser = new AppBrowser(server);
            var request = browser.Authorize(app, "offline_access user/*.rs", ("aud", "http://localhost:5999/fhir"));
            tokens = await browser.RedeemAsync(app, (await browser.SignInAsync(request, user.Name)).ShouldBeBack());
            Assert.Equal(HttpStatusCode.OK, tokens.Status);
        }

        await using var again = await SignInServer.StartOnAsync(database);
        using var later = new AppBrowser(again);
        var refreshed = await later.RefreshAsync(app, tokens);

        Assert.Equal(HttpStatusCode.OK, refreshed.Status);
        Assert.Equal(tokens.Header().GetProperty("kid").GetString(), refreshed.Header().GetProperty("kid").GetString());
    }

    [Fact]
    public async Task A_key_is_shown_before_it_signs_and_known_after_it_did()
    {
        var clock = new ShiftedClock(TimeProvider.System.GetUtcNow());
        await using var server = await SignInServer.StartAsync(isPostgreSql: false, clock);
        var keys = server.Server.Services.GetRequiredService<TokenKeys>();
        var first = Assert.Single(await JwksAsync(server));
        Assert.Equal(first, await SignerAsync(server));

        clock.Advance(TimeSpan.FromDays(84));
        await keys.LoadAsync(default);
        var both = await JwksAsync(server);
        Assert.Equal(2, both.Count);
        Assert.Equal(first, await SignerAsync(server));

        clock.Advance(TimeSpan.FromDays(8));
        await keys.LoadAsync(default);
        Assert.Equal(both.Order(StringComparer.Ordinal), (await JwksAsync(server)).Order(StringComparer.Ordinal));
        var second = await SignerAsync(server);
        Assert.NotEqual(first, second);
        Assert.Contains(second, both);

        clock.Advance(TimeSpan.FromDays(60));
        await keys.LoadAsync(default);
        Assert.DoesNotContain(first, await JwksAsync(server));
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public async Task Keys_of_files_sign_in_place_of_those_made_here(string algorithm)
    {
        var file = Path.Combine(_folder, "key.pem");
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        await File.WriteAllTextAsync(
            file,
            algorithm == "ES256" ? ec.ExportPkcs8PrivateKeyPem() : rsa.ExportRSAPrivateKeyPem()
        );
        await using var server = await SignInServer.StartAsync(
            isPostgreSql: false,
            null,
            $"--Security:Embedded:SigningKeyFiles:0={file}"
        );

        Assert.Equal(Assert.Single(await JwksAsync(server)), await SignerAsync(server, algorithm));
    }

    [Fact]
    public async Task Keys_that_cannot_be_read_stop_the_start_with_a_sentence()
    {
        var file = Path.Combine(_folder, "protection.pem");
        using (var rsa = RSA.Create(2048))
        {
            var request = new CertificateRequest("CN=care", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var now = TimeProvider.System.GetUtcNow();
            using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
            await File.WriteAllTextAsync(
                file,
                certificate.ExportCertificatePem() + "\n" + rsa.ExportPkcs8PrivateKeyPem()
            );
        }

        var protection = $"--Security:Embedded:ProtectionCertificateFile={file}";
        string kid;
        await using (var server = await SignInServer.StartOnAsync(Database, null, protection))
            kid = await SignerAsync(server);
        await using (var server = await SignInServer.StartOnAsync(Database, null, protection))
            Assert.Equal(kid, await SignerAsync(server));

        var problem = await Assert.ThrowsAsync<ConfigurationProblem>(() => SignInServer.StartOnAsync(Database));
        Assert.StartsWith("The keys that sign tokens cannot be read from the database", problem.Message);
    }

    [Theory]
    [InlineData("SigningKeyFiles:0", "/nowhere/key.pem", "it cannot be read")]
    [InlineData("ProtectionCertificateFile", "/nowhere/key.pem", "it must be a PEM file")]
    [InlineData("AccessTokenMinutes", "61", "it must be a whole number from 5 to 60.")]
    [InlineData("AccessTokenMinutes", "4", "it must be a whole number from 5 to 60.")]
    [InlineData("SigningAlgorithm", "HS256", "it must be RS256 or ES256.")]
    [InlineData("SigningAlgorithm", "none", "it must be RS256 or ES256.")]
    [InlineData("RequireCodes", "perhaps", "it must be true or false.")]
    [InlineData("Issuer", "x", "is no setting")]
    public async Task A_wrong_setting_stops_the_start_with_a_sentence(string name, string value, string sentence)
    {
        var problem = await Assert.ThrowsAsync<ConfigurationProblem>(() =>
            SignInServer.StartOnAsync(Database, null, $"--Security:Embedded:{name}={value}")
        );

        Assert.Contains(sentence, problem.Message, StringComparison.Ordinal);
        Assert.Contains("Security:Embedded:", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_set_where_nothing_is_said()
    {
        var configuration = new ConfigurationBuilder().Build();

        var read = EmbeddedOptions.Read(configuration);
        Assert.Empty(read.SigningKeyFiles);
        Assert.Equal(new EmbeddedOptions(), read with { SigningKeyFiles = new EmbeddedOptions().SigningKeyFiles });
        Assert.False(EmbeddedOptions.IsOn(configuration));
    }

    [Fact]
    public async Task A_server_database_without_the_tables_is_refused_until_it_is_migrated()
    {
        string[] database =
        [
            "--Storage:Provider=PostgreSql",
            $"--ConnectionStrings:CareCoordination={PostgreSqlCluster.Require().NewDatabase()}",
        ];
        Assert.Equal(0, await Program.Main(["migrate", .. database]));

        var problem = await Assert.ThrowsAsync<ConfigurationProblem>(() => SignInServer.StartOnAsync(database));
        Assert.Contains("of the sign-in tables", problem.Message, StringComparison.Ordinal);

        Assert.Equal(0, await Program.Main(["migrate", .. database, "--Security:Mode=Embedded"]));
        await using var server = await SignInServer.StartOnAsync(database);
        Assert.Single(await JwksAsync(server));
    }

    private static async Task<List<string>> JwksAsync(SignInServer server)
    {
        var text = await server.Server.Client.GetStringAsync($"{server.Root}/connect/jwks");
        return
        [
            .. JsonDocument
                .Parse(text)
                .RootElement.GetProperty("keys")
                .EnumerateArray()
                .Select(k => k.GetProperty("kid").GetString()!),
        ];
    }

    /// <summary>By which key a new token is signed.</summary>
    private static async Task<string> SignerAsync(SignInServer server, string algorithm = "RS256")
    {
        var client = new ClientRecord(SignInServer.NewName("program"), "A program", ClientKind.Secret, "system/*.rs");
        var secret = await server.AddAsync(client);
        using var browser = new AppBrowser(server);
        var tokens = await browser.PostAsync(
            "/connect/token",
            new Dictionary<string, string?>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = client.Id,
                ["client_secret"] = secret,
                ["scope"] = "system/*.rs",
            }
        );
        Assert.Equal(algorithm, tokens.Header().GetProperty("alg").GetString());
        return tokens.Header().GetProperty("kid").GetString()!;
    }
}
