using System.Text.Json;
using CareCoordination.Server.Tests.Exports;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Views;

/// <summary>Rows of views as files, made by a job.</summary>
public abstract class ExportViewTests(bool isPostgreSql) : IAsyncLifetime
{
    private const string Canonical = "https://carecoordination.example/fhir/ViewDefinition/";
    private ServerDatabase _database = null!;
    private TestServer _server = null!;

    public sealed class OnSqlite() : ExportViewTests(isPostgreSql: false);

    public sealed class OnPostgreSql() : ExportViewTests(isPostgreSql: true);

    public async ValueTask InitializeAsync()
    {
        _database = await ServerDatabase.NewAsync(isPostgreSql);
        _server = await TestServer.StartAsync([
            .. _database.Settings,
            $"--Exports:Folder={Path.Combine(_database.Folder, "exports")}",
            "--Exports:FileResources=20",
        ]);
        foreach (var part in Enumerable.Range(0, 50).Chunk(25))
            (
                await _server.PostAsync(
                    "",
                    Given.Transaction([
                        .. part.SelectMany(i =>
                            (string[])
                                [
                                    Given.Entry("PUT", $"Patient/p{i}", Given.Patient($"p{i}")),
                                    Given.Entry("POST", "Observation", Given.Observation($"p{i}")),
                                ]
                        ),
                    ])
                )
            ).ShouldBe(200);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("$sql-export?subjectCanonical=" + Canonical + "patient")]
    [InlineData("$sql-export?subjectReference=ViewDefinition/patient")]
    [InlineData("$viewdefinition-export?subjectReference=ViewDefinition/patient")]
    [InlineData("ViewDefinition/$viewdefinition-export?subjectReference=ViewDefinition/patient")]
    [InlineData("ViewDefinition/patient/$viewdefinition-export")]
    public async Task A_view_is_exported_by_each_of_its_names(string path)
    {
        var outputs = await ExportAsync(await _server.GetAsync(path, ExportKit.Async));

        Assert.Equal(["patient"], outputs.Select(o => o.Name));
        Assert.Equal(Ids(50), RowsOf(outputs[0].Files).Select(r => r.GetProperty("id").GetString()!));
        // More resources than a file takes.
        Assert.InRange(outputs[0].Files.Count, 1, 50);
    }

    [Fact]
    public async Task Several_views_are_exported_at_once_each_under_its_name()
    {
        var answer = await _server.PostAsync(
            "$viewdefinition-export",
            Ask.Parameters(
                """{"name":"view","part":[{"name":"name","valueString":"people"},{"name":"viewReference","valueReference":{"reference":"ViewDefinition/patient"}}]}""",
                """{"name":"view","part":[{"name":"viewResource","resource":{"resource":"Observation","name":"codes","select":[{"column":[{"name":"text","path":"code.text"}]}]}}]}""",
                Ask.Text("clientTrackingId", "mine")
            ),
            ExportKit.Async
        );

        var outputs = await ExportAsync(answer);

        Assert.Equal(["people", "codes"], outputs.Select(o => o.Name));
        Assert.Equal(50, RowsOf(outputs[0].Files).Count);
        Assert.All(RowsOf(outputs[1].Files), r => Assert.Equal("x", r.GetProperty("text").GetString()));
    }

    [Theory]
    [InlineData("csv", "text/csv")]
    [InlineData("json", "application/json")]
    [InlineData("ndjson", "application/fhir+ndjson")]
    public async Task Files_are_in_the_format_that_was_asked_for(string format, string contentType)
    {
        var answer = await _server.GetAsync(
            $"$sql-export?subjectReference=ViewDefinition/patient&_format={format}",
            ExportKit.Async
        );

        var manifest = await ManifestAsync(answer);

        var file = (await _server.GetAsync(Outputs(manifest)[0].Locations[0])).ShouldBe(200);
        Assert.Equal(contentType, file.ContentType);
        Assert.StartsWith(
            format == "csv" ? "id,"
                : format == "json" ? "[{"
                : "{",
            file.Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Parquet_files_are_whole()
    {
        var manifest = await ManifestAsync(
            await _server.GetAsync(
                "$sql-export?subjectReference=ViewDefinition/patient&_format=parquet",
                ExportKit.Async
            )
        );

        foreach (var location in Outputs(manifest)[0].Locations)
        {
            var bytes = await _server.Client.GetByteArrayAsync(
                new Uri(location),
                TestContext.Current.CancellationToken
            );
            Assert.True(bytes.AsSpan().StartsWith("PAR1"u8) && bytes.AsSpan().EndsWith("PAR1"u8));
        }
    }

    [Fact]
    public async Task Patients_and_time_choose_what_is_exported()
    {
        var one = await ExportAsync(
            await _server.GetAsync(
                "$sql-export?subjectReference=ViewDefinition/observation&patient=Patient/p3",
                ExportKit.Async
            )
        );
        Assert.Equal(["p3"], RowsOf(one[0].Files).Select(r => r.GetProperty("patient_id").GetString()));
        var none = await ExportAsync(
            await _server.GetAsync(
                "$sql-export?subjectReference=ViewDefinition/observation&_since=2199-01-01T00:00:00Z",
                ExportKit.Async
            )
        );
        Assert.Empty(RowsOf(none[0].Files));
    }

    [Theory]
    [InlineData("$sql-export", 400, "needs a view")]
    [InlineData("$sql-export?subjectReference=ViewDefinition/none", 404, "There is no ViewDefinition/none.")]
    [InlineData("$sql-export?subjectReference=ViewDefinition/task&_format=fhir", 400, "is no format of files")]
    [InlineData("$sql-export?subjectReference=ViewDefinition/task&_format=xlsx", 400, "is no format of files")]
    [InlineData("$sql-export?subjectReference=ViewDefinition/task&patient=Patient/none", 400, "which is not here")]
    [InlineData(
        "ViewDefinition/task/$viewdefinition-export?subjectReference=ViewDefinition/task",
        400,
        "Two views have the name 'task'"
    )]
    public async Task What_cannot_be_exported_is_refused_before_there_is_a_job(string path, int status, string part) =>
        Assert.Contains(
            (await _server.GetAsync(path, ExportKit.Async)).ShouldBe(status).Issues,
            issue => issue.Contains(part, StringComparison.Ordinal)
        );

    [Fact]
    public async Task A_view_that_the_data_does_not_suit_fails_with_a_sentence_and_leaves_no_file()
    {
        (
            await _server.PutAsync(
                "Patient/odd",
                """{"resourceType":"Patient","id":"odd","name":[{"family":"A"},{"family":"B"}]}"""
            )
        ).ShouldBe(201);
        var accepted = await _server.PostAsync(
            "$sql-export",
            Ask.Parameters(
                """{"name":"subjectResource","resource":{"resource":"Patient","select":[{"column":[{"name":"family","path":"name.family"}]}]}}"""
            ),
            ExportKit.Async
        );

        var ended = await _server.EndAsync(ExportKit.StatusOf(accepted.ShouldBe(202)));

        Assert.Equal(500, ended.Status);
        Assert.Contains("The column 'family' gives 2 values", ended.Body, StringComparison.Ordinal);
        Assert.Empty(
            Directory.EnumerateFiles(
                Path.Combine(_database.Folder, "exports"),
                "*.ndjson*",
                SearchOption.AllDirectories
            )
        );
    }

    private async Task<Answer> ManifestAsync(Answer accepted) =>
        (await _server.EndAsync(ExportKit.StatusOf(accepted.ShouldBe(202)))).ShouldBe(200);

    private async Task<List<(string Name, List<string> Files)>> ExportAsync(Answer accepted)
    {
        var outputs = new List<(string, List<string>)>();
        foreach (var (name, locations) in Outputs(await ManifestAsync(accepted)))
        {
            var files = new List<string>();
            foreach (var location in locations)
                files.Add((await _server.GetAsync(location)).ShouldBe(200).Body);
            outputs.Add((name, files));
        }

        return outputs;
    }

    private static List<(string Name, List<string> Locations)> Outputs(Answer manifest) =>
        [
            .. manifest
                .Json.GetProperty("parameter")
                .EnumerateArray()
                .Where(p => p.GetProperty("name").GetString() == "output")
                .Select(p => p.GetProperty("part").EnumerateArray().ToList())
                .Select(parts =>
                    (
                        parts[0].GetProperty("valueString").GetString()!,
                        parts.Skip(1).Select(part => part.GetProperty("valueUri").GetString()!).ToList()
                    )
                ),
        ];

    private static List<JsonElement> RowsOf(List<string> files) =>
        [
            .. files
                .SelectMany(file => file.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                .Select(line => JsonDocument.Parse(line).RootElement)
                .OrderBy(row => row.TryGetProperty("id", out var id) ? id.GetString() : "", StringComparer.Ordinal),
        ];

    private static IEnumerable<string> Ids(int count) =>
        Enumerable.Range(0, count).Select(i => $"p{i}").Order(StringComparer.Ordinal);
}
