using CareCoordination.Analytics.Measures;

namespace CareCoordination.Analytics.Tests;

/// <summary>The edges of each measure, by cases that can be checked by hand.</summary>
public sealed class MeasureTests
{
    private const string Start = "2026-01-01";
    private const string End = "2026-12-31";

    public static TheoryData<string> Ids => [.. MeasureLibrary.All.Select(measure => measure.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_measure_can_be_asked_of_nothing_and_of_each_stratum(string id)
    {
        using var outcomes = new Outcomes();
        outcomes.Put(Care.Patient("p"));

        var counts = outcomes.Count(id, Start, End, isStratified: true);

        Assert.Null(counts[0].Stratifier);
        Assert.All(counts, count => Assert.True(count.Numerator <= count.Initial));
        Assert.Empty(outcomes.Patients(id, "1990-01-01", "1990-12-31"));
    }

    [Theory]
    [InlineData("2026-01-01", "2026-03-01T10:00:00Z", "1/0/1")]
    [InlineData("2026-10-31T23:59:00Z", "2026-12-31", "1/0/1")]
    [InlineData("2026-11-01", "2026-12-01", "0/0/0")]
    [InlineData("2025-12-31", "2026-02-01", "0/0/0")]
    [InlineData("2026-05-01", "2027-01-01", "1/0/0")]
    [InlineData("2026-05-01", "2026-04-30", "1/0/0")]
    [InlineData("2026-05-01T10:00:00Z", "2026-05-01T10:00:00Z", "1/0/0")]
    [InlineData("2026-05-01T10:00:00Z", "2026-05-01T10:00:01Z", "1/0/1")]
    public void A_referral_is_closed_by_a_task_that_ends_after_it_within_the_period(
        string authored,
        string end,
        string counts
    )
    {
        using var outcomes = new Outcomes();
        outcomes.Put(Care.Patient("p"), Care.Referral("r", "p", authored), Care.Closed("t", "p", "r", end));

        Assert.Equal(counts, outcomes.Measure("m-09", Start, End));
    }

    [Fact]
    public void Of_several_referrals_of_a_patient_the_first_counts_whichever_record_it_is_of()
    {
        using var outcomes = new Outcomes();
        outcomes.Put(
            Care.Patient("old", more: ",\"link\":[{\"type\":\"replaced-by\",\"other\":{\"reference\":\"Patient/p\"}}]"),
            Care.Patient("p"),
            Care.Referral("first", "old", "2026-02-01"),
            Care.Referral("second", "p", "2026-03-01"),
            Care.Closed("t", "p", "second", "2026-04-01"),
            Care.Referral("draft", "p", "2026-01-02", status: "draft"),
            Care.Referral("revoked", "p", "2026-01-02", status: "revoked")
        );

        Assert.Equal("1/0/0", outcomes.Measure("m-09", Start, End));
        outcomes.Put(Care.Closed("u", "old", "first", "2026-04-01"));
        Assert.Equal("1/0/1", outcomes.Measure("m-09", Start, End));
        Assert.Equal("p", Assert.Single(outcomes.Patients("m-09", Start, End)).Id);
        outcomes.Put(Care.Task("u", "old", "entered-in-error"));
        Assert.Equal("1/0/0", outcomes.Measure("m-09", Start, End));
    }

    [Theory]
    [InlineData("completed", "achieved", "2026-05-01", "2026-05-01", "1/0/1")]
    [InlineData("active", "sustaining", "2026-05-01", "2026-04-01", "1/0/1")]
    [InlineData("completed", "achieved", "2026-05-01", "2026-05-02", "1/0/0")]
    [InlineData("active", "improving", "2026-05-01", "2026-04-01", "1/0/0")]
    [InlineData("cancelled", "achieved", "2026-05-01", "2026-04-01", "0/0/0")]
    [InlineData("proposed", null, "2026-05-01", null, "0/0/0")]
    [InlineData("entered-in-error", "achieved", "2026-05-01", "2026-04-01", "0/0/0")]
    [InlineData("completed", "achieved", "2027-01-01", "2026-04-01", "0/0/0")]
    [InlineData("completed", "achieved", "2025-06-01", null, "0/0/0")]
    [InlineData("completed", "achieved", "2026-01-01", null, "1/0/1")]
    public void A_goal_is_achieved_by_its_due_day(
        string lifecycle,
        string? achievement,
        string due,
        string? statusDate,
        string counts
    )
    {
        using var outcomes = new Outcomes();
        outcomes.Put(Care.Goal("g", "p", lifecycle, achievement, due, statusDate));

        Assert.Equal(counts, outcomes.Measure("m-14", Start, End));
    }

    [Theory]
    [InlineData("completed", "2026-05-01", "2026-05-01T23:00:00Z", "1/0/1")]
    [InlineData("completed", "2026-05-01T12:00:00Z", "2026-05-01T12:00:01Z", "1/0/0")]
    [InlineData("completed", "2026-05-01T12:00:00Z", "2026-05-01", "1/0/1")]
    [InlineData("completed", "2026-05-01", "2026-05-02", "1/0/0")]
    [InlineData("in-progress", "2026-05-01", "2026-04-30", "1/0/0")]
    [InlineData("cancelled", "2026-05-01", "2026-04-30", "0/1/0")]
    [InlineData("draft", "2026-05-01", "2026-04-30", "0/0/0")]
    [InlineData("completed", "2025-12-31", "2025-12-30", "0/0/0")]
    public void A_task_is_on_time_by_its_due_time(string status, string due, string end, string counts)
    {
        using var outcomes = new Outcomes();
        outcomes.Put(
            Care.Task(
                "t",
                "p",
                status,
                $$""","restriction":{"period":{"end":"{{due}}"} },"executionPeriod":{"end":"{{end}}"}"""
            )
        );

        Assert.Equal(counts, outcomes.Measure("m-16", Start, End));
    }

    [Fact]
    public void A_population_is_told_apart_by_what_is_known_of_patients()
    {
        using var outcomes = new Outcomes();
        outcomes.Put(
            Care.Patient("a", born: "1962-01-01"),
            Care.Patient("b", born: "1962-01-02", gender: "male"),
            Care.Referral("ra", "a", "2026-02-01"),
            Care.Referral("rb", "b", "2026-02-01"),
            Care.Referral("rc", "nobody", "2026-02-01"),
            Care.Closed("t", "a", "ra", "2026-03-01")
        );

        var counts = outcomes.Count("m-09", Start, "2026-12-31", isStratified: true);

        string[] Of(string stratifier) =>
            [.. counts.Where(c => c.Stratifier == stratifier).Select(c => $"{c.Stratum} {c.Numerator}/{c.Initial}")];
        Assert.Equal(["female 1/1", "male 0/1", "unknown 0/1"], Of("sex"));
        Assert.Equal(["45-64 1/2", "unknown 0/1"], Of("age-band").Select(s => s).ToArray());
        Assert.Equal("3/0/1", outcomes.Measure("m-09", Start, End));
        Assert.Equal("1/0/1", outcomes.Measure("m-09", Start, End, query => query with { Patient = "a" }));
    }

    [Fact]
    public void Who_pays_is_known_of_somebody_whose_record_was_deleted()
    {
        using var outcomes = new Outcomes();
        outcomes.Put(Care.Patient("p"), Cover("p"), Care.Referral("r", "p", "2026-02-01"));
        outcomes.Delete("Patient", "p");

        Assert.Equal(
            "HMO 0/1",
            Assert.Single(
                outcomes
                    .Count("m-09", Start, End, true)
                    .Where(c => c.Stratifier == "payer")
                    .Select(c => $"{c.Stratum} {c.Numerator}/{c.Initial}")
            )
        );
    }

    private static string Cover(string patient) =>
        $$"""{"resourceType":"Coverage","id":"c","status":"active","beneficiary":{"reference":"Patient/{{patient}}"},"type":{"coding":[{"code":"HMO"}]} }""";

    [Fact]
    public void What_a_record_says_that_was_merged_is_of_the_one_that_is_left()
    {
        using var outcomes = new Outcomes();
        outcomes.Put(
            Care.Patient("old", more: Care.MergedInto("p")),
            Care.Patient("p"),
            Cover("old"),
            Care.Referral("r", "old", "2026-02-01")
        );

        Assert.Equal(
            "HMO",
            Assert.Single(outcomes.Count("m-09b", Start, End, true), c => c.Stratifier == "payer").Stratum
        );
        Assert.Equal("1/0/0", outcomes.Measure("m-09b", Start, End, query => query with { Patient = "p" }));
    }

    [Fact]
    public void An_organisation_has_what_is_of_its_patients_where_a_measure_names_none()
    {
        using var outcomes = new Outcomes();
        outcomes.Put(
            Care.Patient("p", more: ",\"managingOrganization\":{\"reference\":\"Organization/o\"}"),
            Care.Patient("q"),
            Care.Referral("r", "p", "2026-02-01"),
            Care.Referral("s", "q", "2026-02-01")
        );

        Assert.Equal(
            ["none 1", "o 1"],
            outcomes
                .Count("m-09b", Start, End, true)
                .Where(c => c.Stratifier == "organization")
                .Select(c => $"{c.Stratum} {c.Initial}")
        );
        Assert.Equal("1/0/0", outcomes.Measure("m-09b", Start, End, query => query with { Organization = "o" }));
        Assert.Equal("0/0/0", outcomes.Measure("m-09b", Start, End, query => query with { Organization = "none" }));
    }

    [Theory]
    [InlineData("Practitioner/x", "x")]
    [InlineData("PractitionerRole/x", "x")]
    [InlineData("Organization/x", "none")]
    [InlineData("Patient/p", "none")]
    public void A_practitioner_is_somebody_who_works(string who, string stratum)
    {
        using var outcomes = new Outcomes();
        outcomes.Put(
            Care.Patient("p"),
            Care.Referral("r", "p", "2026-02-01", more: $",\"requester\":{{\"reference\":\"{who}\"}}"),
            Care.Task(
                "try",
                "p",
                "requested",
                $",\"focus\":{{\"reference\":\"ServiceRequest/r\"}},\"owner\":{{\"reference\":\"{who}\"}}"
            ),
            Care.Plan("c", "p", "2026-01-01", more: $",\"author\":{{\"reference\":\"{who}\"}}"),
            Care.Work(
                "t",
                "p",
                "c",
                "call",
                "requested",
                null,
                $",\"owner\":{{\"reference\":\"{who}\"}},\"restriction\":{{\"period\":{{\"end\":\"2026-01-20\"}}}}"
            )
        );

        foreach (
            var id in (string[])
                ["m-09", "m-09b", "m-10a", "m-10b", "m-11", "m-11e", "m-13", "m-16", "m-17a", "m-22", "m-22b"]
        )
            Assert.Equal(
                $"{id} {stratum}",
                $"{id} {outcomes.Count(id, Start, End, true).First(c => c.Stratifier == "practitioner").Stratum}"
            );
    }
}
