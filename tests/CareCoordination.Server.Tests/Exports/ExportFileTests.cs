using System.IO.Compression;
using CareCoordination.Application.Exports.Files;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Exports;

/// <summary>Files on the disk and at their addresses: who gets them, in which form, and for how long.</summary>
public sealed class ExportFileTests : IAsyncLifetime
{
    private readonly ShiftedClock _clock = new(TimeProvider.System.GetUtcNow());
    private readonly string _folder = Directory.CreateTempSubdirectory("care-export-").FullName;
    private TestServer _server = null!;

    private string Exports => Path.Combine(_folder, "exports");

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.OnSqliteAsync(_clock, $"--Exports:Folder={Exports}", "--Exports:KeepHours=2");
        foreach (var id in (string[])["p1", "p2", "p3"])
            (await _server.PutAsync($"Patient/{id}", Given.Patient(id))).ShouldBe(201);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("signature")]
    [InlineData("expires")]
    [InlineData("name")]
    [InlineData("job")]
    [InlineData("nothing")]
    public async Task An_address_that_was_changed_opens_no_file(string part)
    {
        var url = FileOf(await ExportAsync());
        var other = FileOf(await ExportAsync());
        var changed = part switch
        {
            "signature" => url[..^2] + (url[^1] == 'A' ? "BB" : "AA"),
            "expires" => url.Replace("expires=", "expires=9", StringComparison.Ordinal),
            "name" => url.Replace("Patient-0", "Patient-1", StringComparison.Ordinal),
            "job" => url.Replace(JobOf(url), JobOf(other), StringComparison.Ordinal),
            _ => url[..url.IndexOf('?', StringComparison.Ordinal)],
        };

        (await _server.GetAsync(changed)).ShouldRefuse(
            403,
            "error forbidden: This address is not one that this server has given out, or its job is forgotten: take it as the manifest has it."
        );
        (await _server.GetAsync(url)).ShouldBe(200);
    }

    [Theory]
    [InlineData("..%2f..%2ftest.db")]
    [InlineData("%2e%2e")]
    public async Task No_name_leads_out_of_the_folder(string name) =>
        Assert.True((await _server.GetAsync($"$files/..%2f/{name}?expires=1&signature=x")).Status is 403 or 404);

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_file_is_compressed_for_whoever_takes_that(string coding)
    {
        var url = FileOf(await ExportAsync());
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", coding);
        using var response = await _server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal([coding], response.Content.Headers.ContentEncoding);
        Assert.Equal("application/fhir+ndjson", response.Content.Headers.ContentType?.ToString());
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await using Stream plain =
            coding == "gzip"
                ? new GZipStream(body, CompressionMode.Decompress)
                : new BrotliStream(body, CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        Assert.Equal(
            (await _server.GetAsync(url)).Body,
            await reader.ReadToEndAsync(TestContext.Current.CancellationToken)
        );
    }

    [Theory]
    [InlineData("bytes=10-")]
    [InlineData("bytes=10-20")]
    [InlineData("bytes=-5")]
    public async Task A_download_that_was_cut_goes_on_where_it_was(string range)
    {
        var url = FileOf(await ExportAsync());
        var whole = await _server.GetAsync(url);
        Assert.Equal("bytes", whole.Header("Accept-Ranges"));
        var text = whole.Body;
        var expected = range switch
        {
            "bytes=10-" => text[10..],
            "bytes=10-20" => text[10..21],
            _ => text[^5..],
        };

        var part = await _server.GetAsync(url, $"Range: {range}", $"If-Range: {whole.Header("ETag")}");

        Assert.Equal(expected, part.ShouldBe(206).Body);
        Assert.Equal(text, (await _server.GetAsync(url, $"Range: {range}", "If-Range: \"other\"")).ShouldBe(200).Body);
        (await _server.GetAsync(url, "Range: bytes=1000000-")).ShouldBe(416);
    }

    [Fact]
    public async Task Of_what_is_compressed_on_its_way_there_are_no_parts()
    {
        var url = FileOf(await ExportAsync());

        var whole = (await _server.GetAsync(url, "Accept-Encoding: gzip")).ShouldBe(200);
        var part = (await _server.GetAsync(url, "Accept-Encoding: gzip", "Range: bytes=10-20")).ShouldBe(206);

        Assert.Equal("gzip", whole.Header("Content-Encoding"));
        Assert.Equal("none", whole.Header("Accept-Ranges"));
        Assert.Null(whole.Header("ETag"));
        Assert.Null(part.Header("Content-Encoding"));
        Assert.Equal(11, part.Body.Length);
    }

    [Fact]
    public async Task Files_and_their_addresses_last_as_long_as_is_said()
    {
        var manifest = await ExportAsync();
        var url = FileOf(manifest);
        _clock.Advance(TimeSpan.FromMinutes(119));
        Assert.Equal(0, await Sweep());
        (await _server.GetAsync(url)).ShouldBe(200);

        _clock.Advance(TimeSpan.FromMinutes(2));

        (await _server.GetAsync(url)).ShouldRefuse(
            404,
            "error not-found: The file is not kept any more: its job was given up, or its time is over. Ask for the export again."
        );
        // The server may have come before, by the same clock.
        await Sweep();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Exports));
    }

    [Fact]
    public async Task Whoever_is_done_gives_the_files_up()
    {
        var status = await _server.BeginAsync("$export?_type=Patient");
        var url = FileOf((await _server.EndAsync(status)).ShouldBe(200));

        Assert.Equal(
            ["information informational: Given up; the files that were made are removed."],
            (await _server.DeleteAsync(status)).ShouldBe(202).Issues
        );

        Assert.Empty(Directory.EnumerateFileSystemEntries(Exports));
        (await _server.GetAsync(status)).ShouldBe(404);
        (await _server.GetAsync(url)).ShouldBe(404);
        (await _server.DeleteAsync(status)).ShouldBe(404);
    }

    [Fact]
    public async Task What_a_node_left_unfinished_is_no_file_and_is_swept()
    {
        Directory.CreateDirectory(Path.Combine(Exports, "of-nobody"));
        await File.WriteAllTextAsync(
            Path.Combine(Exports, "of-nobody", "Patient-0-0-00.ndjson.part"),
            "{",
            TestContext.Current.CancellationToken
        );
        Assert.Equal(0, await Sweep());

        _clock.Advance(TimeSpan.FromHours(2));

        await Sweep();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Exports));
    }

    [Fact]
    public async Task What_two_nodes_made_of_one_part_is_kept_once()
    {
        var url = FileOf(await ExportAsync());
        var name = url.Split('/')[^1].Split('?')[0];
        var other = Path.Combine(Exports, JobOf(url), "Patient-0-0-000000000000.ndjson");
        File.Copy(Path.Combine(Exports, JobOf(url), name), other);

        Assert.Equal(0, await Sweep());

        Assert.False(File.Exists(other));
        (await _server.GetAsync(url)).ShouldBe(200);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_ends_the_job_with_a_sentence()
    {
        await File.WriteAllTextAsync(Exports, "a file, and no folder", TestContext.Current.CancellationToken);
        var status = await _server.BeginAsync("$export?_type=Patient");

        (await _server.EndAsync(status)).ShouldRefuse(
            500,
            "error exception: The folder of Exports:Folder cannot be written to. What was written is removed; let the server write there, and ask again."
        );

        File.Delete(Exports);
        Assert.Single((await ExportAsync()).Json.GetProperty("output").EnumerateArray());
    }

    private async Task<int> Sweep() => await _server.Services.GetRequiredService<FileSweep>().SweepAsync(default);

    private async Task<Answer> ExportAsync() => (await _server.ExportAsync("$export?_type=Patient")).Manifest;

    private static string FileOf(Answer manifest) =>
        manifest.Json.GetProperty("output")[0].GetProperty("url").GetString()!;

    private static string JobOf(string url) => url.Split('/')[^2];
}
