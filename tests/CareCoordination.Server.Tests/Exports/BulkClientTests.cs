using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Exports;

/// <summary>
/// A client that knows nothing of this server but the specification: it asks, waits, fetches several files at once, counts and gives
/// them up. What it has fetched is what the import of another server takes.
/// </summary>
public abstract class BulkClientTests(bool isPostgreSql) : IAsyncLifetime
{
    private static readonly string Script = Path.Combine(SharedMaterial.Repository, "samples", "bulk-export.sh");
    private ServerDatabase _database = null!;

    public sealed class OnSqlite() : BulkClientTests(isPostgreSql: false);

    public sealed class OnPostgreSql() : BulkClientTests(isPostgreSql: true);

    public async ValueTask InitializeAsync() => _database = await ServerDatabase.NewAsync(isPostgreSql);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task What_a_client_has_fetched_another_server_imports()
    {
        Assert.SkipUnless(await HasAsync("jq") && await HasAsync("curl"), "curl and jq are not installed.");
        await using var server = await TestServer.StartAsync([
            .. _database.Settings,
            $"--Exports:Folder={Path.Combine(_database.Folder, "exports")}",
            "--Exports:FileResources=7",
        ]);
        foreach (var i in Enumerable.Range(0, 40))
        {
            await server.PutAsync($"Patient/p{i}", Given.Patient($"p{i}", "Åkesson\\n\\\"x\\\""));
            await server.PutAsync(
                $"Basic/b{i}",
                $$$"""{"resourceType":"Basic","id":"b{{{i}}}","code":{"text":"{{{i}}}"},"subject":{"reference":"Patient/p{{{i}}}"}}"""
            );
        }

        var (code, output, error) = await ProgramRun.OfAsync(
            _database.Folder,
            "bash",
            [Script, $"{server.Base}/Patient/$export?_type=Patient,Basic", "fetched"]
        );

        Assert.True(code == 0, error);
        Assert.True(DateTimeOffset.TryParse(output.Trim(), out _), output);
        Assert.False(Directory.EnumerateFileSystemEntries(Path.Combine(_database.Folder, "exports")).Any());
        var database = $"--ConnectionStrings:CareCoordination=Data Source={Path.Combine(_database.Folder, "new.db")}";
        File.Delete(Path.Combine(_database.Folder, "fetched", "manifest.json"));
        var (imported, told, wrong) = await ProgramRun.OfAsync(_database.Folder, "import", "fetched", database);
        Assert.True(imported == 0, told + wrong);
        await using var other = await TestServer.StartAsync([database]);
        foreach (var type in (string[])["Patient", "Basic"])
            Assert.Equal(await TotalAsync(server, type), await TotalAsync(other, type));
        Assert.Equal(
            (await server.GetAsync("Patient/p3")).Json.GetProperty("name").GetRawText(),
            (await other.GetAsync("Patient/p3")).Json.GetProperty("name").GetRawText()
        );
    }

    [Fact]
    public async Task A_client_whose_request_is_wrong_is_told_why()
    {
        Assert.SkipUnless(await HasAsync("jq") && await HasAsync("curl"), "curl and jq are not installed.");
        await using var server = await TestServer.StartAsync(_database.Settings);

        var (code, _, error) = await ProgramRun.OfAsync(
            _database.Folder,
            "bash",
            [Script, $"{server.Base}/$export?_type=Pateint", "fetched"]
        );

        Assert.Equal(1, code);
        Assert.Contains("'Pateint', which is no resource type", error, StringComparison.Ordinal);
    }

    private static async Task<int> TotalAsync(TestServer server, string type) =>
        (await server.GetAsync($"{type}?_summary=count")).ShouldBe(200).Json.GetProperty("total").GetInt32();

    private static async Task<bool> HasAsync(string program) =>
        (await ProgramRun.OfAsync(Path.GetTempPath(), "bash", ["-c", $"command -v {program}"])).Code == 0;
}
