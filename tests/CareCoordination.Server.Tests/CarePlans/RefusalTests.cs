using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.CarePlans;

/// <summary>Bad input: the operation changes nothing, and says which rule and which element.</summary>
public abstract class RefusalTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : RefusalTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : RefusalTests(shared);

    [Fact]
    public async Task A_template_whose_expression_fails_makes_nothing()
    {
        var patient = await Template.PatientAsync(Server);
        const string Condition =
            "\"action\":[{\"title\":\"a\"},{\"title\":\"b\",\"condition\":[{\"kind\":\"applicability\",\"expression\":{\"language\":\"text/fhirpath\",\"expression\":\"%{0}\"}}]}]";

        foreach (var expression in new[] { "Patient.name.first(", "(1 | 2).single() = 1" })
        {
            var definition = await DefineAsync(Condition.Replace("%{0}", expression, StringComparison.Ordinal));
            await RefusesAsync(
                patient,
                () => Server.AskAsync($"{definition}/$apply", Ask.Text("subject", patient)),
                422,
                "expression-failed",
                "PlanDefinition.action[1].condition[0].expression"
            );
        }
    }

    [Fact]
    public async Task A_definition_that_leads_back_to_itself_or_nowhere_makes_nothing()
    {
        var patient = await Template.PatientAsync(Server);
        var (first, second) = (Given.Id(), Given.Id());
        await DefineAsync($"\"action\":[{{\"title\":\"a\"}},{{\"definitionCanonical\":\"urn:plan:{second}\"}}]", first);
        await DefineAsync($"\"action\":[{{\"definitionCanonical\":\"urn:plan:{first}\"}}]", second);
        var lost = await DefineAsync("\"action\":[{\"title\":\"a\"},{\"definitionCanonical\":\"urn:plan:none\"}]");

        await RefusesAsync(
            patient,
            () => Server.AskAsync($"PlanDefinition/{first}/$apply", Ask.Text("subject", patient)),
            422,
            "definition-cycle",
            "PlanDefinition.action[0]"
        );
        await RefusesAsync(
            patient,
            () => Server.AskAsync($"{lost}/$apply", Ask.Text("subject", patient)),
            404,
            "definition-missing",
            "PlanDefinition.action[1]"
        );
    }

    [Fact]
    public async Task A_subject_of_the_wrong_type_gets_no_plan()
    {
        var definition = await DefineAsync("\"action\":[{\"title\":\"a\"}]");
        var group = await Server.PostAsync("Group", """{"resourceType":"Group","type":"person","actual":true}""");

        await RefusesAsync(
            $"Group/{group.Id}",
            () => Server.AskAsync($"{definition}/$apply", Ask.Text("subject", $"Group/{group.Id}")),
            422,
            "subject-type",
            "PlanDefinition.subject"
        );
    }

    [Fact]
    public async Task A_plan_with_members_of_another_patient_or_without_goals_or_with_a_lost_activity_does_not_begin()
    {
        var (patient, plan) = await Template.ApplyAsync(Server);
        var (_, other) = await Template.ApplyAsync(Server);
        var key = $"CarePlan/{plan.Id}";
        async Task ChangeAsync(string from, string to) =>
            (
                await Server.PutAsync(
                    key,
                    (await Server.GetAsync(key)).Body.Replace(from, to, StringComparison.Ordinal)
                )
            ).ShouldBe(200);
        var mine = Activity(plan, 1);
        var goal = plan.Json.GetProperty("goal")[0].GetProperty("reference").GetString()!;

        await ChangeAsync(mine, Activity(other, 1));
        await RefusesAsync(
            patient,
            () => Server.AskAsync($"{key}/$activate"),
            422,
            "member-patient",
            "CarePlan.activity[1].reference"
        );
        await ChangeAsync(Activity(other, 1), mine);

        await Server.DeleteAsync(mine);
        await RefusesAsync(
            patient,
            () => Server.AskAsync($"{key}/$activate"),
            422,
            "member-missing",
            "CarePlan.activity[1].reference"
        );
        await Server.PutAsync(mine, (await Server.GetAsync($"{mine}/_history/1")).Body);

        await Server.AskAsync($"{goal}/$reject", Ask.Text("reason", "no"));
        await RefusesAsync(patient, () => Server.AskAsync($"{key}/$activate"), 422, "no-goals", "CarePlan.goal");
    }

    [Fact]
    public async Task A_stale_version_changes_nothing()
    {
        var (patient, plan) = await Template.ApplyAsync(Server);
        await Server.PutAsync(
            $"CarePlan/{plan.Id}",
            plan.Body.Replace("\"Transition\"", "\"Going home\"", StringComparison.Ordinal)
        );

        await RefusesAsync(
            patient,
            () =>
                Server.SendAsync(HttpMethod.Post, $"CarePlan/{plan.Id}/$activate", (string?)null, "If-Match: W/\"1\""),
            412,
            "conflict",
            null
        );
    }

    [Fact]
    public async Task Of_two_managers_who_act_at_once_one_is_told_what_the_other_did()
    {
        for (var round = 0; round < 4; round++)
        {
            var (patient, plan) = await Template.ApplyAsync(Server);
            await Server.AskAsync($"CarePlan/{plan.Id}/$activate");
            var why = Ask.Text("reason", "x");

            var answers = await Task.WhenAll(
                Server.AskAsync($"CarePlan/{plan.Id}/$close", Ask.Value("unfinished", "valueCode", "\"cancel\"")),
                Server.AskAsync($"CarePlan/{plan.Id}/$revoke", why)
            );

            var (winner, loser) = answers[0].Status == 200 ? (answers[0], answers[1]) : (answers[1], answers[0]);
            Assert.Equal((200, 422), (winner.Status, loser.Status));
            Assert.Contains(
                $"cannot go from '{winner.Status()}' to ",
                Assert.Single(loser.Issues),
                StringComparison.Ordinal
            );
            Assert.Equal(winner.Status(), await Server.StatusOfAsync($"CarePlan/{plan.Id}"));
            Assert.Equal(3, int.Parse(winner.ETag!.Trim('W', '/', '"'), null));
            Assert.DoesNotContain(
                "\"ready\"",
                (await Server.GetAsync($"Task?patient={patient}")).Body,
                StringComparison.Ordinal
            );
        }
    }

    private async Task<string> DefineAsync(string actions, string? id = null)
    {
        id ??= Given.Id();
        (
            await Server.PutAsync(
                $"PlanDefinition/{id}",
                $$"""{"resourceType":"PlanDefinition","id":"{{id}}","url":"urn:plan:{{id}}","status":"active",{{actions}}}"""
            )
        ).ShouldBe(201);
        return $"PlanDefinition/{id}";
    }

    /// <summary>Refused with this rule at this element, and all that there is of the subject is as it was.</summary>
    private async Task RefusesAsync(string subject, Func<Task<Answer>> ask, int status, string? rule, string? element)
    {
        var before = await EverythingOfAsync(subject);
        var refused = (await ask()).ShouldBe(status);
        var issue = refused.Json.GetProperty("issue")[0];
        Assert.Equal(
            (rule, element),
            (
                issue.TryGetProperty("details", out var details)
                    ? details.GetProperty("coding")[0].GetProperty("code").GetString()
                    : null,
                issue.TryGetProperty("expression", out var at) ? at[0].GetString() : null
            )
        );
        Assert.Equal(before, await EverythingOfAsync(subject));
    }

    private async Task<string[]> EverythingOfAsync(string subject)
    {
        var found = new List<JsonElement>();
        foreach (
            var search in new[] { "CarePlan?subject=", "Goal?subject=", "ServiceRequest?subject=", "Task?subject=" }
        )
            found.AddRange((await Server.GetAsync($"{search}{subject}&_count=200")).ShouldBe(200).Resources);
        return [.. found.Select(r => r.GetRawText()).Order(StringComparer.Ordinal)];
    }

    private static string Activity(Answer plan, int index) =>
        plan.Json.GetProperty("activity")[index].GetProperty("reference").GetProperty("reference").GetString()!;
}
