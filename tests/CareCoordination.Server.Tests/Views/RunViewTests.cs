using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Views;

/// <summary>Views run over HTTP, by each of their names and in each format.</summary>
public abstract class RunViewTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : RunViewTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : RunViewTests(shared);

    private const string Shipped = "https://carecoordination.example/fhir/ViewDefinition/";

    private readonly string _id = Given.Id();

    private string Names =>
        $$"""{"resourceType":"ViewDefinition","id":"{{_id}}","url":"http://example.org/v/{{_id}}","version":"2","status":"active","name":"names","resource":"Patient","constant":[{"name":"mark","valueString":"{{_id}}"}],"where":[{"path":"identifier.where(value = %mark).exists()"}],"select":[{"column":[{"name":"id","path":"getResourceKey()","type":"id"},{"name":"active","path":"active"},{"name":"born","path":"birthDate"}]},{"forEachOrNull":"name","column":[{"name":"family","path":"family"},{"name":"given","path":"given","collection":true},{"name":"place","path":"%rowIndex"}]}]}""";

    private const string Rows = """
        {"id":"{0}-a","active":true,"born":"1970-05","family":"Ito, \"the\" one","given":["Aiko"],"place":0}
        {"id":"{0}-a","active":true,"born":"1970-05","family":"Old","given":[],"place":1}
        {"id":"{0}-b","active":null,"born":null,"family":null,"given":null,"place":0}

        """;

    [Theory]
    [InlineData("ViewDefinition/{0}/$run")]
    [InlineData("ViewDefinition/{0}/$viewdefinition-run")]
    [InlineData("ViewDefinition/$run?viewReference=ViewDefinition/{0}")]
    [InlineData("ViewDefinition/$viewdefinition-run?viewReference=ViewDefinition/{0}")]
    [InlineData("ViewDefinition/$viewdefinition-run?viewCanonical=http://example.org/v/{0}%7C2")]
    [InlineData("$viewdefinition-run?viewReference=ViewDefinition/{0}")]
    [InlineData("$sql-run?subjectReference=ViewDefinition/{0}")]
    [InlineData("$sql-run?subjectCanonical=http://example.org/v/{0}")]
    [InlineData("$sql-run?subjectCanonical=http://example.org/v/{0}%7C2")]
    public async Task A_stored_view_is_run_by_each_of_its_names(string path)
    {
        await PatientsAsync();
        (await Server.PutAsync($"ViewDefinition/{_id}", Names)).ShouldBe(201);
        path = path.Replace("{0}", _id, StringComparison.Ordinal);

        var answer = (await Server.GetAsync(path)).ShouldBe(200);

        Assert.Equal("application/x-ndjson", answer.ContentType);
        Assert.Equal(Filled(Rows), Sorted(answer.Body));
        var question = path.IndexOf('?', StringComparison.Ordinal);
        var posted =
            question < 0
                ? await Server.SendAsync(HttpMethod.Post, path, (string?)null)
                : await Server.PostAsync(path[..question], AsParameters(path[(question + 1)..]));
        Assert.Equal(answer.Body, posted.ShouldBe(200).Body);
    }

    [Theory]
    [InlineData("ViewDefinition/$run", "viewResource")]
    [InlineData("ViewDefinition/$viewdefinition-run", "viewResource")]
    [InlineData("$sql-run", "subjectResource")]
    [InlineData("$viewdefinition-run", "subjectResource")]
    public async Task A_view_that_comes_along_is_run(string path, string name)
    {
        await PatientsAsync();
        foreach (var form in Forms())
        {
            var answer = await Server.PostAsync(path, Ask.Parameters(Resource(name, form)));
            Assert.Equal(Filled(Rows), Sorted(answer.ShouldBe(200).Body));
        }

        // As it is stored, as examples of the specification have it, and as version 2.0.0 has it.
        IEnumerable<string> Forms() =>
            [
                Names,
                Names.Replace("\"status\":\"active\",", "", StringComparison.Ordinal),
                Names.Replace("\"resourceType\":\"ViewDefinition\",", "", StringComparison.Ordinal),
                Names.Replace(
                    "\"ViewDefinition\"",
                    "\"https://sql-on-fhir.org/ig/StructureDefinition/ViewDefinition\"",
                    StringComparison.Ordinal
                ),
            ];
    }

    [Theory]
    [InlineData(
        "json",
        null,
        "application/json",
        "[{\"id\":\"{0}-a\",\"active\":true,\"born\":\"1970-05\",\"family\":\"Ito, \\\"the\\\" one\",\"given\":[\"Aiko\"],\"place\":0},\n{\"id\":\"{0}-a\",\"active\":true,\"born\":\"1970-05\",\"family\":\"Old\",\"given\":[],\"place\":1},\n{\"id\":\"{0}-b\",\"active\":null,\"born\":null,\"family\":null,\"given\":null,\"place\":0}]"
    )]
    [InlineData(
        "csv",
        null,
        "text/csv",
        "id,active,born,family,given,place\r\n{0}-a,true,1970-05,\"Ito, \"\"the\"\" one\",\"[\"\"Aiko\"\"]\",0\r\n{0}-a,true,1970-05,Old,[],1\r\n{0}-b,,,,,0\r\n"
    )]
    [InlineData(
        "csv&header=false",
        null,
        "text/csv",
        "{0}-a,true,1970-05,\"Ito, \"\"the\"\" one\",\"[\"\"Aiko\"\"]\",0\r\n{0}-a,true,1970-05,Old,[],1\r\n{0}-b,,,,,0\r\n"
    )]
    [InlineData(
        null,
        "text/csv",
        "text/csv",
        "id,active,born,family,given,place\r\n{0}-a,true,1970-05,\"Ito, \"\"the\"\" one\",\"[\"\"Aiko\"\"]\",0\r\n{0}-a,true,1970-05,Old,[],1\r\n{0}-b,,,,,0\r\n"
    )]
    [InlineData(
        "text/csv",
        "application/json",
        "text/csv",
        "id,active,born,family,given,place\r\n{0}-a,true,1970-05,\"Ito, \"\"the\"\" one\",\"[\"\"Aiko\"\"]\",0\r\n{0}-a,true,1970-05,Old,[],1\r\n{0}-b,,,,,0\r\n"
    )]
    [InlineData(
        "fhir",
        null,
        "application/fhir+json; charset=utf-8",
        "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"row\",\"part\":[{\"name\":\"id\",\"valueId\":\"{0}-a\"},{\"name\":\"active\",\"valueBoolean\":true},{\"name\":\"born\",\"valueDate\":\"1970-05\"},{\"name\":\"family\",\"valueString\":\"Ito, \\\"the\\\" one\"},{\"name\":\"given\",\"valueString\":\"Aiko\"},{\"name\":\"place\",\"valueInteger\":0}]},{\"name\":\"row\",\"part\":[{\"name\":\"id\",\"valueId\":\"{0}-a\"},{\"name\":\"active\",\"valueBoolean\":true},{\"name\":\"born\",\"valueDate\":\"1970-05\"},{\"name\":\"family\",\"valueString\":\"Old\"},{\"name\":\"place\",\"valueInteger\":1}]},{\"name\":\"row\",\"part\":[{\"name\":\"id\",\"valueId\":\"{0}-b\"},{\"name\":\"place\",\"valueInteger\":0}]}]}"
    )]
    [InlineData(null, "application/fhir+json", "application/fhir+json; charset=utf-8", null)]
    [InlineData(null, "application/json", "application/json", null)]
    [InlineData(null, "*/*", "application/x-ndjson", null)]
    [InlineData("ndjson", "*/*", "application/x-ndjson", null)]
    public async Task Rows_are_answered_in_the_format_that_is_asked_for(
        string? format,
        string? accept,
        string contentType,
        string? body
    )
    {
        await PatientsAsync();
        (await Server.PutAsync($"ViewDefinition/{_id}", Names)).ShouldBe(201);

        var answer = (
            await Server.GetAsync(
                $"ViewDefinition/{_id}/$run{(format is null ? "" : $"?_format={format}")}",
                accept is null ? [] : [$"Accept: {accept}"]
            )
        ).ShouldBe(200);

        Assert.Equal(contentType, answer.ContentType);
        if (body is not null)
            Assert.Equal(Filled(body), answer.Body);
    }

    [Theory]
    [InlineData("json", "[]")]
    [InlineData("ndjson", "")]
    [InlineData("csv", "id\r\n")]
    [InlineData("fhir", "{\"resourceType\":\"Parameters\"}")]
    public async Task No_row_is_an_answer_too(string format, string body)
    {
        using var parameters = new StringContent(
            Ask.Parameters(
                Resource(
                    "subjectResource",
                    """{"resource":"Basic","where":[{"path":"id = 'nobody'"}],"select":[{"column":[{"name":"id","path":"id"}]}]}"""
                )
            ),
            new System.Net.Http.Headers.MediaTypeHeaderValue("application/fhir+json")
        );

        // Not through the kit: an empty Parameters is what the specification says, and Firely refuses it.
        using var answer = await Server.Client.PostAsync(
            new Uri($"{Server.Base}/$sql-run?_format={format}"),
            parameters,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(body, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("?_format=parquet", null)]
    [InlineData("", "application/vnd.apache.parquet")]
    public async Task Parquet_is_a_whole_file(string query, string? accept)
    {
        await PatientsAsync();
        (await Server.PutAsync($"ViewDefinition/{_id}", Names)).ShouldBe(201);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Server.Base}/ViewDefinition/{_id}/$run{query}");
        if (accept is not null)
            request.Headers.Add("Accept", accept);

        using var answer = await Server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("application/vnd.apache.parquet", answer.Content.Headers.ContentType!.MediaType);
        var bytes = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(bytes.AsSpan().StartsWith("PAR1"u8) && bytes.AsSpan().EndsWith("PAR1"u8));
    }

    [Fact]
    public async Task A_shipped_view_is_run_by_its_canonical_and_by_its_id()
    {
        await PatientsAsync();
        foreach (
            var path in (string[])
                [
                    $"$sql-run?subjectCanonical={Shipped}patient&patient=Patient/{_id}-a",
                    $"$sql-run?subjectCanonical={Shipped}patient%7C1.0.0&patient=Patient/{_id}-a",
                    $"ViewDefinition/patient/$run?patient=Patient/{_id}-a",
                ]
        )
        {
            var row = (await Server.GetAsync(path)).ShouldBe(200);
            Assert.Equal(($"{_id}-a", "1970-05"), (row.Text("id"), row.Text("birth_date")));
        }
    }

    [Fact]
    public async Task Resources_that_come_along_are_taken_instead_of_stored_ones()
    {
        await PatientsAsync();

        var answer = await Server.PostAsync(
            "$sql-run",
            Ask.Parameters(
                Resource(
                    "subjectResource",
                    """{"resource":"Patient","select":[{"column":[{"name":"id","path":"id"}]}]}"""
                ),
                Resource("resource", """{"resourceType":"Patient","id":"one"}"""),
                Resource("resource", """{"resourceType":"Practitioner","id":"other"}"""),
                Resource(
                    "resource",
                    """{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"two"}}]}"""
                )
            )
        );

        Assert.Equal("{\"id\":\"one\"}\n{\"id\":\"two\"}\n", answer.ShouldBe(200).Body);
    }

    [Fact]
    public async Task Patients_groups_and_time_choose_what_gives_rows()
    {
        await PatientsAsync();
        foreach (var (task, patient) in ((string, string)[])[("1", "a"), ("2", "a"), ("3", "b")])
            (
                await Server.PutAsync(
                    $"Task/{_id}-{task}",
                    $$$"""{"resourceType":"Task","id":"{{{_id}}}-{{{task}}}","status":"requested","intent":"order","for":{"reference":"Patient/{{{_id}}}-{{{patient}}}"}}"""
                )
            ).ShouldBe(201);
        (
            await Server.PutAsync(
                $"Group/{_id}",
                $$$"""{"resourceType":"Group","id":"{{{_id}}}","type":"person","actual":true,"member":[{"entity":{"reference":"Patient/{{{_id}}}-b"}},{"entity":{"reference":"Patient/{{{_id}}}-a"},"inactive":true}]}"""
            )
        ).ShouldBe(201);

        Assert.Equal(["1", "2"], await TasksAsync($"patient=Patient/{_id}-a"));
        Assert.Equal(["3"], await TasksAsync($"group=Group/{_id}"));
        Assert.Equal(["1", "2", "3"], await TasksAsync($"patient=Patient/{_id}-a&group=Group/{_id}"));
        Assert.Equal(["1", "2", "3"], await TasksAsync($"patient=Patient/{_id}-a&patient=Patient/{_id}-b"));
        Assert.Empty(await TasksAsync($"patient=Patient/{_id}-a&_since=2199-01-01T00:00:00Z"));
        Assert.Equal(["1", "2"], await TasksAsync($"patient=Patient/{_id}-a&_since=2020-01-01T00:00:00Z"));
        Assert.Single(await TasksAsync($"patient=Patient/{_id}-a&_limit=1"));
        Assert.Empty(await TasksAsync($"patient=Patient/{_id}-a&_limit=0"));
    }

    private async Task<string[]> TasksAsync(string query) =>
        [
            .. (await Server.GetAsync($"ViewDefinition/task/$run?{query}"))
                .ShouldBe(200)
                .Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(row => JsonDocument.Parse(row).RootElement.GetProperty("id").GetString()!.Split('-')[^1])
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [InlineData("$sql-run", 400, "runs one view: name it by one of")]
    [InlineData(
        "$sql-run?subjectReference=ViewDefinition/task&subjectCanonical=x",
        400,
        "runs one view: name it by one of"
    )]
    [InlineData("$sql-run?subjectReference=Library/x", 404, "is no view of this server")]
    [InlineData("$sql-run?subjectReference=ViewDefinition/none", 404, "There is no ViewDefinition/none.")]
    [InlineData("$sql-run?subjectCanonical=http://example.org/none", 404, "no view with the canonical")]
    [InlineData("ViewDefinition/none/$run", 404, "There is no ViewDefinition/none.")]
    [InlineData(
        "ViewDefinition/task/$run?viewReference=ViewDefinition/goal",
        400,
        "leave the parameters out that name one"
    )]
    [InlineData("ViewDefinition/task/$run?_format=xlsx", 400, "'xlsx' is no format of rows")]
    [InlineData("ViewDefinition/task/$run?patient=Patient/none", 400, "names Patient/none, which is not here")]
    [InlineData("ViewDefinition/task/$run?patient=Group/none", 400, "is a reference to a Patient")]
    [InlineData("ViewDefinition/task/$run?group=Group/none", 400, "names Group/none, which is not here")]
    [InlineData("ViewDefinition/practitioner-role/$run?group=Group/none", 400, "is in no patient's record")]
    [InlineData("ViewDefinition/task/$run?_since=2026-11-30", 400, "an instant with its zone")]
    [InlineData("ViewDefinition/task/$run?_limit=-1", 400, "a whole number from 0")]
    [InlineData("ViewDefinition/task/$run?_limit=1.5", 400, "a whole number from 0")]
    [InlineData("ViewDefinition/task/$run?source=s3://x", 400, "'source' is no parameter of $run")]
    public async Task What_cannot_be_done_is_refused_with_a_sentence(string path, int status, string sentence) =>
        Assert.Contains(
            (await Server.GetAsync(path)).ShouldBe(status).Issues,
            issue => issue.Contains(sentence, StringComparison.Ordinal)
        );

    [Fact]
    public async Task A_format_inside_an_envelope_is_not_acceptable() =>
        Assert.Contains(
            "accept text/csv",
            (await Server.GetAsync("ViewDefinition/task/$run?_format=csv", "Accept: application/fhir+json"))
                .ShouldBe(406)
                .Issues[0],
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(
        """{"resource":"Patient","select":[{"column":[{"name":"it","path":"nothing"}]}]}""",
        422,
        "Patient has no element 'nothing'"
    )]
    [InlineData(
        """{"resource":"Patient","select":[{"column":[{"name":"it","path":"name.first()","type":"HumanName"}]}]}""",
        200,
        ""
    )]
    [InlineData("""{"resource":"Patient","select":[{"colum":[]}]}""", 400, "colum")]
    [InlineData("""{}""", 400, "resource")]
    public async Task A_view_that_comes_along_is_held_to_the_rules(string view, int status, string part)
    {
        var answer = await Server.PostAsync("$sql-run?_limit=1", Ask.Parameters(Resource("subjectResource", view)));

        Assert.Contains(part, answer.ShouldBe(status).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_that_does_not_suit_a_view_is_told_before_any_row_is_sent()
    {
        await PatientsAsync();

        var answer = await Server.PostAsync(
            "$sql-run",
            Ask.Parameters(
                Resource(
                    "subjectResource",
                    """{"resource":"Patient","select":[{"column":[{"name":"it","path":"name.family"}]}]}"""
                ),
                Ask.Reference("patient", $"Patient/{_id}-a")
            )
        );

        Assert.Contains("The column 'it' gives 2 values", answer.ShouldBe(422).Issues[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_have_no_place_in_a_batch() =>
        Assert.Contains(
            "400",
            (await Server.PostAsync("", Given.Batch(Given.Entry("GET", "ViewDefinition/task/$run"))))
                .ShouldBe(200)
                .Entries.Single()
                .GetProperty("response")
                .GetProperty("status")
                .GetString(),
            StringComparison.Ordinal
        );

    private async Task PatientsAsync()
    {
        (
            await Server.PutAsync(
                $"Patient/{_id}-a",
                $$"""{"resourceType":"Patient","id":"{{_id}}-a","identifier":[{"value":"{{_id}}"}],"active":true,"birthDate":"1970-05","name":[{"family":"Ito, \"the\" one","given":["Aiko"]},{"family":"Old"}]}"""
            )
        ).ShouldBe(201);
        (
            await Server.PutAsync(
                $"Patient/{_id}-b",
                $$"""{"resourceType":"Patient","id":"{{_id}}-b","identifier":[{"value":"{{_id}}"}]}"""
            )
        ).ShouldBe(201);
    }

    private static string Resource(string name, string json) => $$"""{"name":"{{name}}","resource":{{json}}}""";

    private string Filled(string text) => text.Replace("{0}", _id, StringComparison.Ordinal);

    /// <summary>Rows have no order.</summary>
    private static string Sorted(string lines) =>
        string.Concat(
            lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).Select(l => l + "\n")
        );

    private static string AsParameters(string query)
    {
        var (name, value) = (
            query.Split('=')[0],
            Uri.UnescapeDataString(query[(query.IndexOf('=', StringComparison.Ordinal) + 1)..])
        );
        return Ask.Parameters(
            name.EndsWith("Canonical", StringComparison.Ordinal)
                ? $"{{\"name\":\"{name}\",\"valueCanonical\":\"{value}\"}}"
                : Ask.Reference(name, value)
        );
    }
}
