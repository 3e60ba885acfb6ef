using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Tasks;

/// <summary>The commands of a Task, through HTTP.</summary>
public abstract class TaskCommandTests(SharedServer shared) : ServerTests(shared)
{
    private static readonly string Why = Ask.Text("reason", "The patient moved away");

    public sealed class OnSqlite(SqliteServer shared) : TaskCommandTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : TaskCommandTests(shared);

    /// <summary>From, command, whether it needs a reason, to.</summary>
    public static TheoryData<string, string, bool, string> Steps =>
        new()
        {
            { "requested", "claim", false, "received" },
            { "ready", "claim", false, "ready" },
            { "requested", "accept", false, "accepted" },
            { "received", "accept", false, "accepted" },
            { "requested", "reject", true, "rejected" },
            { "accepted", "start", false, "in-progress" },
            { "ready", "start", false, "in-progress" },
            { "in-progress", "stop", false, "ready" },
            { "in-progress", "hold", true, "on-hold" },
            { "requested", "hold", true, "on-hold" },
            { "on-hold", "resume", false, "in-progress" },
            { "in-progress", "complete", false, "completed" },
            { "accepted", "complete", false, "completed" },
            { "in-progress", "fail", true, "failed" },
            { "requested", "cancel", true, "cancelled" },
            { "completed", "reopen", true, "in-progress" },
            { "failed", "reopen", true, "in-progress" },
        };

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_command_takes_its_step_and_is_told(string from, string command, bool needsReason, string to)
    {
        var task = await CreateAsync(from);
        string[] sent =
        [
            .. needsReason ? [Why] : Array.Empty<string>(),
            .. command == "claim" ? [Ask.Reference("owner", "Practitioner/a")] : Array.Empty<string>(),
            Ask.Reference("practitioner", "Practitioner/a"),
        ];

        var answer = (await Server.AskAsync($"{task}/${command}", sent)).ShouldBe(200);

        Assert.Equal(to, answer.Status());
        Assert.Equal("W/\"2\"", answer.ETag);
        Assert.Equal(answer.Body, (await Server.GetAsync(task)).Body);
        var provenance = Assert.Single(await Server.ProvenanceOfAsync(task, 2));
        Assert.Contains($"\"code\":\"{command}\"", provenance.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("\"reference\":\"Practitioner/a\"", provenance.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(needsReason, provenance.TryGetProperty("reason", out _));
        Assert.Single((await Server.GetAsync($"AuditEvent?entity={task}&subtype=operation")).ShouldBe(200).Resources);
        // What a command wrote is valid: the same again is a write that changes nothing.
        Assert.Equal("W/\"2\"", (await Server.PutAsync(task, answer.Body)).ShouldBe(200).ETag);
    }

    [Theory]
    [InlineData("requested", "reject")]
    [InlineData("in-progress", "hold")]
    [InlineData("in-progress", "fail")]
    [InlineData("requested", "cancel")]
    [InlineData("completed", "reopen")]
    public async Task A_reason_that_the_table_needs_is_asked_for(string from, string command)
    {
        var task = await CreateAsync(from);

        (await Server.AskAsync($"{task}/${command}")).ShouldRefuse(
            422,
            $"error business-rule Parameters.parameter: ${command} needs a reason; send the parameter 'reason'."
        );

        Assert.Equal(from, await Server.StatusOfAsync(task));
    }

    [Fact]
    public async Task An_illegal_command_changes_nothing_and_says_what_is_allowed()
    {
        var task = await CreateAsync("rejected");

        (await Server.AskAsync($"{task}/$start")).ShouldRefuse(
            422,
            "error business-rule Task.status: Task.status cannot go from 'rejected' to 'in-progress'. "
                + "From 'rejected' it can become 'entered-in-error'."
        );

        Assert.Equal("W/\"1\"", (await Server.GetAsync(task)).ETag);
    }

    [Fact]
    public async Task Of_50_clients_that_claim_from_a_pool_of_200_tasks_each_task_has_one_owner()
    {
        var pool = Given.Id("pool");
        var entries = Enumerable
            .Range(0, 200)
            .Select(n => Given.Entry("PUT", $"Task/{pool}.{n}", Task($"{pool}.{n}", "ready")));
        (await Server.PostAsync("", Given.Batch([.. entries]))).ShouldBe(200);

        var claims = await System.Threading.Tasks.Task.WhenAll(Enumerable.Range(0, 50).Select(ClaimAsync));

        var claimed = claims.SelectMany(c => c).ToList();
        Assert.Equal(200, claimed.Count);
        Assert.Equal(200, claimed.Select(c => c.Task).Distinct().Count());
        foreach (var (task, client) in claimed.Take(10))
            Assert.Equal($"Practitioner/c{client}", (await Server.GetAsync(task)).At("owner", "reference"));

        // Each client walks the pool from the same end, so that all meet at every task.
        async Task<List<(string Task, int Client)>> ClaimAsync(int client)
        {
            var mine = new List<(string, int)>();
            for (var n = 0; n < 200; n++)
            {
                var answer = await Server.AskAsync(
                    $"Task/{pool}.{n}/$claim",
                    Ask.Reference("owner", $"Practitioner/c{client}")
                );
                Assert.True(answer.Status is 200 or 409, answer.Body);
                if (answer.Status == 200)
                    mine.Add(($"Task/{pool}.{n}", client));
            }

            return mine;
        }
    }

    [Fact]
    public async Task A_lost_claim_is_a_conflict()
    {
        var task = await CreateAsync("requested");
        (await Server.AskAsync($"{task}/$claim", Ask.Reference("owner", "Practitioner/a"))).ShouldBe(200);

        (await Server.AskAsync($"{task}/$claim", Ask.Reference("owner", "Practitioner/b"))).ShouldRefuse(
            409,
            $"error conflict Task.owner: {task} has an owner; claim another one, or ask for it with $reassign."
        );
    }

    [Fact]
    public async Task Whoever_claims_says_for_whom()
    {
        (await Server.AskAsync($"{await CreateAsync("ready")}/$claim")).ShouldRefuse(
            400,
            "error required Parameters.parameter: $claim needs the parameter 'owner' or 'practitioner', sent as valueReference."
        );
    }

    [Fact]
    public async Task Holding_a_parent_holds_its_children_and_resuming_puts_each_where_it_was()
    {
        var parent = await CreateAsync("in-progress");
        var ready = await CreateAsync("ready", parent);
        var grandchild = await CreateAsync("accepted", ready);
        var done = await CreateAsync("completed", parent);
        var held = await CreateAsync("in-progress", parent);
        await Server.AskAsync($"{held}/$hold", Why);

        (await Server.AskAsync($"{parent}/$hold", Why)).ShouldBe(200);

        string[] all = [parent, ready, grandchild, done, held];
        Assert.Equal(["on-hold", "on-hold", "on-hold", "completed", "on-hold"], await StatusesAsync(all));
        (await Server.AskAsync($"{ready}/$resume")).ShouldRefuse(
            422,
            $"error business-rule Task.status: {ready} is on hold with {parent}; resume that."
        );

        (await Server.AskAsync($"{parent}/$resume")).ShouldBe(200);

        Assert.Equal(["in-progress", "ready", "accepted", "completed", "on-hold"], await StatusesAsync(all));
    }

    [Fact]
    public async Task Completing_keeps_outputs_and_minutes_and_tells_the_plan()
    {
        var task = await CreateAsync("in-progress");
        var plan = Given.Id();
        await Server.PutAsync(
            $"CarePlan/{plan}",
            Given.CarePlan(plan, "p")[..^1] + $",\"activity\":[{{\"reference\":{{\"reference\":\"{task}\"}}}}]}}"
        );

        var answer = (
            await Server.AskAsync(
                $"{task}/$complete",
                Ask.Reference("output", "Observation/o1"),
                """{"name":"output","part":[{"name":"type","valueString":"Score"},{"name":"value","valueInteger":7}]}""",
                Ask.Value("minutes", "valueDecimal", "20"),
                Ask.Text("note", "Called"),
                Ask.Reference("practitioner", "Practitioner/a")
            )
        ).ShouldBe(200);

        Assert.Equal("completed", answer.Status());
        Assert.Equal(2, answer.Json.GetProperty("output").GetArrayLength());
        Assert.Equal(7, answer.Json.GetProperty("output")[1].GetProperty("valueInteger").GetInt32());
        Assert.Contains("\"valueDecimal\":20", answer.Body, StringComparison.Ordinal);
        var activity = (await Server.GetAsync($"CarePlan/{plan}")).Json.GetProperty("activity")[0];
        Assert.Equal(
            "Observation/o1",
            activity.GetProperty("outcomeReference")[0].GetProperty("reference").GetString()
        );
        (await Server.PutAsync(task, answer.Body)).ShouldBe(200);
    }

    [Fact]
    public async Task Completing_waits_for_the_parts()
    {
        var parent = await CreateAsync("in-progress");
        var child = await CreateAsync("ready", parent);

        (await Server.AskAsync($"{parent}/$complete")).ShouldRefuse(
            422,
            $"error business-rule Task.partOf: {parent} has open parts; finish or cancel them first: {child}."
        );
        (await Server.AskAsync($"{parent}/$cancel", Why)).ShouldBe(200);

        Assert.Equal("cancelled", await Server.StatusOfAsync(child));
    }

    [Fact]
    public async Task Reassigning_names_the_next_owner_or_gives_the_task_back()
    {
        var task = await CreateAsync("in-progress");

        var given = await Server.AskAsync($"{task}/$reassign", Ask.Reference("owner", "Practitioner/b"));
        var back = await Server.AskAsync($"{task}/$reassign", Ask.Value("release", "valueBoolean", "true"));

        Assert.Equal(("ready", "Practitioner/b"), (given.Status(), given.At("owner", "reference")));
        Assert.Equal(("ready", null), (back.ShouldBe(200).Status(), back.At("owner", "reference")));
        (await Server.AskAsync($"{task}/$reassign")).ShouldBe(400);
    }

    [Fact]
    public async Task Escalating_makes_a_task_for_the_lead()
    {
        var task = await CreateAsync("in-progress");

        (await Server.AskAsync($"{task}/$escalate", Ask.Reference("to", "Practitioner/lead"))).ShouldBe(200);

        var escalation = Assert.Single((await Server.GetAsync($"Task?part-of={task}")).Resources);
        Assert.Equal("Practitioner/lead", escalation.GetProperty("owner").GetProperty("reference").GetString());
        Assert.Equal("urgent", escalation.GetProperty("priority").GetString());
        (await Server.PutAsync($"Task/{escalation.GetProperty("id")}", escalation.GetRawText())).ShouldBe(200);
    }

    [Fact]
    public async Task Snoozing_moves_the_due_time_to_the_end_of_the_day()
    {
        var task = await CreateAsync("ready");

        var answer = await Server.AskAsync($"{task}/$snooze", Ask.Value("due", "valueDate", "\"2999-01-31\""));

        Assert.StartsWith(
            "2999-01-31T23:59:59",
            answer.ShouldBe(200).At("restriction", "period", "end"),
            StringComparison.Ordinal
        );
        (await Server.AskAsync($"{task}/$snooze", Ask.Value("due", "valueDate", "\"2001-01-31\""))).ShouldBe(422);
    }

    private static string Task(string id, string status, string? parent = null) =>
        $"{{\"resourceType\":\"Task\",\"id\":\"{id}\",\"status\":\"{status}\",\"intent\":\"order\""
        + (parent is null ? "" : $",\"partOf\":[{{\"reference\":\"{parent}\"}}]")
        + "}";

    private async Task<string> CreateAsync(string status, string? parent = null)
    {
        var id = Given.Id();
        (await Server.PutAsync($"Task/{id}", Task(id, status, parent))).ShouldBe(201);
        return $"Task/{id}";
    }

    private async Task<List<string?>> StatusesAsync(string[] tasks)
    {
        var statuses = new List<string?>();
        foreach (var task in tasks)
            statuses.Add(await Server.StatusOfAsync(task));
        return statuses;
    }
}
