using CareCoordination.Server.Tests.Caseload;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Operations;

/// <summary>Work is given only to who is here and may have it, and nobody acts who is not here: 422 with the name of the parameter.</summary>
public abstract class NamedPeopleTests(SharedServer shared) : ServerTests(shared)
{
    private static readonly string[] Why = [Ask.Text("reason", "x"), Ask.Text("note", "y")];

    public sealed class OnSqlite(SqliteServer shared) : NamedPeopleTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : NamedPeopleTests(shared);

    public static TheoryData<string, string> Commands() =>
        new()
        {
            { "claim", "requested" },
            { "accept", "requested" },
            { "reject", "requested" },
            { "start", "ready" },
            { "stop", "in-progress" },
            { "hold", "ready" },
            { "complete", "ready" },
            { "fail", "ready" },
            { "cancel", "ready" },
            { "reassign", "ready" },
            { "escalate", "ready" },
            { "snooze", "ready" },
            { "record-attempt", "ready" },
            { "reopen", "completed" },
        };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Nobody_acts_who_is_not_here(string command, string status)
    {
        var task = await TaskAsync(status);

        await ShouldRefuseAsync(
            $"{task}/${command}",
            "reference-unresolved",
            "practitioner",
            "Practitioner/nobody",
            More(command)
        );
        await ShouldRefuseAsync($"{task}/${command}", "reference-type", "practitioner", task, More(command));
        Assert.Equal("W/\"1\"", (await Server.GetAsync(task)).ETag);
    }

    [Theory]
    [InlineData("claim", "owner", "requested")]
    [InlineData("reassign", "owner", "ready")]
    [InlineData("escalate", "to", "ready")]
    public async Task Work_is_given_to_who_is_here_can_do_it_and_is_active(
        string command,
        string parameter,
        string status
    )
    {
        var ward = await Ward.OpenAsync(Server);
        var task = await TaskAsync(status);
        var path = $"{task}/${command}";
        var deleted = await ward.ManagerAsync();
        (await Server.DeleteAsync(deleted)).ShouldBe(204);

        foreach (
            var nowhere in (string[])["Practitioner/nobody", "https://elsewhere.example/fhir/Practitioner/1", deleted]
        )
            await ShouldRefuseAsync(
                path,
                nowhere.StartsWith("https", StringComparison.Ordinal) ? "reference-type" : "reference-unresolved",
                parameter,
                nowhere
            );
        foreach (var idle in (string[])[task, "Observation/1"])
            await ShouldRefuseAsync(path, "reference-type", parameter, idle);
        foreach (
            var inactive in new[]
            {
                await ward.ManagerAsync(role: ",'active':false"),
                await ward.ManagerAsync(person: ",'active':false"),
                (await ward.ManagerAsync(person: ",'active':false")).Replace("Role", "", StringComparison.Ordinal),
                await ward.ManagerAsync(role: ",'period':{'end':'2020-01-01'}"),
                await PutAsync("Organization", ",\"active\":false,\"name\":\"Closed\""),
                await PutAsync("CareTeam", ",\"status\":\"inactive\""),
            }
        )
            await ShouldRefuseAsync(path, "worker-inactive", parameter, inactive);
        Assert.Equal("W/\"1\"", (await Server.GetAsync(task)).ETag);

        var on = await ward.ManagerAsync(
            person: ",'name':[{'given':['Ann'],'family':'Ito'}]",
            role: ",'notAvailable':[{'description':'leave','during':{'start':'2020-01-01'}}]"
        );
        (await Server.PostAsync(path, Ask.Parameters(Ask.Reference(parameter, on)))).ShouldBe(200);
    }

    [Theory]
    [InlineData("accept")]
    [InlineData("reject")]
    public async Task Whoever_decides_about_a_goal_is_here(string command)
    {
        var goal = await Server.PostAsync(
            "Goal",
            """{"resourceType":"Goal","lifecycleStatus":"proposed","description":{"text":"walk"},"subject":{"reference":"Patient/nowhere"}}"""
        );

        await ShouldRefuseAsync(
            $"Goal/{goal.Id}/${command}",
            "reference-unresolved",
            "individual",
            "RelatedPerson/nobody",
            Why[0]
        );
    }

    [Theory]
    [InlineData("careManager")]
    [InlineData("practitioner")]
    [InlineData("organization")]
    [InlineData("encounter")]
    [InlineData("parentPlan")]
    public async Task Whom_an_application_names_is_here(string parameter)
    {
        var patient = await PutAsync("Patient", "");
        var definition = await PutAsync(
            "PlanDefinition",
            ",\"status\":\"active\",\"action\":[{\"title\":\"Call\",\"definitionCanonical\":\"http://x.example/a\"}]"
        );
        var type = parameter switch
        {
            "organization" => "Organization",
            "encounter" => "Encounter",
            "parentPlan" => "CarePlan",
            _ => "Practitioner",
        };

        await ShouldRefuseAsync(
            $"{definition}/$apply",
            "reference-unresolved",
            parameter,
            $"{type}/nobody",
            Ask.Reference("subject", patient)
        );
    }

    [Fact]
    public async Task What_people_are_called_goes_along_and_a_role_signs_by_its_person()
    {
        var ward = await Ward.OpenAsync(Server);
        var task = await TaskAsync("ready");
        var role = await ward.ManagerAsync(person: ",'name':[{'prefix':['Dr.'],'given':['Ann'],'family':'Ito'}]");

        var given = await Server.AskAsync(
            $"{task}/$reassign",
            Ask.Reference("owner", role),
            Ask.Reference("practitioner", role),
            Ask.Text("reason", "knows her")
        );

        given.ShouldBe(200);
        Assert.Equal((role, "Dr. Ann Ito"), (given.At("owner", "reference"), given.At("owner", "display")));
        var note = given.Json.GetProperty("note")[0];
        Assert.Equal(
            (role.Replace("Role", "", StringComparison.Ordinal), "Dr. Ann Ito"),
            (
                note.GetProperty("authorReference").GetProperty("reference").GetString(),
                note.GetProperty("authorReference").GetProperty("display").GetString()
            )
        );
        Assert.False(note.TryGetProperty("authorString", out _));
    }

    [Fact]
    public async Task Where_nobody_says_who_acts_the_note_names_this_server()
    {
        var task = await TaskAsync("ready");

        var put = await Server.AskAsync($"{task}/$stop", Why);
        var note = (await Server.AskAsync($"{task}/$start", Why[1])).ShouldBe(200).Json.GetProperty("note")[0];

        Assert.Equal(422, put.Status);
        Assert.Equal("CareCoordination server", note.GetProperty("authorString").GetString());
    }

    [Theory]
    [InlineData("Task/none/$start", 404, "not-found")]
    [InlineData("{0}/$complete", 400, "value", "minutes", "valueString", "\"many\"")]
    [InlineData("{0}/$snooze", 400, "required")]
    [InlineData("{0}/$start", 400, "not-supported", "foo", "valueString", "\"x\"")]
    [InlineData("{0}/$reassign", 400, "required")]
    [InlineData("{0}/$accept", 422, "illegal-transition")]
    [InlineData("{0}/$cancel", 422, "reason-required")]
    public async Task Every_refusal_has_a_coding(string path, int status, string code, params string[] value)
    {
        var task = await TaskAsync("ready");

        var refused = await Server.AskAsync(
            string.Format(System.Globalization.CultureInfo.InvariantCulture, path, task),
            value is [var name, var property, var json] ? [Ask.Value(name, property, json)] : []
        );

        refused.ShouldBe(status);
        Assert.Equal(code, Ward.Rule(refused));
    }

    [Fact]
    public async Task A_stale_version_and_a_lost_key_are_coded_too()
    {
        var task = await TaskAsync("ready");
        await Server.AskAsync($"{task}/$start");

        var stale = await Server.SendAsync(HttpMethod.Post, $"{task}/$stop", (string?)null, "If-Match: W/\"1\"");
        await Server.DeleteAsync(task);
        var gone = await Server.AskAsync($"{task}/$start");

        Assert.Equal(
            [(412, "conflict"), (410, "deleted")],
            new[] { stale, gone }.Select(a => (a.Status, Ward.Rule(a)))
        );
    }

    private static string[] More(string command) =>
        [
            .. Why,
            .. command switch
            {
                "escalate" => [Ask.Reference("to", "Device/carecoordination")],
                "reassign" => [Ask.Value("release", "valueBoolean", "true")],
                "snooze" => [Ask.Value("due", "valueDate", "\"2999-01-01\"")],
                "record-attempt" => [Ask.Text("medium", "phone"), Ask.Text("outcome", "no answer")],
                _ => Array.Empty<string>(),
            },
        ];

    private async Task ShouldRefuseAsync(string path, string rule, string parameter, string who, params string[] more)
    {
        var refused = await Server.PostAsync(path, Ask.Parameters([Ask.Reference(parameter, who), .. more]));
        refused.ShouldBe(422);
        Assert.Equal(rule, Ward.Rule(refused));
        var issue = Assert.Single(refused.Issues);
        Assert.StartsWith(
            $"error business-rule Parameters.parameter.where(name = '{parameter}'): '{parameter}' refers to ",
            issue,
            StringComparison.Ordinal
        );
    }

    private async Task<string> TaskAsync(string status) =>
        $"Task/{(await Server.PostAsync("Task", $$"""{"resourceType":"Task","status":"{{status}}","intent":"order"}""")).ShouldBe(201).Id}";

    private async Task<string> PutAsync(string type, string more)
    {
        var id = Given.Id();
        (await Server.PutAsync($"{type}/{id}", $$"""{"resourceType":"{{type}}","id":"{{id}}"{{more}}}""")).ShouldBe(
            201
        );
        return $"{type}/{id}";
    }
}
