using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Programmes;

/// <summary>What a month is told from beside the time, through HTTP: stays, visits, readings, transitions, rules, other claims.</summary>
public sealed class ProgramFactsTests
{
    public static TheoryData<string> Engines => ["sqlite", "postgresql"];

    [Theory, MemberData(nameof(Engines))]
    public async Task Stays_and_visits_that_are_told_late_lower_the_draft(string engine)
    {
        await using var practice = await Practice.OpenAsync(engine);
        var patient = await practice.PatientAsync();
        var episode = await practice.EnrolledAsync(patient);
        await practice.LoggedAsync(episode, 20, "2026-11-05T10:00:00-05:00");
        await practice.LoggedAsync(episode, 20, "2026-11-06T10:00:00-05:00");
        await practice.LoggedAsync(episode, 20, "2026-11-12T10:00:00-05:00");
        Assert.Equal(["99439x2 planned", "99490x1 planned"], await practice.ChargesAsync(patient));

        var stay = Encounter(patient, "stay", "IMP", "2026-11-06T22:00:00-05:00", "2026-11-08T10:00:00-05:00");
        await practice.SetAsync(stay);
        Assert.Equal(["99439x1 planned", "99490x1 planned"], await practice.ChargesAsync(patient));
        Assert.Equal(["in-stay 20"], (await practice.MonthAsync(episode)).NotCounted);

        await practice.SetAsync(
            Encounter(patient, "visit", "AMB", "2026-11-12T10:10:00-05:00", "2026-11-12T10:30:00-05:00")
        );
        Assert.Equal(["99439x1 aborted", "99490x1 planned"], await practice.ChargesAsync(patient));
        Assert.Equal(["in-stay 20", "with-visit 10"], (await practice.MonthAsync(episode)).NotCounted);

        await practice.SetAsync(stay.Replace("finished", "entered-in-error", StringComparison.Ordinal));
        Assert.Equal(["99439x1 planned", "99490x1 planned"], await practice.ChargesAsync(patient));
        Assert.Equal(50, (await practice.MonthAsync(episode)).Minutes);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Contacts_that_an_EHR_writes_count_and_office_visits_do_not(string engine)
    {
        await using var practice = await Practice.OpenAsync(engine);
        var patient = await practice.PatientAsync();
        var episode = await practice.EnrolledAsync(patient);
        var of = $$""","episodeOfCare":[{"reference":"{{episode}}"}]""";
        await practice.SetAsync(
            Encounter(
                patient,
                "call",
                "VR",
                "2026-11-05T10:00:00-05:00",
                "2026-11-05T10:40:00-05:00",
                of + ",\"length\":{\"value\":11,\"code\":\"min\",\"system\":\"http://unitsofmeasure.org\"}"
            )
        );
        await practice.SetAsync(
            Encounter(patient, "home", "HH", "2026-11-06T10:00:00-05:00", "2026-11-06T10:09:00-05:00", of)
        );
        await practice.SetAsync(
            Encounter(patient, "office", "AMB", "2026-11-07T10:00:00-05:00", "2026-11-07T10:30:00-05:00", of)
        );
        await practice.SetAsync(
            Encounter(patient, "other", "VR", "2026-11-08T10:00:00-05:00", "2026-11-08T10:30:00-05:00")
        );

        Assert.Equal(20, (await practice.MonthAsync(episode)).Minutes);
        Assert.Equal(["99490x1 planned"], await practice.ChargesAsync(patient));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Minutes_that_commands_of_tasks_take_count_for_the_programme_that_the_patient_is_in(string engine)
    {
        await using var practice = await Practice.OpenAsync(engine);
        var patient = await practice.PatientAsync();
        var episode = await practice.EnrolledAsync(patient);
        var task = (
            await practice.Server.PostAsync(
                "Task",
                $$$"""{"resourceType":"Task","status":"in-progress","intent":"order","for":{"reference":"{{{patient}}}"},"owner":{"reference":"{{{Practice.Nurse}}}"} }"""
            )
        ).ShouldBe(201);

        (
            await practice.Server.AskAsync(
                $"Task/{task.Id}/$complete",
                Ask.Value("minutes", "valueInteger", "22"),
                Ask.Value("end", "valueDateTime", "\"2026-11-20T09:30:00-05:00\""),
                Ask.Reference("practitioner", Practice.Nurse)
            )
        ).ShouldBe(200);

        Assert.Equal(22, (await practice.MonthAsync(episode)).Staff);
        Assert.Equal(["99490x1 planned"], await practice.ChargesAsync(patient));
        // With a second programme nobody knows which it was for.
        await practice.EnrolledAsync(patient, "rpm");
        Assert.Equal(0, (await practice.MonthAsync(episode)).Staff);
        Assert.Equal(["99490x1 aborted"], await practice.ChargesAsync(patient));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Days_with_readings_of_a_device_and_a_contact_are_remote_monitoring(string engine)
    {
        await using var practice = await Practice.OpenAsync(engine);
        var patient = await practice.PatientAsync();
        // Its second window of thirty days ends on 2026-11-01, the first on 2026-10-02.
        var episode = await practice.EnrolledAsync(patient, "rpm");
        await practice.SetAsync("""{"resourceType":"Device","id":"cuff"}""");
        var readings = new[] { ("2026-10", 18), ("2026-11", 1) };
        foreach (var (month, days) in readings)
            for (var day = 1; day <= days; day++)
            {
                var at = month == "2026-10" ? $"{month}-{day + 5:00}" : $"{month}-{day:00}";
                (
                    await practice.Server.PostAsync(
                        "Observation",
                        $$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"{{{patient}}}"},"device":{"reference":"Device/cuff"},"effectiveDateTime":"{{{at}}}T08:00:00-04:00"}"""
                    )
                ).ShouldBe(201);
            }

        (await practice.Server.AskAsync($"{episode}/$draft-charges")).ShouldBe(200);
        Assert.Equal(["99453x1 planned", "99454x1 planned"], await practice.ChargesAsync(patient));
        // Ten minutes without a contact are none.
        await practice.LoggedAsync(episode, 12, "2026-11-05T10:00:00-05:00");
        Assert.Equal(["interactive-contact"], (await practice.MonthAsync(episode)).Blocked);
        await practice.LoggedAsync(
            episode,
            3,
            "2026-11-05T11:00:00-05:00",
            more: Ask.Value("contact", "valueCode", "\"virtual\"")
        );
        Assert.Equal(["99453x1 planned", "99454x1 planned", "99470x1 planned"], await practice.ChargesAsync(patient));
        await practice.LoggedAsync(episode, 5, "2026-11-06T11:00:00-05:00");
        Assert.Equal(
            ["99453x1 planned", "99454x1 planned", "99457x1 planned", "99470x1 aborted"],
            await practice.ChargesAsync(patient)
        );
    }

    /// <summary>A meter that tells every quarter of an hour has more readings than are read: sixteen days are counted, not fifteen.</summary>
    [Theory]
    [InlineData("sqlite", "final", "2026-10-21T23:59:50-04:00", "99454x1 planned")]
    [InlineData("postgresql", "final", "2026-10-21T23:59:50-04:00", "99454x1 planned")]
    [InlineData("postgresql", "final", "2026-10-21T00:00:00-04:00", "99454x1 planned")]
    [InlineData("postgresql", "final", "2026-10-20T23:59:59-04:00", "99445x1 planned")]
    [InlineData("sqlite", "entered-in-error", "2026-10-21T12:00:00-04:00", "99445x1 planned")]
    public async Task Days_are_counted_however_often_a_meter_tells_its_value(
        string engine,
        string status,
        string last,
        string code
    )
    {
        await using var practice = await Practice.OpenAsync(engine);
        var patient = await practice.PatientAsync();
        var episode = await practice.EnrolledAsync(patient, "rpm");
        await practice.SetAsync("""{"resourceType":"Device","id":"meter"}""");
        for (var day = 0; day < 15; day++)
        {
            var start = new DateTimeOffset(2026, 10, 6 + day, 0, 2, 0, TimeSpan.FromHours(-4));
            var readings = Enumerable
                .Range(0, 96)
                .Select(i => Reading(patient, "final", $"{start.AddMinutes(15 * i):yyyy-MM-ddTHH:mm:sszzz}"));
            var batch = Given.Batch([.. readings.Select(r => Given.Entry("POST", "Observation", r))]);
            (await practice.Server.PostAsync("", batch)).ShouldBe(200);
        }

        // What began long ago and goes on is a reading of the day on which it began.
        var open = Reading(patient, "final", "x")
            .Replace(
                "\"effectiveDateTime\":\"x\"",
                "\"effectivePeriod\":{\"start\":\"2026-08-20\"}",
                StringComparison.Ordinal
            );
        var going = Given.Batch([.. Enumerable.Repeat(Given.Entry("POST", "Observation", open), 30)]);
        (await practice.Server.PostAsync("", going)).ShouldBe(200);
        (await practice.Server.PostAsync("Observation", Reading(patient, status, last))).ShouldBe(201);

        (await practice.Server.AskAsync($"{episode}/$draft-charges")).ShouldBe(200);
        Assert.Contains(code, await practice.ChargesAsync(patient));
    }

    private static string Reading(string patient, string status, string at) =>
        $$$"""{"resourceType":"Observation","status":"{{{status}}}","code":{"text":"x"},"subject":{"reference":"{{{patient}}}"},"device":{"reference":"Device/meter"},"effectiveDateTime":"{{{at}}}"}""";

    [Theory]
    [InlineData("sqlite", "2026-11-10", "high", "99496x1")]
    [InlineData("sqlite", "2026-11-16", "high", "99495x1")]
    [InlineData("sqlite", "2026-11-10", "moderate", "99495x1")]
    [InlineData("postgresql", "2026-11-10", "high", "99496x1")]
    [InlineData("postgresql", "2026-11-18", "high", "")]
    [InlineData("sqlite", "2026-11-10", "low", "")]
    public async Task A_visit_after_a_discharge_is_billed_by_its_day_and_the_decisions(
        string engine,
        string visit,
        string decisions,
        string codes
    )
    {
        await using var practice = await Practice.OpenAsync(engine);
        var patient = await practice.PatientAsync();
        var episode = await practice.EnrolledAsync(patient, "tcm");
        await practice.SetAsync(
            $$$"""{"resourceType":"CarePlan","id":"after","status":"active","intent":"plan","category":[{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/transition-plan","code":"transitional-care"}]}],"subject":{"reference":"{{{patient}}}"},"period":{"start":"2026-11-03","end":"2026-12-02"}}"""
        );
        await ClockAsync(practice, patient, "contact", "2026-11-05", "2026-11-04");
        await ClockAsync(practice, patient, "medications", "2026-11-17", "2026-11-09");
        await ClockAsync(practice, patient, "visit", "2026-11-17", visit);
        await practice.LoggedAsync(
            episode,
            10,
            $"{visit}T09:00:00-05:00",
            role: "practitioner",
            more: Ask.Value("decisions", "valueCode", $"\"{decisions}\"")
        );

        Assert.Equal(codes.Length == 0 ? [] : [$"{codes} planned"], await practice.ChargesAsync(patient));
        Assert.Equal(codes.Length == 0 ? [] : [codes], (await practice.MonthAsync(episode)).Codes);
    }

    [Fact]
    public async Task Rules_of_a_site_change_thresholds_from_their_day_on()
    {
        await using var practice = await Practice.OpenAsync(
            "sqlite",
            new DateTimeOffset(2026, 12, 20, 15, 0, 0, TimeSpan.Zero),
            "--Care:Rules:1:EffectiveFrom=2026-12-01",
            "--Care:Rules:1:Billing:Codes:99490:From=25",
            "--Care:Rules:1:Billing:Codes:LOCAL1:Program=ccm",
            "--Care:Rules:1:Billing:Codes:LOCAL1:Family=local",
            "--Care:Rules:1:Billing:Codes:LOCAL1:Words=What a payer of ours pays",
            "--Care:Rules:1:Billing:Codes:LOCAL1:From=5",
            "--Care:Rules:1:Billing:Codes:LOCAL1:Needs=none"
        );
        var patient = await practice.PatientAsync();
        var episode = await practice.EnrolledAsync(patient);
        await practice.LoggedAsync(episode, 20, "2026-11-05T10:00:00-05:00");
        await practice.LoggedAsync(episode, 20, "2026-12-05T10:00:00-05:00");

        Assert.Equal(["99490x1"], (await practice.MonthAsync(episode)).Codes);
        Assert.Equal(["LOCAL1x1"], (await practice.MonthAsync(episode, "2026-12")).Codes);
        await practice.LoggedAsync(episode, 5, "2026-12-06T10:00:00-05:00");
        Assert.Equal(
            ["99490x1", "LOCAL1x1"],
            (await practice.MonthAsync(episode, "2026-12")).Codes.Order(StringComparer.Ordinal)
        );
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task What_somebody_else_has_claimed_or_a_biller_has_refused_is_not_drafted(string engine)
    {
        await using var practice = await Practice.OpenAsync(engine);
        await practice.SetAsync("""{"resourceType":"Organization","id":"elsewhere"}""");
        var patient = await practice.PatientAsync();
        var episode = await practice.EnrolledAsync(patient);
        await practice.SetAsync(
            $$$"""{"resourceType":"ChargeItem","id":"theirs","status":"billed","code":{"coding":[{"code":"99490"}]},"subject":{"reference":"{{{patient}}}"},"performingOrganization":{"reference":"Organization/elsewhere"},"occurrencePeriod":{"start":"2026-11-01","end":"2026-11-30"}}"""
        );
        await practice.LoggedAsync(episode, 30, "2026-11-05T10:00:00-05:00");

        Assert.Equal(["claimed-elsewhere"], (await practice.MonthAsync(episode)).Blocked);
        Assert.Single((await practice.Server.GetAsync($"ChargeItem?subject={patient}")).Resources);
        (await practice.Server.DeleteAsync("ChargeItem/theirs")).ShouldBe(204);
        (await practice.Server.AskAsync($"{episode}/$draft-charges")).ShouldBe(200);
        Assert.Equal(["99490x1 planned"], await practice.ChargesAsync(patient));
        var own = (await practice.Server.GetAsync($"ChargeItem?subject={patient}")).Resources.Single();
        (
            await practice.Server.PutAsync(
                $"ChargeItem/{own.GetProperty("id")}",
                own.GetRawText().Replace("\"planned\"", "\"not-billable\"", StringComparison.Ordinal)
            )
        ).ShouldBe(200);
        await practice.LoggedAsync(episode, 40, "2026-11-06T10:00:00-05:00");
        Assert.Equal(["99490x1 not-billable"], await practice.ChargesAsync(patient));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Complex_care_takes_the_place_of_the_draft_when_the_plan_is_revised(string engine)
    {
        await using var practice = await Practice.OpenAsync(engine);
        var patient = await practice.PatientAsync();
        var episode = await practice.EnrolledAsync(patient);
        await practice.LoggedAsync(
            episode,
            61,
            "2026-11-05T10:00:00-05:00",
            more: Ask.Value("decisions", "valueCode", "\"moderate\"")
        );
        Assert.Equal(["99439x2 planned", "99490x1 planned"], await practice.ChargesAsync(patient));

        var id = patient.Split('/')[1];
        await practice.SetAsync(
            $$$"""{"resourceType":"CarePlan","id":"{{{id}}}-plan","status":"active","intent":"plan","subject":{"reference":"{{{patient}}}"},"created":"2026-11-10","period":{"start":"2026-08-01"}}"""
        );
        (await practice.Server.AskAsync($"{episode}/$draft-charges")).ShouldBe(200);
        Assert.Equal(["99439x2 aborted", "99487x1 planned", "99490x1 aborted"], await practice.ChargesAsync(patient));
    }

    [Fact]
    public async Task A_group_begins_anew_when_it_is_full()
    {
        await using var practice = await Practice.OpenAsync("sqlite");
        var first = await practice.PatientAsync();
        await practice.EnrolledAsync(first);
        var group = (await practice.Server.GetAsync($"Group?member={first}")).Resources.Single();
        var members = string.Join(
            ',',
            Enumerable.Range(0, 500).Select(i => $$$"""{"entity":{"reference":"{{{first}}}"},"inactive":true}""")
        );
        var body = group.GetRawText();
        var full = body[..(body.IndexOf("\"member\":", StringComparison.Ordinal) + 9)] + $"[{members}]}}";
        (await practice.Server.PutAsync($"Group/{group.GetProperty("id")}", full)).ShouldBe(200);

        var second = await practice.PatientAsync();
        await practice.EnrolledAsync(second);
        var third = await practice.PatientAsync();
        await practice.EnrolledAsync(third);

        var next = (await practice.Server.GetAsync($"Group?member={second}")).Resources.Single();
        Assert.NotEqual(group.GetProperty("id").GetString(), next.GetProperty("id").GetString());
        Assert.Equal(
            next.GetProperty("id").GetString(),
            (await practice.Server.GetAsync($"Group?member={third}")).Resources.Single().GetProperty("id").GetString()
        );
    }

    private static Task<string> ClockAsync(Practice practice, string patient, string code, string due, string done) =>
        practice.SetAsync(
            $$$"""{"resourceType":"Task","id":"{{{code}}}","status":"completed","intent":"order","basedOn":[{"reference":"CarePlan/after"}],"code":{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/transition-work","code":"{{{code}}}"}]},"for":{"reference":"{{{patient}}}"},"restriction":{"period":{"end":"{{{due}}}"}},"executionPeriod":{"start":"{{{done}}}T10:00:00-05:00","end":"{{{done}}}T10:30:00-05:00"}}"""
        );

    private static string Encounter(
        string patient,
        string id,
        string type,
        string start,
        string end,
        string more = ""
    ) =>
        $$$"""{"resourceType":"Encounter","id":"{{{id}}}","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"{{{type}}}"},"subject":{"reference":"{{{patient}}}"},"period":{"start":"{{{start}}}","end":"{{{end}}}"}{{{more}}}}""";
}
