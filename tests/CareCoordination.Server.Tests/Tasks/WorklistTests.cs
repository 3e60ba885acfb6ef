using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Tasks;

/// <summary>What a care manager sees: the worklist and the caseload.</summary>
public abstract class WorklistTests(SharedServer shared) : ServerTests(shared)
{
    private readonly string _owner = $"PractitionerRole/{Given.Id("r")}";

    public sealed class OnSqlite(SqliteServer shared) : WorklistTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : WorklistTests(shared);

    [Fact]
    public async Task The_most_pressing_task_comes_first()
    {
        var risky = await PatientAsync("high");
        var calm = await PatientAsync("low");
        string[] expected =
        [
            await TaskAsync("stat", "2999-01-01", calm),
            await TaskAsync("routine", "2001-01-01", calm),
            await TaskAsync("routine", "2999-01-02", risky),
            await TaskAsync("routine", "2999-01-01", calm),
        ];
        await TaskAsync("stat", "2001-01-01", calm, "completed");

        var list = (await Server.GetAsync($"Task/$worklist?owner={_owner}")).ShouldBe(200);

        Assert.Equal(expected, list.Ids);
        Assert.Equal(("searchset", "4"), (list.Text("type"), list.Text("total")));
        Assert.Equal(
            expected,
            (await Server.AskAsync("Task/$worklist", Ask.Reference("owner", _owner))).ShouldBe(200).Ids
        );
        Assert.Equal(
            expected[1..2],
            (await Server.GetAsync($"Task/$worklist?owner={_owner}&dueBefore=2010-01-01")).ShouldBe(200).Ids
        );
    }

    [Fact]
    public async Task Pages_hold_together_while_tasks_are_done()
    {
        var patient = await PatientAsync("low");
        var tasks = new List<string>();
        for (var day = 1; day <= 5; day++)
            tasks.Add(await TaskAsync("routine", $"2999-01-0{day}", patient));

        var first = (await Server.GetAsync($"Task/$worklist?owner={_owner}&_count=2")).ShouldBe(200);
        await Server.AskAsync($"Task/{tasks[0]}/$cancel", Ask.Text("reason", "Done otherwise"));
        var second = (await Server.GetAsync(first.Link("next")![(Server.Base.Length + 1)..])).ShouldBe(200);

        Assert.Equal(tasks[..2], first.Ids);
        Assert.Equal(tasks[2..4], second.Ids);
        Assert.NotNull(second.Link("next"));
        (await Server.GetAsync($"Task/$worklist?owner={_owner}&nonsense=1")).ShouldBe(400);
    }

    [Fact]
    public async Task A_caseload_is_weighed_against_the_caps()
    {
        (
            await Server.PutAsync(_owner, $$"""{"resourceType":"PractitionerRole","id":"{{_owner.Split('/')[1]}}"}""")
        ).ShouldBe(201);
        foreach (var tier in (string[])["high", "low"])
        {
            var patient = await PatientAsync(tier);
            (
                await Server.PostAsync(
                    "EpisodeOfCare",
                    $$$"""{"resourceType":"EpisodeOfCare","status":"active","patient":{"reference":"{{{patient}}}"},"careManager":{"reference":"{{{_owner}}}"}}"""
                )
            ).ShouldBe(201);
            await TaskAsync("routine", "2001-01-01", patient);
        }

        var load = (await Server.GetAsync($"{_owner}/$caseload")).ShouldBe(200);

        foreach (
            var expected in (string[])
                [
                    "{\"name\":\"patients\",\"valueInteger\":2}",
                    "{\"name\":\"weightedLoad\",\"valueInteger\":5}",
                    "{\"name\":\"overdue\",\"valueInteger\":2}",
                    "{\"name\":\"capacityPatients\",\"valueInteger\":168}",
                ]
        )
            Assert.Contains(expected, load.Body, StringComparison.Ordinal);
        (await Server.GetAsync("PractitionerRole/none/$caseload")).ShouldBe(404);
    }

    private async Task<string> PatientAsync(string tier)
    {
        var patient = $"Patient/{Given.Id("p")}";
        (
            await Server.PostAsync(
                "RiskAssessment",
                $$$"""{"resourceType":"RiskAssessment","status":"final","subject":{"reference":"{{{patient}}}"},"prediction":[{"qualitativeRisk":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/risk-probability","code":"{{{tier}}}"}]}}]}"""
            )
        ).ShouldBe(201);
        return patient;
    }

    private async Task<string> TaskAsync(string priority, string due, string patient, string status = "ready") =>
        (
            await Server.PostAsync(
                "Task",
                $$$"""{"resourceType":"Task","status":"{{{status}}}","intent":"order","priority":"{{{priority}}}","for":{"reference":"{{{patient}}}"},"owner":{"reference":"{{{_owner}}}"},"restriction":{"period":{"end":"{{{due}}}"} } }"""
            )
        )
            .ShouldBe(201)
            .Id;
}
