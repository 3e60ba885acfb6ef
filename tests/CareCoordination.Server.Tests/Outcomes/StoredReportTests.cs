using System.Text.Json;
using CareCoordination.Access.Roles;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Server.Tests.Access;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Outcomes;

/// <summary>A report of a measure is stored where that is asked for: once for each question, and seen by whoever may see it.</summary>
public sealed class StoredReportTests
{
    private const string Basis = "https://carecoordination.example/fhir/StructureDefinition/report-basis";
    private const string Year =
        """{"name":"periodStart","valueDate":"2026-01-01"},{"name":"periodEnd","valueDate":"2026-12-31"},{"name":"store","valueBoolean":true}""";

    private static Task<Answer> StoreAsync(TestServer server, string more = "", params string[] headers) =>
        server.PostAsync(
            "Measure/m-16/$evaluate-measure",
            $$"""{"resourceType":"Parameters","parameter":[{{Year}}{{more}}]}""",
            headers
        );

    private static async Task GivenAsync(TestServer server, int task)
    {
        await server.PutAsync("Patient/p", Given.Patient("p"));
        (
            await server.PutAsync(
                $"Task/t{task}",
                $$$"""{"resourceType":"Task","id":"t{{{task}}}","status":"completed","intent":"order","for":{"reference":"Patient/p"},"restriction":{"period":{"end":"2026-03-03"}},"executionPeriod":{"end":"2026-03-02"}}"""
            )
        ).ShouldBe(201);
    }

    private static decimal ChangeOf(JsonElement report) =>
        report
            .GetProperty("extension")
            .EnumerateArray()
            .Single(e => e.GetProperty("url").GetString() == Basis)
            .GetProperty("extension")
            .EnumerateArray()
            .Single(e => e.GetProperty("url").GetString() == "change")
            .GetProperty("valueDecimal")
            .GetDecimal();

    private static string VersionOf(Answer answer) =>
        answer.Json.GetProperty("meta").GetProperty("versionId").GetString()!;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_report_is_stored_once_for_a_question_and_anew_where_it_comes_to_something_else(
        bool isPostgreSql
    )
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        using var file = new OutcomesFile();
        await using var server = await TestServer.StartAsync([.. database.Settings, file.Setting]);
        await GivenAsync(server, 1);

        var first = (await StoreAsync(server)).ShouldBe(200);
        var address = $"MeasureReport/{first.Json.GetProperty("id").GetString()}";
        Assert.Equal("1", VersionOf(first));
        Assert.Equal("1", VersionOf((await StoreAsync(server)).ShouldBe(200)));
        Assert.Equal(first.Body, (await server.GetAsync(address)).Body);

        await GivenAsync(server, 2);
        var second = (await StoreAsync(server)).ShouldBe(200);
        Assert.Equal("2", VersionOf(second));
        Assert.Equal(address, $"MeasureReport/{second.Json.GetProperty("id").GetString()}");
        Assert.True(ChangeOf(second.Json) > ChangeOf(first.Json));
        Assert.Equal(2, (await server.GetAsync($"{address}/_history")).Json.GetProperty("total").GetInt32());

        // Another question is another report.
        var narrowed = (await StoreAsync(server, """,{"name":"programme","valueCode":"ccm"}""")).ShouldBe(200);
        Assert.NotEqual(address, $"MeasureReport/{narrowed.Json.GetProperty("id").GetString()}");
        Assert.Contains(
            """[{"url":"by","valueCode":"programme"},{"url":"value","valueString":"ccm"}]""",
            narrowed.Body,
            StringComparison.Ordinal
        );
        Assert.Equal(2, (await server.GetAsync("MeasureReport?_summary=count")).Json.GetProperty("total").GetInt32());

        (await server.DeleteAsync(address)).ShouldBe(204);
        Assert.Equal("4", VersionOf((await StoreAsync(server)).ShouldBe(200)));
    }

    [Fact]
    public async Task Nothing_is_stored_without_being_asked_for()
    {
        using var file = new OutcomesFile();
        await using var server = await TestServer.OnSqliteAsync(file.Setting);
        await GivenAsync(server, 1);
        const string Ask = "Measure/m-16/$evaluate-measure?periodStart=2026-01-01&periodEnd=2026-12-31";

        var read = (await server.GetAsync(Ask)).ShouldBe(200);
        Assert.True(ChangeOf(read.Json) >= 2);
        (await server.GetAsync(Ask + "&store=false")).ShouldBe(200);
        var stored = (await server.GetAsync(Ask + "&store=true")).ShouldBe(400);
        Assert.Contains("by POST", stored.Body, StringComparison.Ordinal);
        var list = (await StoreAsync(server, """,{"name":"reportType","valueCode":"subject-list"}""")).ShouldBe(422);
        Assert.Contains("is not stored", list.Body, StringComparison.Ordinal);

        Assert.Equal(0, (await server.GetAsync("MeasureReport?_summary=count")).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_small_count_that_is_hidden_does_not_follow_from_the_sum()
    {
        using var file = new OutcomesFile();
        await using var server = await TestServer.OnSqliteAsync(file.Setting, "--Analytics:SmallestCell=3");
        for (var task = 1; task <= 4; task++)
            await GivenAsync(server, task);
        await server.PutAsync("Patient/q", """{"resourceType":"Patient","id":"q","gender":"other"}""");
        (
            await server.PutAsync(
                "Task/t9",
                """{"resourceType":"Task","id":"t9","status":"completed","intent":"order","for":{"reference":"Patient/q"},"restriction":{"period":{"end":"2026-03-03"}},"executionPeriod":{"end":"2026-03-02"}}"""
            )
        ).ShouldBe(201);

        var group = (await StoreAsync(server)).ShouldBe(200).Json.GetProperty("group")[0];

        Assert.Equal(5, group.GetProperty("population")[0].GetProperty("count").GetInt32());
        var sex = group
            .GetProperty("stratifier")
            .EnumerateArray()
            .Single(s => s.GetProperty("code")[0].GetProperty("text").GetString() == "sex");
        Assert.Equal(2, sex.GetProperty("stratum").GetArrayLength());
        foreach (var stratum in sex.GetProperty("stratum").EnumerateArray())
        {
            Assert.False(stratum.TryGetProperty("measureScore", out _));
            Assert.False(stratum.GetProperty("population")[0].TryGetProperty("count", out _));
        }
    }

    [Fact]
    public async Task A_report_that_is_stored_has_its_Provenance_and_its_key_is_kept()
    {
        using var file = new OutcomesFile();
        await using var server = await TestServer.OnSqliteAsync(file.Setting);
        await GivenAsync(server, 1);

        var first = (await StoreAsync(server, "", "Idempotency-Key: once")).ShouldBe(200);
        await GivenAsync(server, 2);
        Assert.Equal("1", VersionOf((await StoreAsync(server, "", "Idempotency-Key: once")).ShouldBe(200)));

        var address = $"MeasureReport/{first.Json.GetProperty("id").GetString()}";
        var provenance = await server.GetAsync($"Provenance?target={address}");
        Assert.Contains("\"code\":\"evaluate-measure\"", provenance.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_of_one_patient_is_of_their_record()
    {
        using var file = new OutcomesFile();
        await using var server = await TestServer.OnSqliteAsync(file.Setting);
        await GivenAsync(server, 1);

        var one = (await StoreAsync(server, """,{"name":"subject","valueString":"Patient/p"}""")).ShouldBe(200);

        Assert.Equal("individual", one.Json.GetProperty("type").GetString());
        Assert.Equal([one.Json.GetProperty("id").GetString()], (await server.GetAsync("Patient/p/MeasureReport")).Ids);
    }

    [Fact]
    public async Task Numbers_are_for_those_who_may_ask_for_them_and_a_patients_report_for_those_who_see_the_patient()
    {
        using var file = new OutcomesFile();
        await using var server = await TestServer.OnSqliteAsync(
            TimeProvider.System,
            services => AccessCallers.AskedByHeader(services, Callers),
            [file.Setting]
        );
        await GivenAsync(server, 1);
        await server.PutAsync("Practitioner/ana", """{"resourceType":"Practitioner","id":"ana"}""");
        await server.PutAsync(
            "EpisodeOfCare/e",
            """{"resourceType":"EpisodeOfCare","id":"e","status":"active","patient":{"reference":"Patient/p"},"careManager":{"reference":"Practitioner/ana"}}"""
        );
        const string One = """,{"name":"subject","valueString":"Patient/p"}""";
        var numbers = (await StoreAsync(server, "", As("director"))).ShouldBe(200);
        // Again, and it is the same: the answer is one that they may read.
        Assert.Equal("1", VersionOf((await StoreAsync(server, "", As("director"))).ShouldBe(200)));
        var mine = (await StoreAsync(server, One, As("lead of p"))).ShouldBe(200);

        foreach (var name in (string[])["director", "analytics", "supervisor", "lead", "lead of p"])
            (await ReadAsync(server, numbers, name)).ShouldBe(200);
        foreach (var name in (string[])["manager of p", "auditor"])
            Assert.Contains((await ReadAsync(server, numbers, name)).Status, (int[])[403, 404]);
        foreach (var name in (string[])["lead of p", "manager of p"])
            (await ReadAsync(server, mine, name)).ShouldBe(200);
        foreach (var name in (string[])["director", "analytics", "supervisor", "lead"])
            (await ReadAsync(server, mine, name)).ShouldBe(404);

        (await StoreAsync(server, One, As("director"))).ShouldBe(404);
        (await StoreAsync(server, One, As("lead"))).ShouldBe(404);
        (await StoreAsync(server, "", As("manager of p"))).ShouldBe(403);
        var narrow = (await StoreAsync(server, "", As("lead who reads"))).ShouldBe(403);
        Assert.Contains("user/MeasureReport.u", narrow.Body, StringComparison.Ordinal);
        (
            await server.DeleteAsync($"MeasureReport/{mine.Json.GetProperty("id").GetString()}", As("lead of p"))
        ).ShouldBe(403);
    }

    private static Task<Answer> ReadAsync(TestServer server, Answer report, string name) =>
        server.GetAsync($"MeasureReport/{report.Json.GetProperty("id").GetString()}", As(name));

    private static string As(string name) => $"{AccessCallers.Header}: {name}";

    private static readonly Dictionary<string, Caller> Callers = new(StringComparer.Ordinal)
    {
        ["director"] = Person("sue", CareRole.Director),
        ["supervisor"] = Person("sue", CareRole.Supervisor),
        ["lead"] = Person("cara", CareRole.Lead),
        ["lead of p"] = Person("ana", CareRole.Lead),
        ["lead who reads"] = Person("ana", CareRole.Lead, "user/*.rs"),
        ["manager of p"] = Person("ana", CareRole.CareManager),
        ["auditor"] = Person("aud", CareRole.Auditor),
        ["analytics"] = Caller.Program("analytics") with
        {
            Roles = [CareRole.Analytics],
            Scopes = ScopeSet.Parse("system/*.cruds"),
        },
    };

    private static Caller Person(string id, CareRole role, string scopes = "user/*.cruds") =>
        Caller.User(id) with
        {
            Roles = [role],
            Scopes = ScopeSet.Parse(scopes),
            Person = new ResourceKey("Practitioner", id),
        };
}
