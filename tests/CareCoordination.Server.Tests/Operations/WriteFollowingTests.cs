using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Operations;

/// <summary>What follows from plain writes is the same, whichever way they come.</summary>
public abstract class WriteFollowingTests(SharedServer shared) : ServerTests(shared)
{
    private readonly string _patient = $"Patient/{Given.Id("p")}";

    public sealed class OnSqlite(SqliteServer shared) : WriteFollowingTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : WriteFollowingTests(shared);

    [Theory]
    [InlineData("put")]
    [InlineData("conditional put")]
    [InlineData("batch")]
    [InlineData("transaction")]
    [InlineData("conditional put in a transaction")]
    [InlineData("json patch")]
    [InlineData("fhirpath patch")]
    [InlineData("conditional patch")]
    [InlineData("patch in a batch")]
    [InlineData("patch in a transaction")]
    [InlineData("conditional patch in a transaction")]
    public async Task A_hold_is_told_and_holds_the_parts(string way)
    {
        var (parent, child) = (Given.Id(), Given.Id());
        await CreateTaskAsync(parent, "in-progress");
        await CreateTaskAsync(child, "ready", parent);

        await WriteAsync(way, "Task", parent, TaskJson(parent, "on-hold"));

        Assert.Equal("on-hold", await Server.StatusOfAsync($"Task/{child}"));
        await ShouldBeToldAsync($"Task/{parent}", 2);
        await ShouldBeToldAsync($"Task/{child}", 2);
        (await Server.AskAsync($"Task/{parent}/$resume")).ShouldBe(200);
        Assert.Equal("in-progress", await Server.StatusOfAsync($"Task/{parent}"));
        Assert.Equal("ready", await Server.StatusOfAsync($"Task/{child}"));
    }

    [Fact]
    public async Task A_parent_and_its_part_in_one_transaction_are_written_once_each()
    {
        var (parent, child, other) = (Given.Id(), Given.Id(), Given.Id());
        await CreateTaskAsync(parent, "in-progress");
        await CreateTaskAsync(child, "ready", parent);

        var answer = await Server.PostAsync(
            "",
            Given.Transaction(
                Given.Entry("PUT", $"Task/{parent}", TaskJson(parent, "on-hold")),
                Given.Entry("PUT", $"Task/{child}", TaskJson(child, "in-progress", parent)),
                Given.Entry("PUT", $"Task/{other}", TaskJson(other, "ready", parent))
            ),
            "Prefer: return=representation"
        );

        answer.ShouldBe(200);
        Assert.Equal(
            ["on-hold", "on-hold", "on-hold"],
            answer.Resources.Select(r => r.GetProperty("status").GetString())
        );
        Assert.Equal(
            ["W/\"2\"", "W/\"2\"", "W/\"1\""],
            answer.Entries.Select(e => e.GetProperty("response").GetProperty("etag").GetString())
        );
        var told = Assert.Single(await Server.ProvenanceOfAsync($"Task/{parent}", 2));
        Assert.Equal(told.ToString(), Assert.Single(await Server.ProvenanceOfAsync($"Task/{child}", 2)).ToString());
        (await Server.AskAsync($"Task/{parent}/$resume")).ShouldBe(200);
        Assert.Equal("in-progress", await Server.StatusOfAsync($"Task/{child}"));
    }

    [Theory]
    [InlineData("CarePlan", "\"intent\":\"plan\"", "status", "unknown", "active")]
    [InlineData("Goal", "\"description\":{\"text\":\"x\"}", "lifecycleStatus", "accepted", "active")]
    public async Task Every_change_of_a_status_in_a_transaction_is_told(
        string type,
        string more,
        string element,
        string from,
        string to
    )
    {
        var (one, other) = (Given.Id(), Given.Id());
        string[] ids = [one, other];
        await Server.PostAsync("", Given.Transaction([.. ids.Select(i => Entry(i, from))]));

        (await Server.PostAsync("", Given.Transaction([.. ids.Select(i => Entry(i, to))]))).ShouldBe(200);

        await ShouldBeToldAsync($"{type}/{one}", 2);
        await ShouldBeToldAsync($"{type}/{other}", 2);
        Assert.Empty(await Server.ProvenanceOfAsync($"{type}/{one}", 1));

        string Entry(string id, string status) =>
            Given.Entry(
                "PUT",
                $"{type}/{id}",
                $$$"""{"resourceType":"{{{type}}}","id":"{{{id}}}","{{{element}}}":"{{{status}}}",{{{more}}},"subject":{"reference":"{{{_patient}}}"}}"""
            );
    }

    [Theory]
    [InlineData("post")]
    [InlineData("conditional post")]
    [InlineData("put")]
    [InlineData("conditional put")]
    [InlineData("batch")]
    [InlineData("transaction")]
    [InlineData("conditional put in a transaction")]
    public async Task An_observation_moves_the_goals_that_it_measures(string way)
    {
        var goal = await CreateGoalAsync();
        var id = Given.Id();

        await WriteAsync(way, "Observation", id, Observation(id, 120, "2026-11-02"));

        Assert.Contains("\"achieved\"", (await Server.GetAsync(goal)).Body, StringComparison.Ordinal);
        await ShouldBeToldAsync(goal, 2);
    }

    [Fact]
    public async Task Observations_of_one_transaction_move_a_goal_once()
    {
        var goal = await CreateGoalAsync();

        (
            await Server.PostAsync(
                "",
                Given.Transaction(
                    Given.Entry("POST", "Observation", Observation(null, 125, "2026-11-03")),
                    Given.Entry("POST", "Observation", Observation(null, 160, "2026-11-01")),
                    Given.Entry("POST", "Observation", Observation(null, 150, "2026-11-02"))
                )
            )
        ).ShouldBe(200);

        var moved = await Server.GetAsync(goal);
        Assert.Equal("W/\"2\"", moved.ETag);
        Assert.Contains("\"achieved\"", moved.Body, StringComparison.Ordinal);
        Assert.Equal(1, moved.Json.GetProperty("outcomeReference").GetArrayLength());
        await ShouldBeToldAsync(goal, 2);
    }

    [Fact]
    public async Task An_observation_that_changes_nothing_of_a_goal_makes_no_version_of_it()
    {
        var goal = await CreateGoalAsync();
        for (var day = 1; day <= 12; day++)
            (await Server.PostAsync("Observation", Observation(null, 120, $"2026-11-{day:00}"))).ShouldBe(201);
        var sustained = await Server.GetAsync(goal);

        // An old one, from before all that are looked at, and one of every day: nothing of it is new.
        (await Server.PostAsync("Observation", Observation(null, 180, "2025-11-01"))).ShouldBe(201);
        (await Server.PostAsync("Observation", Observation(null, 121, "2026-11-13"))).ShouldBe(201);

        // Created, achieved, sustained.
        Assert.Equal("W/\"3\"", sustained.ETag);
        Assert.Contains("\"sustaining\"", sustained.Body, StringComparison.Ordinal);
        Assert.Equal(sustained.Body, (await Server.GetAsync(goal)).Body);
        Assert.Equal(1, sustained.Json.GetProperty("outcomeReference").GetArrayLength());
    }

    [Fact]
    public async Task A_late_observation_takes_its_place_in_time()
    {
        var (inOrder, late) = (await CreateGoalAsync(), "");
        (await Server.PostAsync("Observation", Observation(null, 160, "2026-11-01"))).ShouldBe(201);
        (await Server.PostAsync("Observation", Observation(null, 120, "2026-11-03"))).ShouldBe(201);
        Assert.Contains("\"achieved\"", (await Server.GetAsync(inOrder)).Body, StringComparison.Ordinal);

        // With the one between, the latest is the second in a row that meets the target.
        late = (await Server.PostAsync("Observation", Observation(null, 125, "2026-11-02"))).ShouldBe(201).Id!;

        var goal = await Server.GetAsync(inOrder);
        Assert.Contains("\"sustaining\"", goal.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(late, goal.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transaction_of_a_patient_with_goal_and_observation_leaves_the_goal_moved()
    {
        var answer = await Server.PostAsync(
            "",
            Given.Transaction(
                Given.Entry(
                    "POST",
                    "Patient",
                    """{"resourceType":"Patient"}""",
                    "urn:uuid:c0ffee00-0000-4000-8000-000000000001"
                ),
                Given.Entry("POST", "Observation", Of(Observation(null, 120, "2026-11-02"))),
                Given.Entry("POST", "Goal", Of(Goal(null)))
            ),
            "Prefer: return=representation"
        );

        answer.ShouldBe(200);
        var goal = answer.Resources.Last();
        Assert.Equal(
            $"Observation/{answer.Ids.ElementAt(1)}",
            goal.GetProperty("outcomeReference")[0].GetProperty("reference").GetString()
        );
        await ShouldBeToldAsync($"Goal/{answer.Ids.Last()}", 1);

        string Of(string json) =>
            json.Replace(_patient, "urn:uuid:c0ffee00-0000-4000-8000-000000000001", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patch_of_an_observation_moves_goals()
    {
        var goal = await CreateGoalAsync();
        var id = Given.Id();
        await Server.PutAsync($"Observation/{id}", Observation(id, 150, "2026-11-02"));

        (
            await Server.PatchAsync(
                $"Observation/{id}",
                """[{"op":"replace","path":"/valueQuantity/value","value":120}]"""
            )
        ).ShouldBe(200);

        Assert.Contains("\"achieved\"", (await Server.GetAsync(goal)).Body, StringComparison.Ordinal);
        await ShouldBeToldAsync(goal, 3);
    }

    [Theory]
    [InlineData("json patch")]
    [InlineData("fhirpath patch")]
    [InlineData("conditional patch")]
    public async Task An_illegal_step_by_patch_is_refused(string way)
    {
        var id = Given.Id();
        await CreateTaskAsync(id, "completed");

        var refused = await SendAsync(way, "Task", id, TaskJson(id, "ready"));

        refused.ShouldRefuse(
            422,
            "error business-rule Task.status: Task.status cannot go from 'completed' to 'ready'. "
                + "From 'completed' it can become 'in-progress' (by $reopen only), 'entered-in-error'."
        );
        Assert.Equal("W/\"1\"", (await Server.GetAsync($"Task/{id}")).ETag);
    }

    [Fact]
    public async Task Of_two_episodes_that_begin_at_once_with_two_managers_one_does()
    {
        for (var round = 0; round < 5; round++)
        {
            string[] ids = [Given.Id(), Given.Id()];
            foreach (var id in ids)
                (await Server.PutAsync($"EpisodeOfCare/{id}", Episode(id, "planned"))).ShouldBe(201);

            var answers = await Task.WhenAll(
                ids.Select(id => Server.PutAsync($"EpisodeOfCare/{id}", Episode(id, "active")))
            );

            Assert.Equal([200, 409], answers.Select(a => a.Status).Order());
            Assert.Contains("other-manager", answers.Single(a => a.Status == 409).Body, StringComparison.Ordinal);
            foreach (var id in ids)
                await Server.PutAsync($"EpisodeOfCare/{id}", Episode(id, "entered-in-error"));
        }

        string Episode(string id, string status) =>
            $$$"""{"resourceType":"EpisodeOfCare","id":"{{{id}}}","status":"{{{status}}}","patient":{"reference":"{{{_patient}}}"},"careManager":{"reference":"Practitioner/{{{id}}}"}}""";
    }

    [Fact]
    public async Task A_refused_step_leaves_goals_and_parts_as_they_were()
    {
        var goal = await CreateGoalAsync();
        var (parent, child, done) = (Given.Id(), Given.Id(), Given.Id());
        await CreateTaskAsync(parent, "in-progress");
        await CreateTaskAsync(child, "ready", parent);
        await CreateTaskAsync(done, "completed");

        var refused = await Server.PostAsync(
            "",
            Given.Transaction(
                Given.Entry("POST", "Observation", Observation(null, 120, "2026-11-02")),
                Given.Entry("PUT", $"Task/{parent}", TaskJson(parent, "cancelled")),
                Given.Entry("PUT", $"Task/{done}", TaskJson(done, "ready"))
            )
        );

        refused.ShouldRefuse(
            422,
            "error business-rule Bundle.entry[2].resource.status: Task.status cannot go from 'completed' to 'ready'. "
                + "From 'completed' it can become 'in-progress' (by $reopen only), 'entered-in-error'."
        );
        foreach (var reference in (string[])[goal, $"Task/{parent}", $"Task/{child}"])
            Assert.Equal("W/\"1\"", (await Server.GetAsync(reference)).ETag);
    }

    private async Task WriteAsync(string way, string type, string id, string json)
    {
        var answer = await SendAsync(way, type, id, json);
        Assert.True(answer.Status is 200 or 201, answer.Body);
        foreach (var entry in answer.Entries)
            Assert.Equal("20", entry.GetProperty("response").GetProperty("status").GetString()![..2]);
    }

    private async Task<Answer> SendAsync(string way, string type, string id, string json)
    {
        using var resource = JsonDocument.Parse(json);
        var status = resource.RootElement.GetProperty("status").GetString();
        var jsonPatch = $$"""[{"op":"replace","path":"/status","value":"{{status}}"}]""";
        var where = $"{type}?identifier=urn:test|{id}";
        return way switch
        {
            "json patch" => await Server.PatchAsync($"{type}/{id}", jsonPatch),
            "conditional patch" => await Server.PatchAsync(where, jsonPatch),
            "fhirpath patch" => await Server.SendAsync(
                HttpMethod.Patch,
                $"{type}/{id}",
                Ask.Patch(Ask.Step("replace", $"{type}.status", $"\"valueCode\":\"{status}\""))
            ),
            "patch in a batch" => await Server.PostAsync(
                "",
                Given.Batch(Given.Entry("PATCH", $"{type}/{id}", Ask.Binary(jsonPatch)))
            ),
            "patch in a transaction" => await Server.PostAsync(
                "",
                Given.Transaction(Given.Entry("PATCH", $"{type}/{id}", Ask.Binary(jsonPatch)))
            ),
            "conditional patch in a transaction" => await Server.PostAsync(
                "",
                Given.Transaction(Given.Entry("PATCH", where, Ask.Binary(jsonPatch)))
            ),
            "post" => await Server.PostAsync(type, json),
            "conditional post" => await Server.PostAsync(type, json, $"If-None-Exist: identifier=urn:test|{id}"),
            "put" => await Server.PutAsync($"{type}/{id}", json),
            "conditional put" => await Server.PutAsync(where, json),
            "batch" => await Server.PostAsync("", Given.Batch(Given.Entry("PUT", $"{type}/{id}", json))),
            "transaction" => await Server.PostAsync("", Given.Transaction(Given.Entry("PUT", $"{type}/{id}", json))),
            _ => await Server.PostAsync("", Given.Transaction(Given.Entry("PUT", where, json))),
        };
    }

    /// <summary>By one Provenance and one AuditEvent.</summary>
    private async Task ShouldBeToldAsync(string reference, int version)
    {
        Assert.Single(await Server.ProvenanceOfAsync(reference, version));
        Assert.Single(await Server.AuditEventsOfAsync(reference, version));
    }

    private async Task CreateTaskAsync(string id, string status, string? parent = null) =>
        (await Server.PutAsync($"Task/{id}", TaskJson(id, status, parent))).ShouldBe(201);

    private async Task<string> CreateGoalAsync()
    {
        var id = Given.Id();
        (await Server.PutAsync($"Goal/{id}", Goal(id))).ShouldBe(201);
        return $"Goal/{id}";
    }

    private static string TaskJson(string id, string status, string? parent = null) =>
        $$"""{"resourceType":"Task","id":"{{id}}","identifier":[{"system":"urn:test","value":"{{id}}"}],"status":"{{status}}","intent":"order"{{(
            parent is null ? "" : $",\"partOf\":[{{\"reference\":\"Task/{parent}\"}}]"
        )}}}""";

    private string Goal(string? id) =>
        $$$"""{"resourceType":"Goal"{{{Id(id)}}},"lifecycleStatus":"active","startDate":"2020-01-01","description":{"text":"Blood pressure below 130"},"subject":{"reference":"{{{_patient}}}"},"target":[{"measure":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"detailQuantity":{"value":130,"comparator":"<","unit":"mmHg"}}]}""";

    private string Observation(string? id, int value, string day) =>
        $$$"""{"resourceType":"Observation"{{{Id(id)}}},"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"subject":{"reference":"{{{_patient}}}"},"effectiveDateTime":"{{{day}}}","valueQuantity":{"value":{{{value}}},"unit":"mmHg"}}""";

    private static string Id(string? id) =>
        id is null ? "" : $",\"id\":\"{id}\",\"identifier\":[{{\"system\":\"urn:test\",\"value\":\"{id}\"}}]";
}
