using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Access;

/// <summary>Orders and sums that go by other resources than those that are listed: by what the caller sees of them, and by no more.</summary>
public abstract class SeenFactTests(bool isPostgreSql) : IAsyncLifetime
{
    private const string VeryRestricted =
        """ "meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"V"}]} """;

    private ServerDatabase _database = null!;
    private TestServer _server = null!;

    public sealed class OnSqlite() : SeenFactTests(isPostgreSql: false);

    public sealed class OnPostgreSql() : SeenFactTests(isPostgreSql: true);

    public async ValueTask InitializeAsync()
    {
        _database = await AccessWorld.NewDatabaseAsync(isPostgreSql);
        _server = await TestServer.StartAsync(_database.Settings, add: AccessCallers.AskedByHeader);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_server is not null)
            await _server.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_worklist_is_ordered_by_the_risk_that_is_seen()
    {
        foreach (var patient in (string[])["p1", "p2"])
            await PutAsync(
                "Task",
                $"of-{patient}",
                $$"""
                "status":"requested","intent":"order","priority":"stat","for":{"reference":"Patient/{{patient}}"},
                "owner":{"reference":"Practitioner/ana"}
                """
            );
        await PutAsync("RiskAssessment", "seen-1", Risk("p1", "2026-11-01", "low"));
        await PutAsync("RiskAssessment", "unseen-1", VeryRestricted + "," + Risk("p1", "2026-11-02", "high"));
        await PutAsync("RiskAssessment", "seen-2", Risk("p2", "2026-11-01", "moderate"));

        Assert.Equal(["of-p2", "of-p1"], await WorklistAsync("manager"));
        Assert.Equal(["of-p1", "of-p2"], await WorklistAsync(null));
    }

    [Theory]
    [InlineData(
        "RiskAssessment",
        """ "occurrenceDateTime":"2026-11-02","status":"final","prediction":[{"qualitativeRisk":{"coding":[{"code":"high"}]}}] """
    )]
    [InlineData("CarePlan", """ "status":"active","intent":"plan","partOf":[{"reference":"CarePlan/p1-plan"}] """)]
    public async Task A_caseload_weighs_what_is_seen(string type, string said)
    {
        await PutAsync("RiskAssessment", "seen-1", Risk("p1", "2026-11-01", "low"));
        var before = await CaseloadAsync("manager");
        var wholeBefore = await CaseloadAsync(null);

        await PutAsync(type, "unseen", $$"""{{VeryRestricted}}, "subject":{"reference":"Patient/p1"}, {{said}}""");

        Assert.Equal(before, await CaseloadAsync("manager"));
        Assert.NotEqual(wholeBefore, await CaseloadAsync(null));
    }

    [Fact]
    public async Task A_caseload_has_whom_an_episode_that_is_seen_gives_to_the_manager()
    {
        var before = await CaseloadAsync("manager");
        var wholeBefore = await CaseloadAsync(null);

        await PutAsync(
            "EpisodeOfCare",
            "unseen",
            $$"""
            {{VeryRestricted}}, "status":"active","patient":{"reference":"Patient/p8"},
            "managingOrganization":{"reference":"Organization/north"},"careManager":{"reference":"Practitioner/ana"}
            """
        );

        Assert.Equal(before, await CaseloadAsync("manager"));
        Assert.NotEqual(wholeBefore, await CaseloadAsync(null));
    }

    private static string Risk(string patient, string at, string tier) =>
        $$"""
            "status":"final","subject":{"reference":"Patient/{{patient}}"},"occurrenceDateTime":"{{at}}",
            "prediction":[{"qualitativeRisk":{"coding":[{"code":"{{tier}}"}]} }]
            """;

    /// <summary>The tasks of this test, over pages of one.</summary>
    private async Task<IReadOnlyList<string>> WorklistAsync(string? caller)
    {
        var found = new List<string>();
        var next = "Task/$worklist?owner=Practitioner/ana&priority=stat&_count=1";
        while (next is not null)
        {
            var page = (await AskAsync(next, caller)).ShouldBe(200);
            found.AddRange(page.Ids);
            next = page
                .Json.GetProperty("link")
                .EnumerateArray()
                .Where(l => l.GetProperty("relation").GetString() == "next")
                .Select(l => l.GetProperty("url").GetString())
                .FirstOrDefault();
        }

        return found;
    }

    private async Task<string> CaseloadAsync(string? caller)
    {
        var answer = (await AskAsync("PractitionerRole/role-ana/$caseload", caller)).ShouldBe(200);
        return JsonSerializer.Serialize(
            answer
                .Json.GetProperty("parameter")
                .EnumerateArray()
                .Where(p => p.GetProperty("name").GetString() != "asOf")
        );
    }

    private Task<Answer> AskAsync(string path, string? caller) =>
        _server.SendAsync(
            HttpMethod.Get,
            path,
            (string?)null,
            caller is null ? [] : [$"{AccessCallers.Header}: {caller}"]
        );

    private async Task PutAsync(string type, string id, string elements)
    {
        var answer = await _server.PutAsync(
            $"{type}/{id}",
            $$"""{"resourceType":"{{type}}","id":"{{id}}",{{elements}}}"""
        );
        Assert.True(answer.Status is 201, answer.Body);
    }
}
