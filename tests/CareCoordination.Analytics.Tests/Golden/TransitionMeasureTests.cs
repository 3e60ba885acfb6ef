namespace CareCoordination.Analytics.Tests.Golden;

/// <summary>
/// The contact and the visit after a discharge: M-06, M-07, M-22. CMS: two business days after the discharge, whose day is none; a visit
/// within seven days where decisions are of high complexity, within fourteen where they are of moderate.
/// </summary>
public sealed class TransitionMeasureTests
{
    private const string Start = "2026-01-01";
    private const string End = "2026-12-31";

    private static Outcomes Of(string discharged, params string[] resources)
    {
        var outcomes = new Outcomes { Now = new(2026, 12, 31, 12, 0, 0, TimeSpan.Zero) };
        return outcomes.Put([
            Care.Patient("p"),
            Care.Stay("s", "p", "IMP", "2026-01-02", discharged, more: Care.Disposition("home")),
            Care.Transition("plan", "p", "s", discharged),
            .. resources,
        ]);
    }

    [Theory]
    // The published example: a discharge on Friday, a contact by the end of Tuesday.
    [InlineData("2026-03-06", "2026-03-10T23:30:00Z", "1/0/1")]
    [InlineData("2026-03-06", "2026-03-11T00:00:00Z", "1/0/0")]
    [InlineData("2026-03-06", "2026-03-07", "1/0/1")]
    // Monday: by Wednesday. Saturday and Sunday: by Tuesday.
    [InlineData("2026-03-09", "2026-03-11", "1/0/1")]
    [InlineData("2026-03-09", "2026-03-12", "1/0/0")]
    [InlineData("2026-03-07", "2026-03-10", "1/0/1")]
    [InlineData("2026-03-08", "2026-03-11", "1/0/0")]
    // Labor Day is 7 September 2026: Friday before it, by Wednesday.
    [InlineData("2026-09-04", "2026-09-09", "1/0/1")]
    [InlineData("2026-09-04", "2026-09-10", "1/0/0")]
    // Independence Day 2026 is a Saturday, and kept on Friday, the third.
    [InlineData("2026-07-01", "2026-07-06", "1/0/1")]
    public void Somebody_speaks_with_the_patient_by_the_second_business_day(
        string discharged,
        string spoken,
        string counts
    )
    {
        using var outcomes = Of(discharged, Care.Work("t", "p", "plan", "contact", "completed", spoken));

        Assert.Equal(counts, outcomes.Measure("m-06", Start, End));
        Assert.Equal(counts, outcomes.Measure("m-06b", Start, End));
    }

    [Fact]
    public void Business_days_are_those_of_the_zone_of_the_calendar()
    {
        using var outcomes = new Outcomes("America/Los_Angeles") { Now = new(2026, 12, 31, 12, 0, 0, TimeSpan.Zero) };
        // Still Friday there; Tuesday evening there, Wednesday in London.
        outcomes.Put(
            Care.Patient("p"),
            Care.Stay("s", "p", "IMP", "2026-01-02", "2026-03-07T06:00:00Z"),
            Care.Transition("plan", "p", "s", "2026-03-07T06:00:00Z"),
            Care.Work("t", "p", "plan", "contact", "completed", "2026-03-11T06:00:00Z")
        );

        Assert.Equal("1/0/1", outcomes.Measure("m-06", Start, End));
    }

    private static string Tried(params string[] times) =>
        $$""","extension":[{{string.Join(',', times.Select(time => $$"""{"url":"https://carecoordination.example/fhir/StructureDefinition/contact-attempt","extension":[{"url":"date","valueDateTime":"{{time}}"},{"url":"outcome","valueCodeableConcept":{"text":"no answer"} }]}"""))}}]""";

    [Fact]
    public void Two_attempts_in_time_stand_for_the_contact_in_the_second_measure_alone()
    {
        using var outcomes = Of(
            "2026-03-06",
            Care.Work("t", "p", "plan", "contact", "requested", null, Tried("2026-03-09T10:00:00Z"))
        );
        Assert.Equal("1/0/0", outcomes.Measure("m-06b", Start, End));

        outcomes.Put(
            Care.Work(
                "t",
                "p",
                "plan",
                "contact",
                "requested",
                null,
                Tried("2026-03-09T10:00:00Z", "2026-03-11T10:00:00Z")
            )
        );
        Assert.Equal("1/0/0", outcomes.Measure("m-06b", Start, End));

        outcomes.Put(
            Care.Work("u", "p", "plan", "contact", "failed", null, ",\"lastModified\":\"2026-03-10T15:00:00Z\"")
        );
        Assert.Equal("1/0/1", outcomes.Measure("m-06b", Start, End));
        Assert.Equal("1/0/0", outcomes.Measure("m-06", Start, End));
    }

    [Theory]
    // On the next day: it is one stay with the one before in other measures.
    [InlineData("2026-03-07", "0/1/0")]
    [InlineData("2026-03-10", "0/1/0")]
    [InlineData("2026-03-11", "1/0/0")]
    public void Who_is_in_hospital_again_or_has_died_by_the_deadline_is_left_out(string day, string counts)
    {
        using (var outcomes = Of("2026-03-06", Care.Stay("again", "p", "IMP", day, null, status: "in-progress")))
            Assert.Equal(counts, outcomes.Measure("m-06", Start, End));
        using (var outcomes = Of("2026-03-06", Care.Patient("p", more: $",\"deceasedDateTime\":\"{day}\"")))
            Assert.Equal(counts, outcomes.Measure("m-06", Start, End));
    }

    [Fact]
    public void Who_dies_or_comes_back_on_the_day_of_the_discharge_is_left_out()
    {
        using (var outcomes = Of("2026-03-06", Care.Patient("p", more: ",\"deceasedDateTime\":\"2026-03-06\"")))
            Assert.Equal("0/1/0", outcomes.Measure("m-06", Start, End));
        using (
            var outcomes = Of(
                "2026-03-06T10:00:00Z",
                Care.Stay("again", "p", "IMP", "2026-03-06T22:00:00Z", null, status: "in-progress")
            )
        )
            Assert.Equal("0/1/0", outcomes.Measure("m-06", Start, End));
        // The same stay, as another system tells it, is none to come back to.
        using (
            var outcomes = Of(
                "2026-03-06T10:00:00Z",
                Care.Stay("same", "p", "ACUTE", "2026-03-06T07:00:00Z", "2026-03-06T10:00:00Z")
            )
        )
            Assert.Equal("1/0/0", outcomes.Measure("m-06", Start, End));
    }

    [Fact]
    public void Work_is_of_the_plan_that_names_it()
    {
        const string Names =
            ",\"category\":[{\"coding\":[{\"system\":\"https://carecoordination.example/fhir/CodeSystem/transition-plan\",\"code\":\"transitional-care\"}]}],\"activity\":[{\"reference\":{\"reference\":\"Task/call\"}},{\"reference\":{\"reference\":\"Task/visit\"}}]";
        using var outcomes = Of(
            "2026-03-06",
            Care.Plan("plan", "p", "2026-03-06", more: Names),
            Care.Work(
                "call",
                "p",
                "elsewhere",
                "contact",
                "requested",
                null,
                Tried("2026-03-09T10:00:00Z", "2026-03-10T10:00:00Z")
            ),
            Care.Work("visit", "p", "elsewhere", "visit", "completed", "2026-03-12")
        );

        Assert.Equal("1/0/1", outcomes.Measure("m-06b", Start, End));
        Assert.Equal("1/0/1", outcomes.Measure("m-07", Start, End));
    }

    [Theory]
    [InlineData(null, "2026-03-20", "1/0/1")]
    [InlineData(null, "2026-03-21", "1/0/0")]
    [InlineData("moderate", "2026-03-20", "1/0/1")]
    [InlineData("high", "2026-03-13", "1/0/1")]
    [InlineData("high", "2026-03-14", "1/0/0")]
    public void The_visit_is_within_seven_or_fourteen_days(string? tier, string day, string counts)
    {
        using var outcomes = Of("2026-03-06", Care.Stay("v", "p", "AMB", day, day));
        if (tier is not null)
            outcomes.Put(Care.Risk("r", "p", tier, "2026-03-06", "s"));

        Assert.Equal(counts, outcomes.Measure("m-07", Start, End));
    }

    [Fact]
    public void The_risk_is_that_of_the_stay_or_else_the_last_before_it()
    {
        using var outcomes = Of(
            "2026-03-06",
            Care.Stay("v", "p", "AMB", "2026-03-18", "2026-03-18"),
            Care.Risk("r", "p", "high", "2026-03-07")
        );
        Assert.Equal("1/0/1", outcomes.Measure("m-07", Start, End));
        outcomes.Put(Care.Risk("r", "p", "high", "2026-03-01"));
        Assert.Equal("1/0/0", outcomes.Measure("m-07", Start, End));
        outcomes.Put(Care.Risk("of-stay", "p", "low", "2026-03-08", "s"));
        Assert.Equal("1/0/1", outcomes.Measure("m-07", Start, End));
    }

    [Fact]
    public void A_plan_of_another_facility_a_draft_and_one_taken_back_are_none()
    {
        using var outcomes = Of("2026-03-06");
        Assert.Equal("1/0/0", outcomes.Measure("m-06", Start, End));
        outcomes.Put(
            Care.Stay("s2", "p", "IMP", "2026-04-01", "2026-04-05", more: Care.Disposition("snf")),
            Care.Transition("facility", "p", "s2", "2026-04-05"),
            Care.Transition("draft", "p", "s", "2026-03-06", "draft"),
            Care.Plan("other", "p", "2026-03-06")
        );
        Assert.Equal("1/0/0", outcomes.Measure("m-06", Start, End));
        outcomes.Put(Care.Transition("plan", "p", "s", "2026-03-06", "revoked"));
        Assert.Equal("0/0/0", outcomes.Measure("m-06", Start, End));
    }

    [Theory]
    [InlineData("completed", "2026-03-10T23:00:00Z", "1/0/1")]
    [InlineData("completed", "2026-03-11T01:00:00Z", "1/0/0")]
    [InlineData("failed", null, "1/0/0")]
    [InlineData("cancelled", null, "0/1/0")]
    [InlineData("draft", null, "0/0/0")]
    public void A_contact_takes_place_by_the_day_on_which_it_is_due(string status, string? end, string counts)
    {
        using var outcomes = new Outcomes();
        outcomes.Put(
            Care.Patient("p"),
            Care.Work("t", "p", "plan", "call", status, end, ",\"restriction\":{\"period\":{\"end\":\"2026-03-10\"}}"),
            Care.Task("other", "p", "completed", ",\"restriction\":{\"period\":{\"end\":\"2026-03-10\"}}")
        );

        Assert.Equal(counts, outcomes.Measure("m-22", Start, End));
    }

    [Fact]
    public void Three_attempts_that_reached_nobody_make_a_patient_unreachable()
    {
        const string Due = ",\"restriction\":{\"period\":{\"end\":\"2026-03-10\"}}";
        using var outcomes = new Outcomes();
        outcomes.Put(
            Care.Patient("p"),
            Care.Work("a", "p", "plan", "call", "failed", null, Due),
            Care.Work("b", "p", "plan", "call", "requested", null, Due + Tried("2026-03-09"))
        );
        Assert.Equal("1/0/0", outcomes.Measure("m-22b", Start, End));
        outcomes.Put(Care.Work("b", "p", "plan", "call", "failed", null, Due + Tried("2026-03-09", "2026-03-10")));
        Assert.Equal("1/0/1", outcomes.Measure("m-22b", Start, End));
    }
}
