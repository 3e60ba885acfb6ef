using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Caseload;

/// <summary><c>Patient/$assign-care-manager</c>, through HTTP.</summary>
public abstract class AssignCareManagerTests(SharedServer shared) : ServerTests(shared)
{
    private const string PlanNet =
        "'extension':[{'url':'http://hl7.org/fhir/us/davinci-pdex-plan-net/StructureDefinition/practitioner-qualification','extension':[{'url':'status','valueCode':'active'},{'url':'whereValid','valueCodeableConcept':{'coding':[{'system':'https://www.usps.com/','code':'{0}'}]}}]}]";

    public sealed class OnSqlite(SqliteServer shared) : AssignCareManagerTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : AssignCareManagerTests(shared);

    [Fact]
    public async Task Tells_the_episode_and_the_team_and_takes_open_tasks_that_nobody_owns()
    {
        var ward = await Ward.OpenAsync(Server);
        var manager = await ward.ManagerAsync();
        var (patient, episode) = await ward.PatientAsync();
        var open = await ward.TaskAsync(patient, "requested");
        var owned = await ward.TaskAsync(patient, "ready", "Practitioner/nurse");
        var done = await ward.TaskAsync(patient, "completed");
        var pharmacist = await ward.TaskAsync(
            patient,
            "requested",
            more: ",'performerType':[{'coding':[{'code':'46255001'}]}]"
        );

        var answer = await Server.AskAsync(
            $"{patient}/$assign-care-manager",
            Ask.Reference("practitionerRole", manager),
            Ask.Text("reason", "Discharged today")
        );

        Assert.Equal(
            ("EpisodeOfCare", episode),
            (answer.ShouldBe(200).Text("resourceType"), $"EpisodeOfCare/{answer.Id}")
        );
        Assert.Equal(manager, await ward.ManagerOfAsync(episode));
        Assert.Equal([manager], await ward.TeamAsync(episode));
        Assert.Equal(
            (manager, "Practitioner/nurse", null, null),
            (
                await ward.OwnerAsync(open),
                await ward.OwnerAsync(owned),
                await ward.OwnerAsync(done),
                await ward.OwnerAsync(pharmacist)
            )
        );
        Assert.Single(await Server.ProvenanceOfAsync(episode, 2));
        var again = await Server.AskAsync(
            $"{patient}/$assign-care-manager",
            Ask.Reference("practitionerRole", manager)
        );
        Assert.Equal(answer.ETag, again.ShouldBe(200).ETag);
    }

    [Fact]
    public async Task Chooses_who_knows_the_patient_then_who_speaks_the_language_then_who_has_room()
    {
        var ward = await Ward.OpenAsync(Server);
        var busy = await ward.ManagerAsync();
        var free = await ward.ManagerAsync();
        var speaker = await ward.ManagerAsync(",'communication':[{'coding':[{'code':'es'}]}]");
        var away = await ward.ManagerAsync(role: ",'active':false");
        await ward.PatientAsync(busy);
        await ward.PatientAsync(speaker);
        var (known, _) = await ward.PatientAsync();
        await Server.PostAsync(
            "CareTeam",
            $$$"""{"resourceType":"CareTeam","status":"inactive","subject":{"reference":"{{{known}}}"},"participant":[{"member":{"reference":"{{{busy.Replace("Role", "", StringComparison.Ordinal)}}}"}},{"member":{"reference":"{{{away}}}"}}]}"""
        );
        var (spanish, _) = await ward.PatientAsync(
            more: ",'communication':[{'language':{'coding':[{'code':'es-MX'}]},'preferred':true}]"
        );
        var (other, _) = await ward.PatientAsync();

        Assert.Equal(busy, await ChosenAsync(known));
        Assert.Equal(speaker, await ChosenAsync(spanish));
        Assert.Equal(free, await ChosenAsync(other));
    }

    [Fact]
    public async Task Says_of_each_why_nobody_can_take_the_patient()
    {
        var ward = await Ward.OpenAsync(Server);
        var away = await ward.ManagerAsync(
            role: ",'notAvailable':[{'description':'leave','during':{'start':'2020-01-01'}}]"
        );
        var expired = await ward.ManagerAsync(
            ",'qualification':[{'code':{'text':'RN'},'period':{'start':'2001-01-01','end':'2020-12-31'}}]"
        );
        var elsewhere = await ward.ManagerAsync(
            $",'qualification':[{{'code':{{'text':'RN'}},'period':{{'end':'2999-12-31'}},{PlanNet.Replace("{0}", "NJ", StringComparison.Ordinal)}}}]"
        );
        var (patient, episode) = await ward.PatientAsync(more: ",'address':[{'use':'home','state':'NY'}]");

        var refused = (await Server.AskAsync($"{patient}/$assign-care-manager")).ShouldBe(422);

        Assert.Equal(
            new[]
            {
                $"{away} cannot take the patient: away.",
                $"{expired} cannot take the patient: licence-expired.",
                $"{elsewhere} cannot take the patient: licence-state.",
            }.Order(StringComparer.Ordinal),
            refused
                .Issues.Select(i => i["error business-rule Parameters.parameter: ".Length..])
                .Order(StringComparer.Ordinal)
        );
        foreach (
            var (manager, rule) in new[] { (away, "away"), (expired, "licence-expired"), (elsewhere, "licence-state") }
        )
            Assert.Equal(
                rule,
                Ward.Rule(
                    await Server.AskAsync($"{patient}/$assign-care-manager", Ask.Reference("practitionerRole", manager))
                )
            );
        Assert.Equal("W/\"1\"", (await Server.GetAsync(episode)).ETag);
    }

    [Fact]
    public async Task Another_active_manager_is_a_conflict_and_the_same_person_is_not()
    {
        var ward = await Ward.OpenAsync(Server);
        var (first, second) = (await ward.ManagerAsync(), await ward.ManagerAsync());
        var (patient, episode) = await ward.PatientAsync(first.Replace("Role", "", StringComparison.Ordinal));

        var refused = await Server.AskAsync(
            $"{patient}/$assign-care-manager",
            Ask.Reference("practitionerRole", second)
        );
        Assert.Equal((409, "other-manager"), (refused.Status, Ward.Rule(refused)));
        (await Server.AskAsync($"{patient}/$assign-care-manager", Ask.Reference("practitionerRole", first))).ShouldBe(
            200
        );
        Assert.Equal(first, await ward.ManagerOfAsync(episode));

        var next = await ward.EpisodeAsync(patient, more: ",'type':[{'coding':[{'code':'da'}]}]");
        var ambiguous = await Server.AskAsync($"{patient}/$assign-care-manager");
        Assert.Equal((422, "episode-ambiguous"), (ambiguous.Status, Ward.Rule(ambiguous)));
        (
            await Server.AskAsync(
                $"{patient}/$assign-care-manager",
                Ask.Reference("practitionerRole", second),
                Ask.Text("program", "da")
            )
        ).ShouldBe(409);
        (await Server.AskAsync($"{patient}/$assign-care-manager", Ask.Text("program", "da"))).ShouldBe(200);
        Assert.Equal(first, await ward.ManagerOfAsync(next));
    }

    [Fact]
    public async Task Of_two_managers_who_are_assigned_at_once_one_wins_in_whatever_episode()
    {
        var ward = await Ward.OpenAsync(Server);
        var managers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ward.ManagerAsync()));
        var (patient, episode) = await ward.PatientAsync();
        var other = await ward.EpisodeAsync(patient, more: ",'type':[{'text':'transition'}]");

        var answers = await Task.WhenAll(
            managers.Select(
                (m, i) =>
                    Server.AskAsync(
                        $"{patient}/$assign-care-manager",
                        Ask.Reference("practitionerRole", m),
                        i % 2 == 0 ? Ask.Text("program", "transition") : Ask.Text("program", "none")
                    )
            )
        );

        Assert.Equal([200, 409, 409, 409], answers.Where((_, i) => i % 2 == 0).Select(a => a.Status).Order());
        Assert.Contains(await ward.ManagerOfAsync(other), managers);
        Assert.Null(await ward.ManagerOfAsync(episode));
        Assert.All(answers.Where((_, i) => i % 2 == 1), a => Assert.Equal("no-episode", Ward.Rule(a)));
    }

    private async Task<string?> ChosenAsync(string patient) =>
        (await Server.AskAsync($"{patient}/$assign-care-manager")).ShouldBe(200).At("careManager", "reference");
}

/// <summary>The cap is a rule of the configuration.</summary>
public sealed class CapTests
{
    [Fact]
    public async Task A_manager_at_the_cap_is_ruled_out_unless_a_lead_goes_beyond_it()
    {
        await using var server = await TestServer.OnSqliteAsync(
            "--Care:Rules:0:EffectiveFrom=2020-01-01",
            "--Care:Rules:0:MostPatients=1"
        );
        var ward = await Ward.OpenAsync(server);
        var manager = await ward.ManagerAsync();
        await ward.PatientAsync(manager);
        var (patient, _) = await ward.PatientAsync();
        var asked = Ask.Reference("practitionerRole", manager);

        var refused = await server.AskAsync($"{patient}/$assign-care-manager", asked);
        Assert.Equal((422, "cap-exceeded"), (refused.Status, Ward.Rule(refused)));
        var lead = Ask.Value("overrideCap", "valueBoolean", "true");
        (await server.AskAsync($"{patient}/$assign-care-manager", asked, lead)).ShouldBe(200);
    }
}
