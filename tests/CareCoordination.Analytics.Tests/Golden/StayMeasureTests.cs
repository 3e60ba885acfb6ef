namespace CareCoordination.Analytics.Tests.Golden;

/// <summary>Stays, and what follows them: M-01 to M-05, M-08. The windows are those that NCQA publishes for PCR, TRC and FMC.</summary>
public sealed class StayMeasureTests
{
    private const string Start = "2026-01-01";
    private const string End = "2026-12-31";

    private static Outcomes Of(params string[] resources)
    {
        var outcomes = new Outcomes { Now = new(2026, 12, 31, 12, 0, 0, TimeSpan.Zero) };
        return outcomes.Put([Care.Patient("p"), .. resources]);
    }

    [Theory]
    // PCR: the index discharge lies from 1 January to 1 December; a readmission within 30 days of it.
    [InlineData("2026-01-01", "2026-01-31", "1/0/1")]
    [InlineData("2026-03-10", "2026-04-09", "1/0/1")]
    [InlineData("2026-03-10", "2026-04-10", "1/0/0")]
    [InlineData("2026-12-01", "2026-12-20", "1/0/1")]
    [InlineData("2026-12-02", "2026-12-20", "0/0/0")]
    [InlineData("2025-12-31", "2026-01-20", "0/0/0")]
    // Two calendar days apart are two stays, one is a transfer.
    [InlineData("2026-03-10", "2026-03-12", "1/0/1")]
    public void A_readmission_begins_within_thirty_days_of_the_last_discharge(
        string discharged,
        string back,
        string counts
    )
    {
        var admitted = DateOnly.Parse(discharged, System.Globalization.CultureInfo.InvariantCulture).AddDays(-3);
        using var outcomes = Of(
            Care.Stay("a", "p", "IMP", $"{admitted:yyyy-MM-dd}", discharged),
            Care.Stay("b", "p", "IMP", back, null, status: "in-progress")
        );

        Assert.Equal(counts, outcomes.Measure("m-01", Start, End));
    }

    [Theory]
    // A direct transfer is one stay: its last discharge counts, and it is no readmission.
    [InlineData("2026-03-10", "2026-03-10", "1/0/0")]
    [InlineData("2026-03-10", "2026-03-11", "1/0/0")]
    [InlineData("2026-03-10", "2026-03-12", "2/0/1")]
    public void A_transfer_is_no_readmission(string discharged, string next, string counts)
    {
        using var outcomes = Of(
            Care.Stay("a", "p", "IMP", "2026-03-05", discharged),
            Care.Stay("b", "p", "OBSENC", next, "2026-03-20")
        );

        Assert.Equal(counts, outcomes.Measure("m-01", Start, End));
    }

    [Fact]
    public void A_chain_of_transfers_counts_from_its_last_discharge()
    {
        using var outcomes = Of(
            Care.Stay("a", "p", "IMP", "2026-03-01", "2026-03-05"),
            Care.Stay("b", "p", "ACUTE", "2026-03-05", "2026-03-09"),
            Care.Stay("c", "p", "IMP", "2026-03-10", "2026-03-12"),
            // Within thirty days of the last, and not of the first.
            Care.Stay("d", "p", "IMP", "2026-04-10", "2026-04-12")
        );

        Assert.Equal("2/0/1", outcomes.Measure("m-01", Start, End));
    }

    [Theory]
    [InlineData("exp")]
    [InlineData("20")]
    [InlineData("hosp")]
    [InlineData("51")]
    public void Who_died_or_went_to_hospice_is_left_out(string disposition)
    {
        using var outcomes = Of(
            Care.Stay("a", "p", "IMP", "2026-03-05", "2026-03-10", more: Care.Disposition(disposition))
        );

        Assert.Equal("0/1/0", outcomes.Measure("m-01", Start, End));
    }

    [Theory]
    [InlineData("IMP", "2026-03-10T08:00:00Z", "2026-03-10T20:00:00Z", "", "0/1/0")]
    [InlineData("IMP", "2026-03-10T20:00:00Z", "2026-03-11T08:00:00Z", "", "1/0/0")]
    // Care in a nursing facility is no acute stay.
    [InlineData("NONAC", "2026-03-10", "2026-03-20", "", "0/0/0")]
    [InlineData("EMER", "2026-03-10", "2026-03-12", "", "0/0/0")]
    public void A_stay_of_a_day_and_care_that_is_not_acute_do_not_count(
        string @class,
        string start,
        string end,
        string more,
        string counts
    )
    {
        using var outcomes = Of(Care.Stay("a", "p", @class, start, end, more: more));

        Assert.Equal(counts, outcomes.Measure("m-01", Start, End));
    }

    [Theory]
    [InlineData(",\"priority\":{\"coding\":[{\"code\":\"EL\"}]}")]
    [InlineData(",\"type\":[{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"8715000\"}]}]")]
    [InlineData(",\"diagnosis\":[{\"condition\":{\"reference\":\"Condition/chemo\"},\"rank\":1}]")]
    [InlineData(",\"diagnosis\":[{\"condition\":{\"reference\":\"Condition/birth\"},\"rank\":1}]")]
    public void A_planned_readmission_is_none(string more)
    {
        using var outcomes = Of(
            Care.Condition("chemo", "p", "Z51.11", null),
            Care.Condition("birth", "p", "O80", null),
            Care.Stay("a", "p", "IMP", "2026-03-05", "2026-03-10"),
            Care.Stay("b", "p", "IMP", "2026-03-20", "2026-03-22", more: more)
        );

        Assert.EndsWith("/0", outcomes.Measure("m-01", Start, End), StringComparison.Ordinal);
        // Another one that is not planned counts all the same.
        outcomes.Put(Care.Stay("c", "p", "IMP", "2026-04-05", null, status: "in-progress"));
        Assert.EndsWith(
            more.Contains("birth", StringComparison.Ordinal) ? "/1" : "/2",
            outcomes.Measure("m-01", Start, End),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Stays_of_two_records_of_a_person_belong_together_and_mistakes_to_nobody()
    {
        using var outcomes = Of(
            Care.Patient("old", more: Care.MergedInto("p")),
            Care.Stay("a", "old", "IMP", "2026-03-05", "2026-03-10"),
            Care.Stay("b", "p", "IMP", "2026-03-20", "2026-03-22"),
            Care.Patient("child", born: "2008-03-11"),
            Care.Stay("young", "child", "IMP", "2026-03-05", "2026-03-10"),
            Care.Stay("wrong", "p", "IMP", "2026-04-01", "2026-04-03", status: "entered-in-error"),
            Care.Stay("never", "p", "IMP", "2026-04-02", null, status: "cancelled"),
            Care.Stay("plan", "p", "IMP", "2026-04-02", null, status: "planned")
        );

        Assert.Equal("2/0/1", outcomes.Measure("m-01", Start, End));
        Assert.Equal(["p"], outcomes.Patients("m-01", Start, End).Select(patient => patient.Id));
        // Eighteen on the day of the discharge.
        outcomes.Put(Care.Patient("child", born: "2008-03-10"));
        Assert.Equal("3/0/1", outcomes.Measure("m-01", Start, End));
    }

    [Fact]
    public void The_day_is_that_of_the_calendar()
    {
        using var outcomes = new Outcomes("America/New_York") { Now = new(2026, 12, 31, 12, 0, 0, TimeSpan.Zero) };
        // 2 December in London, the first here.
        outcomes.Put(
            Care.Patient("p"),
            Care.Stay("a", "p", "IMP", "2026-11-20", "2026-12-02T03:00:00Z"),
            Care.Stay("b", "p", "IMP", "2027-01-01T02:00:00Z", null, status: "in-progress")
        );

        Assert.Equal("1/0/1", outcomes.Measure("m-01", Start, End));
    }

    [Theory]
    // TRC: from the day after the discharge to the thirtieth, and not on the day itself.
    [InlineData("2026-03-10", "AMB", "1/0/0")]
    [InlineData("2026-03-11", "AMB", "1/0/1")]
    [InlineData("2026-04-09", "VR", "1/0/1")]
    [InlineData("2026-04-10", "VR", "1/0/0")]
    [InlineData("2026-03-12", "HH", "1/0/1")]
    [InlineData("2026-03-12", "EMER", "1/0/0")]
    public void A_patient_is_engaged_from_the_day_after_to_the_thirtieth(string day, string @class, string counts)
    {
        using var outcomes = Of(
            Care.Stay("a", "p", "IMP", "2026-03-05", "2026-03-10"),
            Care.Stay("visit", "p", @class, day, day)
        );

        Assert.Equal(counts, outcomes.Measure("m-04", Start, End));
    }

    [Fact]
    public void Of_a_readmission_within_thirty_days_the_last_discharge_counts()
    {
        using var outcomes = Of(
            Care.Stay("a", "p", "IMP", "2026-03-05", "2026-03-10"),
            Care.Stay("b", "p", "NONAC", "2026-04-09", "2026-04-20"),
            Care.Stay("visit", "p", "AMB", "2026-03-12", "2026-03-12")
        );

        Assert.Equal("1/0/0", outcomes.Measure("m-04", Start, End));
        outcomes.Put(Care.Stay("late", "p", "AMB", "2026-04-21", "2026-04-21"));
        Assert.Equal("1/0/1", outcomes.Measure("m-04", Start, End));
    }

    [Theory]
    // TRC: 31 days in all, the day of the discharge among them.
    [InlineData("2026-03-10", "nurse", "1/0/1")]
    [InlineData("2026-04-09", "nurse", "1/0/1")]
    [InlineData("2026-04-10", "nurse", "1/0/0")]
    [InlineData("2026-03-09", "nurse", "1/0/0")]
    [InlineData("2026-03-12", "ict", "1/0/0")]
    public void Medications_are_reconciled_by_whoever_may_within_thirty_one_days(string day, string role, string counts)
    {
        using var outcomes = Of(
            $$"""{"resourceType":"PractitionerRole","id":"r","practitioner":{"reference":"Practitioner/n"},"code":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/practitioner-role","code":"{{role}}"}]}]}""",
            Care.Stay("a", "p", "IMP", "2026-03-05", "2026-03-10"),
            Care.Work(
                "t",
                "p",
                "plan",
                "medications",
                "completed",
                day,
                ",\"focus\":{\"reference\":\"List/l\"},\"owner\":{\"reference\":\"Practitioner/n\"}"
            )
        );

        Assert.Equal(counts, outcomes.Measure("m-05", Start, End));
    }

    private static string Notice(string id, string stay, string what, string received, string? bundle = null) =>
        $$"""
            {"resourceType":"Task","id":"{{id}}","status":"completed","intent":"order","authoredOn":"{{received}}","focus":{"reference":"Encounter/{{stay}}"},
             "code":{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/care-command","code":"submit-transition"}]},
             "input":[{"type":{"text":"event"},"valueCode":"{{what}}"},{"type":{"text":"received as"},"valueReference":{"reference":"Bundle/{{bundle
                ?? id}}"} }]}
            """;

    [Theory]
    // TRC: three days in all.
    [InlineData("2026-03-05T10:00:00Z", "1/0/1")]
    [InlineData("2026-03-07T23:59:00Z", "1/0/1")]
    [InlineData("2026-03-08T00:00:00Z", "1/0/0")]
    public void An_admission_is_told_within_three_days(string received, string counts)
    {
        using var outcomes = Of(
            Care.Stay("a", "p", "IMP", "2026-03-05T08:00:00Z", "2026-03-10"),
            Notice("n", "a", "notification-admit", received)
        );

        Assert.Equal(counts, outcomes.Measure("m-02", Start, End));
        Assert.Equal("1/0/0", outcomes.Measure("m-03", Start, End));
    }

    [Theory]
    [InlineData("2026-03-12T23:00:00Z", "11535-2,8648-8,10183-2,30954-2,69730-0", "1/0/1")]
    [InlineData("2026-03-13T00:00:00Z", "11535-2,8648-8,10183-2,30954-2,69730-0", "1/0/0")]
    [InlineData("2026-03-10T23:00:00Z", "11535-2,8648-8,10183-2,30954-2", "1/0/0")]
    [InlineData("2026-03-10T23:00:00Z", "11535-2,8648-8,10183-2,10160-0,30954-2", "1/0/0")]
    public void A_summary_of_a_stay_says_everything_within_three_days(string received, string sections, string counts)
    {
        var told = string.Join(
            ',',
            sections
                .Split(',')
                .Select(code =>
                    $$"""{"code":{"coding":[{"system":"http://loinc.org","code":"{{code}}"}]},"text":{"status":"generated","div":"<div>x</div>"} }"""
                )
        );
        using var outcomes = Of(
            Care.Stay("a", "p", "IMP", "2026-03-05", "2026-03-10"),
            $$"""
            {"resourceType":"Bundle","id":"doc","type":"document","entry":[{"resource":{"resourceType":"Composition","status":"final","date":"2026-03-10","title":"x",
             "type":{"coding":[{"system":"http://loinc.org","code":"18842-5"}]},"author":[{"display":"a"}],"section":[{{told}}]} }]}
            """,
            Notice("n", "a", "notification-discharge", received, "doc")
        );

        Assert.Equal(counts, outcomes.Measure("m-03", Start, End));
    }

    [Theory]
    // FMC: eight days in all, and visits from 1 January to 24 December.
    [InlineData("2026-03-10", "2026-03-10", "1/0/1")]
    [InlineData("2026-03-10", "2026-03-17", "1/0/1")]
    [InlineData("2026-03-10", "2026-03-18", "1/0/0")]
    [InlineData("2026-12-24", "2026-12-31", "1/0/1")]
    [InlineData("2026-12-25", "2026-12-26", "0/0/0")]
    public void After_an_emergency_visit_somebody_follows_up_within_eight_days(
        string visit,
        string follow,
        string counts
    )
    {
        using var outcomes = Of(
            Care.Condition("c", "p", "I50.9", "2020-01-01"),
            Care.Condition("d", "p", "J44.9", "2020-01-01"),
            Care.Stay("a", "p", "EMER", visit, visit),
            Care.Stay("f", "p", "VR", follow, follow)
        );

        Assert.Equal(counts, outcomes.Measure("m-08", Start, End));
    }

    [Fact]
    public void Emergency_visits_count_with_two_groups_of_conditions_once_in_eight_days_and_without_a_stay()
    {
        using var outcomes = Of(
            Care.Condition("c", "p", "I50.9", "2020-01-01"),
            Care.Condition("d", "p", "I11.0", "2020-01-01"),
            Care.Stay("a", "p", "EMER", "2026-03-10", "2026-03-10")
        );
        // Two conditions of one group are one.
        Assert.Equal("0/0/0", outcomes.Measure("m-08", Start, End));
        // Told on the day of the visit is not before it.
        outcomes.Put(Care.Condition("e", "p", "N18.3", "2026-03-10"));
        Assert.Equal("0/0/0", outcomes.Measure("m-08", Start, End));
        outcomes.Put(Care.Condition("e", "p", "N18.3", "2026-03-09"));
        Assert.Equal("1/0/0", outcomes.Measure("m-08", Start, End));
        outcomes.Put(
            Care.Stay("b", "p", "EMER", "2026-03-17", "2026-03-17"),
            Care.Stay("c", "p", "EMER", "2026-03-18", "2026-03-18"),
            Care.Stay("d", "p", "EMER", "2026-03-25", "2026-03-25")
        );
        // The tenth, the eighteenth: each the first of eight days.
        Assert.Equal("2/0/0", outcomes.Measure("m-08", Start, End));
        outcomes.Put(Care.Stay("in", "p", "IMP", "2026-03-25", "2026-03-28"));
        Assert.DoesNotContain("3/", outcomes.Measure("m-08", Start, End), StringComparison.Ordinal);
    }

    [Theory]
    // Admitted from the emergency room before its visit ended, after midnight.
    [InlineData("2026-03-10T23:50:00Z", "2026-03-10T22:00:00Z", "2026-03-11T02:00:00Z", "0/0/0")]
    // Back in hospital on the day after, which makes one stay with the one that ended on the day of the visit.
    [InlineData("2026-03-10", "2026-03-09T20:00:00Z", "2026-03-09T23:00:00Z", "0/0/0")]
    [InlineData("2026-03-16", "2026-03-09", "2026-03-09", "0/0/0")]
    [InlineData("2026-03-17", "2026-03-09", "2026-03-09", "1/0/0")]
    public void Who_comes_to_hospital_after_an_emergency_visit_is_not_waited_for(
        string admitted,
        string start,
        string end,
        string counts
    )
    {
        using var outcomes = Of(
            Care.Condition("c", "p", "I50.9", "2020-01-01"),
            Care.Condition("d", "p", "J44.9", "2020-01-01"),
            Care.Stay("before", "p", "IMP", "2026-03-01", "2026-03-09"),
            Care.Stay("a", "p", "EMER", start, end),
            Care.Stay("in", "p", "IMP", admitted, null, status: "in-progress")
        );

        Assert.Equal(counts, outcomes.Measure("m-08", Start, End));
    }
}
