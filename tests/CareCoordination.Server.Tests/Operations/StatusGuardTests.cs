using System.Text.Json;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Workflow.Lifecycles;

namespace CareCoordination.Server.Tests.Operations;

/// <summary>A status changes by plain writes only as the transition tables allow.</summary>
public abstract class StatusGuardTests(SharedServer shared) : ServerTests(shared)
{
    private const string Patient = """{"reference":"Patient/p"}""";

    /// <summary>What each guarded type needs besides its status to be valid.</summary>
    private static readonly Dictionary<string, string> Required = new(StringComparer.Ordinal)
    {
        ["CarePlan"] = $"\"intent\":\"plan\",\"subject\":{Patient}",
        ["Goal"] = $$"""
            "description":{"text":"Walks every day"},"subject":{{Patient}}
            """.Trim(),
        ["Task"] = "\"intent\":\"order\"",
        ["ServiceRequest"] = $"\"intent\":\"order\",\"subject\":{Patient}",
        ["RequestGroup"] = "\"intent\":\"plan\"",
        ["EpisodeOfCare"] = $"\"patient\":{Patient}",
        ["CareTeam"] = "\"name\":\"Team\"",
        ["Communication"] = "\"language\":\"en\"",
        ["Appointment"] =
            "\"participant\":[{\"actor\":{\"reference\":\"Patient/p\"},\"status\":\"accepted\"}],\"start\":\"2026-11-23T09:00:00Z\",\"end\":\"2026-11-23T09:20:00Z\"",
    };

    public sealed class OnSqlite(SqliteServer shared) : StatusGuardTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : StatusGuardTests(shared);

    public static TheoryData<string> Types => [.. LifecycleTables.All.Select(t => t.ResourceType)];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_plain_write_takes_exactly_the_steps_of_the_table(string type)
    {
        var table = LifecycleTables.For(type)!;
        var prefix = Given.Id("g");
        var steps = (
            from @from in table.Statuses
            from to in table.Statuses
            select (From: @from, To: to, Id: $"{prefix}.{@from}.{to}")
        ).ToArray();
        var creations = steps.Select(s => Given.Entry("PUT", $"{type}/{s.Id}", Resource(table, s.Id, s.From)));
        var updates = steps.Select(s => Given.Entry("PUT", $"{type}/{s.Id}", Resource(table, s.Id, s.To)));

        var created = (await Server.PostAsync("", Given.Batch([.. creations]))).ShouldBe(200);
        var updated = (await Server.PostAsync("", Given.Batch([.. updates]))).ShouldBe(200);

        Assert.All(created.Entries, e => Assert.Equal("201", Status(e)));
        var expected = steps.Select(s =>
            s.From == s.To || (table.Find(s.From, s.To) is { CommandOnly: false } step && !IsByCommand(type, step))
                ? "200"
                : "422"
        );
        Assert.Equal(
            steps.Zip(expected, (s, e) => $"{s.From} {s.To} {e}"),
            steps.Zip(updated.Entries, (s, e) => $"{s.From} {s.To} {Status(e)}")
        );
    }

    /// <summary>A plan goes by its commands wherever there is one.</summary>
    private static bool IsByCommand(string type, Transition step) => type == "CarePlan" && step.Command is not null;

    [Fact]
    public async Task An_illegal_step_says_from_to_and_what_is_allowed()
    {
        var id = Given.Id();
        var stored = await Server.PutAsync($"CarePlan/{id}", Given.CarePlan(id, "p", "revoked"));

        var refused = await Server.PutAsync($"CarePlan/{id}", Given.CarePlan(id, "p", "active"));

        refused.ShouldRefuse(
            422,
            "error business-rule CarePlan.status: CarePlan.status cannot go from 'revoked' to 'active'. "
                + "From 'revoked' it can become 'active' (by $reopen only), 'entered-in-error'."
        );
        Assert.Equal(stored.Body, (await Server.GetAsync($"CarePlan/{id}")).Body);
    }

    [Fact]
    public async Task A_plain_hold_is_told_and_holds_the_children()
    {
        var (parent, child) = (Given.Id(), Given.Id());
        await Server.PutAsync(
            $"Task/{parent}",
            Given
                .Task("p", "in-progress")
                .Replace("\"Task\"", $"\"Task\",\"id\":\"{parent}\"", StringComparison.Ordinal)
        );
        await Server.PutAsync(
            $"Task/{child}",
            $$$"""{"resourceType":"Task","id":"{{{child}}}","status":"ready","intent":"order","partOf":[{"reference":"Task/{{{parent}}}"}]}"""
        );

        (
            await Server.PutAsync(
                $"Task/{parent}",
                Given
                    .Task("p", "on-hold")
                    .Replace("\"Task\"", $"\"Task\",\"id\":\"{parent}\"", StringComparison.Ordinal)
            )
        ).ShouldBe(200);

        Assert.Equal("on-hold", await Server.StatusOfAsync($"Task/{child}"));
        Assert.Single(await Server.ProvenanceOfAsync($"Task/{parent}", 2));
        (await Server.AskAsync($"Task/{parent}/$resume")).ShouldBe(200);
        Assert.Equal("in-progress", await Server.StatusOfAsync($"Task/{parent}"));
        Assert.Equal("ready", await Server.StatusOfAsync($"Task/{child}"));
    }

    [Fact]
    public async Task A_conditional_update_passes_the_same_guard()
    {
        var identifier = Given.Id();
        var id = Given.Id();
        await Server.PutAsync($"Task/{id}", Identified(id, "completed"));

        var refused = await Server.PutAsync($"Task?identifier=urn:test|{identifier}", Identified(id, "in-progress"));
        var legal = await Server.PutAsync($"Task?identifier=urn:test|{identifier}", Identified(id, "entered-in-error"));

        refused.ShouldBe(422);
        legal.ShouldBe(200);

        string Identified(string id, string status) =>
            $$"""{"resourceType":"Task","id":"{{id}}","identifier":[{"system":"urn:test","value":"{{identifier}}"}],"status":"{{status}}","intent":"order"}""";
    }

    [Fact]
    public async Task A_transaction_with_one_illegal_step_stores_nothing_and_names_the_entry()
    {
        var (plan, patient) = (Given.Id(), Given.Id());
        await Server.PutAsync($"CarePlan/{plan}", Given.CarePlan(plan, "p", "completed"));

        var refused = await Server.PostAsync(
            "",
            Given.Transaction(
                Given.Entry("PUT", $"Patient/{patient}", Given.Patient(patient)),
                Given.Entry("PUT", $"CarePlan/{plan}", Given.CarePlan(plan, "p", "draft"))
            )
        );

        refused.ShouldRefuse(
            422,
            "error business-rule Bundle.entry[1].resource.status: CarePlan.status cannot go from 'completed' to 'draft'. "
                + "From 'completed' it can become 'active' (by $reopen only), 'entered-in-error'."
        );
        (await Server.GetAsync($"Patient/{patient}")).ShouldBe(404);
    }

    [Fact]
    public async Task A_stale_version_goes_before_an_illegal_step()
    {
        var id = Given.Id();
        await Server.PutAsync($"CarePlan/{id}", Given.CarePlan(id, "p", "active"));
        (await Server.AskAsync($"CarePlan/{id}/$hold", Ask.Text("reason", "away"))).ShouldBe(200);

        (await Server.PutAsync($"CarePlan/{id}", Given.CarePlan(id, "p", "draft"), "If-Match: W/\"1\"")).ShouldBe(412);
    }

    [Fact]
    public async Task Of_two_writers_that_lead_apart_the_second_is_checked_against_the_first()
    {
        for (var round = 0; round < 5; round++)
        {
            var id = Given.Id();
            var table = LifecycleTables.For("ServiceRequest")!;
            (await Server.PutAsync($"ServiceRequest/{id}", Resource(table, id, "active"))).ShouldBe(201);

            var answers = await Task.WhenAll(
                Server.PutAsync($"ServiceRequest/{id}", Resource(table, id, "completed")),
                Server.PutAsync($"ServiceRequest/{id}", Resource(table, id, "revoked"))
            );

            Assert.Equal([200, 422], answers.Select(a => a.Status).Order());
        }
    }

    private static string Resource(Lifecycle table, string id, string status) =>
        $"{{\"resourceType\":\"{table.ResourceType}\",\"id\":\"{id}\",\"{table.StatusElement}\":\"{status}\",{Required[table.ResourceType]}}}";

    private static string? Status(JsonElement entry) =>
        entry.GetProperty("response").GetProperty("status").GetString()?[..3];
}
