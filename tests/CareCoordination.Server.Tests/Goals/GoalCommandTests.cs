using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Goals;

/// <summary>The commands of a Goal, and what Observations make of it.</summary>
public abstract class GoalCommandTests(SharedServer shared) : ServerTests(shared)
{
    private static readonly string Why = Ask.Text("reason", "Not wanted");

    private readonly string _patient = $"Patient/{Given.Id("p")}";

    public sealed class OnSqlite(SqliteServer shared) : GoalCommandTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : GoalCommandTests(shared);

    /// <summary>From, command, to.</summary>
    public static TheoryData<string, string, string> Steps =>
        new()
        {
            { "proposed", "accept", "accepted" },
            { "proposed", "reject", "rejected" },
            { "accepted", "activate", "active" },
            { "active", "hold", "on-hold" },
            { "on-hold", "resume", "active" },
            { "active", "cancel", "cancelled" },
            { "active", "complete", "completed" },
            { "completed", "reopen", "active" },
        };

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_command_takes_its_step_and_is_told(string from, string command, string to)
    {
        var goal = await CreateAsync(from);
        string[] sent =
            command == "complete" ? [Ask.Value("achievementStatus", "valueCode", "\"achieved\"")]
            : command is "accept" or "activate" or "resume" ? []
            : [Why];

        var answer = (await Server.AskAsync($"{goal}/${command}", sent)).ShouldBe(200);

        Assert.Equal(to, answer.Status());
        Assert.Single(await Server.ProvenanceOfAsync(goal, 2));
        Assert.Equal("W/\"2\"", (await Server.PutAsync(goal, answer.Body)).ShouldBe(200).ETag);
    }

    [Fact]
    public async Task An_illegal_command_is_refused()
    {
        (await Server.AskAsync($"{await CreateAsync("rejected")}/$accept")).ShouldBe(422);
        (await Server.AskAsync($"{await CreateAsync("active")}/$complete")).ShouldBe(422);
    }

    [Fact]
    public async Task A_value_becomes_an_observation_and_moves_the_goal()
    {
        var goal = await CreateAsync("active");

        var answer = (
            await Server.AskAsync(
                $"{goal}/$record-progress",
                Ask.Value("value", "valueQuantity", """{"value":120,"unit":"mmHg"}""")
            )
        ).ShouldBe(200);

        Assert.Contains("\"code\":\"achieved\"", answer.Body, StringComparison.Ordinal);
        var reference = answer.Json.GetProperty("outcomeReference")[0].GetProperty("reference").GetString()!;
        Assert.Equal("final", await Server.StatusOfAsync(reference));
        (await Server.AskAsync($"{goal}/$record-progress")).ShouldBe(400);
    }

    [Fact]
    public async Task An_observation_can_be_named_as_evidence()
    {
        var observation = (await Server.PostAsync("Observation", Observation(150, "2026-11-01"))).ShouldBe(201);
        var goal = await CreateAsync("active");

        var answer = await Server.AskAsync(
            $"{goal}/$record-progress",
            Ask.Reference("observation", $"Observation/{observation.Id}")
        );

        Assert.Equal(
            $"Observation/{observation.Id}",
            answer.ShouldBe(200).Json.GetProperty("outcomeReference")[0].GetProperty("reference").GetString()
        );
    }

    [Fact]
    public async Task A_new_observation_moves_the_goals_that_it_measures_in_its_own_commit()
    {
        var goal = await CreateAsync("active");
        var other = await CreateAsync("accepted");

        await Server.PostAsync("Observation", Observation(150, "2026-11-01"));
        var worse = await Server.GetAsync(goal);
        var met = (await Server.PostAsync("Observation", Observation(125, "2026-11-02"))).ShouldBe(201);
        var better = await Server.GetAsync(goal);

        Assert.Equal("W/\"2\"", worse.ETag);
        Assert.DoesNotContain("\"achieved\"", worse.Body, StringComparison.Ordinal);
        Assert.Contains("\"achieved\"", better.Body, StringComparison.Ordinal);
        Assert.Contains($"Observation/{met.Id}", better.Body, StringComparison.Ordinal);
        Assert.Equal("active", better.Status());
        Assert.Equal("W/\"1\"", (await Server.GetAsync(other)).ETag);
        Assert.Single(await Server.ProvenanceOfAsync(goal, 3));
    }

    [Fact]
    public async Task An_observation_that_is_withdrawn_counts_no_more()
    {
        var goal = await CreateAsync("active");
        var met = (await Server.PostAsync("Observation", Observation(125, "2026-11-02"))).ShouldBe(201);

        (
            await Server.PutAsync(
                $"Observation/{met.Id}",
                met.Body.Replace("\"final\"", "\"entered-in-error\"", StringComparison.Ordinal)
            )
        ).ShouldBe(200);

        Assert.DoesNotContain($"Observation/{met.Id}", (await Server.GetAsync(goal)).Body, StringComparison.Ordinal);
    }

    private string Observation(int value, string day) =>
        $$$"""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"subject":{"reference":"{{{_patient}}}"},"effectiveDateTime":"{{{day}}}","valueQuantity":{"value":{{{value}}},"unit":"mmHg"}}""";

    [Fact]
    public async Task What_a_person_judges_is_set_and_the_lifecycle_stays()
    {
        var goal = await CreateAsync("active");

        var answer = await Server.AskAsync(
            $"{goal}/$set-achievement",
            Ask.Value("achievementStatus", "valueCode", "\"not-attainable\"")
        );

        Assert.Equal("active", answer.ShouldBe(200).Status());
        Assert.Contains("\"code\":\"not-attainable\"", answer.Body, StringComparison.Ordinal);
        Assert.Single(await Server.ProvenanceOfAsync(goal, 2));
        (await Server.AskAsync($"{goal}/$set-achievement", Ask.Text("achievementStatus", "great"))).ShouldRefuse(
            422,
            "error business-rule Goal.achievementStatus: 'great' is no achievement; use one of in-progress, improving, worsening, no-change, achieved, sustaining, not-achieved, no-progress, not-attainable."
        );
        (await Server.AskAsync($"{goal}/$set-achievement")).ShouldBe(400);
    }

    private async Task<string> CreateAsync(string status)
    {
        var id = Given.Id();
        (
            await Server.PutAsync(
                $"Goal/{id}",
                $$$"""{"resourceType":"Goal","id":"{{{id}}}","lifecycleStatus":"{{{status}}}","startDate":"2020-01-01","description":{"text":"Blood pressure below 130"},"subject":{"reference":"{{{_patient}}}"},"target":[{"measure":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"detailQuantity":{"value":130,"comparator":"<","unit":"mmHg"}}]}"""
            )
        ).ShouldBe(201);
        return $"Goal/{id}";
    }
}
