using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Transitions;

/// <summary>A hospital tells of stays, through the two doors for Bundles: what is stored, what is planned, and what a repetition does.</summary>
public abstract class TransitionTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : TransitionTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : TransitionTests(shared);

    [Theory]
    [InlineData("$submit-transition")]
    [InlineData("$process-message")]
    public async Task A_discharge_is_stored_and_starts_the_plan_of_the_days_after_it(string door)
    {
        var hospital = new Hospital();
        hospital.More.Add(
            $$$"""{"resourceType":"Condition","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-category","code":"encounter-diagnosis"}]}],"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"I50.9"}]},"subject":{{{hospital.Reference("p")}}},"encounter":{{{hospital.Reference("e")}}}}"""
        );

        var answer = (await Server.PostAsync(door, hospital.Discharge("2026-11-20T16:10:00Z"))).ShouldBe(200);

        var patient = Assert.Single((await PatientsAsync(hospital)));
        var stay = Assert.Single((await StaysAsync(hospital)));
        Assert.Equal("finished", Text(stay, "status"));
        Assert.Equal(patient, stay.GetProperty("subject").GetProperty("reference").GetString());
        var plan = Assert.Single(await PlansAsync(patient));
        Assert.Equal("active", Text(plan, "status"));
        Assert.Equal(
            ("2026-11-20", "2026-12-19"),
            (Text(plan.GetProperty("period"), "start"), Text(plan.GetProperty("period"), "end"))
        );
        var condition = Assert.Single((await Server.GetAsync($"Condition?patient={patient}")).ShouldBe(200).Resources);
        Assert.Equal(
            $"Condition/{Text(condition, "id")}",
            Assert.Single(plan.GetProperty("addresses").EnumerateArray()).GetProperty("reference").GetString()
        );
        Assert.Equal(
            [
                "call 2026-11-27",
                "call 2026-12-04",
                "call 2026-12-11",
                "call 2026-12-18",
                "close 2026-12-19",
                "contact 2026-11-24",
                "medications 2026-11-27",
                "needs 2026-11-24",
                "papers 2026-11-23",
                "services 2026-11-25",
                "visit 2026-12-04",
            ],
            await DuesAsync(plan)
        );
        Assert.Equal(4, plan.GetProperty("goal").GetArrayLength());
        var record =
            door == "$submit-transition" ? answer.Json : answer.Json.GetProperty("entry")[1].GetProperty("resource");
        Assert.Equal("completed", Text(record, "status"));
        Assert.Equal($"Encounter/{Text(stay, "id")}", record.GetProperty("focus").GetProperty("reference").GetString());
        Assert.Contains("RiskAssessment/", record.GetProperty("output").GetRawText(), StringComparison.Ordinal);
        var teller = stay.GetProperty("serviceProvider").GetProperty("reference").GetString();
        Assert.Contains(
            await Server.ProvenanceOfAsync($"CarePlan/{Text(plan, "id")}", 1),
            p => p.GetProperty("agent")[0].GetProperty("who").GetProperty("reference").GetString() == teller
        );
        Assert.Contains(
            $"CarePlan/{Text(plan, "id")}",
            record.GetProperty("output").GetRawText(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_is_sent_again_is_answered_as_the_first_time_and_makes_nothing()
    {
        var hospital = new Hospital();
        var message = hospital.Discharge("2026-11-20T16:10:00Z");
        var first = (await Server.PostAsync("$process-message", message)).ShouldBe(200);
        var count = await CountAsync(hospital);

        // With another id of the Bundle and another time, as a notification is sent again.
        var again = message
            .Replace("\"id\":\"b-", "\"id\":\"c-", StringComparison.Ordinal)
            .Replace("16:10:00Z", "16:20:00Z", StringComparison.Ordinal);

        Assert.Equal(first.Body, (await Server.PostAsync("$process-message", message)).ShouldBe(200).Body);
        Assert.Equal(first.Body, (await Server.PostAsync("$process-message", again)).ShouldBe(200).Body);
        Assert.Equal(count, await CountAsync(hospital));
    }

    [Fact]
    public async Task A_message_made_anew_with_an_id_of_its_own_doubles_nothing()
    {
        var hospital = new Hospital();
        (await Server.PostAsync("$submit-transition", hospital.Discharge("2026-11-20T16:10:00Z"))).ShouldBe(200);
        (await Server.PostAsync("$submit-transition", hospital.Discharge("2026-11-20T17:10:00Z"))).ShouldBe(200);

        var patient = Assert.Single(await PatientsAsync(hospital));
        Assert.Single(await StaysAsync(hospital));
        Assert.Equal(11, (await DuesAsync(Assert.Single(await PlansAsync(patient)))).Length);
    }

    [Fact]
    public async Task Sixty_four_posts_of_one_discharge_make_one_plan()
    {
        var hospital = new Hospital();
        var message = hospital.Discharge("2026-11-20T16:10:00Z");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 64).Select(_ => Server.PostAsync("$submit-transition", message))
        );

        Assert.All(answers, a => a.ShouldBe(200));
        Assert.Single(answers.Select(a => a.Body).Distinct());
        Assert.Single(await PlansAsync(Assert.Single(await PatientsAsync(hospital))));
    }

    [Fact]
    public async Task Sixty_four_messages_of_one_stay_at_once_make_one_plan()
    {
        var hospital = new Hospital();
        var messages = Enumerable
            .Range(0, 64)
            .Select(i => hospital.Discharge($"2026-11-20T16:{i % 60:00}:{i / 60:00}Z"))
            .ToArray();

        var answers = await Task.WhenAll(messages.Select(m => Server.PostAsync("$submit-transition", m)));

        Assert.All(answers, a => a.ShouldBe(200));
        Assert.Single(await StaysAsync(hospital));
        Assert.Equal(
            11,
            (await DuesAsync(Assert.Single(await PlansAsync(Assert.Single(await PatientsAsync(hospital)))))).Length
        );
    }

    [Theory]
    [InlineData("exp", 0, "bereavement")]
    [InlineData("hosp", 0, "hospice")]
    [InlineData("snf", 1, "facility")]
    [InlineData("aadvice", 1, "contact")]
    public async Task Where_a_discharge_leads_decides_what_follows(string disposition, int plans, string work)
    {
        var hospital = new Hospital { Disposition = disposition };

        (await Server.PostAsync("$submit-transition", hospital.Discharge("2026-11-20T16:10:00Z"))).ShouldBe(200);

        var patient = Assert.Single(await PatientsAsync(hospital));
        Assert.Equal(plans, (await PlansAsync(patient)).Length);
        Assert.Single(
            (
                await Server.GetAsync(
                    $"Task?patient={patient}&code=https://carecoordination.example/fhir/CodeSystem/transition-work|{work}"
                )
            )
                .ShouldBe(200)
                .Resources
        );
    }

    [Fact]
    public async Task A_visit_to_the_emergency_room_starts_no_plan()
    {
        var hospital = new Hospital { Class = "EMER" };

        (await Server.PostAsync("$submit-transition", hospital.Discharge("2026-11-20T16:10:00Z"))).ShouldBe(200);

        Assert.Single(await StaysAsync(hospital));
        Assert.Empty(await PlansAsync(Assert.Single(await PatientsAsync(hospital))));
    }

    [Fact]
    public async Task A_corrected_day_moves_what_is_open_and_keeps_what_is_done()
    {
        var hospital = new Hospital();
        (await Server.PostAsync("$submit-transition", hospital.Discharge("2026-11-20T16:10:00Z"))).ShouldBe(200);
        var patient = Assert.Single(await PatientsAsync(hospital));
        var papers = await WorkAsync(patient, "papers");
        (await Server.AskAsync($"Task/{papers}/$cancel", Ask.Text("reason", "read on the ward"))).ShouldBe(200);

        hospital.End = "2026-11-18T11:00:00Z";
        (await Server.PostAsync("$submit-transition", hospital.Discharge("2026-11-20T18:00:00Z"))).ShouldBe(200);

        var plan = Assert.Single(await PlansAsync(patient));
        Assert.Equal("2026-11-18", Text(plan.GetProperty("period"), "start"));
        var dues = await DuesAsync(plan);
        Assert.Contains("contact 2026-11-20", dues);
        Assert.Contains("close 2026-12-17", dues);
        Assert.Contains("papers 2026-11-23", dues);
        Assert.Equal("cancelled", await Server.StatusOfAsync($"Task/{papers}"));
    }

    [Fact]
    public async Task A_discharge_that_is_taken_back_ends_its_plan_and_a_later_one_begins_a_new_one()
    {
        var hospital = new Hospital();
        (await Server.PostAsync("$submit-transition", hospital.Discharge("2026-11-20T16:10:00Z"))).ShouldBe(200);
        var patient = Assert.Single(await PatientsAsync(hospital));
        var first = Text(Assert.Single(await PlansAsync(patient)), "id");

        (await Server.PostAsync("$submit-transition", hospital.CancelDischarge("2026-11-20T17:00:00Z"))).ShouldBe(200);
        Assert.Equal("revoked", await Server.StatusOfAsync($"CarePlan/{first}"));
        Assert.Equal("in-progress", Text(Assert.Single(await StaysAsync(hospital)), "status"));
        Assert.Empty(await OpenWorkAsync(patient));

        hospital.End = "2026-11-23T10:00:00Z";
        (await Server.PostAsync("$submit-transition", hospital.Discharge("2026-11-23T10:10:00Z"))).ShouldBe(200);
        var second = Assert.Single(await PlansAsync(patient), p => Text(p, "status") == "active");
        Assert.NotEqual(first, Text(second, "id"));
        Assert.Equal("2026-11-23", Text(second.GetProperty("period"), "start"));
    }

    [Fact]
    public async Task A_readmission_rests_the_plan_and_the_next_discharge_replaces_it()
    {
        var first = new Hospital();
        (await Server.PostAsync("$submit-transition", first.Discharge("2026-11-20T16:10:00Z"))).ShouldBe(200);
        var patient = Assert.Single(await PatientsAsync(first));
        var plan = Text(Assert.Single(await PlansAsync(patient)), "id");
        var second = new Hospital(person: first.Person)
        {
            Family = first.Family,
            Start = "2026-11-23T02:00:00Z",
            End = "2026-11-25T09:00:00Z",
        };

        (await Server.PostAsync("$submit-transition", second.Admit("2026-11-23T02:10:00Z"))).ShouldBe(200);
        Assert.Equal("on-hold", await Server.StatusOfAsync($"CarePlan/{plan}"));
        Assert.Empty((await OpenWorkAsync(patient)).Where(t => Text(t, "status") != "on-hold"));

        (await Server.PostAsync("$submit-transition", second.Discharge("2026-11-25T09:10:00Z"))).ShouldBe(200);
        Assert.Equal("revoked", await Server.StatusOfAsync($"CarePlan/{plan}"));
        var next = Assert.Single(await PlansAsync(patient), p => Text(p, "status") == "active");
        Assert.Contains($"CarePlan/{plan}", next.GetProperty("replaces").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_readmission_that_was_a_mistake_lets_the_plan_go_on()
    {
        var first = new Hospital();
        (await Server.PostAsync("$submit-transition", first.Discharge("2026-11-20T16:10:00Z"))).ShouldBe(200);
        var patient = Assert.Single(await PatientsAsync(first));
        var before = (await OpenWorkAsync(patient)).Select(t => $"{Text(t, "id")} {Text(t, "status")}").Order();
        var second = new Hospital(person: first.Person) { Family = first.Family, Start = "2026-11-23T02:00:00Z" };

        (await Server.PostAsync("$submit-transition", second.Admit("2026-11-23T02:10:00Z"))).ShouldBe(200);
        (await Server.PostAsync("$submit-transition", second.CancelAdmit("2026-11-23T02:30:00Z"))).ShouldBe(200);

        Assert.Equal("active", Text(Assert.Single(await PlansAsync(patient)), "status"));
        Assert.Equal(
            before,
            (await OpenWorkAsync(patient)).Select(t => $"{Text(t, "id")} {Text(t, "status")}").Order()
        );
    }

    /// <summary>Neither message writes what the other one reads, and both have to know of each other.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_discharge_and_the_next_admission_at_once_leave_the_plan_on_hold(bool isWritten)
    {
        for (var round = 0; round < 20; round++)
        {
            var start = TimeProvider
                .System.GetUtcNow()
                .AddDays(-3)
                .ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
            var end = TimeProvider
                .System.GetUtcNow()
                .AddDays(-2)
                .ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
            var back = TimeProvider
                .System.GetUtcNow()
                .AddDays(-1)
                .ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
            var first = new Hospital { Start = start, End = end };
            var second = new Hospital(person: first.Person) { Family = first.Family, Start = back };
            var patient = (await Server.PostAsync("Patient", first.Patient())).ShouldBe(201).Id;
            var admission = isWritten
                ? Server.PostAsync(
                    "Encounter",
                    $$$"""{"resourceType":"Encounter","status":"in-progress","class":{"code":"IMP"},"subject":{"reference":"Patient/{{{patient}}}"},"period":{"start":"{{{back}}}"}}"""
                )
                : Server.PostAsync("$submit-transition", second.Admit(back));

            var answers = await Task.WhenAll(Server.PostAsync("$submit-transition", first.Discharge(end)), admission);

            Assert.All(answers, a => Assert.InRange(a.Status, 200, 201));
            Assert.Equal("on-hold", Text(Assert.Single(await PlansAsync($"Patient/{patient}")), "status"));
        }
    }

    private async Task<string[]> PatientsAsync(Hospital hospital) =>
        [
            .. (await Server.GetAsync($"Patient?identifier=urn:hospital:mrn|{hospital.Person}"))
                .ShouldBe(200)
                .Ids.Select(i => $"Patient/{i}"),
        ];

    private async Task<JsonElement[]> StaysAsync(Hospital hospital) =>
        [
            .. (await Server.GetAsync($"Encounter?identifier=urn:hospital:visit|{hospital.Visit}"))
                .ShouldBe(200)
                .Resources,
        ];

    private async Task<JsonElement[]> PlansAsync(string patient) =>
        [.. (await Server.GetAsync($"CarePlan?subject={patient}")).ShouldBe(200).Resources];

    private async Task<JsonElement[]> OpenWorkAsync(string patient) =>
        [
            .. (await Server.GetAsync($"Task?patient={patient}&status=requested,ready,on-hold&_count=100"))
                .ShouldBe(200)
                .Resources,
        ];

    private async Task<string> WorkAsync(string patient, string code) =>
        Text(Assert.Single(await OpenWorkAsync(patient), t => CodeOf(t) == code), "id");

    private async Task<string[]> DuesAsync(JsonElement plan)
    {
        var tasks = (await Server.GetAsync($"Task?based-on=CarePlan/{Text(plan, "id")}&_count=100")).ShouldBe(200);
        return
        [
            .. tasks
                .Resources.Select(t =>
                    $"{CodeOf(t)} {t.GetProperty("restriction").GetProperty("period").GetProperty("end").GetString()![..10]}"
                )
                .Order(StringComparer.Ordinal),
        ];
    }

    private async Task<int> CountAsync(Hospital hospital)
    {
        var patient = Assert.Single(await PatientsAsync(hospital));
        return (await Server.GetAsync($"{patient}/$everything?_count=1000")).ShouldBe(200).Resources.Count();
    }

    private static string CodeOf(JsonElement task) =>
        task.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString()!;

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
