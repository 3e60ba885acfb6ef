using System.Text.Json;
using CareCoordination.Server.Tests.Exports;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Import.Bulk;

/// <summary>What one of our servers has exported another one imports, in one request.</summary>
public abstract class BulkImportTests(bool isPostgreSql) : IAsyncLifetime
{
    private ServerDatabase _from = null!;
    private ServerDatabase _to = null!;
    private TestServer _exporting = null!;
    private TestServer _importing = null!;

    public sealed class OnSqlite() : BulkImportTests(isPostgreSql: false);

    public sealed class OnPostgreSql() : BulkImportTests(isPostgreSql: true);

    public async ValueTask InitializeAsync()
    {
        _from = await ServerDatabase.NewAsync(isPostgreSql);
        _to = await ServerDatabase.NewAsync(isPostgreSql);
        _exporting = await TestServer.StartAsync([
            .. _from.Settings,
            $"--Exports:Folder={_from.Folder}/exports",
            "--Exports:FileResources=30",
        ]);
        _importing = await TestServer.StartAsync([
            .. _to.Settings,
            $"--Exports:Folder={_to.Folder}/exports",
            ImportKit.Allow(_exporting.Base),
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _importing.DisposeAsync();
        await _exporting.DisposeAsync();
        await _to.DisposeAsync();
        await _from.DisposeAsync();
    }

    [Fact]
    public async Task An_export_of_one_server_is_in_another_after_one_request()
    {
        await StoreAsync();
        var exported = await _exporting.ExportAsync("$export");

        var imported = await _importing.ImportAsync(exported.Manifest.Body);

        Assert.Empty(imported.Rejections);
        Assert.Equal(exported.Resources.Count, imported.Written);
        var here = await _importing.ExportAsync("$export");
        // Beside what was brought in, the record of the import itself.
        var own = here.Keys.Except(exported.Keys).ToList();
        Assert.All(own, key => Assert.Matches("^(Task|Provenance)/", key));
        Assert.Equal(exported.Keys, here.Keys.Except(own));
        Assert.Equal(Contents(exported.Resources), Contents(here.Resources).Where(c => exported.Keys.Contains(c.Key)));
        foreach (var type in (string[])["Patient", "Basic", "Observation"])
            Assert.Equal(await TotalAsync(_exporting, type), await TotalAsync(_importing, type));
        Assert.Equal(2, (await _importing.GetAsync("Observation?subject=Patient/p7")).Resources.Count());
    }

    [Fact]
    public async Task The_same_import_twice_writes_nothing_the_second_time()
    {
        await StoreAsync();
        var exported = await _exporting.ExportAsync("$export?_type=Patient,Observation");
        var first = await _importing.ImportAsync(exported.Manifest.Body);

        var second = await _importing.ImportAsync(exported.Manifest.Body);

        Assert.Equal((first.Written, 0), (second.Unchanged, second.Written));
        Assert.Empty(second.Rejections);
        Assert.Equal("1", (await _importing.GetAsync("Patient/p3")).ETag!.Trim('W', '/', '"'));
    }

    [Fact]
    public async Task The_address_of_the_status_of_an_export_is_a_manifest_as_well()
    {
        await StoreAsync();
        var status = await _exporting.BeginAsync("Patient/$export?_type=Patient");
        (await _exporting.EndAsync(status)).ShouldBe(200);

        var imported = await _importing.ImportAsync(ImportKit.Manifest(status));

        Assert.Equal(50, imported.Written);
        Assert.Equal(50, await TotalAsync(_importing, "Patient"));
    }

    [Fact]
    public async Task What_was_deleted_since_is_deleted_and_what_was_changed_is_changed()
    {
        await StoreAsync();
        var first = await _exporting.ExportAsync("$export?_type=Patient,Observation");
        await _importing.ImportAsync(first.Manifest.Body);
        (await _exporting.DeleteAsync("Observation/o4")).ShouldBe(204);
        (await _exporting.PutAsync("Patient/p5", Given.Patient("p5", "Changed"))).ShouldBe(200);
        (await _exporting.PutAsync("Patient/never", Given.Patient("never"))).ShouldBe(201);
        (await _exporting.DeleteAsync("Patient/never")).ShouldBe(204);
        var since = await _exporting.ExportAsync($"$export?_type=Patient,Observation&_since={first.TransactionTime}");
        Assert.Equal(["Observation/o4", "Patient/never"], since.Deleted.Order());

        var imported = await _importing.ImportAsync(since.Manifest.Body);

        Assert.Empty(imported.Rejections);
        (await _importing.GetAsync("Observation/o4")).ShouldBe(410);
        (await _importing.GetAsync("Patient/never")).ShouldBe(404);
        Assert.Contains("Changed", (await _importing.GetAsync("Patient/p5")).Body, StringComparison.Ordinal);
        Assert.Equal(await TotalAsync(_exporting, "Observation"), await TotalAsync(_importing, "Observation"));
    }

    private async Task StoreAsync()
    {
        foreach (var i in Enumerable.Range(0, 50))
        {
            await _exporting.PutAsync($"Patient/p{i}", Given.Patient($"p{i}", $"Åkesson\\n\\\"{i}\\\""));
            await _exporting.PutAsync($"Observation/o{i}", Observation($"o{i}", $"p{i}"));
            await _exporting.PutAsync($"Observation/q{i}", Observation($"q{i}", $"p{i}"));
            await _exporting.PutAsync(
                $"Basic/b{i}",
                $$$"""{"resourceType":"Basic","id":"b{{{i}}}","code":{"text":"{{{i}}}"},"subject":{"reference":"Patient/p{{{i}}}"}}"""
            );
        }
    }

    private static string Observation(string id, string patient) =>
        Given.Observation(patient).Replace("\"status\"", $"\"id\":\"{id}\",\"status\"", StringComparison.Ordinal);

    private static async Task<int> TotalAsync(TestServer server, string type) =>
        (await server.GetAsync($"{type}?_summary=count")).ShouldBe(200).Json.GetProperty("total").GetInt32();

    /// <summary>Without what each server says of its own versions.</summary>
    private static List<(string Key, string Json)> Contents(IEnumerable<JsonElement> resources) =>
        [
            .. resources
                .Select(r =>
                    (
                        Key: $"{ExportKit.TypeOf(r)}/{r.GetProperty("id").GetString()}",
                        Json: string.Join(
                            ',',
                            r.EnumerateObject()
                                .Where(p => p.Name != "meta")
                                .Select(p => $"{p.Name}:{p.Value.GetRawText()}")
                        )
                    )
                )
                .OrderBy(c => c.Key, StringComparer.Ordinal),
        ];
}
