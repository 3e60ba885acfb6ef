using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Transitions;

/// <summary>What people do after a discharge: reach the patient, reconcile medications; and what a death ends.</summary>
public abstract class TransitionCareTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : TransitionCareTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : TransitionCareTests(shared);

    [Fact]
    public async Task The_second_attempt_is_asked_for_when_the_first_one_fails_and_two_in_time_excuse_the_contact()
    {
        // Due in the future, so that what is done now is in time.
        var hospital = new Hospital { Start = At(-4), End = At(0) };
        (await Server.PostAsync("$submit-transition", hospital.Discharge(Now()))).ShouldBe(200);
        var patient = await PatientAsync(hospital);
        var episode = Assert.Single((await Server.GetAsync($"EpisodeOfCare?patient={patient}")).ShouldBe(200).Ids);
        Assert.Equal("running", (await ClockAsync(episode, "contact")).State);
        var first = Assert.Single(await WorkAsync(patient, "contact"));

        await FailAsync(first);

        var second = Assert.Single(await WorkAsync(patient, "contact"));
        Assert.NotEqual(Id(first), Id(second));
        Assert.Equal(DueOf(first), DueOf(second));
        var plan = Assert.Single((await Server.GetAsync($"CarePlan?subject={patient}")).Resources);
        Assert.Contains($"Task/{Id(second)}", plan.GetProperty("activity").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(("running", 1), await ClockAsync(episode, "contact"));

        await FailAsync(second);

        Assert.Empty(await WorkAsync(patient, "contact", "requested,ready"));
        Assert.Equal(("excused", 2), await ClockAsync(episode, "contact"));
    }

    [Fact]
    public async Task A_clock_is_met_by_its_task_and_missed_when_its_time_is_over()
    {
        var hospital = new Hospital();
        (await Server.PostAsync("$submit-transition", hospital.Discharge("2026-11-20T16:10:00Z"))).ShouldBe(200);
        var patient = await PatientAsync(hospital);
        var episode = Assert.Single((await Server.GetAsync($"EpisodeOfCare?patient={patient}")).ShouldBe(200).Ids);

        Assert.Equal("running", (await ClockAsync(episode, "contact", "2026-11-24T23:59:59Z")).State);
        Assert.Equal("missed", (await ClockAsync(episode, "contact", "2026-11-25T00:00:00Z")).State);
        Assert.Equal("running", (await ClockAsync(episode, "close", "2026-12-19")).State);
        Assert.Equal("missed", (await ClockAsync(episode, "close", "2026-12-20")).State);

        var visit = Assert.Single(await WorkAsync(patient, "visit"));
        await DoAsync(visit, "$complete");
        Assert.Equal("met", (await ClockAsync(episode, "visit")).State);
    }

    [Fact]
    public async Task The_medications_of_the_discharge_are_compared_with_those_before()
    {
        var hospital = new Hospital();
        (await Server.PostAsync("$submit-transition", hospital.Admit("2026-11-16T09:40:00Z"))).ShouldBe(200);
        var patient = await PatientAsync(hospital);
        foreach (
            var (code, dose) in (IEnumerable<(string, string)>)
                [("1", "once a day"), ("2", "once a day"), ("3", "once a day")]
        )
            (
                await Server.PostAsync(
                    "MedicationStatement",
                    $$$"""{"resourceType":"MedicationStatement","status":"active","subject":{"reference":"{{{patient}}}"},"medicationCodeableConcept":{"coding":[{"system":"urn:drug","code":"{{{code}}}"}]},"dosage":[{"text":"{{{dose}}}"}]}"""
                )
            ).ShouldBe(201);
        foreach (
            var (code, dose) in (IEnumerable<(string, string)>)
                [("1", "Once  a day"), ("2", "twice a day"), ("4", "once a day"), ("4", "at night")]
        )
            hospital.More.Add(
                $$$"""{"resourceType":"MedicationRequest","id":"m{{{code}}}{{{dose.Length}}}","status":"active","intent":"order","subject":{{{hospital.Reference("p")}}},"medicationCodeableConcept":{"coding":[{"system":"urn:drug","code":"{{{code}}}"}]},"dosageInstruction":[{"text":"{{{dose}}}"}]}"""
            );

        for (var times = 0; times < 2; times++)
        {
            (await Server.PostAsync("$submit-transition", hospital.Discharge($"2026-11-20T16:1{times}:00Z"))).ShouldBe(
                200
            );

            var list = Assert.Single((await Server.GetAsync($"List?subject={patient}")).ShouldBe(200).Resources);
            Assert.Equal(
                [
                    "continued MedicationRequest",
                    "changed MedicationRequest",
                    "new MedicationRequest",
                    "duplicate MedicationRequest",
                    "stopped MedicationStatement",
                ],
                list.GetProperty("entry")
                    .EnumerateArray()
                    .Select(e =>
                        $"{e.GetProperty("flag").GetProperty("coding")[0].GetProperty("code")} {e.GetProperty("item").GetProperty("reference").GetString()!.Split('/')[0]}"
                    )
            );
            Assert.Equal(
                $"List/{Id(list)}",
                Assert
                    .Single(await WorkAsync(patient, "medications"))
                    .GetProperty("focus")
                    .GetProperty("reference")
                    .GetString()
            );
        }
    }

    [Fact]
    public async Task A_death_in_hospital_ends_the_care_and_leaves_one_thing_to_do()
    {
        var first = new Hospital();
        (await Server.PostAsync("$submit-transition", first.Discharge("2026-11-20T16:10:00Z"))).ShouldBe(200);
        var patient = await PatientAsync(first);
        var second = new Hospital(person: first.Person)
        {
            Family = first.Family,
            Start = "2026-11-23T02:00:00Z",
            End = "2026-11-25T09:00:00Z",
            Disposition = "exp",
        };

        (await Server.PostAsync("$submit-transition", second.Discharge("2026-11-25T09:10:00Z"))).ShouldBe(200);

        Assert.Equal("2026-11-25T09:00:00Z", (await Server.GetAsync(patient)).Text("deceasedDateTime"));
        Assert.Empty((await Server.GetAsync($"CarePlan?subject={patient}&status=active,on-hold")).Resources);
        var left = Assert.Single(
            (await Server.GetAsync($"Task?patient={patient}&status=requested,ready,on-hold")).Resources
        );
        Assert.Equal("bereavement", CodeOf(left));
    }

    [Fact]
    public async Task Candidates_are_graded_and_the_surest_is_the_first()
    {
        var hospital = new Hospital();
        var known = (await Server.PostAsync("Patient", hospital.Patient())).ShouldBe(201).Id;
        var similar = (
            await Server.PostAsync(
                "Patient",
                hospital.Patient().Replace(hospital.Person, Given.Id("other"), StringComparison.Ordinal)
            )
        )
            .ShouldBe(201)
            .Id;

        var all = (await Server.PostAsync("Patient/$match", hospital.Patient())).ShouldBe(200);
        Assert.Equal([known, similar], all.Ids);
        Assert.Equal(
            ["1 certain", "0.75 probable"],
            all.Entries.Select(e => e.GetProperty("search"))
                .Select(s => $"{s.GetProperty("score")} {s.GetProperty("extension")[0].GetProperty("valueCode")}")
        );
        var certain = (
            await Server.AskAsync(
                "Patient/$match",
                $$"""{"name":"resource","resource":{{hospital.Patient()}}}""",
                Ask.Value("onlyCertainMatches", "valueBoolean", "true")
            )
        ).ShouldBe(200);
        Assert.Equal([known], certain.Ids);
        var nobody = (await Server.PostAsync("Patient/$match", new Hospital().Patient())).ShouldBe(200);
        Assert.Equal(("searchset", "0"), (nobody.Text("type"), nobody.Text("total")));
        (await Server.PostAsync("Patient/$match", Given.Practitioner("x"))).ShouldBe(400);
    }

    private async Task FailAsync(JsonElement task) =>
        await DoAsync(task, "$fail", Ask.Text("reason", "nobody answers"));

    private async Task DoAsync(JsonElement task, string command, params string[] parameters)
    {
        var worker = Given.Id("nurse");
        (await Server.PutAsync($"Practitioner/{worker}", Given.Practitioner(worker))).ShouldBe(201);
        if (!task.TryGetProperty("owner", out _))
        {
            (
                await Server.AskAsync(
                    $"Task/{Id(task)}/$claim",
                    Ask.Reference("practitioner", $"Practitioner/{worker}")
                )
            ).ShouldBe(200);
            (await Server.AskAsync($"Task/{Id(task)}/$accept")).ShouldBe(200);
        }

        (await Server.AskAsync($"Task/{Id(task)}/$start")).ShouldBe(200);
        (await Server.AskAsync($"Task/{Id(task)}/{command}", parameters)).ShouldBe(200);
    }

    private async Task<(string State, int Attempts)> ClockAsync(string episode, string name, string? asOf = null)
    {
        var status = (
            await Server.GetAsync($"EpisodeOfCare/{episode}/$transition-status{(asOf is null ? "" : $"?asOf={asOf}")}")
        ).ShouldBe(200);
        var clock = status
            .Json.GetProperty("parameter")
            .EnumerateArray()
            .Where(p => p.GetProperty("name").GetString() == "clock")
            .Select(p => p.GetProperty("part").EnumerateArray().ToDictionary(x => x.GetProperty("name").GetString()!))
            .Single(p => p["name"].GetProperty("valueCode").GetString() == name);
        return (
            clock["state"].GetProperty("valueCode").GetString()!,
            clock.TryGetValue("attempts", out var attempts) ? attempts.GetProperty("valueInteger").GetInt32() : 0
        );
    }

    private async Task<string> PatientAsync(Hospital hospital) =>
        "Patient/"
        + Assert.Single(
            (await Server.GetAsync($"Patient?identifier=urn:hospital:mrn|{hospital.Person}")).ShouldBe(200).Ids
        );

    private async Task<JsonElement[]> WorkAsync(string patient, string code, string status = "requested,ready") =>
        [
            .. (await Server.GetAsync($"Task?patient={patient}&status={status}&_count=100"))
                .ShouldBe(200)
                .Resources.Where(t => CodeOf(t) == code),
        ];

    private static string CodeOf(JsonElement task) =>
        task.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString()!;

    private static string Id(JsonElement resource) => resource.GetProperty("id").GetString()!;

    private static string DueOf(JsonElement task) =>
        task.GetProperty("restriction").GetProperty("period").GetProperty("end").GetString()!;

    private static string At(int days) =>
        TimeProvider
            .System.GetUtcNow()
            .AddDays(days)
            .ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    private static string Now() => At(0);
}
