using System.Text.Json;
using System.Text.Json.Nodes;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Transitions;

/// <summary>Who cares after a discharge: the team, the manager, and who is told, whichever way the discharge is told.</summary>
public abstract class TransitionPeopleTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : TransitionPeopleTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : TransitionPeopleTests(shared);

    private readonly string _organization = Given.Id("org");
    private readonly string _doctor = Given.Id("doctor");
    private readonly Hospital _hospital = new();
    private string _patient = "";

    [Theory]
    [InlineData("message")]
    [InlineData("document")]
    [InlineData("encounter")]
    public async Task A_discharge_gives_the_patient_to_the_care_manager_with_most_room(string door)
    {
        await PatientAsync(_organization);
        var busy = await ManagerAsync(_organization);
        var free = await ManagerAsync(_organization);
        await ManagerAsync(Given.Id("elsewhere"));
        await BusyAsync(busy);

        await DischargeAsync(door);

        var episode = Assert.Single(await OfAsync("EpisodeOfCare", "patient"));
        Assert.Equal(free, Reference(episode, "careManager"));
        var tasks = await OfAsync("Task", "patient");
        Assert.All(
            tasks.Where(t => t.TryGetProperty("basedOn", out _)),
            t => Assert.Equal((free, "ready"), (Reference(t, "owner"), t.GetProperty("status").GetString()))
        );
        var team = Assert.Single(await OfAsync("CareTeam", "patient"));
        Assert.Equal(
            $"CareTeam/{team.GetProperty("id").GetString()}",
            episode.GetProperty("team")[0].GetProperty("reference").GetString()
        );
        Assert.Equal(
            (string[])[$"Practitioner/{_doctor}", free],
            Members(team)
                .Where(m => !m.StartsWith("Organization/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            door == "encounter" ? 0 : 1,
            Members(team).Count(m => m.StartsWith("Organization/", StringComparison.Ordinal))
        );
        Assert.Equal(
            (string[])[$"Practitioner/{_doctor} preparation", $"{free} preparation"],
            (await OfAsync("Communication", "patient"))
                .Select(c => $"{c.GetProperty("recipient")[0].GetProperty("reference")} {c.GetProperty("status")}")
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Who_manages_the_care_stays_and_a_team_that_is_there_is_completed()
    {
        await PatientAsync(_organization);
        var manager = await ManagerAsync(_organization);
        await ManagerAsync(_organization);
        var team = (
            await Server.PostAsync(
                "CareTeam",
                $$$"""{"resourceType":"CareTeam","status":"active","subject":{"reference":"{{{_patient}}}"},"participant":[{"role":[{"text":"daughter"}],"member":{"display":"Eva"}}]}"""
            )
        )
            .ShouldBe(201)
            .Id;
        (
            await Server.PostAsync(
                "EpisodeOfCare",
                $$$"""{"resourceType":"EpisodeOfCare","status":"active","patient":{"reference":"{{{_patient}}}"},"careManager":{"reference":"{{{manager}}}"}}"""
            )
        ).ShouldBe(201);

        await DischargeAsync("message");
        await DischargeAsync("correction");

        Assert.Equal(manager, Reference(Assert.Single(await OfAsync("EpisodeOfCare", "patient")), "careManager"));
        var stored = Assert.Single(await OfAsync("CareTeam", "patient"));
        Assert.Equal(
            (team, "Eva"),
            (
                stored.GetProperty("id").GetString(),
                stored.GetProperty("participant")[0].GetProperty("member").GetProperty("display").GetString()
            )
        );
        Assert.Equal(4, stored.GetProperty("participant").GetArrayLength());
        Assert.Equal(2, (await OfAsync("Communication", "patient")).Length);
    }

    [Theory]
    [InlineData("no organisation")]
    [InlineData("nobody there")]
    [InlineData("away")]
    public async Task Where_nobody_can_be_chosen_the_tasks_are_for_the_role(string why)
    {
        await PatientAsync(why == "no organisation" ? null : _organization);
        if (why != "nobody there")
            await ManagerAsync(_organization, isAway: why == "away");

        await DischargeAsync("message");

        var episode = Assert.Single(await OfAsync("EpisodeOfCare", "patient"));
        Assert.False(episode.TryGetProperty("careManager", out _));
        Assert.All(
            (await OfAsync("Task", "patient")).Where(t => t.TryGetProperty("basedOn", out _)),
            t => Assert.Equal("requested", t.GetProperty("status").GetString())
        );
        Assert.Single(await OfAsync("Communication", "patient"));
    }

    [Fact]
    public async Task An_episode_and_a_team_that_people_have_ended_are_followed_by_new_ones()
    {
        await PatientAsync(null);
        await DischargeAsync("message");
        foreach (
            var (type, status) in (IEnumerable<(string, string)>)
                [("EpisodeOfCare", "finished"), ("CareTeam", "inactive")]
        )
        {
            var open = JsonNode.Parse(Assert.Single(await OfAsync(type, "patient")).GetRawText())!;
            open["status"] = status;
            (await Server.PutAsync($"{type}/{(string)open["id"]!}", open.ToJsonString())).ShouldBe(200);
        }

        (await Server.PostAsync("$process-message", _hospital.CancelDischarge(Given.Days(0)))).ShouldBe(200);
        (await Server.PostAsync("$process-message", _hospital.Discharge(Given.Days(1)))).ShouldBe(200);

        Assert.Equal(["active", "finished"], await StatusesAsync("EpisodeOfCare"));
        Assert.Equal(["active", "inactive"], await StatusesAsync("CareTeam"));
    }

    private async Task<IEnumerable<string>> StatusesAsync(string type) =>
        (await OfAsync(type, "patient"))
            .Select(r => r.GetProperty("status").GetString()!)
            .Order(StringComparer.Ordinal);

    [Fact]
    public async Task Anybody_may_be_chosen_where_the_rules_say_so()
    {
        await using var server = await TestServer.OnSqliteAsync(
            "--Care:Rules:0:Transitions:AssignsAnybody=true",
            "--Care:Rules:0:EffectiveFrom=2020-01-01"
        );
        var manager = await ManagerAsync(server, null);
        var known = JsonNode.Parse(_hospital.Patient())!;
        known["id"] = "p";
        (await server.PutAsync("Patient/p", known.ToJsonString())).ShouldBe(201);

        (await server.PostAsync("$submit-transition", _hospital.Discharge("2026-11-20T16:10:00Z"))).ShouldBe(200);

        var episode = Assert.Single((await server.GetAsync("EpisodeOfCare?patient=Patient/p")).Resources);
        Assert.Equal(manager, Reference(episode, "careManager"));
    }

    private async Task DischargeAsync(string door)
    {
        switch (door)
        {
            case "message":
                (await Server.PostAsync("$process-message", _hospital.Discharge(Given.Days(-1)))).ShouldBe(200);
                break;
            case "correction":
                (await Server.PostAsync("$process-message", _hospital.Discharge(Given.Days(0)))).ShouldBe(200);
                break;
            case "document":
                (await Server.PostAsync("Bundle", _hospital.Document(Given.Days(-1)))).ShouldBe(201);
                break;
            default:
                (
                    await Server.PostAsync(
                        "Encounter",
                        $$$"""{"resourceType":"Encounter","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},"subject":{"reference":"{{{_patient}}}"},"period":{"start":"{{{Given.Days(-4)}}}","end":"{{{Given.Days(-1)}}}"}}"""
                    )
                ).ShouldBe(201);
                break;
        }
    }

    private async Task PatientAsync(string? organization)
    {
        (await Server.PutAsync($"Practitioner/{_doctor}", Given.Practitioner(_doctor))).ShouldBe(201);
        var known = JsonNode.Parse(_hospital.Patient())!;
        known["generalPractitioner"] = JsonNode.Parse($$"""[{"reference":"Practitioner/{{_doctor}}"}]""");
        if (organization is not null)
        {
            await OrganizationAsync(Server, organization);
            known["managingOrganization"] = JsonNode.Parse($$"""{"reference":"Organization/{{organization}}"}""");
        }

        _patient = "Patient/" + (await Server.PostAsync("Patient", known.ToJsonString())).ShouldBe(201).Id;
    }

    private static async Task OrganizationAsync(TestServer server, string id) =>
        Assert.True(
            (
                await server.PutAsync(
                    $"Organization/{id}",
                    $$"""{"resourceType":"Organization","id":"{{id}}","name":"Us","active":true}"""
                )
            ).Status
                is 200
                    or 201
        );

    private Task<string> ManagerAsync(string organization, bool isAway = false) =>
        ManagerAsync(Server, organization, isAway);

    private static async Task<string> ManagerAsync(TestServer server, string? organization, bool isAway = false)
    {
        if (organization is not null)
            await OrganizationAsync(server, organization);
        var person = Given.Id("manager");
        (await server.PutAsync($"Practitioner/{person}", Given.Practitioner(person))).ShouldBe(201);
        var away = isAway
            ? $$$""","notAvailable":[{"description":"away","during":{"start":"{{{Given.Days(-9)}}}","end":"{{{Given.Days(9)}}}"}}]"""
            : "";
        var of = organization is null ? "" : $$$""","organization":{"reference":"Organization/{{{organization}}}"}""";
        return "PractitionerRole/"
            + (
                await server.PostAsync(
                    "PractitionerRole",
                    $$$"""{"resourceType":"PractitionerRole","active":true,"practitioner":{"reference":"Practitioner/{{{person}}}"}{{{of}}},"code":[{"coding":[{"system":"http://snomed.info/sct","code":"768820003"}]}]{{{away}}}}"""
                )
            )
                .ShouldBe(201)
                .Id;
    }

    /// <summary>With a patient of somebody else.</summary>
    private async Task BusyAsync(string manager)
    {
        var other = Given.Id("p");
        (await Server.PutAsync($"Patient/{other}", Given.Patient(other))).ShouldBe(201);
        (
            await Server.PostAsync(
                "EpisodeOfCare",
                $$$"""{"resourceType":"EpisodeOfCare","status":"active","patient":{"reference":"Patient/{{{other}}}"},"careManager":{"reference":"{{{manager}}}"}}"""
            )
        ).ShouldBe(201);
    }

    private async Task<JsonElement[]> OfAsync(string type, string of) =>
        [.. (await Server.GetAsync($"{type}?{of}={_patient}&_count=100")).ShouldBe(200).Resources];

    private static string[] Members(JsonElement team) =>
        [
            .. team.GetProperty("participant")
                .EnumerateArray()
                .Select(p => p.GetProperty("member"))
                .Where(m => m.TryGetProperty("reference", out _))
                .Select(m => m.GetProperty("reference").GetString()!),
        ];

    private static string Reference(JsonElement resource, string name) =>
        resource.GetProperty(name).GetProperty("reference").GetString()!;
}
