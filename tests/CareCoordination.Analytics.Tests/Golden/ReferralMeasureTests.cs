namespace CareCoordination.Analytics.Tests.Golden;

/// <summary>What becomes of referrals: M-09b, M-10, M-11, and needs that are met: M-18.</summary>
public sealed class ReferralMeasureTests
{
    private const string Start = "2026-01-01";
    private const string End = "2026-12-31";
    private const string About = ",\"focus\":{\"reference\":\"ServiceRequest/r\"}";

    private static DateTimeOffset At(int month, int day, int hour) => new(2026, month, day, hour, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_referral_counts_and_not_the_first_of_a_patient_alone()
    {
        using var outcomes = new Outcomes();
        outcomes.Put(
            Care.Patient("p"),
            Care.Referral("a", "p", "2026-02-01"),
            Care.Referral("b", "p", "2026-11-20"),
            Care.Referral("draft", "p", "2026-02-01", status: "draft"),
            Care.Closed("t", "p", "b", "2026-12-31")
        );

        Assert.Equal("2/0/1", outcomes.Measure("m-09b", Start, End));
        // CMS50 counts the first one alone, which was written in the first ten months and did not come back.
        Assert.Equal("1/0/0", outcomes.Measure("m-09", Start, End));
    }

    [Fact]
    public void Work_that_a_referral_gives_people_here_closes_no_loop_and_is_no_attempt()
    {
        const string Work =
            ",\"code\":{\"coding\":[{\"system\":\"https://carecoordination.example/fhir/CodeSystem/referral-work\",\"code\":\"close-loop\"}]}";
        using var outcomes = new Outcomes();
        outcomes.Put(
            Care.Patient("p"),
            Care.Referral("r", "p", "2026-02-01"),
            Care.Closed("work", "p", "r", "2026-03-01", Work)
        );

        Assert.Equal("1/0/0", outcomes.Measure("m-09", Start, End));
        Assert.Equal("1/0/0", outcomes.Measure("m-09b", Start, End));
        Assert.Equal(["r|0|false"], outcomes.Rows("SELECT sr_id, attempts, loop_closed FROM referral_loop"));
    }

    [Theory]
    [InlineData("\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"11488-4\"}]}", "1/0/1")]
    [InlineData("\"reasonCode\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"11488-4\"}]}", "1/0/1")]
    [InlineData("\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"18842-5\"}]}", "1/0/0")]
    public void A_task_that_is_the_report_itself_closes_the_loop(string what, string counts)
    {
        using var outcomes = new Outcomes();
        outcomes.Put(
            Care.Patient("p"),
            Care.Referral("r", "p", "2026-02-01"),
            Care.Task(
                "t",
                "p",
                "completed",
                $$""","basedOn":[{"reference":"ServiceRequest/r"}],"executionPeriod":{"end":"2026-03-01"},{{what}}"""
            )
        );

        Assert.Equal(counts, outcomes.Measure("m-09", Start, End));
        Assert.Equal(counts, outcomes.Measure("m-09b", Start, End));
    }

    [Theory]
    // Friday 6 March 2026 at 12: twelve hours of Friday, none of the weekend.
    [InlineData(6, 12, 6, 15, 3)]
    [InlineData(6, 12, 9, 6, 18)]
    [InlineData(6, 12, 8, 23, 12)]
    [InlineData(7, 12, 9, 6, 6)]
    [InlineData(9, 0, 11, 0, 48)]
    public void The_hours_of_days_on_which_nobody_works_do_not_count(
        int sent,
        int sentHour,
        int accepted,
        int acceptedHour,
        double hours
    )
    {
        using var outcomes = new Outcomes { Now = At(3, sent, sentHour).AddSeconds(-2) };
        outcomes.Put(Care.Referral("r", "p", "2026-03-01"), Care.Task("t", "p", "requested", About));
        outcomes.Now = At(3, accepted, acceptedHour).AddSeconds(-1);
        outcomes.Put(Care.Task("t", "p", "accepted", About));

        var counts = outcomes.Count("m-10a", Start, End, false)[0];
        Assert.Equal(hours, counts.Median!.Value, 6);
        Assert.Equal((1, 0, 1), (counts.Initial, counts.Excluded, counts.Numerator));
        var open = outcomes.Count("m-10b", Start, End, false)[0];
        Assert.Null(open.Median);
        Assert.Equal((1, 0, 0), (open.Initial, open.Excluded, open.Numerator));
    }

    [Fact]
    public void A_median_and_a_ninetieth_percentile_are_those_of_what_was_accepted()
    {
        using var outcomes = new Outcomes { Now = At(3, 9, 0) };
        foreach (var hours in Enumerable.Range(1, 11))
        {
            var about = About.Replace("/r", $"/r{hours}", StringComparison.Ordinal);
            outcomes.Now = At(3, 9, 0);
            outcomes.Put(
                Care.Referral($"r{hours}", "p", "2026-03-01"),
                Care.Task($"t{hours}", "p", "requested", about)
            );
            outcomes.Now = At(3, 9, hours).AddSeconds(1);
            outcomes.Put(Care.Task($"t{hours}", "p", "accepted", about));
        }

        outcomes.Put(
            Care.Referral("no", "p", "2026-03-01"),
            Care.Task("tn", "p", "requested", About.Replace("/r", "/no", StringComparison.Ordinal)),
            Care.Task("tn", "p", "rejected", About.Replace("/r", "/no", StringComparison.Ordinal)),
            Care.Referral("unsent", "p", "2026-03-01")
        );
        var counts = outcomes.Count("m-10a", Start, End, false)[0];
        Assert.Equal((12, 1), (counts.Initial, counts.Excluded));
        Assert.Equal(6, counts.Median!.Value, 6);
        Assert.Equal(10, counts.NinetiethPercentile!.Value, 6);
    }

    [Fact]
    public void A_referral_fails_in_as_many_ways_as_it_did()
    {
        static string Of(string referral) => $",\"focus\":{{\"reference\":\"ServiceRequest/{referral}\"}}";
        static string Work(string referral, string code) =>
            $$""","code":{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/referral-work","code":"{{code}}"}]},"basedOn":[{"reference":"ServiceRequest/{{referral}}"}]""";
        using var outcomes = new Outcomes { Now = At(3, 9, 0) };
        foreach (var id in (string[])["good", "declined", "off", "missed", "late", "lost"])
            outcomes.Put(Care.Referral(id, "p", "2026-03-01"), Care.Task("t-" + id, "p", "requested", Of(id)));
        outcomes.Put(
            Care.Task("t-declined", "p", "rejected", Of("declined")),
            Care.Task("t-off", "p", "cancelled", Of("off")),
            Care.Task(
                "t-missed",
                "p",
                "accepted",
                Of("missed") + ",\"businessStatus\":{\"coding\":[{\"code\":\"no-show\"}]}"
            ),
            Care.Task("w1", "p", "requested", Work("late", "chase")),
            Care.Task("w2", "p", "completed", Work("lost", "call-partner")),
            Care.Task("w3", "p", "requested", Work("good", "close-loop")),
            // Sent again after it was declined: it failed, whatever came of it later.
            Care.Task("again", "p", "requested", Of("declined")),
            Care.Closed("again", "p", "declined", "2026-03-20"),
            Care.Referral("unsent", "p", "2026-03-01", status: "revoked")
        );

        Assert.Equal("6/0/5", outcomes.Measure("m-11", Start, End));
        foreach (var id in (string[])["m-11a", "m-11b", "m-11c", "m-11d", "m-11e"])
            Assert.Equal($"{id} 6/0/1", $"{id} {outcomes.Measure(id, Start, End)}");
    }

    [Fact]
    public void A_try_is_of_the_referral_that_it_is_based_on_and_a_mistake_of_none()
    {
        const string Based = ",\"basedOn\":[{\"reference\":\"ServiceRequest/r\"}]";
        const string Chase =
            ",\"code\":{\"coding\":[{\"system\":\"https://carecoordination.example/fhir/CodeSystem/referral-work\",\"code\":\"chase\"}]}";
        using var outcomes = new Outcomes { Now = At(3, 9, 0) };
        outcomes.Put(Care.Referral("r", "p", "2026-03-01"), Care.Task("t", "p", "requested", Based));
        Assert.Equal("1/0/0", outcomes.Measure("m-11", Start, End));
        // Work of the people here is no try, whoever declines it.
        outcomes.Put(Care.Task("w", "p", "rejected", Chase + About));
        Assert.Equal("1/0/0", outcomes.Measure("m-11a", Start, End));
        Assert.Equal("1/0/1", outcomes.Measure("m-11d", Start, End));
        outcomes.Put(Care.Task("t", "p", "rejected", Based), Care.Task("u", "p", "failed", Based));
        Assert.Equal("1/0/1", outcomes.Measure("m-11a", Start, End));
        Assert.Equal("1/0/1", outcomes.Measure("m-11e", Start, End));
        outcomes.Put(
            Care.Task("t", "p", "entered-in-error", Based),
            Care.Task("u", "p", "entered-in-error", Based),
            Care.Task("v", "p", "requested", Based)
        );
        Assert.Equal("1/0/0", outcomes.Measure("m-11a", Start, End));
        Assert.Equal("1/0/0", outcomes.Measure("m-11e", Start, End));
    }

    private static string Screen(string id, string day, string answer, string status = "completed") =>
        $$"""{"resourceType":"QuestionnaireResponse","id":"{{id}}","status":"{{status}}","questionnaire":"https://carecoordination.example/fhir/Questionnaire/ahc-hrsn|1.0.0","subject":{"reference":"Patient/p"},"authored":"{{day}}","item":[{"linkId":"88122-7","answer":[{"valueCoding":{"system":"http://loinc.org","code":"{{answer}}"} }]}]}""";

    [Theory]
    // From 2 to 31 December are thirty days.
    [InlineData("2026-12-02", null, "1/0/0")]
    [InlineData("2026-12-03", null, "0/0/0")]
    [InlineData("2025-06-01", "2026-01-30", "1/0/0")]
    [InlineData("2025-06-01", "2026-01-29", "0/0/0")]
    public void Who_was_enrolled_for_thirty_days_is_to_be_screened(string from, string? end, string counts)
    {
        using var outcomes = new Outcomes { Now = At(12, 31, 12) };
        outcomes.Put(Care.Patient("p"), Care.Episode("e", "p", from, end, end is null ? "active" : "finished"));

        Assert.Equal(counts, outcomes.Measure("m-18a", Start, End));
    }

    [Fact]
    public void A_screening_counts_when_it_is_finished_and_not_declined()
    {
        using var outcomes = new Outcomes { Now = At(12, 31, 12) };
        outcomes.Put(
            Care.Patient("p"),
            Care.Episode("e", "p", "2026-01-15"),
            Screen("q", "2026-05-01", "LA28397-0", "in-progress")
        );
        Assert.Equal("1/0/0", outcomes.Measure("m-18a", Start, End));
        outcomes.Put(Screen("q", "2026-05-01", "LA30122-8"));
        Assert.Equal("0/1/0", outcomes.Measure("m-18a", Start, End));
        outcomes.Put(Screen("q2", "2026-12-31T23:00:00Z", "LA28398-8"));
        Assert.Equal("1/0/1", outcomes.Measure("m-18a", Start, End));
        Assert.Equal("1/1/0", outcomes.Measure("m-18b", Start, End));
        outcomes.Put(Screen("q2", "2027-01-01", "LA28398-8"));
        Assert.Equal("0/1/0", outcomes.Measure("m-18a", Start, End));
    }

    [Fact]
    public void Thirty_days_are_those_of_all_enrolments_together()
    {
        using var outcomes = new Outcomes { Now = At(12, 31, 12) };
        outcomes.Put(
            Care.Patient("p"),
            Care.Episode("a", "p", "2026-02-01", "2026-02-16", "finished"),
            Care.Episode("b", "p", "2026-02-16", "2026-03-01", "finished")
        );
        Assert.Equal("0/0/0", outcomes.Measure("m-18a", Start, End));
        outcomes.Put(Care.Episode("b", "p", "2026-02-16", "2026-03-02", "finished"));
        Assert.Equal("1/0/0", outcomes.Measure("m-18a", Start, End));
    }

    [Theory]
    // Groups have no answers, and a question that was passed over has none.
    [InlineData(
        "\"answer\":[{\"valueCoding\":{\"code\":\"LA30122-8\"}}]",
        "\"text\":\"passed over\"",
        "0/1/0",
        "0/1/0"
    )]
    [InlineData(
        "\"answer\":[{\"valueCoding\":{\"code\":\"LA30122-8\"}}]",
        "\"answer\":[{\"valueBoolean\":false}]",
        "1/0/1",
        "1/0/0"
    )]
    // Where nothing was answered nobody was screened, and nothing declined.
    [InlineData("\"text\":\"a\"", "\"text\":\"b\"", "1/0/0", "0/0/0")]
    public void Declined_is_a_screening_of_which_all_answers_are(
        string one,
        string other,
        string screened,
        string found
    )
    {
        using var outcomes = new Outcomes { Now = At(12, 31, 12) };
        outcomes.Put(
            Care.Patient("p"),
            Care.Episode("e", "p", "2026-01-15"),
            $$"""{"resourceType":"QuestionnaireResponse","id":"q","status":"completed","questionnaire":"https://x.example/Questionnaire/prapare","subject":{"reference":"Patient/p"},"authored":"2026-05-01","item":[{"linkId":"g","item":[{"linkId":"1",{{one}}},{"linkId":"2",{{other}}}]}]}"""
        );

        Assert.Equal(screened, outcomes.Measure("m-18a", Start, End));
        Assert.Equal(found, outcomes.Measure("m-18b", Start, End));
    }

    private static string Need(string day, string more = "") =>
        $$"""{"resourceType":"Condition","id":"need","subject":{"reference":"Patient/p"},"recordedDate":"{{day}}","verificationStatus":{"coding":[{"code":"unconfirmed"}]},"category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-category","code":"health-concern"}]},{"coding":[{"system":"http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes","code":"food-insecurity"}]}]{{more}}}""";

    private static string Help(string day, string domain, string intent = "order", string more = "") =>
        $$"""{"resourceType":"ServiceRequest","id":"help","status":"active","intent":"{{intent}}","subject":{"reference":"Patient/p"},"authoredOn":"{{day}}","category":[{"coding":[{"system":"http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes","code":"{{domain}}"}]}]{{more}}}""";

    [Theory]
    [InlineData("2026-05-01", "food-insecurity", "order", "1/0/1")]
    [InlineData("2026-05-31", "food-insecurity", "order", "1/0/1")]
    [InlineData("2026-06-01", "food-insecurity", "order", "1/0/0")]
    [InlineData("2026-05-02", "homelessness", "order", "1/0/0")]
    // What scoring proposes by itself is nothing that somebody has ordered.
    [InlineData("2026-05-02", "food-insecurity", "proposal", "1/0/0")]
    [InlineData("2026-05-02", "food-insecurity", "plan", "1/0/0")]
    [InlineData("2026-05-02", "food-insecurity", "filler-order", "1/0/1")]
    public void A_need_is_referred_within_thirty_days_in_its_domain(
        string day,
        string domain,
        string intent,
        string counts
    )
    {
        using var outcomes = new Outcomes();
        outcomes.Put(Care.Patient("p"), Need("2026-05-01"), Help(day, domain, intent));

        Assert.Equal(counts, outcomes.Measure("m-18c", Start, End));
        Assert.Equal(counts == "1/0/1" ? "1/0/0" : "0/0/0", outcomes.Measure("m-18d", Start, End));
    }

    [Fact]
    public void A_need_is_found_by_a_screening_and_met_when_it_is_over_or_its_goal_achieved()
    {
        const string Goal =
            ",\"extension\":[{\"url\":\"http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal\",\"valueReference\":{\"reference\":\"Goal/g\"}}]";
        using var outcomes = new Outcomes();
        outcomes.Put(
            Care.Patient("p"),
            Screen("q", "2026-04-30", "LA28397-0"),
            Need("2026-05-01"),
            Help("2026-05-02", "food-insecurity", more: Goal),
            Care.Goal("g", "p", "active", "in-progress", "2026-12-31")
        );
        Assert.Equal("1/0/1", outcomes.Measure("m-18b", Start, End));
        Assert.Equal("1/0/0", outcomes.Measure("m-18d", Start, End));
        outcomes.Put(Care.Goal("g", "p", "completed", "achieved", "2026-12-31"));
        Assert.Equal("1/0/1", outcomes.Measure("m-18d", Start, End));
        outcomes.Put(Care.Goal("g", "p", "active", "in-progress", "2026-12-31"));
        outcomes.Put(Need("2026-05-01", ",\"abatementDateTime\":\"2026-07-01\""));
        Assert.Equal("1/0/1", outcomes.Measure("m-18d", Start, End));
        outcomes.Put(Need("2026-05-01").Replace("unconfirmed", "refuted", StringComparison.Ordinal));
        Assert.Equal("0/0/0", outcomes.Measure("m-18d", Start, End));
        Assert.Equal("1/0/0", outcomes.Measure("m-18b", Start, End));
    }

    [Fact]
    public void A_need_is_found_of_a_patient_too_whose_record_is_gone()
    {
        using var outcomes = new Outcomes();
        outcomes.Put(Care.Patient("p"), Screen("q", "2026-04-30", "LA28397-0"), Need("2026-05-01"));
        outcomes.Delete("Patient", "p");

        Assert.Equal("1/0/1", outcomes.Measure("m-18b", Start, End));
    }

    [Fact]
    public void A_need_is_one_however_often_its_domain_is_told_and_help_is_of_all_its_domains()
    {
        const string Sdoh =
            "{\"coding\":[{\"system\":\"http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes\",\"code\":\"";
        using var outcomes = new Outcomes();
        outcomes.Put(
            Care.Patient("p"),
            Need("2026-05-01")
                .Replace("\"category\":[", $"\"category\":[{Sdoh}food-insecurity\"}}]}},", StringComparison.Ordinal),
            Help("2026-05-02", "homelessness")
                .Replace("\"category\":[", $"\"category\":[{Sdoh}utility-insecurity\"}}]}},", StringComparison.Ordinal)
        );
        Assert.Equal("1/0/0", outcomes.Measure("m-18c", Start, End));

        outcomes.Put(
            Help("2026-05-02", "food-insecurity")
                .Replace("\"category\":[", $"\"category\":[{Sdoh}utility-insecurity\"}}]}},", StringComparison.Ordinal)
        );
        Assert.Equal("1/0/1", outcomes.Measure("m-18c", Start, End));
        Assert.Equal("1/0/0", outcomes.Measure("m-18d", Start, End));
    }
}
