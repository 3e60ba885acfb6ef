using System.Text.Json;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Server.Tests.SignIn;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Exports;

/// <summary>
/// <c>samples/clients/bulk-data.mjs</c>, which knows the specification and nothing of this server, with and without a key, and where its
/// way to the server is bad.
/// </summary>
public sealed class BulkSampleTests : IDisposable
{
    private static readonly string Script = Path.Combine(
        SharedMaterial.Repository,
        "samples",
        "clients",
        "bulk-data.mjs"
    );

    private readonly string _folder = Directory.CreateTempSubdirectory("care-bulk-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_program_with_a_key_exports_a_group_and_later_what_has_changed(bool isPostgreSql)
    {
        await RequireNodeAsync();
        using var program = new BackendClient(isEc: isPostgreSql);
        await using var server = await SignInServer.StartAsync(isPostgreSql, null, $"--Exports:Folder={_folder}/made");
        await server.AddAsync(program.Record());
        var key = Path.Combine(_folder, "key.pem");
        await File.WriteAllTextAsync(key, program.PrivatePem(), TestContext.Current.CancellationToken);
        foreach (var id in (string[])["in", "out"])
            await server.StoreAsync("Patient", id, PatientOf(id));
        await server.StoreAsync(
            "Group",
            "g",
            """{"resourceType":"Group","id":"g","type":"person","actual":true,"managingEntity":{"reference":"Organization/org-1"},"member":[{"entity":{"reference":"Patient/in"}}]}"""
        );
        (string, string)[] who =
        [
            ("FHIR_BASE", server.Base),
            ("CLIENT_ID", program.Id),
            ("CLIENT_KEY", key),
            ("CLIENT_KID", program.KeyId),
        ];

        var first = await RunAsync("Group/g/$export?_type=Patient", "first", who);
        await server.StoreAsync("Patient", "new", PatientOf("new"));
        var later = await RunAsync($"Patient/$export?_type=Patient&_since={Uri.EscapeDataString(first)}", "later", who);

        Assert.Equal(["Patient/in"], Keys("first"));
        Assert.Contains("Patient/new", Keys("later"));
        Assert.True(DateTimeOffset.Parse(first, null) < DateTimeOffset.Parse(later, null));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder, "made")));
    }

    [Fact]
    public async Task A_program_is_told_what_was_deleted_since()
    {
        await RequireNodeAsync();
        await using var server = await TestServer.OnSqliteAsync($"--Exports:Folder={_folder}/made");
        foreach (var id in (string[])["a", "b", "c"])
            (await server.PutAsync($"Patient/{id}", Given.Patient(id))).ShouldBe(201);
        var first = await RunAsync("$export", "first", ("FHIR_BASE", server.Base));
        (await server.DeleteAsync("Patient/b")).ShouldBe(204);
        (await server.PutAsync("Patient/c", Given.Patient("c", "Changed"))).ShouldBe(200);

        await RunAsync($"$export?_type=Patient&_since={first}", "later", ("FHIR_BASE", server.Base));

        Assert.Equal(
            ["Patient/a", "Patient/b", "Patient/c"],
            Keys("first").Where(k => k.StartsWith("Patient/", StringComparison.Ordinal))
        );
        Assert.Contains("Patient/c", Keys("later"));
        Assert.Contains(Lines("later"), line => line.Contains("\"url\":\"Patient/b\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(BadWay.Throttles)]
    [InlineData(BadWay.IsAwayForAMoment)]
    [InlineData(BadWay.CutsFiles)]
    public async Task A_program_comes_through_where_its_way_is_bad(BadWay fault)
    {
        await RequireNodeAsync();
        await using var server = await TestServer.OnSqliteAsync($"--Exports:Folder={_folder}/made");
        foreach (var i in Enumerable.Range(0, 400))
            await server.PutAsync($"Patient/p{i}", Given.Patient($"p{i}", $"Åkesson {i} {new string('x', 200)}"));
        await using var way = await BadNetwork.StartAsync(server.Root, fault);

        await RunAsync("$export?_type=Patient", "fetched", ("FHIR_BASE", $"{way.Root}/fhir"));

        Assert.Equal(400, Keys("fetched").Distinct().Count());
        Assert.True(way.Faults > 0);
        Assert.True(fault != BadWay.CutsFiles || way.Parts > 0);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder, "made")));
    }

    [Fact]
    public async Task A_program_whose_request_is_wrong_is_told_why()
    {
        await RequireNodeAsync();
        await using var server = await TestServer.OnSqliteAsync();

        var (code, _, error) = await ProgramRun.OfAsync(
            _folder,
            "node",
            [Script, "$export?_type=Pateint", "fetched"],
            ("FHIR_BASE", server.Base)
        );

        Assert.Equal(1, code);
        Assert.Contains("400: _type has 'Pateint', which is no resource type", error, StringComparison.Ordinal);
    }

    /// <summary>The moment of the export.</summary>
    private async Task<string> RunAsync(string export, string folder, params (string Name, string Value)[] environment)
    {
        var (code, output, error) = await ProgramRun.OfAsync(_folder, "node", [Script, export, folder], environment);
        Assert.True(code == 0, error);
        return output.Trim();
    }

    private IEnumerable<string> Lines(string folder) =>
        Directory.EnumerateFiles(Path.Combine(_folder, folder), "*.ndjson").SelectMany(File.ReadLines);

    private IEnumerable<string> Keys(string folder) =>
        Lines(folder)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(resource => resource.TryGetProperty("id", out _))
            .Select(resource => $"{ExportKit.TypeOf(resource)}/{resource.GetProperty("id").GetString()}")
            .Order(StringComparer.Ordinal);

    private static string PatientOf(string id) =>
        $$$"""{"resourceType":"Patient","id":"{{{id}}}","managingOrganization":{"reference":"Organization/org-1"}}""";

    private static async Task RequireNodeAsync()
    {
        if (Environment.GetEnvironmentVariable("CARE_REQUIRE_CLIENTS") == "1" || OperatingSystem.IsWindows())
            return;
        var (code, _, _) = await ProgramRun.OfAsync(Path.GetTempPath(), "bash", ["-c", "command -v node"]);
        Assert.SkipUnless(code == 0, "Node is not installed.");
    }
}
