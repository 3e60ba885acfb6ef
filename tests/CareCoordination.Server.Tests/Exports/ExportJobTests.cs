using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Exports;

/// <summary>What becomes of an export that is held up: by a kill, by its group, by too many others.</summary>
public sealed class ExportJobTests : IAsyncLifetime
{
    private const int Patients = 300;
    private ServerDatabase _database = null!;

    private string Exports => Path.Combine(_database.Folder, "exports");

    public async ValueTask InitializeAsync() => _database = await ServerDatabase.NewAsync(isPostgreSql: false);

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData(30)]
    [InlineData(120)]
    [InlineData(400)]
    public async Task After_a_kill_another_process_goes_on_and_nothing_is_half_published(int milliseconds)
    {
        string[] settings = [.. _database.Settings, $"--Exports:Folder={Exports}", "--Exports:FileResources=3"];
        string status;
        await using (var first = await ServerProcess.StartWithAsync(settings))
        {
            for (var i = 0; i < Patients; i++)
                await first.SendAsync(HttpMethod.Put, $"Patient/p{i}", Given.Patient($"p{i}"));
            using var request = new HttpRequestMessage(HttpMethod.Get, "$export?_type=Patient");
            request.Headers.TryAddWithoutValidation("Prefer", "respond-async");
            using var accepted = await first.Client.SendAsync(request, TestContext.Current.CancellationToken);
            status = new Uri(accepted.Content.Headers.ContentLocation!.ToString()).AbsolutePath["/fhir/".Length..];
            await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
            await first.KillAsync();
        }

        await using var second = await TestServer.StartAsync(settings);
        await second.PutAsync("Patient/p0", Given.Patient("p0", "Changed"));
        var exported = await second.ReadAsync((await second.EndAsync(status)).ShouldBe(200));

        Assert.Equal(
            Enumerable.Range(0, Patients).Select(i => $"Patient/p{i}/1").Order(StringComparer.Ordinal),
            exported.Versions
        );
        Assert.Equal(Patients / 3, exported.Manifest.Json.GetProperty("output").GetArrayLength());
    }

    [Fact]
    public async Task Two_nodes_share_an_export_and_hand_out_each_others_files()
    {
        string[] settings = [.. _database.Settings, $"--Exports:Folder={Exports}", "--Exports:FileResources=2"];
        await using var one = await TestServer.StartAsync(settings);
        await using var other = await TestServer.StartAsync(settings);
        foreach (var i in Enumerable.Range(0, 60))
            await one.PutAsync($"Patient/p{i}", Given.Patient($"p{i}"));

        var status = await one.BeginAsync("$export?_type=Patient");
        var path = new Uri(status).PathAndQuery;
        var manifest = (await other.EndAsync(path)).ShouldBe(200);

        Assert.Equal(60, (await other.ReadAsync(manifest)).Resources.Count);
        Assert.Equal(60, (await one.ReadAsync((await one.GetAsync(path)).ShouldBe(200))).Versions.Distinct().Count());
    }

    [Fact]
    public async Task A_group_that_vanishes_ends_its_export_with_a_reason()
    {
        await using var server = await TestServer.StartAsync([
            .. _database.Settings,
            $"--Exports:Folder={Exports}",
            "--Exports:FileResources=1",
        ]);
        foreach (var i in Enumerable.Range(0, 200))
            await server.PutAsync($"Patient/p{i}", Given.Patient($"p{i}"));
        var members = string.Join(
            ',',
            Enumerable.Range(0, 200).Select(i => $$$"""{"entity":{"reference":"Patient/p{{{i}}}"}}""")
        );
        await server.PutAsync(
            "Group/g",
            $$"""{"resourceType":"Group","id":"g","type":"person","actual":true,"member":[{{members}}]}"""
        );
        var status = await server.BeginAsync("Group/g/$export?_type=Patient");
        (await server.DeleteAsync("Group/g")).ShouldBe(204);

        var answer = await server.EndAsync(status);

        answer.ShouldRefuse(
            500,
            "error exception: There is no Group/g that you may see, or it was deleted. What was written is removed; ask again for what is there."
        );
        Assert.Equal("failed", await server.StatusOfAsync($"Task/{new Uri(status).Segments[^2].TrimEnd('/')}"));
        // They are removed when it is known that it has failed, which is told at once.
        for (var looks = 0; looks < 200 && HasFiles(); looks++)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(HasFiles());

        bool HasFiles() =>
            Directory.Exists(Exports) && Directory.EnumerateFiles(Exports, "*", SearchOption.AllDirectories).Any();
    }

    [Fact]
    public async Task One_export_more_than_may_go_on_at_once_is_to_come_back()
    {
        await using var server = await TestServer.StartAsync([
            .. _database.Settings,
            $"--Exports:Folder={Exports}",
            "--Exports:FileResources=1",
            "--Exports:MaxRunning=1",
        ]);
        foreach (var i in Enumerable.Range(0, 300))
            await server.PutAsync($"Patient/p{i}", Given.Patient($"p{i}"));
        var running = await server.BeginAsync("$export?_type=Patient");

        var refused = await server.GetAsync("$export", ExportKit.Async);

        refused.ShouldRefuse(
            429,
            "error throttled: 1 exports go on, and no more at once (Exports:MaxRunning). Ask again in a minute, or give one up by DELETE of its status."
        );
        Assert.Equal("60", refused.Header("Retry-After"));
        (await server.DeleteAsync(running)).ShouldBe(202);
        (await server.GetAsync(running)).ShouldBe(404);
        Assert.Equal("cancelled", await server.StatusOfAsync($"Task/{new Uri(running).Segments[^2].TrimEnd('/')}"));
        (await server.GetAsync("$export?_type=Encounter", ExportKit.Async)).ShouldBe(202);
    }
}
