using CareCoordination.Application.Timers;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Programmes;

/// <summary>From an enrolment to a charge, through HTTP, on both engines.</summary>
public sealed class ProgramTests
{
    public static TheoryData<string> Engines => ["sqlite", "postgresql"];

    [Theory, MemberData(nameof(Engines))]
    public async Task From_the_enrolment_to_the_charge_with_its_evidence(string engine)
    {
        await using var practice = await Practice.OpenAsync(engine);
        var patient = await practice.PatientAsync();
        var episode = await practice.EnrolledAsync(patient);
        var stored = (await practice.Server.GetAsync(episode)).ShouldBe(200);
        var consent = stored
            .Json.GetProperty("extension")[0]
            .GetProperty("valueReference")
            .GetProperty("reference")
            .GetString()!;
        Assert.Equal("active", await practice.Server.StatusOfAsync(consent));
        var group = Assert.Single((await practice.Server.GetAsync($"Group?member={patient}")).ShouldBe(200).Resources);
        Assert.Equal(
            "2026-09-03",
            group.GetProperty("member")[0].GetProperty("period").GetProperty("start").GetString()
        );

        var call = await practice.LoggedAsync(
            episode,
            12,
            "2026-11-03T10:00:00-05:00",
            more: Ask.Value("contact", "valueCode", "\"virtual\"")
        );
        Assert.StartsWith("Encounter/", call, StringComparison.Ordinal);
        var month = await practice.MonthAsync(episode);
        Assert.Equal((12, "99490 in 8", 0), (month.Minutes, month.Next, month.Codes.Length));
        Assert.Empty(await practice.ChargesAsync(patient));

        var review = await practice.LoggedAsync(
            episode,
            8,
            "2026-11-04T10:00:00-05:00",
            more: Ask.Text("activity", "Reviewed the medications")
        );
        Assert.StartsWith("Task/", review, StringComparison.Ordinal);
        month = await practice.MonthAsync(episode);
        Assert.Equal((20, "99439 in 20"), (month.Minutes, month.Next));
        Assert.Equal(["99490x1"], month.Codes);
        var plan = $"CarePlan/{patient.Split('/')[1]}-plan";
        Assert.Equal([.. new[] { call, review, consent, plan }.Order(StringComparer.Ordinal)], month.Evidence);
        Assert.Equal(["99490x1 planned"], await practice.ChargesAsync(patient));
        var charge = Assert.Single((await practice.Server.GetAsync($"ChargeItem?subject={patient}")).Resources);
        Assert.Equal(
            month.Evidence,
            charge
                .GetProperty("supportingInformation")
                .EnumerateArray()
                .Select(s => s.GetProperty("reference").GetString()!)
        );
        Assert.Equal(
            "http://www.ama-assn.org/go/cpt",
            charge.GetProperty("code").GetProperty("coding")[0].GetProperty("system").GetString()
        );
        Assert.Equal(episode, charge.GetProperty("context").GetProperty("reference").GetString());

        // The same again makes nothing new.
        (await practice.Server.AskAsync($"{episode}/$draft-charges")).ShouldBe(200);
        Assert.Equal(
            "1",
            Assert
                .Single((await practice.Server.GetAsync($"ChargeItem?subject={patient}")).Resources)
                .GetProperty("meta")
                .GetProperty("versionId")
                .GetString()
        );

        await practice.LoggedAsync(episode, 40, "2026-11-05T10:00:00-05:00");
        Assert.Equal(["99439x2 planned", "99490x1 planned"], await practice.ChargesAsync(patient));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task What_was_logged_in_error_lowers_the_draft_and_what_is_billed_stays(string engine)
    {
        await using var practice = await Practice.OpenAsync(engine);
        var patient = await practice.PatientAsync();
        var episode = await practice.EnrolledAsync(patient);
        await practice.LoggedAsync(episode, 25, "2026-11-03T10:00:00-05:00");
        var wrong = await practice.LoggedAsync(episode, 20, "2026-11-04T10:00:00-05:00");
        Assert.Equal(["99439x1 planned", "99490x1 planned"], await practice.ChargesAsync(patient));

        var task = (await practice.Server.GetAsync(wrong)).Body;
        (
            await practice.Server.PutAsync(
                wrong,
                task.Replace("\"completed\"", "\"entered-in-error\"", StringComparison.Ordinal)
            )
        ).ShouldBe(200);
        Assert.Equal(["99439x1 aborted", "99490x1 planned"], await practice.ChargesAsync(patient));

        // Deleted is as if it had been in error.
        var more = await practice.LoggedAsync(episode, 20, "2026-11-05T10:00:00-05:00");
        Assert.Equal(["99439x1 planned", "99490x1 planned"], await practice.ChargesAsync(patient));
        (await practice.Server.DeleteAsync(more)).ShouldBe(204);
        Assert.Equal(["99439x1 aborted", "99490x1 planned"], await practice.ChargesAsync(patient));

        // What a biller has taken is theirs.
        var item = (await practice.Server.GetAsync($"ChargeItem?subject={patient}&code=99490")).Resources.Single();
        var id = item.GetProperty("id").GetString();
        (
            await practice.Server.PutAsync(
                $"ChargeItem/{id}",
                item.GetRawText().Replace("\"planned\"", "\"billed\"", StringComparison.Ordinal)
            )
        ).ShouldBe(200);
        await practice.LoggedAsync(episode, 40, "2026-11-06T10:00:00-05:00");
        Assert.Equal(["99439x2 planned", "99490x1 billed"], await practice.ChargesAsync(patient));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_call_over_the_end_of_the_month_is_of_two_months_in_the_zone_that_bills(string engine)
    {
        await using var practice = await Practice.OpenAsync(
            engine,
            new DateTimeOffset(2026, 12, 2, 15, 0, 0, TimeSpan.Zero)
        );
        var patient = await practice.PatientAsync();
        var episode = await practice.EnrolledAsync(patient);
        await practice.LoggedAsync(episode, 10, "2026-11-12T10:00:00-05:00");
        await practice.LoggedAsync(episode, 20, "2026-11-30T23:50:00-05:00");

        Assert.Equal(
            (20, 10),
            ((await practice.MonthAsync(episode)).Minutes, (await practice.MonthAsync(episode, "2026-12")).Minutes)
        );
        Assert.Equal(["99490x1 planned"], await practice.ChargesAsync(patient));
        await practice.LoggedAsync(episode, 10, "2026-12-01T12:00:00-05:00");
        Assert.Equal(["99490x1 planned", "99490x1 planned"], await practice.ChargesAsync(patient));
        Assert.Equal(["99490x1 planned"], await practice.ChargesAsync(patient, "2026-12"));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Time_counts_from_the_day_of_the_consent_and_the_code_needs_it(string engine)
    {
        await using var practice = await Practice.OpenAsync(engine);
        var patient = await practice.PatientAsync();
        (await practice.EnrollAsync(patient, "ccm")).ShouldRefuse(
            422,
            "error business-rule Parameters.parameter: Chronic care management needs the patient's consent: name the Consent in 'consent', or record what the patient has said with 'consentGiven'."
        );
        var enrolled = (
            await practice.EnrollAsync(
                patient,
                "ccm",
                Ask.Value("start", "valueDate", "\"2026-11-01\""),
                Practice.Consent("2026-11-10")
            )
        ).ShouldBe(201);
        var episode = $"EpisodeOfCare/{enrolled.Id}";
        var id = patient.Split('/')[1];
        await practice.SetAsync(
            $$$"""{"resourceType":"Condition","id":"{{{id}}}-c0","category":[{"coding":[{"code":"problem-list-item"}]}],"code":{"coding":[{"code":"a"}]},"subject":{"reference":"{{{patient}}}"}}"""
        );
        await practice.LoggedAsync(episode, 15, "2026-11-09T10:00:00-05:00");
        await practice.LoggedAsync(episode, 20, "2026-11-10T10:00:00-05:00");

        var month = await practice.MonthAsync(episode);
        Assert.Equal(20, month.Minutes);
        Assert.Equal(["before-consent 15"], month.NotCounted);
        Assert.Equal(["two-conditions"], month.Blocked);
        Assert.Empty(await practice.ChargesAsync(patient));

        await practice.SetAsync(
            $$$"""{"resourceType":"Condition","id":"{{{id}}}-c1","category":[{"coding":[{"code":"problem-list-item"}]}],"code":{"coding":[{"code":"b"}]},"subject":{"reference":"{{{patient}}}"}}"""
        );
        (await practice.Server.AskAsync($"{episode}/$draft-charges")).ShouldBe(200);
        Assert.Equal(["99490x1 planned"], await practice.ChargesAsync(patient));

        // A consent that is taken back takes the draft along.
        var consent = enrolled
            .Json.GetProperty("extension")[0]
            .GetProperty("valueReference")
            .GetProperty("reference")
            .GetString()!;
        var body = (await practice.Server.GetAsync(consent)).Body;
        (
            await practice.Server.PutAsync(
                consent,
                body.Replace("\"active\"", "\"inactive\"", StringComparison.Ordinal)
            )
        ).ShouldBe(200);
        Assert.Equal(["99490x1 aborted"], await practice.ChargesAsync(patient));
        Assert.Equal(["consent"], (await practice.MonthAsync(episode)).Blocked);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Who_leaves_is_in_the_programme_until_the_end_of_the_month(string engine)
    {
        await using var practice = await Practice.OpenAsync(engine);
        var patient = await practice.PatientAsync();
        var episode = await practice.EnrolledAsync(patient);
        (await practice.EnrollAsync(patient, "pcm", Practice.Consent("2026-11-01"))).ShouldRefuse(
            409,
            $"error conflict Parameters.parameter: The patient is in Chronic care management ({episode}), and a month is billed for one of the two: disenrol there first; the new programme then begins with the next month."
        );
        Assert.Equal(409, (await practice.EnrollAsync(patient, "ccm", Practice.Consent("2026-11-01"))).Status);
        Assert.Equal(201, (await practice.EnrollAsync(patient, "rpm", Practice.Consent("2026-11-01"))).Status);
        Assert.Equal(
            422,
            (
                await practice.Server.AskAsync($"{patient}/$disenroll", Ask.Value("program", "valueCode", "\"ccm\""))
            ).Status
        );

        var left = (
            await practice.Server.AskAsync(
                $"{patient}/$disenroll",
                Ask.Value("program", "valueCode", "\"ccm\""),
                Ask.Text("reason", "Wants to stop")
            )
        ).ShouldBe(200);
        Assert.Equal(("active", "2026-11-30"), (left.Status(), left.At("period", "end")));
        var again = (
            await practice.Server.AskAsync(
                $"{patient}/$disenroll",
                Ask.Value("program", "valueCode", "\"ccm\""),
                Ask.Text("reason", "Again")
            )
        ).ShouldBe(200);
        Assert.Equal(left.ETag, again.ETag);
        await practice.LoggedAsync(episode, 20, "2026-11-18T10:00:00-05:00");
        Assert.Equal(["99490x1"], (await practice.MonthAsync(episode)).Codes);
        Assert.Equal(409, (await practice.EnrollAsync(patient, "pcm", Practice.Consent("2026-11-01"))).Status);

        practice.Clock.Advance(TimeSpan.FromDays(11));
        await practice.Server.Services.GetRequiredService<TimerSweep>().RunAsync(CancellationToken.None);
        Assert.Equal("finished", await practice.Server.StatusOfAsync(episode));
        await practice.LoggedAsync(episode, 20, "2026-12-01T09:00:00-05:00");
        Assert.Equal(422, (await practice.Server.GetAsync($"{episode}/$billing-status?month=2026-12")).Status);
        Assert.Equal(201, (await practice.EnrollAsync(patient, "pcm", Practice.Consent("2026-12-01"))).Status);
        var group = (await practice.Server.GetAsync($"Group?member={patient}&code=ccm")).Resources.Single();
        Assert.Equal("2026-11-30", group.GetProperty("member")[0].GetProperty("period").GetProperty("end").GetString());
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Two_who_log_at_once_both_count_and_make_one_draft_each(string engine)
    {
        await using var practice = await Practice.OpenAsync(engine);
        var patient = await practice.PatientAsync();
        var episode = await practice.EnrolledAsync(patient);
        const int Calls = 12;

        var logged = await Task.WhenAll(
            Enumerable.Range(0, Calls).Select(i => practice.LogAsync(episode, 5, $"2026-11-05T10:{i * 5:00}:00-05:00"))
        );

        Assert.All(logged, l => l.ShouldBe(201));
        var month = await practice.MonthAsync(episode);
        Assert.Equal(60, month.Minutes);
        Assert.Equal(["99439x2 planned", "99490x1 planned"], await practice.ChargesAsync(patient));

        // The same request again is the same entry, and the same minutes again count once and are said.
        var keyed = Ask.Parameters(
            Ask.Value("minutes", "valueInteger", "5"),
            Ask.Value("role", "valueCode", "\"clinical-staff\""),
            Ask.Value("start", "valueDateTime", "\"2026-11-06T10:00:00-05:00\""),
            Ask.Reference("performer", Practice.Nurse)
        );
        var first = (await practice.Server.PostAsync($"{episode}/$log-time", keyed, "Idempotency-Key: a1")).ShouldBe(
            201
        );
        var second = (await practice.Server.PostAsync($"{episode}/$log-time", keyed, "Idempotency-Key: a1")).ShouldBe(
            201
        );
        Assert.Equal(first.Id, second.Id);
        Assert.Equal(65, (await practice.MonthAsync(episode)).Minutes);
        (await practice.LogAsync(episode, 5, "2026-11-06T10:02:00-05:00")).ShouldBe(201);
        Assert.Equal(67, (await practice.MonthAsync(episode)).Minutes);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Refuses_time_that_cannot_be(string engine)
    {
        await using var practice = await Practice.OpenAsync(engine);
        var episode = await practice.EnrolledAsync(await practice.PatientAsync());

        Assert.Equal(422, (await practice.LogAsync(episode, 20, "2026-11-20T14:50:00Z")).Status);
        Assert.Equal(422, (await practice.LogAsync(episode, 20, "2027-01-01T10:00:00Z")).Status);
        Assert.Equal(422, (await practice.LogAsync(episode, 0, "2026-11-19T10:00:00Z")).Status);
        Assert.Equal(422, (await practice.LogAsync(episode, 1441, "2026-11-01T10:00:00Z")).Status);
        Assert.Equal(422, (await practice.LogAsync(episode, 20, "2026-11-19")).Status);
        Assert.Equal(400, (await practice.LogAsync(episode, 20, "2026-11-19T10:00:00Z", role: "cook")).Status);
        Assert.Equal(
            422,
            (
                await practice.LogAsync(
                    episode,
                    20,
                    "2026-11-19T10:00:00Z",
                    more: Ask.Value("end", "valueDateTime", "\"2026-11-19T10:10:00Z\"")
                )
            ).Status
        );
        Assert.Equal(0, (await practice.MonthAsync(episode)).Minutes);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_summary_counts_codes_and_says_what_is_lost(string engine)
    {
        await using var practice = await Practice.OpenAsync(engine);
        var ready = await practice.EnrolledAsync(await practice.PatientAsync());
        var unplanned = await practice.EnrolledAsync(await practice.PatientAsync(hasPlan: false));
        var brief = await practice.EnrolledAsync(await practice.PatientAsync());
        await practice.LoggedAsync(ready, 45, "2026-11-05T10:00:00-05:00");
        await practice.LoggedAsync(unplanned, 30, "2026-11-05T10:00:00-05:00");
        await practice.LoggedAsync(brief, 5, "2026-11-05T10:00:00-05:00");

        var summary = (await practice.Server.GetAsync($"{practice.Organization}/$billing-summary?month=2026-11"))
            .ShouldBe(200)
            .Body;

        Assert.Contains(
            """{"name":"enrolled","valueInteger":3},{"name":"ready","valueInteger":1},{"name":"leaking","valueInteger":1},{"name":"belowThreshold","valueInteger":1}""",
            summary,
            StringComparison.Ordinal
        );
        Assert.Contains(
            """[{"name":"code","valueCode":"99439"},{"name":"patients","valueInteger":1},{"name":"units","valueInteger":1}]""",
            summary,
            StringComparison.Ordinal
        );
        Assert.Contains("""{"name":"reason","valueCode":"plan"}""", summary, StringComparison.Ordinal);
        // Whoever was enrolled on the last day of a month was in the programme in that month.
        await using var last = await Practice.OpenAsync(
            engine,
            new DateTimeOffset(2026, 11, 30, 15, 0, 0, TimeSpan.Zero)
        );
        (await last.EnrollAsync(await last.PatientAsync(), "ccm", Practice.Consent("2026-11-30"))).ShouldBe(201);
        Assert.Contains(
            "\"enrolled\",\"valueInteger\":1",
            (await last.Server.GetAsync($"{last.Organization}/$billing-summary")).ShouldBe(200).Body,
            StringComparison.Ordinal
        );
        var empty = (await practice.Server.GetAsync($"{practice.Organization}/$billing-summary?month=2026-08"))
            .ShouldBe(200)
            .Body;
        Assert.Contains("""{"name":"enrolled","valueInteger":0}""", empty, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_worklist_and_a_caseload_show_who_is_near_to_the_next_threshold(string engine)
    {
        await using var practice = await Practice.OpenAsync(engine);
        var server = practice.Server;
        await practice.SetAsync(
            $$$"""{"resourceType":"PractitionerRole","id":"manager","active":true,"practitioner":{"reference":"{{{Practice.Nurse}}}"},"organization":{"reference":"{{{practice.Organization}}}"},"code":[{"coding":[{"system":"http://snomed.info/sct","code":"768820003"}]}]}"""
        );
        var minutes = new[] { 5, 18, 0, 31 };
        foreach (var worked in minutes)
        {
            var patient = await practice.PatientAsync();
            var episode = await practice.EnrolledAsync(
                patient,
                "ccm",
                Ask.Reference("careManager", "PractitionerRole/manager")
            );
            if (worked > 0)
                await practice.LoggedAsync(episode, worked, "2026-11-05T10:00:00-05:00");
            (
                await server.PostAsync(
                    "Task",
                    $$$"""{"resourceType":"Task","status":"ready","intent":"order","for":{"reference":"{{{patient}}}"},"owner":{"reference":"{{{Practice.Nurse}}}"} }"""
                )
            ).ShouldBe(201);
        }

        var nobody = await practice.PatientAsync();
        (
            await server.PostAsync(
                "Task",
                $$$"""{"resourceType":"Task","status":"ready","intent":"order","for":{"reference":"{{{nobody}}}"},"owner":{"reference":"{{{Practice.Nurse}}}"} }"""
            )
        ).ShouldBe(201);

        var caseload = (await server.GetAsync("PractitionerRole/manager/$caseload?programs=true")).ShouldBe(200);
        Assert.Equal([2, 9, 15, 20], NextOf(caseload.Json));
        Assert.DoesNotContain(
            "\"program\"",
            (await server.GetAsync("PractitionerRole/manager/$caseload")).Body,
            StringComparison.Ordinal
        );

        var worklist = (await server.GetAsync($"Task/$worklist?owner={Practice.Nurse}&programs=true")).ShouldBe(200);
        var along = worklist
            .Entries.Where(e => e.GetProperty("search").GetProperty("mode").GetString() == "include")
            .ToArray();
        Assert.Equal(
            5,
            worklist.Entries.Count(e => e.GetProperty("search").GetProperty("mode").GetString() == "match")
        );
        Assert.Equal(4, along.Length);
        Assert.Equal([2, 9, 15, 20], along.SelectMany(e => NextOf(e.GetProperty("resource"))).Order());
    }

    private static IEnumerable<int> NextOf(System.Text.Json.JsonElement parameters) =>
        parameters
            .GetProperty("parameter")
            .EnumerateArray()
            .Where(p => p.GetProperty("name").GetString() == "program")
            .SelectMany(p => p.GetProperty("part").EnumerateArray())
            .Where(p => p.GetProperty("name").GetString() == "next")
            .SelectMany(p => p.GetProperty("part").EnumerateArray())
            .Where(p => p.GetProperty("name").GetString() == "minutes")
            .Select(p => p.GetProperty("valueInteger").GetInt32());
}
