using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.CarePlans;

/// <summary>A plan never moves without its work, whichever door its status comes through.</summary>
public abstract class PlanWithWorkTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : PlanWithWorkTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : PlanWithWorkTests(shared);

    public static TheoryData<string, string, string, string> Moves
    {
        get
        {
            (string From, string To, string Command)[] steps =
            [
                ("draft", "active", "activate"),
                ("draft", "revoked", "revoke"),
                ("active", "on-hold", "hold"),
                ("active", "completed", "close"),
                ("active", "revoked", "revoke"),
                ("on-hold", "active", "resume"),
                ("on-hold", "completed", "close"),
                ("on-hold", "revoked", "revoke"),
            ];
            var moves = new TheoryData<string, string, string, string>();
            foreach (var door in (string[])["put", "patch", "fhirpath patch", "transaction", "batch", "conditional"])
            foreach (var (from, to, command) in steps)
                moves.Add(door, from, to, command);
            return moves;
        }
    }

    [Theory, MemberData(nameof(Moves))]
    public async Task A_plain_write_is_refused_with_the_command_to_use(
        string door,
        string from,
        string to,
        string command
    )
    {
        var (id, task) = (Given.Id(), await TaskAsync());
        (await Server.PutAsync($"CarePlan/{id}", Plan(id, from, task))).ShouldBe(201);

        var refused = await WriteAsync(door, id, to, Plan(id, to, task));

        Assert.Contains(
            $"A plan begins, rests and ends by its commands, which take its goals and work along: take it from '{from}' to '{to}' with ${command}.",
            refused.Body.Replace("\\u0027", "'", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.Contains("plan-by-command", refused.Body, StringComparison.Ordinal);
        var plan = (await Server.GetAsync($"CarePlan/{id}")).ShouldBe(200);
        Assert.Equal((from, "W/\"1\""), (plan.Status(), plan.ETag));
        Assert.Equal("ready", await Server.StatusOfAsync(task));
    }

    [Theory]
    [InlineData("draft", "active", "activate")]
    [InlineData("draft", "revoked", "revoke")]
    [InlineData("active", "on-hold", "hold")]
    [InlineData("active", "completed", "close")]
    [InlineData("on-hold", "active", "resume")]
    public async Task A_plan_without_goals_or_work_goes_by_its_commands_too(string from, string to, string command)
    {
        var id = Given.Id();
        (await Server.PutAsync($"CarePlan/{id}", Given.CarePlan(id, "p", from))).ShouldBe(201);

        (await Server.PutAsync($"CarePlan/{id}", Given.CarePlan(id, "p", to))).ShouldRefuse(
            422,
            $"error business-rule CarePlan.status: A plan begins, rests and ends by its commands, which take its goals and work along: take it from '{from}' to '{to}' with ${command}."
        );

        Assert.Equal(from, await Server.StatusOfAsync($"CarePlan/{id}"));
    }

    [Theory]
    [InlineData("draft")]
    [InlineData("active")]
    [InlineData("on-hold")]
    [InlineData("completed")]
    public async Task A_mistake_is_voided_by_a_plain_write(string from)
    {
        var id = Given.Id();
        await Server.PutAsync($"CarePlan/{id}", Given.CarePlan(id, "p", from));

        (await Server.PutAsync($"CarePlan/{id}", Given.CarePlan(id, "p", "entered-in-error"))).ShouldBe(200);
    }

    [Fact]
    public async Task What_a_command_held_a_command_resumes()
    {
        var (id, task) = (Given.Id(), await TaskAsync());
        await Server.PutAsync($"CarePlan/{id}", Plan(id, "active", task));
        (await Server.AskAsync($"CarePlan/{id}/$hold", Ask.Text("reason", "away"))).ShouldBe(200);
        Assert.Equal("on-hold", await Server.StatusOfAsync(task));

        (
            await Server.PatchAsync($"CarePlan/{id}", """[{"op":"replace","path":"/status","value":"active"}]""")
        ).ShouldBe(422);
        (await Server.AskAsync($"CarePlan/{id}/$resume")).ShouldBe(200);

        Assert.Equal("ready", await Server.StatusOfAsync(task));
    }

    private Task<Answer> WriteAsync(string door, string id, string to, string body) =>
        door switch
        {
            "put" => Server.PutAsync($"CarePlan/{id}", body),
            "conditional" => Server.PutAsync($"CarePlan?_id={id}", body),
            "patch" => Server.PatchAsync(
                $"CarePlan/{id}",
                $$"""[{"op":"replace","path":"/status","value":"{{to}}"}]"""
            ),
            "fhirpath patch" => Server.SendAsync(
                HttpMethod.Patch,
                $"CarePlan/{id}",
                Ask.Patch(Ask.Step("replace", "CarePlan.status", $"\"valueCode\":\"{to}\""))
            ),
            "transaction" => Server.PostAsync("", Given.Transaction(Given.Entry("PUT", $"CarePlan/{id}", body))),
            _ => Server.PostAsync("", Given.Batch(Given.Entry("PUT", $"CarePlan/{id}", body))),
        };

    private async Task<string> TaskAsync()
    {
        var id = Given.Id();
        (
            await Server.PutAsync(
                $"Task/{id}",
                $$$"""{"resourceType":"Task","id":"{{{id}}}","status":"ready","intent":"order","for":{"reference":"Patient/p"}}"""
            )
        ).ShouldBe(201);
        return $"Task/{id}";
    }

    private static string Plan(string id, string status, string task) =>
        $$$"""{"resourceType":"CarePlan","id":"{{{id}}}","status":"{{{status}}}","intent":"plan","subject":{"reference":"Patient/p"},"activity":[{"reference":{"reference":"{{{task}}}"}}]}""";
}
