using System.Text;
using System.Text.Json;
using CareCoordination.Rest.Http;
using CareCoordination.Server.Tests.Access;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Outcomes;

/// <summary>Measures and SQL through the front door: of what was stored before they were asked.</summary>
public sealed class OutcomeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_measure_has_what_was_stored_before_it_was_asked(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        using var file = new OutcomesFile();
        await using var server = await TestServer.StartAsync([.. database.Settings, file.Setting]);
        await server.PutAsync("Patient/p", Given.Patient("p"));
        for (var i = 0; i < 5; i++)
        {
            await server.PutAsync(
                $"Task/t{i}",
                $$$"""{"resourceType":"Task","id":"t{{{i}}}","status":"completed","intent":"order","for":{"reference":"Patient/p"},"restriction":{"period":{"end":"2026-03-0{{{i
                    + 1}}}"}},"executionPeriod":{"end":"2026-03-03"}}"""
            );
            Assert.Equal((i + 1, Math.Max(0, i - 1)), await CountAsync(server));
        }

        (await server.DeleteAsync("Task/t4")).ShouldBe(204);
        Assert.Equal((4, 2), await CountAsync(server));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tables_of_caseloads_and_clocks_say_what_the_operations_say(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        using var file = new OutcomesFile();
        await using var server = await TestServer.StartAsync([.. database.Settings, file.Setting]);
        const string Category =
            """{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/transition-plan","code":"transitional-care"}]}""";
        var stored = (string[])
            [
                """{"resourceType":"Practitioner","id":"ann"}""",
                """{"resourceType":"PractitionerRole","id":"role","practitioner":{"reference":"Practitioner/ann"}}""",
                Given.Patient("p"),
                Given.Patient("q"),
                """{"resourceType":"EpisodeOfCare","id":"e","status":"active","patient":{"reference":"Patient/p"},"careManager":{"reference":"PractitionerRole/role"}}""",
                """{"resourceType":"EpisodeOfCare","id":"f","status":"active","patient":{"reference":"Patient/q"},"careManager":{"reference":"Practitioner/ann"}}""",
                """{"resourceType":"RiskAssessment","id":"x","status":"final","subject":{"reference":"Patient/q"},"prediction":[{"qualitativeRisk":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/risk-probability","code":"high"}]}}]}""",
                Clock("contact", "2026-01-07T23:59:59Z", "failed"),
                Clock("visit", "2026-01-19", "ready"),
                Clock("papers", "2026-01-06", "completed"),
                $$"""{"resourceType":"CarePlan","id":"plan","status":"active","intent":"plan","subject":{"reference":"Patient/p"},"category":[{{Category}}],"period":{"start":"2026-01-05"},"activity":[{"reference":{"reference":"Task/contact"} },{"reference":{"reference":"Task/visit"} },{"reference":{"reference":"Task/papers"} }]}""",
            ];
        foreach (var resource in stored)
        {
            using var parsed = JsonDocument.Parse(resource);
            var (type, id) = (parsed.RootElement.GetProperty("resourceType"), parsed.RootElement.GetProperty("id"));
            (await server.PutAsync($"{type}/{id}", resource)).ShouldBe(201);
        }

        var told = (await server.GetAsync("PractitionerRole/role/$caseload")).ShouldBe(200);
        var caseload = Parts(told.Json.GetProperty("parameter"));
        Assert.Equal(
            $"{caseload["patients"]},{caseload["weightedLoad"]},{caseload["overdue"]},{caseload["state"]},1,true\r\n",
            await SqlAsync(
                server,
                "SELECT patients, points, overdue_tasks, state, high_patients, overdue_tasks > 0 AS late FROM caseload_daily WHERE manager = 'Practitioner/ann' AND NOT is_over"
            )
        );
        var clocks = (await server.GetAsync("EpisodeOfCare/e/$transition-status")).ShouldBe(200);
        Assert.Equal(
            string.Concat(
                clocks
                    .Json.GetProperty("parameter")
                    .EnumerateArray()
                    .Where(p => p.GetProperty("name").GetString() == "clock")
                    .Select(p => Parts(p.GetProperty("part")))
                    .OrderBy(p => p["name"], StringComparer.Ordinal)
                    .Select(p => $"{p["name"]},{p["state"]}\r\n")
            ),
            await SqlAsync(server, "SELECT clock, state FROM transition_clock ORDER BY clock")
        );
    }

    private static string Clock(string code, string due, string status) =>
        $$"""{"resourceType":"Task","id":"{{code}}","status":"{{status}}","intent":"order","for":{"reference":"Patient/p"},"owner":{"reference":"Practitioner/ann"},"code":{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/transition-work","code":"{{code}}"}]},"basedOn":[{"reference":"CarePlan/plan"}],"restriction":{"period":{"end":"{{due}}"} } }""";

    private static Dictionary<string, string> Parts(JsonElement parameters) =>
        parameters
            .EnumerateArray()
            .Where(p => p.EnumerateObject().Any(v => v.Name.StartsWith("value", StringComparison.Ordinal)))
            .DistinctBy(p => p.GetProperty("name").GetString())
            .ToDictionary(
                p => p.GetProperty("name").GetString()!,
                p =>
                    p.EnumerateObject()
                        .First(v => v.Name.StartsWith("value", StringComparison.Ordinal))
                        .Value.ToString(),
                StringComparer.Ordinal
            );

    /// <summary>Rows of SQL, without the names of the columns.</summary>
    private static async Task<string> SqlAsync(TestServer server, string sql)
    {
        var answer = await server.PostAsync(
            "$sqlquery-run",
            Parameters(
                $$"""{"name":"queryResource","resource":{{Library(sql, null)}} },{"name":"_format","valueCode":"csv"}"""
            )
        );
        answer.ShouldBe(200);
        return answer.Body[(answer.Body.IndexOf('\n', StringComparison.Ordinal) + 1)..];
    }

    [Fact]
    public async Task A_report_names_patients_and_is_held_to_its_definition()
    {
        using var file = new OutcomesFile();
        await using var server = await TestServer.OnSqliteAsync(file.Setting);
        await server.PutAsync("Patient/p", Given.Patient("p"));
        await server.PutAsync(
            "ServiceRequest/r",
            """{"resourceType":"ServiceRequest","id":"r","status":"active","intent":"order","subject":{"reference":"Patient/p"},"authoredOn":"2026-02-01","code":{"text":"x"}}"""
        );
        const string Period = "periodStart=2026-01-01&periodEnd=2026-12-31";

        var list = await server.GetAsync($"Measure/m-09/$evaluate-measure?{Period}&reportType=subject-list");
        list.ShouldBe(200);
        Assert.Contains("\"item\":{\"reference\":\"Patient/p\"}", list.Body, StringComparison.Ordinal);
        var summary = await server.GetAsync($"Measure/$evaluate-measure?{Period}&measure=m-09");
        Assert.Contains("\"text\":\"sex\"", summary.Body, StringComparison.Ordinal);
        var one = await server.GetAsync($"Measure/m-09/$evaluate-measure?{Period}&subject=Patient/p");
        Assert.Equal("individual", one.Json.GetProperty("type").GetString());
        foreach (var report in (Answer[])[list, summary, one])
            Assert.Equal(201, (await server.PostAsync("MeasureReport", report.Body)).Status);
        var measure = await server.GetAsync("Measure/m-09");
        Assert.Equal(
            "proportion",
            measure.Json.GetProperty("scoring").GetProperty("coding")[0].GetProperty("code").GetString()
        );
        (await server.GetAsync("Library/m-09-sql")).ShouldBe(200);
        var sql = await server.PostAsync(
            "$sqlquery-run",
            Parameters(
                """{"name":"queryReference","valueReference":{"reference":"Library/m-09-sql"}},{"name":"parameters","resource":{"resourceType":"Parameters","parameter":[{"name":"start","valueDate":"2026-01-01"},{"name":"end","valueDate":"2026-12-31"}]}}"""
            )
        );
        sql.ShouldBe(200);
        Assert.Contains("\"patient_id\":\"p\"", sql.Body, StringComparison.Ordinal);
        (await server.GetAsync("Measure?name=ReferralLoopClosed")).ShouldBe(200);
    }

    [Theory]
    [InlineData(
        "Measure/m-99/$evaluate-measure?periodStart=2026-01-01&periodEnd=2026-12-31",
        404,
        "There is no measure 'm-99'"
    )]
    [InlineData("Measure/m-09/$evaluate-measure?periodStart=2026-01-01", 400, "periodEnd")]
    [InlineData(
        "Measure/m-09/$evaluate-measure?periodStart=2026-12-31&periodEnd=2026-01-01",
        400,
        "begins after it ends"
    )]
    [InlineData(
        "Measure/m-09/$evaluate-measure?periodStart=1999-01-01&periodEnd=1999-12-31",
        422,
        "counts from 2020-01-01"
    )]
    [InlineData(
        "Measure/m-09/$evaluate-measure?periodStart=2026-01-01&periodEnd=2026-12-31&subject=Patient/nobody",
        404,
        "no Patient/nobody"
    )]
    [InlineData(
        "Measure/m-09/$evaluate-measure?periodStart=2026-01-01&periodEnd=2026-12-31&subject=Goal/x",
        400,
        "'subject' names a Patient"
    )]
    [InlineData(
        "Measure/m-09/$evaluate-measure?periodStart=2026-01-01&periodEnd=2026-12-31&reportType=subject",
        400,
        "needs 'subject'"
    )]
    [InlineData(
        "Measure/m-09/$evaluate-measure?periodStart=2026-01-01&periodEnd=2026-12-31&reportType=all",
        400,
        "no reportType 'all'"
    )]
    [InlineData("Measure/$evaluate-measure?periodStart=2026-01-01&periodEnd=2026-12-31", 400, "Say which measure")]
    public async Task What_cannot_be_evaluated_is_said(string path, int status, string said)
    {
        using var file = new OutcomesFile();
        await using var server = await TestServer.OnSqliteAsync(file.Setting);

        var answer = await server.GetAsync(path);

        answer.ShouldBe(status);
        Assert.Contains(said, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sql_is_run_from_a_library_that_is_sent_or_stored()
    {
        using var file = new OutcomesFile();
        await using var server = await TestServer.OnSqliteAsync(file.Setting);
        await server.PutAsync("Patient/p", Given.Patient("p"));
        const string Sql = "SELECT id, gender = :sex AS same FROM patient ORDER BY id";
        (await server.PutAsync("Library/mine", Library(Sql, "mine"))).ShouldBe(201);
        const string Values =
            """{"name":"parameters","resource":{"resourceType":"Parameters","parameter":[{"name":"sex","valueCode":"female"}]}}""";

        var sent = await server.PostAsync(
            "$sqlquery-run",
            Parameters(
                $$"""{"name":"queryResource","resource":{{Library(Sql, null)}} },{{Values}},{"name":"_format","valueCode":"csv"}"""
            )
        );
        sent.ShouldBe(200);
        Assert.StartsWith("id,same\r\np,", sent.Body, StringComparison.Ordinal);
        var named = await server.PostAsync(
            "$sqlquery-run",
            Parameters($$"""{"name":"queryReference","valueReference":{"reference":"Library/mine"} },{{Values}}""")
        );
        named.ShouldBe(200);
        Assert.Equal("p", JsonDocument.Parse(named.Body).RootElement.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("SELECT id, gender FROM patient", "PAR1", 200)]
    [InlineData("SELECT id, id FROM patient", "Two columns are called 'id'", 422)]
    public async Task Rows_of_SQL_come_as_Parquet_too(string sql, string said, int status)
    {
        using var file = new OutcomesFile();
        await using var server = await TestServer.OnSqliteAsync(file.Setting);
        await server.PutAsync("Patient/p", Given.Patient("p"));

        var answer = await server.PostAsync(
            "$sqlquery-run",
            Parameters(
                $$"""{"name":"queryResource","resource":{{Library(sql, null)}} },{"name":"_format","valueCode":"parquet"}"""
            )
        );

        answer.ShouldBe(status);
        Assert.Contains(said, answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DROP TABLE patient", 422, "has to be a SELECT")]
    [InlineData("SELECT * FROM read_text('/etc/hostname')", 422, "is no table")]
    [InlineData("SELECT nothing FROM patient", 422, "nothing")]
    [InlineData(
        "SELECT count(*) FROM range(100000000) a, range(100000) b WHERE (a.range * b.range) % 7 = 3",
        422,
        "took longer than 1 seconds"
    )]
    public async Task Sql_that_does_not_ask_the_tables_is_refused(string sql, int status, string said)
    {
        using var file = new OutcomesFile();
        await using var server = await TestServer.OnSqliteAsync(file.Setting, "--Analytics:QuerySeconds=1");
        await server.PutAsync("Patient/p", Given.Patient("p"));

        var answer = await server.PostAsync(
            "$sqlquery-run",
            Parameters($$"""{"name":"queryResource","resource":{{Library(sql, null)}} }""")
        );

        answer.ShouldBe(status);
        Assert.Contains(said, answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(file.Path, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_went_back_and_on_again_is_noticed()
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql: false);
        using var file = new OutcomesFile();
        await using (var before = await TestServer.StartAsync([.. database.Settings, file.Setting]))
        {
            await before.PutAsync("Patient/p", Given.Patient("p"));
            await before.PutAsync("Patient/lost", Given.Patient("lost"));
            Assert.Equal("lost,p", await PatientsAsync(before));
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        foreach (var part in Directory.GetFiles(Path.GetDirectoryName(database.File)!, "care.db*"))
            File.Delete(part);
        await using var after = await TestServer.StartAsync([.. database.Settings, file.Setting]);
        for (var i = 0; i < 5; i++)
            await after.PutAsync($"Patient/new{i}", Given.Patient($"new{i}"));

        Assert.Equal("new0,new1,new2,new3,new4", await PatientsAsync(after));
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_is_said_with_what_to_do()
    {
        using var file = new OutcomesFile();
        Directory.CreateDirectory(file.Path);
        await using var server = await TestServer.OnSqliteAsync(file.Setting);
        await server.PutAsync("Patient/p", Given.Patient("p"));

        var answer = await server.GetAsync(
            "Measure/m-09/$evaluate-measure?periodStart=2026-01-01&periodEnd=2026-12-31"
        );
        answer.ShouldBe(503);
        Assert.Contains("Analytics:File", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(file.Path, answer.Body, StringComparison.Ordinal);

        Directory.Delete(file.Path);
        Assert.Equal("p", await PatientsAsync(server));
    }

    private static async Task<string> PatientsAsync(TestServer server)
    {
        var answer = await server.PostAsync(
            "$sqlquery-run",
            Parameters(
                $$"""{"name":"queryResource","resource":{{Library("SELECT string_agg(id, ',' ORDER BY id) AS ids FROM patient", null)}} }"""
            )
        );
        answer.ShouldBe(200);
        return JsonDocument.Parse(answer.Body).RootElement.GetProperty("ids").GetString()!;
    }

    [Fact]
    public async Task Numbers_are_for_some_roles_and_patients_for_those_who_see_them()
    {
        using var file = new OutcomesFile();
        await using var server = await TestServer.OnSqliteAsync(
            TimeProvider.System,
            AccessCallers.AskedByHeader,
            file.Setting
        );
        await AccessWorld.StoreAsync(server);
        for (var i = 1; i <= AccessWorld.Patients; i++)
            await server.PutAsync(
                $"ServiceRequest/sent{i}",
                $$"""{"resourceType":"ServiceRequest","id":"sent{{i}}","status":"active","intent":"order","subject":{"reference":"Patient/p{{i}}"},"authoredOn":"2026-02-01","code":{"text":"x"} }"""
            );
        const string Ask = "Measure/m-09/$evaluate-measure?periodStart=2026-01-01&periodEnd=2026-12-31";

        foreach (var name in (string[])["director", "supervisor", "lead", "analytics"])
            Assert.Equal(
                12,
                (await AsAsync(server, name, Ask))
                    .Json.GetProperty("group")[0]
                    .GetProperty("population")[0]
                    .GetProperty("count")
                    .GetInt32()
            );
        foreach (var name in (string[])["manager", "patient", "hospital", "vendor of north", "no role"])
            (await AsAsync(server, name, Ask)).ShouldBe(403);
        var ofLead = await AsAsync(server, "lead", Ask + "&reportType=subject-list");
        Assert.Contains("Patient/p1\"", ofLead.Body, StringComparison.Ordinal);
        var seen = (await AsAsync(server, "lead", "Patient?_elements=id&_count=50")).Body;
        for (var i = 1; i <= AccessWorld.Patients; i++)
            Assert.Equal(
                seen.Contains($"\"id\":\"p{i}\"", StringComparison.Ordinal),
                ofLead.Body.Contains($"Patient/p{i}\"", StringComparison.Ordinal)
            );
        Assert.DoesNotContain(
            "Patient/p",
            (await AsAsync(server, "director", Ask + "&reportType=subject-list")).Body,
            StringComparison.Ordinal
        );
        (await AsAsync(server, "lead", Ask + "&subject=Patient/p11")).ShouldBe(
            seen.Contains("\"id\":\"p11\"", StringComparison.Ordinal) ? 200 : 404
        );
        foreach (var name in (string[])["lead", "director", "operator"])
            (
                await server.PostAsync(
                    "$sqlquery-run",
                    Parameters($$"""{"name":"queryResource","resource":{{Library("SELECT 1", null)}} }"""),
                    $"{AccessCallers.Header}: {name}"
                )
            ).ShouldBe(403);
        var rows = await server.PostAsync(
            "$sqlquery-run",
            Parameters($$"""{"name":"queryResource","resource":{{Library("SELECT id FROM observation", null)}} }"""),
            $"{AccessCallers.Header}: analytics"
        );
        rows.ShouldBe(200);
        Assert.Contains("\"p3-a\"", rows.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"p3-v\"", rows.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"p6-a\"", rows.Body, StringComparison.Ordinal);
    }

    private static Task<Answer> AsAsync(TestServer server, string name, string path) =>
        server.GetAsync(path, $"{AccessCallers.Header}: {name}");

    private static async Task<(int Initial, int Numerator)> CountAsync(TestServer server)
    {
        var answer = await server.GetAsync(
            "Measure/m-16/$evaluate-measure?periodStart=2026-01-01&periodEnd=2026-12-31"
        );
        answer.ShouldBe(200);
        var populations = answer.Json.GetProperty("group")[0].GetProperty("population");
        return (populations[0].GetProperty("count").GetInt32(), populations[3].GetProperty("count").GetInt32());
    }

    private static string Parameters(string parts) => $$"""{"resourceType":"Parameters","parameter":[{{parts}}]}""";

    private static string Library(string sql, string? id) =>
        $$"""{"resourceType":"Library"{{(id is null ? "" : $",\"id\":\"{id}\"")}},"status":"active","type":{"text":"sql"},"content":[{"contentType":"application/sql","data":"{{Convert.ToBase64String(
            Encoding.UTF8.GetBytes(sql)
        )}}"}]}""";
}
