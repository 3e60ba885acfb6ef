using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.CarePlans;

/// <summary>The commands of a CarePlan, through HTTP.</summary>
public abstract class CarePlanCommandTests(SharedServer shared) : ServerTests(shared)
{
    private static readonly string Why = Ask.Text("reason", "Admitted to hospital");

    public sealed class OnSqlite(SqliteServer shared) : CarePlanCommandTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : CarePlanCommandTests(shared);

    [Fact]
    public async Task A_plan_runs_from_its_template_to_its_end()
    {
        var (_, applied) = await Template.ApplyAsync(Server);
        var plan = $"CarePlan/{applied.Id}";
        var tasks = Tasks(applied);

        Assert.Equal("active", (await Server.AskAsync($"{plan}/$activate")).ShouldBe(200).Status());
        Assert.DoesNotContain("draft", await StatusesAsync(tasks));
        var before = await StatusesAsync(tasks);

        Assert.Equal("on-hold", (await Server.AskAsync($"{plan}/$hold", Why)).ShouldBe(200).Status());
        Assert.All(await StatusesAsync(tasks), s => Assert.Equal("on-hold", s));

        Assert.Equal("active", (await Server.AskAsync($"{plan}/$resume")).ShouldBe(200).Status());
        Assert.Equal(before, await StatusesAsync(tasks));

        var progress = (await Server.GetAsync($"{plan}/$progress")).ShouldBe(200);
        Assert.Contains("{\"name\":\"activities\",\"valueInteger\":2}", progress.Body, StringComparison.Ordinal);

        var refused = (await Server.AskAsync($"{plan}/$close")).ShouldBe(422);
        Assert.Contains("open-tasks", refused.Body, StringComparison.Ordinal);

        var closed = await Server.AskAsync(
            $"{plan}/$close",
            Ask.Value("unfinished", "valueCode", "\"cancel\""),
            Ask.Text("summary", "Well at home")
        );
        Assert.Equal("completed", closed.ShouldBe(200).Status());
        Assert.All(await StatusesAsync(tasks), s => Assert.Equal("cancelled", s));

        Assert.Equal("active", (await Server.AskAsync($"{plan}/$reopen", Why)).ShouldBe(200).Status());
        var revoked = (await Server.AskAsync($"{plan}/$revoke", Why)).ShouldBe(200);
        Assert.Equal("revoked", revoked.Status());

        for (var version = 2; version <= 7; version++)
            Assert.Single(await Server.ProvenanceOfAsync(plan, version));
        Assert.Equal(revoked.ETag, (await Server.PutAsync(plan, revoked.Body)).ShouldBe(200).ETag);
    }

    [Fact]
    public async Task A_plan_without_goals_does_not_begin()
    {
        var id = Given.Id();
        await Server.PutAsync($"CarePlan/{id}", Given.CarePlan(id, "p", "draft"));

        var refused = (await Server.AskAsync($"CarePlan/{id}/$activate")).ShouldBe(422);

        Assert.Contains("\"code\":\"no-goals\"", refused.Body, StringComparison.Ordinal);
        Assert.Equal("draft", await Server.StatusOfAsync($"CarePlan/{id}"));
    }

    [Fact]
    public async Task An_activity_that_vanished_is_named()
    {
        var (_, applied) = await Template.ApplyAsync(Server);
        await Server.DeleteAsync(Tasks(applied)[1]);

        var refused = (await Server.AskAsync($"CarePlan/{applied.Id}/$activate")).ShouldBe(422);

        Assert.Contains("member-missing", refused.Body, StringComparison.Ordinal);
        Assert.Contains("CarePlan.activity[1]", refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_plan_of_the_same_template_needs_to_be_meant()
    {
        var template = await Template.StoreAsync(Server);
        var patient = await Template.PatientAsync(Server);
        var first = await Server.AskAsync($"{template.Reference}/$apply", Ask.Text("subject", patient));
        var second = await Server.AskAsync($"{template.Reference}/$apply", Ask.Text("subject", patient));
        (await Server.AskAsync($"CarePlan/{first.Id}/$activate")).ShouldBe(200);

        (await Server.AskAsync($"CarePlan/{second.Id}/$activate")).ShouldBe(409);
        (
            await Server.AskAsync(
                $"CarePlan/{second.Id}/$activate",
                Ask.Value("allowConcurrent", "valueBoolean", "true")
            )
        ).ShouldBe(200);
    }

    [Fact]
    public async Task What_is_unfinished_can_go_on_in_another_plan()
    {
        var template = await Template.StoreAsync(Server);
        var patient = await Template.PatientAsync(Server);
        var old = await Server.AskAsync($"{template.Reference}/$apply", Ask.Text("subject", patient));
        var other = await Server.AskAsync($"{template.Reference}/$apply", Ask.Text("subject", patient));
        var concurrent = Ask.Value("allowConcurrent", "valueBoolean", "true");
        (await Server.AskAsync($"CarePlan/{old.Id}/$activate")).ShouldBe(200);
        (await Server.AskAsync($"CarePlan/{other.Id}/$activate", concurrent)).ShouldBe(200);

        (
            await Server.AskAsync($"CarePlan/{old.Id}/$close", Ask.Reference("unfinished", $"CarePlan/{other.Id}"))
        ).ShouldBe(200);

        var goesOn = await Server.GetAsync($"CarePlan/{other.Id}");
        Assert.Equal(4, goesOn.Json.GetProperty("activity").GetArrayLength());
        (await Server.AskAsync($"CarePlan/{other.Id}/$close", Ask.Reference("unfinished", "CarePlan/none"))).ShouldBe(
            422
        );
    }

    private static List<string> Tasks(Answer plan) =>
        [
            .. plan
                .Json.GetProperty("activity")
                .EnumerateArray()
                .Select(a => a.GetProperty("reference").GetProperty("reference").GetString()!),
        ];

    private async Task<List<string?>> StatusesAsync(List<string> tasks)
    {
        var statuses = new List<string?>();
        foreach (var task in tasks)
            statuses.Add(await Server.StatusOfAsync(task));
        return statuses;
    }
}
