using System.Text;
using CareCoordination.Application.Settings;
using CareCoordination.Server.Tests.Access;
using CareCoordination.Server.Tests.Exports;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.Configuration;

namespace CareCoordination.Server.Tests.Import.Bulk;

/// <summary>What is not begun: a request that is wrong, an address that may not be fetched from, somebody who may not.</summary>
public sealed class BulkImportRefusalTests
{
    [Fact]
    public async Task Nothing_is_imported_from_anywhere_where_the_configuration_says_nothing()
    {
        await using var server = await TestServer.OnSqliteAsync();

        (await PostAsync(server, ImportKit.Manifest("https://north.example.org/m.json"))).ShouldRefuse(
            422,
            "error forbidden: Nothing may be imported from anywhere: name the addresses that may be fetched from in Imports:Sources, as Imports:Sources:north:Url=https://north.example.org/fhir/."
        );
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data", "http://169.254.169.254")]
    [InlineData("http://localhost:1/Patient.ndjson", "http://localhost:1")]
    [InlineData("https://north.example.org.evil.example/fhir/a", "https://north.example.org.evil.example")]
    [InlineData("http://north.example.org/fhir/a", "http://north.example.org")]
    [InlineData("https://north.example.org:444/fhir/a", "https://north.example.org:444")]
    [InlineData("https://north.example.org/fhirs/a", "https://north.example.org")]
    [InlineData("https://north.example.org/fhir/../a", "https://north.example.org")]
    [InlineData("https://north.example.org/fhir/..%2f..%2fa", "https://north.example.org")]
    [InlineData("https://x@north.example.org/fhir/a", "https://x@north.example.org")]
    public async Task An_address_that_is_not_listed_is_not_asked(string url, string place)
    {
        await using var server = await TestServer.OnSqliteAsync(ImportKit.Allow("https://north.example.org/fhir"));

        foreach (var body in (string[])[ImportKit.Manifest(url), ImportKit.Input(("Patient", url))])
            (await PostAsync(server, body)).ShouldRefuse(
                422,
                $"error forbidden: {place} is no place to import from, or not with this path: the addresses that may be fetched from stand in Imports:Sources."
            );
    }

    [Theory]
    [InlineData("https://north.example.org/fhir", true)]
    [InlineData("https://NORTH.example.org/fhir/a/b.ndjson?x=1", true)]
    [InlineData("https://north.example.org:443/fhir/a", true)]
    [InlineData("https://north.example.org/fhir/a..b", true)]
    [InlineData("https://north.example.org/fhir/%2e%2e/secret", false)]
    [InlineData("https://north.example.org/", false)]
    public void An_address_is_of_a_source_that_it_is_below(string url, bool expected) =>
        Assert.Equal(expected, new ImportSource(new Uri("https://north.example.org/fhir/"), null).Holds(new Uri(url)));

    [Fact]
    public void Of_two_sources_that_an_address_is_of_the_narrower_counts()
    {
        var options = new ImportOptions
        {
            Sources =
            [
                new ImportSource(new Uri("https://north.example.org/"), "wide"),
                new ImportSource(new Uri("https://north.example.org/fhir/"), "narrow"),
            ],
        };

        Assert.Equal("narrow", options.Find(new Uri("https://north.example.org/fhir/a"))?.Token);
        Assert.Equal("wide", options.Find(new Uri("https://north.example.org/fhirs/a"))?.Token);
    }

    [Fact]
    public async Task A_redirect_leads_nowhere_that_is_not_listed()
    {
        await using var host = await FileHost.StartAsync();
        await using var other = await FileHost.StartAsync();
        await using var server = await TestServer.OnSqliteAsync(ImportKit.Allow(host.Root));
        var url = host.Put(
            "m.json",
            context =>
            {
                context.Response.Redirect(other.Url("m.json"));
                return Task.CompletedTask;
            }
        );

        (await PostAsync(server, ImportKit.Manifest(url))).ShouldRefuse(
            422,
            $"error forbidden: {other.Root} is no place to import from, or not with this path: the addresses that may be fetched from stand in Imports:Sources."
        );
        Assert.Empty(other.Asked);
    }

    [Fact]
    public async Task A_listed_name_that_leads_to_this_machine_is_not_connected_to()
    {
        // https://www.rfc-editor.org/rfc/rfc6761#section-6.3: every name below localhost is this machine.
        await using var host = await FileHost.StartAsync();
        var port = new Uri(host.Root).Port;
        await using var server = await TestServer.OnSqliteAsync(ImportKit.Allow($"http://care.localhost:{port}/"));

        var answer = await PostAsync(server, ImportKit.Manifest($"http://care.localhost:{port}/files/m.json"));

        answer.ShouldBe(422);
        Assert.Contains("cannot be fetched: ", Assert.Single(answer.Issues), StringComparison.Ordinal);
        Assert.Empty(host.Asked);
    }

    [Theory]
    [InlineData(202, "", "its export is not done yet (202): ask again when it is.")]
    [InlineData(404, "", "it is answered with 404.")]
    [InlineData(200, "no JSON", "This is no manifest of an export: it is no JSON.")]
    [InlineData(200, "[]", "This is no manifest of an export: it has no 'output'.")]
    [InlineData(200, "{\"output\":{}}", "This is no manifest of an export: its 'output' is no list.")]
    [InlineData(200, "{\"output\":[{}]}", "This is no manifest of an export: a file in its 'output' has no address.")]
    public async Task A_manifest_that_is_none_is_told_of_at_once(int status, string content, string why)
    {
        await using var host = await FileHost.StartAsync();
        await using var server = await TestServer.OnSqliteAsync(ImportKit.Allow(host.Root));
        var url = host.Put(
            "m.json",
            context =>
            {
                context.Response.StatusCode = status;
                return FileHost.SendAsync(context, Encoding.UTF8.GetBytes(content));
            }
        );

        var answer = await PostAsync(server, ImportKit.Manifest(url));

        answer.ShouldBe(422);
        Assert.Contains(why, Assert.Single(answer.Issues), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_that_nobody_answers_for_is_told_of_at_once()
    {
        await using var server = await TestServer.OnSqliteAsync(ImportKit.Allow("http://127.0.0.1:1/"));

        (await PostAsync(server, ImportKit.Manifest("http://127.0.0.1:1/m.json"))).ShouldRefuse(
            422,
            "error not-found: http://127.0.0.1:1/m.json cannot be fetched: its host cannot be reached."
        );
    }

    [Theory]
    [InlineData("""{"name":"inputFormat","valueString":"text/csv"}""", "inputFormat is application/fhir+ndjson")]
    [InlineData(
        """{"name":"storageDetail","part":[{"name":"type","valueCode":"aws-s3"}]}""",
        "storageDetail has the type https"
    )]
    [InlineData("""{"name":"manifestUrl","valueString":"file:///etc/passwd"}""", "manifestUrl is an address")]
    [InlineData(
        """{"name":"input","part":[{"name":"url","valueUri":"file:///etc/passwd"}]}""",
        "A file in 'input' has a url"
    )]
    [InlineData(
        """{"name":"input","part":[{"name":"type","valueCode":"Pateint"},{"name":"url","valueUri":"https://x/y"}]}""",
        "no resource type of FHIR R4"
    )]
    [InlineData("""{"name":"mode","valueString":"IncrementalLoad"}""", "$import needs files")]
    public async Task A_request_that_is_wrong_is_told_why(string parameter, string why)
    {
        await using var server = await TestServer.OnSqliteAsync(ImportKit.Allow("https://x/"));

        var answer = await PostAsync(server, Ask.Parameters(parameter));

        answer.ShouldBe(400);
        Assert.Contains(why, Assert.Single(answer.Issues), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_is_for_operators_and_leaves_the_lines_of_who_asked()
    {
        await using var host = await FileHost.StartAsync();
        var folder = Directory.CreateTempSubdirectory("care-import-").FullName;
        await using var issuer = await TestIssuer.StartAsync();
        await using var server = await TestServer.OnSqliteAsync([
            .. issuer.Settings("main", "Clients:operator=loader", "Clients:analytics=warehouse", "Clients:auditor=eye"),
            $"--Exports:Folder={folder}",
            ImportKit.Allow(host.Root),
        ]);
        var body = ImportKit.Input(("Patient", host.Put("Patient.ndjson", Given.Patient("a"))));
        var loader = Bearer(issuer, "loader", "system/*.cruds");

        (await server.PostAsync("$import", body, ExportKit.Async)).ShouldBe(401);
        var refused = await server.PostAsync(
            "$import",
            body,
            ExportKit.Async,
            Bearer(issuer, "warehouse", "system/*.cruds")
        );
        Assert.Equal(
            ["error forbidden: $import is for operator; you act as care-manager, analytics."],
            refused.ShouldBe(403).Issues
        );
        (await server.PostAsync("$import", body, ExportKit.Async, Bearer(issuer, "loader", "system/*.rs"))).ShouldBe(
            403
        );
        var status = ExportKit.StatusOf(
            (await server.PostAsync("$import", body, ExportKit.Async, loader)).ShouldBe(202)
        );
        (await server.GetAsync(status, Bearer(issuer, "warehouse", "system/*.rs"))).ShouldBe(404);

        var imported = await server.ResultAsync(status, loader);

        Assert.Equal(1, imported.Written);
        var lines = await server.GetAsync("AuditEvent?entity=Patient/a", Bearer(issuer, "eye", "system/*.rs"));
        Assert.Contains("loader", lines.ShouldBe(200).Body, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("Imports:Sources:a:Url", "ftp://x", "Imports:Sources:a:Url is 'ftp://x'; it must be what")]
    [InlineData("Imports:Sources:a:Token", "x", "Imports:Sources:a:Url is ''; it must be what")]
    [InlineData("Imports:Allow", "x", "Imports:Allow is no setting")]
    [InlineData("Imports:MaxRunning", "0", "Imports:MaxRunning is '0'; it must be a whole number from 1 to 100.")]
    public void A_wrong_setting_is_told(string name, string value, string why)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new KeyValuePair<string, string?>(name, value)])
            .Build();

        var problem = Assert.Throws<ConfigurationProblem>(() => ImportOptions.Read(configuration));

        Assert.StartsWith(why, problem.Message, StringComparison.Ordinal);
    }

    private static Task<Answer> PostAsync(TestServer server, string body) =>
        server.PostAsync("$import", body, ExportKit.Async);

    private static string Bearer(TestIssuer issuer, string client, string scope) =>
        "Authorization: Bearer "
        + issuer.Token(claims =>
        {
            claims.Remove("fhirUser");
            claims["client_id"] = client;
            claims["sub"] = client;
            claims["scope"] = scope;
        });
}
