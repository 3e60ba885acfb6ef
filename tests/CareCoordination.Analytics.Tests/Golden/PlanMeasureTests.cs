namespace CareCoordination.Analytics.Tests.Golden;

/// <summary>Plans, goals, enrolled months and what they cost: M-12 to M-15, M-17, M-21, M-23, M-24.</summary>
public sealed class PlanMeasureTests
{
    private const string Start = "2026-01-01";
    private const string End = "2026-12-31";

    private static Outcomes Of(params string[] resources) =>
        new Outcomes { Now = new(2026, 12, 31, 12, 0, 0, TimeSpan.Zero) }.Put([Care.Patient("p"), .. resources]);

    [Theory]
    [InlineData("2026-03-15", "active", "1/0/1")]
    [InlineData("2026-03-16", "active", "1/0/0")]
    [InlineData("2026-02-01", "active", "1/0/1")]
    [InlineData("2026-03-10", "draft", "1/0/0")]
    [InlineData("2026-03-10", "on-hold", "1/0/1")]
    [InlineData("2026-03-10", "revoked", "1/0/0")]
    [InlineData("2026-03-10", "entered-in-error", "1/0/0")]
    public void A_plan_is_there_within_fourteen_days_of_the_enrolment(string begins, string status, string counts)
    {
        using var outcomes = Of(Care.Episode("e", "p", "2026-03-01"), Care.Plan("c", "p", begins, status));

        Assert.Equal(counts, outcomes.Measure("m-12", Start, End));
    }

    [Theory]
    [InlineData("2026-03-15", "0/1/0")]
    [InlineData("2026-03-16", "1/0/0")]
    public void Who_was_disenrolled_within_fourteen_days_is_left_out(string end, string counts)
    {
        using var outcomes = Of(Care.Episode("e", "p", "2026-03-01", end, "finished"));

        Assert.Equal(counts, outcomes.Measure("m-12", Start, End));
        outcomes.Put(
            Care.Episode("e", "p", "2025-12-31", end, "finished"),
            Care.Episode("w", "p", "2026-05-01", status: "waitlist")
        );
        Assert.Equal("0/0/0", outcomes.Measure("m-12", Start, End));
    }

    private static string Review(string id, string plan, string at, string activity = "review") =>
        $$"""{"resourceType":"Provenance","id":"{{id}}","recorded":"{{at}}","agent":[{"who":{"display":"a"} }],"activity":{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/care-command","code":"{{activity}}"}]},"target":[{"reference":"CarePlan/{{plan}}/_history/2"},{"reference":"Task/x/_history/1"}]}""";

    [Theory]
    // High: thirty days, moderate: ninety, else a hundred and eighty. The plan began on 1 January.
    [InlineData("high", "2026-03-31", "2026-03-01", "1/0/1")]
    [InlineData("high", "2026-03-31", "2026-02-28", "1/0/0")]
    [InlineData("moderate", "2026-06-30", "2026-04-01", "1/0/1")]
    [InlineData("moderate", "2026-06-30", "2026-03-31", "1/0/0")]
    [InlineData("low", "2026-06-30", "2025-12-31", "1/0/1")]
    [InlineData("low", "2026-07-31", "2025-12-31", "1/0/0")]
    [InlineData(null, "2026-07-31", "2026-02-01", "1/0/1")]
    [InlineData(null, "2026-07-31", "2026-01-31", "1/0/0")]
    public void A_plan_is_reviewed_as_often_as_the_risk_wants(
        string? tier,
        string month,
        string reviewed,
        string counts
    )
    {
        using var outcomes = Of(Care.Plan("c", "p", "2026-01-01"), Review("v", "c", reviewed + "T10:00:00Z"));
        if (tier is not null)
            outcomes.Put(Care.Risk("r", "p", tier, "2026-01-01"));

        Assert.Equal(counts, outcomes.Measure("m-13", month[..8] + "01", month));
    }

    [Fact]
    public void Only_reviews_are_reviews_and_months_on_hold_are_left_out()
    {
        using var outcomes = new Outcomes { Now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero) };
        outcomes.Put(Care.Patient("p"), Care.Risk("r", "p", "high", "2026-01-01"), Care.Plan("c", "p", "2026-01-05"));
        outcomes.Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
        outcomes.Put(Care.Plan("c", "p", "2026-01-05", "on-hold"));
        outcomes.Now = new(2026, 5, 10, 12, 0, 0, TimeSpan.Zero);
        outcomes.Put(Care.Plan("c", "p", "2026-01-05"), Review("v", "c", "2026-05-10T12:00:00Z", "revise"));
        outcomes.Now = new(2026, 7, 10, 12, 0, 0, TimeSpan.Zero);
        outcomes.Put(
            Care.Task(
                "t",
                "p",
                "completed",
                ",\"code\":{\"coding\":[{\"code\":\"plan-review\"}]},\"basedOn\":[{\"reference\":\"CarePlan/c\"}],\"executionPeriod\":{\"end\":\"2026-06-20\"}"
            )
        );

        // January from its beginning, February not, March to May on hold at least for a day, June by its task, July so far not.
        Assert.Equal(
            [
                "c/2026-01|true|false",
                "c/2026-02|false|false",
                "c/2026-03|false|true",
                "c/2026-04|false|true",
                "c/2026-05|false|true",
                "c/2026-06|true|false",
                "c/2026-07|false|false",
            ],
            outcomes.MeasureRows("m-13", Start, End, "event_id, numerator, excluded")
        );
        // The plan ends: its month is none at whose end it was active.
        outcomes.Put(Care.Plan("c", "p", "2026-01-05", "completed"));
        Assert.Equal("3/3/2", outcomes.Measure("m-13", Start, End));
    }

    [Theory]
    [InlineData("Patient/p", null, "1/0/1")]
    [InlineData("RelatedPerson/r", null, "1/0/1")]
    [InlineData("Practitioner/d", null, "1/0/0")]
    [InlineData("Practitioner/d", "agree", "1/0/1")]
    [InlineData("Practitioner/d", "disagree", "1/0/0")]
    [InlineData(null, null, "1/0/0")]
    public void A_goal_is_the_patients_own_who_said_it_or_agreed(string? by, string? acceptance, string counts)
    {
        using var outcomes = new Outcomes { Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero) };
        var goal =
            $$"""{"resourceType":"Goal","id":"g","lifecycleStatus":"active","subject":{"reference":"Patient/p"},"description":{"text":"x"}{{(
                by is null ? "" : $",\"expressedBy\":{{\"reference\":\"{by}\"}}"
            )}}{{(
                acceptance is null
                    ? ""
                    : $",\"extension\":[{{\"url\":\"http://hl7.org/fhir/StructureDefinition/goal-acceptance\",\"extension\":[{{\"url\":\"status\",\"valueCode\":\"{acceptance}\"}}]}}]"
            )}}}""";
        outcomes.Put(Care.Patient("p"), goal);

        Assert.Equal(counts, outcomes.Measure("m-15", Start, End));
        Assert.Equal("0/0/0", outcomes.Measure("m-15", "2026-06-02", End));
        // A later version writes no goal anew.
        outcomes.Now = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);
        outcomes.Put(goal);
        Assert.Equal("0/0/0", outcomes.Measure("m-15", "2026-06-02", End));
    }

    [Fact]
    public void The_backlog_of_a_day_is_that_of_the_versions_of_the_day()
    {
        const string Due =
            ",\"owner\":{\"reference\":\"Practitioner/m\"},\"restriction\":{\"period\":{\"end\":\"2026-03-10\"}}";
        using var outcomes = new Outcomes { Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero) };
        outcomes.Put(Care.Patient("p"), Care.Task("t", "p", "requested", Due), Care.Task("d", "p", "draft", Due));
        outcomes.Now = new(2026, 3, 12, 12, 0, 0, TimeSpan.Zero);
        outcomes.Put(Care.Task("t", "p", "completed", Due));

        Assert.Equal("0/0/0", outcomes.Measure("m-17a", Start, "2026-02-28"));
        Assert.Equal("1/0/0", outcomes.Measure("m-17a", Start, "2026-03-09"));
        Assert.Equal("1/0/1", outcomes.Measure("m-17a", Start, "2026-03-10"));
        Assert.Equal("1/0/1", outcomes.Measure("m-17a", Start, "2026-03-11"));
        Assert.Equal("0/0/0", outcomes.Measure("m-17a", Start, "2026-03-12"));
        Assert.Equal(
            "1/0/1",
            outcomes.Measure("m-17a", Start, "2026-03-11", query => query with { Practitioner = "m" })
        );
    }

    [Fact]
    public void A_caseload_is_the_patients_of_a_manager_on_a_day()
    {
        using var outcomes = Of(
            Care.Patient("q"),
            Care.Patient("old", more: Care.MergedInto("p")),
            Care.Episode("a", "p", "2026-01-01"),
            Care.Episode("b", "old", "2026-01-01"),
            Care.Episode("c", "q", "2026-02-01"),
            Care.Episode("d", "q", "2026-02-01", manager: "n"),
            Care.Episode("e", "x", "2026-01-01", "2026-06-30", "finished"),
            Care.Episode("f", "y", "2026-08-01")
        );

        // Two patients of m, one of n: one and a half for each.
        var counts = outcomes.Count("m-17b", Start, "2026-07-01", false)[0];
        Assert.Equal(1.5, counts.Value!.Value / counts.Weight!.Value, 6);
        Assert.Equal("3/0/0", outcomes.Measure("m-17b", Start, "2026-07-01"));
    }

    [Fact]
    public void A_care_manager_and_their_roles_are_one_and_a_role_of_the_same_id_is_another()
    {
        using var outcomes = Of(
            Care.Patient("q"),
            Care.Patient("s"),
            Care.Role("of-m", "m"),
            Care.Role("m", "n"),
            Care.Episode("a", "p", "2026-01-01"),
            Care.Episode("b", "q", "2026-01-01", manager: "PractitionerRole/of-m")
        );
        double Load()
        {
            var counts = outcomes.Count("m-17b", Start, "2026-07-01", false)[0];
            return counts.Value!.Value / counts.Weight!.Value;
        }

        Assert.Equal(2, Load(), 6);
        // Two of m, one of n.
        outcomes.Put(Care.Episode("c", "s", "2026-01-01", manager: "PractitionerRole/m"));
        Assert.Equal(1.5, Load(), 6);
    }

    [Fact]
    public void A_plan_that_turns_out_to_be_of_another_patient_was_always_of_them()
    {
        using var outcomes = new Outcomes { Now = new(2026, 3, 5, 12, 0, 0, TimeSpan.Zero) };
        outcomes.Put(
            Care.Patient("p"),
            Care.Patient("q"),
            Care.Risk("r", "q", "high", "2026-01-01"),
            Care.Plan("c", "p", "2026-01-05")
        );
        Assert.Equal("1/0/1", outcomes.Measure("m-13", "2026-02-01", "2026-02-28"));
        outcomes.Put(Care.Plan("c", "q", "2026-01-05"));
        // The risk of q is high.
        Assert.Equal("1/0/0", outcomes.Measure("m-13", "2026-02-01", "2026-02-28"));
        Assert.Equal("q", Assert.Single(outcomes.Patients("m-13", "2026-02-01", "2026-02-28")).Id);
    }

    [Fact]
    public void Days_in_hospital_count_where_they_lie()
    {
        using var outcomes = Of(
            Care.Episode("e", "p", "2026-05-01"),
            // Two nights before the window of six months, three in it.
            Care.Stay("old", "p", "IMP", "2025-10-30", "2025-11-04"),
            // Ten before the enrolment, and twenty after it.
            Care.Stay("over", "p", "IMP", "2026-04-21", "2026-05-21"),
            // Nobody says when it ended: a day.
            Care.Stay("unknown", "p", "IMP", "2026-08-01", null),
            // Five until the six months are over.
            Care.Stay("last", "p", "IMP", "2026-10-27", null, status: "in-progress")
        );

        Assert.Equal(13 * 1000.0, outcomes.Count("m-23e", Start, End, false)[0].Value!.Value, 6);
        Assert.Equal(26 * 1000.0, outcomes.Count("m-23f", Start, End, false)[0].Value!.Value, 6);
        // Stays are counted where they begin.
        Assert.Equal(1 * 1000.0, outcomes.Count("m-23c", Start, End, false)[0].Value!.Value, 6);
        Assert.Equal(2 * 1000.0, outcomes.Count("m-23d", Start, End, false)[0].Value!.Value, 6);
    }

    private static string Minutes(string id, string day, int minutes, string kind = "Task") =>
        kind == "Task"
            ? Care.Task(id, "p", "completed", Worked(day, minutes))
            : Care.Stay(id, "p", "VR", day, day, more: Worked(day, minutes));

    private static string Worked(string day, int minutes) =>
        $$""","extension":[{"url":"https://carecoordination.example/fhir/StructureDefinition/time-spent","extension":[{"url":"performer","valueReference":{"reference":"Practitioner/n"} },{"url":"minutes","valueDecimal":{{minutes}}},{"url":"period","valuePeriod":{"start":"{{day}}T10:00:00Z"} }]}]""";

    private const string Agreed =
        """{"resourceType":"Consent","id":"c","status":"active","scope":{"coding":[{"code":"treatment"}]},"category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]},{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/care-program","code":"ccm"}]}],"patient":{"reference":"Patient/p"},"dateTime":"2026-03-31"}""";

    [Fact]
    public void A_month_with_twenty_minutes_a_consent_and_a_plan_may_be_billed()
    {
        using var outcomes = Of(
            Care.Episode("e", "p", "2026-03-31", "2026-05-01", "finished"),
            Minutes("a", "2026-03-31", 20),
            Minutes("b", "2026-04-01", 12),
            Minutes("c", "2026-04-30", 7, "Encounter"),
            Minutes("d", "2026-05-01", 25)
        );
        // Nineteen minutes in April are not enough; the others have neither a consent nor a plan.
        Assert.Equal("3/0/0", outcomes.Measure("m-21", Start, End));
        Assert.Equal("3/0/2", outcomes.Measure("m-21b", Start, End));
        outcomes.Put(Agreed, Care.Plan("plan", "p", "2026-04-01"));
        Assert.Equal("3/0/1", outcomes.Measure("m-21", Start, End));
        Assert.Equal("3/0/1", outcomes.Measure("m-21b", Start, End));
        // The same minutes told twice are the same minutes.
        outcomes.Put(Minutes("x", "2026-04-01", 12));
        Assert.Equal("3/0/1", outcomes.Measure("m-21", Start, End));
        outcomes.Put(Minutes("y", "2026-04-02", 1));
        Assert.Equal("3/0/2", outcomes.Measure("m-21", Start, End));
        Assert.Equal(
            ["p/2026-03|20", "p/2026-04|20", "p/2026-05|25"],
            outcomes.MeasureRows("m-21", Start, End, "event_id, value")
        );
    }

    [Fact]
    public void Use_is_counted_before_and_after_the_enrolment()
    {
        using var outcomes = Of(
            Care.Episode("e", "p", "2026-05-01"),
            Care.Stay("too-early", "p", "EMER", "2025-10-31", "2025-10-31"),
            Care.Stay("first", "p", "EMER", "2025-11-01", "2025-11-01"),
            Care.Stay("last", "p", "EMER", "2026-04-30", "2026-04-30"),
            Care.Stay("same", "p", "EMER", "2026-05-01", "2026-05-01"),
            Care.Stay("late", "p", "EMER", "2026-11-01", "2026-11-01"),
            Care.Stay("in", "p", "IMP", "2026-06-01", "2026-06-04"),
            Care.Stay("moved", "p", "ACUTE", "2026-06-05", "2026-06-08")
        );

        double Score(string id)
        {
            var counts = outcomes.Count(id, Start, End, false)[0];
            return counts.Value!.Value / counts.Weight!.Value;
        }

        Assert.Equal(2 * 1000 / 6.0, Score("m-23a"), 6);
        Assert.Equal(1 * 1000 / 6.0, Score("m-23b"), 6);
        Assert.Equal(0, Score("m-23c"), 6);
        Assert.Equal(1 * 1000 / 6.0, Score("m-23d"), 6);
        Assert.Equal(7 * 1000 / 6.0, Score("m-23f"), 6);
        Assert.Equal("1/0/1", outcomes.Measure("m-23b", Start, End));
        outcomes.Put(Care.Episode("e", "p", "2026-05-01", "2026-07-30", "finished"));
        Assert.Equal("0/1/0", outcomes.Measure("m-23b", Start, End));
        outcomes.Put(Care.Episode("e", "p", "2026-05-01", "2026-07-31", "finished"));
        Assert.Equal("1/0/1", outcomes.Measure("m-23b", Start, End));
    }

    [Theory]
    [InlineData("\"valueInteger\":9", "1/0/1")]
    [InlineData("\"valueInteger\":8", "1/0/0")]
    [InlineData("\"valueCoding\":{\"system\":\"http://loinc.org\",\"code\":\"LA9933-8\"}", "1/0/1")]
    [InlineData("\"valueString\":\"fine\"", "0/1/0")]
    public void The_best_rating_is_nine_or_ten_or_always(string answer, string counts)
    {
        using var outcomes = Of(
            $$"""{"resourceType":"QuestionnaireResponse","id":"q","status":"completed","questionnaire":"http://example.org/Questionnaire/patient-experience","subject":{"reference":"Patient/p"},"authored":"2026-05-01","item":[{"linkId":"1","answer":[{ {{answer}} }]}]}"""
        );

        Assert.Equal(counts, outcomes.Measure("m-24", Start, End));
    }

    [Fact]
    public void Goals_that_turned_out_to_be_not_attainable_are_told_apart()
    {
        using var outcomes = Of(
            Care.Goal("a", "p", "active", "not-attainable", "2026-05-01"),
            Care.Goal("b", "p", "completed", "achieved", "2026-05-01", "2026-04-01"),
            Care.Goal("c", "p", "cancelled", "not-attainable", "2026-05-01")
        );

        Assert.Equal("2/0/1", outcomes.Measure("m-14b", Start, End));
    }
}
