using CareCoordination.Server.Tests.Exports;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Import.Bulk;

/// <summary>What becomes of an import that is held up: by a kill, by whoever gives it up, by too many others.</summary>
public abstract class BulkImportJobTests(bool isPostgreSql) : IAsyncLifetime
{
    private const int Files = 12;
    private const int Lines = 100;

    public sealed class OnSqlite() : BulkImportJobTests(isPostgreSql: false);

    public sealed class OnPostgreSql() : BulkImportJobTests(isPostgreSql: true);

    private ServerDatabase _database = null!;
    private FileHost _host = null!;

    private string[] Settings =>
        [.. _database.Settings, $"--Exports:Folder={_database.Folder}/exports", ImportKit.Allow(_host.Root)];

    public async ValueTask InitializeAsync()
    {
        _database = await ServerDatabase.NewAsync(isPostgreSql);
        _host = await FileHost.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData(50)]
    [InlineData(250)]
    [InlineData(600)]
    public async Task After_a_kill_another_process_goes_on(int milliseconds)
    {
        string status;
        await using (var first = await ServerProcess.StartWithAsync(Settings))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "$import");
            request.Headers.TryAddWithoutValidation("Prefer", "respond-async");
            request.Content = new StringContent(Body(), null, "application/fhir+json");
            using var accepted = await first.Client.SendAsync(request, TestContext.Current.CancellationToken);
            status = new Uri(accepted.Content.Headers.ContentLocation!.ToString()).AbsolutePath["/fhir/".Length..];
            await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
            await first.KillAsync();
        }

        await using var second = await TestServer.StartAsync(Settings);
        var imported = await second.ResultAsync(status);

        Assert.Empty(imported.Rejections);
        Assert.Equal(Files * Lines, imported.Written + imported.Unchanged);
        Assert.Equal(
            Files * Lines,
            (await second.GetAsync("Patient?_summary=count")).Json.GetProperty("total").GetInt32()
        );
        // Nothing was written twice.
        var versions = await second.ExportAsync("$export?_type=Patient");
        Assert.All(versions.Versions, version => Assert.EndsWith("/1", version, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_nodes_share_an_import_whether_they_share_a_folder_or_not()
    {
        await using var one = await TestServer.StartAsync(Settings);
        await using var other = await TestServer.StartAsync([
            .. Settings.Where(s => !s.StartsWith("--Exports", StringComparison.Ordinal)),
            $"--Exports:Folder={_database.Folder}/others",
        ]);

        var status = ExportKit.StatusOf((await one.PostAsync("$import", Body(), ExportKit.Async)).ShouldBe(202));
        var imported = await other.ResultAsync(new Uri(status).AbsolutePath["/fhir/".Length..]);

        Assert.Empty(imported.Rejections);
        Assert.Equal(Files * Lines, imported.Written + imported.Unchanged);
        var exported = await one.ExportAsync("$export?_type=Patient");
        Assert.Equal(Files * Lines, exported.Resources.Count);
        Assert.All(exported.Versions, version => Assert.EndsWith("/1", version, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_asked_gives_it_up_and_what_was_imported_stays()
    {
        await using var server = await TestServer.StartAsync(Settings);
        var first = _host.Put("first.ndjson", Given.Patient("a"));
        var held = new TaskCompletionSource();
        var second = _host.Put("second.ndjson", _ => held.Task);
        var status = ExportKit.StatusOf(
            (
                await server.PostAsync(
                    "$import",
                    ImportKit.Input(("Patient", first), ("Patient", second)),
                    ExportKit.Async
                )
            ).ShouldBe(202)
        );
        for (var looks = 0; looks < 400 && _host.Asked.IsEmpty; looks++)
            await Task.Delay(25, TestContext.Current.CancellationToken);

        (await server.DeleteAsync(status)).ShouldBe(202);

        held.SetResult();
        (await server.GetAsync(status)).ShouldBe(404);
        Assert.Equal("cancelled", await server.StatusOfAsync($"Task/{new Uri(status).Segments[^2].TrimEnd('/')}"));
    }

    [Fact]
    public async Task One_import_more_than_may_go_on_at_once_is_to_come_back()
    {
        await using var server = await TestServer.StartAsync(Settings);
        var held = new TaskCompletionSource();
        var url = _host.Put("held.ndjson", _ => held.Task);
        var running = ExportKit.StatusOf(
            (await server.PostAsync("$import", ImportKit.Input(("Patient", url)), ExportKit.Async)).ShouldBe(202)
        );

        var refused = await server.PostAsync("$import", ImportKit.Input(("Patient", url)), ExportKit.Async);

        refused.ShouldRefuse(
            429,
            "error throttled: 1 imports go on, and no more at once (Imports:MaxRunning). Ask again in a minute, or give one up by DELETE of its status."
        );
        Assert.Equal("60", refused.Header("Retry-After"));
        held.SetResult();
        Assert.Equal(
            "0 of 1 files, 0 resources",
            (await server.GetAsync(running)).Header("X-Progress") ?? "0 of 1 files, 0 resources"
        );
        await server.ResultAsync(running);
    }

    [Fact]
    public async Task A_request_that_is_sent_again_with_its_key_is_the_same_import()
    {
        await using var server = await TestServer.StartAsync(Settings);
        var body = ImportKit.Input(("Patient", _host.Put("a.ndjson", Given.Patient("a"))));
        var first = (await server.PostAsync("$import", body, ExportKit.Async, "Idempotency-Key: k")).ShouldBe(202);
        await server.ResultAsync(ExportKit.StatusOf(first));

        var again = (await server.PostAsync("$import", body, ExportKit.Async, "Idempotency-Key: k")).ShouldBe(202);

        Assert.Equal(first.Header("Content-Location"), again.Header("Content-Location"));
        Assert.Single(_host.Asked);
    }

    [Fact]
    public async Task An_import_of_nothing_is_done_at_once()
    {
        await using var server = await TestServer.StartAsync(Settings);

        var imported = await server.ImportAsync(ImportKit.Manifest(_host.PutManifest("m.json", [])));

        Assert.Equal((0, 0), (imported.Written, imported.Unchanged));
    }

    private string Body() =>
        ImportKit.Input(
            Enumerable
                .Range(0, Files)
                .Select(file =>
                    (
                        "Patient",
                        _host.Put(
                            $"{file}.ndjson",
                            [.. Enumerable.Range(0, Lines).Select(i => Given.Patient($"p{file}-{i}"))]
                        )
                    )
                )
        );
}
