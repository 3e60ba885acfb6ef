using System.Globalization;
using System.Text;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Import.Bulk;

/// <summary>Files of others, good and bad: what of them is imported, and what is told of the rest.</summary>
public sealed class BulkImportFileTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("care-import-").FullName;
    private FileHost _host = null!;
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await FileHost.StartAsync();
        _server = await TestServer.OnSqliteAsync(
            $"--Exports:Folder={_folder}",
            ImportKit.Allow(_host.Root + "/files/"),
            "--Imports:Sources:test:Token=a-token",
            "--Imports:FileMegabytes=1",
            "--Imports:Tries=3"
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("by its name")]
    [InlineData("by its first bytes")]
    [InlineData("on its way")]
    public async Task A_file_may_be_packed_in_any_way(string packed)
    {
        var text = FileHost.Text(Given.Patient("a"), "", "  ", Given.Patient("b"));
        var url = packed switch
        {
            "plain" => _host.Put("Patient.ndjson", text),
            "by its name" => _host.Put("Patient.ndjson.gz", FileHost.Pack(text)),
            "by its first bytes" => _host.Put("1", FileHost.Pack(text)),
            _ => _host.Put(
                "2",
                context =>
                {
                    context.Response.Headers.ContentEncoding = "gzip";
                    return FileHost.SendAsync(context, FileHost.Pack(text));
                }
            ),
        };

        var imported = await _server.ImportAsync(ImportKit.Input(("Patient", url)));

        Assert.Equal((2, 0), (imported.Written, imported.Rejections.Count));
        (await _server.GetAsync("Patient/b")).ShouldBe(200);
        // What was fetched is not kept.
        Assert.Empty(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Wrong_lines_are_named_and_the_others_are_imported()
    {
        var url = _host.Put(
            "Patient.ndjson",
            Given.Patient("a"),
            "{\"resourceType\":\"Patient\",",
            """{"resourceType":"Patient","id":"c","gender":"unheard-of"}""",
            Given.Practitioner("d"),
            """{"resourceType":"Nothing","id":"e"}""",
            "[]",
            Given.Patient("f")
        );

        var imported = await _server.ImportAsync(ImportKit.Input(("Patient", url)));

        Assert.Equal(2, imported.Written);
        Assert.Equal([2, 3, 4, 5, 6], imported.Rejections.Select(LineOf));
        Assert.Equal(
            "Patient.ndjson, entry 4: It is of type Practitioner, in a file that is said to have Patient only.",
            imported.Rejections[2]
        );
        Assert.Contains("Patient.gender", imported.Rejections[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, "cannot be fetched: it is answered with 404.", 1)]
    [InlineData(
        403,
        "cannot be fetched: it is answered with 403: where it asks for a token, that stands with its address in Imports:Sources.",
        1
    )]
    [InlineData(500, "cannot be fetched: it is answered with 500.", 3)]
    public async Task A_file_that_is_not_there_is_told_of_and_the_others_are_imported(int status, string why, int asked)
    {
        var gone = _host.Put(
            "gone.ndjson",
            context =>
            {
                context.Response.StatusCode = status;
                context.Response.Headers.RetryAfter = "0";
                return Task.CompletedTask;
            }
        );
        var there = _host.Put("there.ndjson", Given.Patient("a"));

        var imported = await _server.ImportAsync(ImportKit.Input(("Patient", gone), ("Patient", there)));

        Assert.Equal(1, imported.Written);
        Assert.Equal([$"gone.ndjson: {gone} {why}"], imported.Rejections);
        Assert.Equal(asked, _host.Asked.Count(a => a.Contains("gone", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_download_that_is_cut_goes_on_where_it_was()
    {
        var lines = Enumerable.Range(0, 2000).Select(i => Given.Patient($"p{i}"));
        var url = _host.PutCut("Patient.ndjson", FileHost.Text(lines), times: 2);

        var imported = await _server.ImportAsync(ImportKit.Input(("Patient", url)));

        Assert.Equal((2000, 0), (imported.Written, imported.Rejections.Count));
        Assert.Contains(_host.Asked, a => a.Contains("bytes=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_download_that_is_cut_every_time_is_told_of()
    {
        var url = _host.PutCut("Patient.ndjson", FileHost.Text(Given.Patient("a"), Given.Patient("b")), times: 100);

        var imported = await _server.ImportAsync(ImportKit.Input(("Patient", url)));

        Assert.Equal(0, imported.Written);
        Assert.Equal([$"Patient.ndjson: {url} cannot be fetched: the connection was cut."], imported.Rejections);
    }

    [Fact]
    public async Task A_packed_file_that_ends_before_its_checksum_is_told_of()
    {
        var random = new Random(1);
        var lines = Enumerable.Range(0, 500).Select(i => Given.Patient($"p{i}", $"{random.NextInt64():x}"));
        var packed = FileHost.Pack(FileHost.Text(lines));
        var url = _host.Put("Patient.ndjson.gz", packed[..(packed.Length / 2)]);

        var imported = await _server.ImportAsync(ImportKit.Input(("Patient", url)));

        Assert.InRange(imported.Written, 0, 499);
        Assert.Contains("truncated", Assert.Single(imported.Rejections), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_small_file_that_is_large_when_it_is_unpacked_is_read_no_further()
    {
        var bomb = FileHost.Pack(FileHost.Text(Given.Patient("a"), new string('\n', 50_000_000)));
        Assert.True(bomb.Length < 1 << 20);
        var url = _host.Put("Patient.ndjson.gz", bomb);

        var imported = await _server.ImportAsync(ImportKit.Input(("Patient", url)));

        Assert.Equal(
            ["Patient.ndjson.gz: Unpacked it is larger than 1 MB, the limit of Imports:FileMegabytes."],
            imported.Rejections
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_too_large_is_told_of(bool saysItsLength)
    {
        var url = _host.Put(
            "Patient.ndjson",
            context =>
            {
                context.Response.ContentLength = saysItsLength ? 2_000_000 : null;
                return FileHost.SendAsync(context, Encoding.ASCII.GetBytes(new string('x', 2_000_000)));
            }
        );

        var imported = await _server.ImportAsync(ImportKit.Input(("Patient", url)));

        Assert.Equal(
            [$"Patient.ndjson: {url} cannot be fetched: it is larger than 1 MB, the limit of Imports:FileMegabytes."],
            imported.Rejections
        );
    }

    [Fact]
    public async Task A_file_with_fewer_lines_than_its_manifest_says_is_told_of()
    {
        var url = _host.Put("Patient.ndjson", Given.Patient("a"));
        var body = $$"""{"output":[{"type":"Patient","url":"{{url}}","count":3}]}""";

        var imported = await _server.ImportAsync(body);

        Assert.Equal(1, imported.Written);
        Assert.Equal(
            ["Patient.ndjson: It is said to have 3 lines, and has 1: what is missing was not imported."],
            imported.Rejections
        );
    }

    [Fact]
    public async Task Lines_of_a_file_of_deletions_that_are_none_are_named()
    {
        (await _server.PutAsync("Patient/a", Given.Patient("a"))).ShouldBe(201);
        var url = _host.Put(
            "deleted.ndjson",
            Deletion("Patient/a"),
            Given.Patient("b"),
            """{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"PUT","url":"Patient/a"}}]}""",
            Deletion("Nothing/1"),
            "{"
        );

        var imported = await _server.ImportAsync(ImportKit.Manifest(_host.PutManifest("manifest.json", [], url)));

        Assert.Equal(1, imported.Written);
        Assert.Equal([2, 3, 4, 5], imported.Rejections.Select(LineOf));
        (await _server.GetAsync("Patient/a")).ShouldBe(410);
    }

    [Fact]
    public async Task A_manifest_may_go_on_in_another_and_its_files_be_where_it_leads()
    {
        var first = _host.Put("1.ndjson", Given.Patient("a"));
        var second = _host.Put("2.ndjson", Given.Patient("b"));
        var moved = _host.Put(
            "moved.ndjson",
            context =>
            {
                context.Response.Redirect("/files/2.ndjson");
                return Task.CompletedTask;
            }
        );
        _host.PutManifest("2.json", [("Patient", moved)]);
        var url = _host.Put(
            "1.json",
            Encoding.UTF8.GetBytes(
                $$"""{"output":[{"type":"Patient","url":"{{first}}"}],"link":[{"relation":"next","url":"{{_host.Url("2.json")}}"}]}"""
            )
        );

        var imported = await _server.ImportAsync(ImportKit.Manifest(url));

        Assert.Equal((2, 0), (imported.Written, imported.Rejections.Count));
        Assert.NotEmpty(second);
    }

    [Fact]
    public async Task The_token_is_for_the_manifest_and_for_files_that_ask_for_one()
    {
        var file = _host.Put("Patient.ndjson", Given.Patient("a"));
        await _server.ImportAsync(ImportKit.Manifest(_host.PutManifest("manifest.json", [("Patient", file)])));
        await _server.ImportAsync(ImportKit.Input(("Patient", file)));

        Assert.Equal(
            ["/files/manifest.json  Bearer a-token", "/files/Patient.ndjson", "/files/Patient.ndjson  Bearer a-token"],
            _host.Asked
        );
    }

    [Fact]
    public async Task Resources_of_a_server_that_is_named_get_ids_of_their_own_and_keep_their_references()
    {
        var patients = _host.Put("Patient.ndjson", Given.Patient("1"));
        var basics = _host.Put(
            "Basic.ndjson",
            """{"resourceType":"Basic","id":"1","code":{"text":"x"},"subject":{"reference":"Patient/1"}}"""
        );
        var body =
            $$"""{"inputFormat":"application/fhir+ndjson","inputSource":"https://ehr.example.org","storageDetail":{"type":"https"},"fhirBaseUrl":"https://ehr.example.org/fhir","input":[{"type":"Patient","url":"{{patients}}"},{"type":"Basic","url":"{{basics}}"}]}""";

        var imported = await _server.ImportAsync(body);
        var again = await _server.ImportAsync(body);

        Assert.Equal((2, 2), (imported.Written, again.Unchanged));
        var patient = Assert.Single((await _server.GetAsync("Patient")).Ids);
        Assert.NotEqual("1", patient);
        var basic = Assert.Single((await _server.GetAsync($"Basic?subject=Patient/{patient}")).Ids);
        var deleted = _host.Put("deleted.ndjson", Deletion("Basic/1"));
        await _server.ImportAsync(
            $$"""{"fhirBaseUrl":"https://ehr.example.org/fhir","output":[],"deleted":[{"type":"Bundle","url":"{{deleted}}"}]}"""
        );
        (await _server.GetAsync($"Basic/{basic}")).ShouldBe(410);
    }

    private static string Deletion(string url) =>
        $$$"""{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"DELETE","url":"{{{url}}}"}}]}""";

    private static int LineOf(string rejection) =>
        int.Parse(rejection.Split("entry ")[1].Split(':')[0], CultureInfo.InvariantCulture);
}
