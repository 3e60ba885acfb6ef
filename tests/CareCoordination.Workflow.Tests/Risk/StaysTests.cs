using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Risk;

namespace CareCoordination.Workflow.Tests.Risk;

public sealed class StaysTests
{
    [Theory]
    // Day 30 is in, day 31 is out.
    [InlineData("2026-10-01", "2026-10-31", "", true)]
    [InlineData("2026-10-01", "2026-11-01", "", false)]
    [InlineData("2026-10-01", "2026-10-02", "", true)]
    // The same stay goes on.
    [InlineData("2026-10-01", "2026-10-01", "", false)]
    [InlineData("2026-10-01", "2026-10-02", "hosp-trans", false)]
    [InlineData("2026-10-01", "2026-10-03", "hosp-trans", true)]
    [InlineData("2026-10-01", "2026-09-25", "", false)]
    public void An_admission_within_thirty_days_is_a_readmission(
        string discharged,
        string admitted,
        string source,
        bool isReadmission
    ) =>
        Assert.Equal(
            isReadmission,
            Stays.IsReadmission(
                One("a", "IMP", "2026-09-26", discharged),
                One("b", "IMP", admitted, "2026-12-01", source)
            )
        );

    [Fact]
    public void A_visit_of_the_emergency_department_is_no_readmission() =>
        Assert.False(
            Stays.IsReadmission(
                One("a", "IMP", "2026-09-26", "2026-10-01"),
                One("b", "EMER", "2026-10-05", "2026-10-05")
            )
        );

    [Theory]
    [InlineData("IMP", "2026-11-01", 1)]
    [InlineData("ACUTE", "2025-11-10", 1)]
    // Twelve months before the day of the admission are the first that count.
    [InlineData("IMP", "2025-11-09", 0)]
    [InlineData("OBSENC", "2026-10-01", 0)]
    [InlineData("AMB", "2026-10-01", 0)]
    public void Admissions_of_the_year_before_count(string kind, string day, int count) =>
        Assert.Equal(count, Stays.AdmissionsBefore(Index, [One("x", kind, day, day), Index], 12));

    [Fact]
    public void A_chain_of_transfers_is_one_admission()
    {
        Stay[] chain =
        [
            One("a", "IMP", "2026-03-01", "2026-03-04"),
            One("b", "ACUTE", "2026-03-04", "2026-03-08"),
            One("c", "IMP", "2026-03-09", "2026-03-20", "hosp-trans"),
            One("d", "IMP", "2026-06-01", "2026-06-02"),
        ];

        Assert.Equal(2, Stays.AdmissionsBefore(Index, chain, 12));
    }

    [Fact]
    public void The_stay_that_led_into_this_one_is_none_before_it()
    {
        Stay[] others = [One("a", "IMP", "2026-05-01", "2026-05-04"), One("b", "IMP", "2026-11-07", "2026-11-10")];

        Assert.Equal(1, Stays.AdmissionsBefore(Index, others, 12));
    }

    [Theory]
    [InlineData("2026-05-10", "2026-05-10", 1)]
    [InlineData("2026-05-09", "2026-05-09", 0)]
    [InlineData("2026-11-10T09:00:00Z", "2026-11-10T11:00:00Z", 1)]
    // It led to the admission at 20:00.
    [InlineData("2026-11-10T15:00:00Z", "2026-11-10T20:00:00Z", 0)]
    [InlineData("2026-11-10T15:00:00Z", null, 0)]
    [InlineData("2026-11-10", "2026-11-10", 0)]
    [InlineData("2026-11-12T15:00:00Z", "2026-11-12T16:00:00Z", 0)]
    public void Visits_of_six_months_count_without_the_one_that_led_to_the_admission(
        string start,
        string? end,
        int count
    ) =>
        Assert.Equal(
            count,
            Stays.EmergencyVisitsBefore(
                One("i", "IMP", "2026-11-10T20:00:00Z", "2026-11-15T10:00:00Z"),
                [One("e", "EMER", start, end)],
                6
            )
        );

    [Fact]
    public void A_visit_that_is_a_part_of_the_stay_does_not_count()
    {
        var visit = One("e", "EMER", "2026-11-09T10:00:00Z", "2026-11-09T12:00:00Z");

        Assert.Equal(0, Stays.EmergencyVisitsBefore(Index, [visit with { PartOf = "Encounter/i" }], 6));
        Assert.Equal(0, Stays.EmergencyVisitsBefore(Index with { PartOf = "Encounter/e" }, [visit], 6));
        Assert.Equal(1, Stays.EmergencyVisitsBefore(Index, [visit, visit], 6));
    }

    [Theory]
    [InlineData("cancelled")]
    [InlineData("entered-in-error")]
    [InlineData("planned")]
    public void What_has_not_taken_place_is_no_stay(string status) =>
        Assert.Null(Stay.Of(Encounter("x", "IMP", "2026-01-01", "2026-01-02", status: status), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("0001-01-01", "0001-01-02")]
    [InlineData("9999-12-30", "9999-12-31")]
    public void Years_at_the_end_of_all_dates_are_counted_as_well(string start, string end)
    {
        var index = One("i", "IMP", start, end);

        Assert.Equal(0, Stays.AdmissionsBefore(index, [index], 12));
        Assert.Equal(0, Stays.EmergencyVisitsBefore(index, [index], 6));
    }

    [Fact]
    public void Days_are_those_of_the_hospital()
    {
        var stay = Stay.Of(Encounter("x", "IMP", "2026-11-10T03:00:00Z", "2026-11-15T04:30:00Z"), Given.NewYork)!;

        Assert.Equal((new DateOnly(2026, 11, 9), new DateOnly(2026, 11, 14)), (stay.FirstDay, stay.LastDay));
    }

    private static Stay Index => One("i", "IMP", "2026-11-10", "2026-11-15");

    private static Stay One(string id, string kind, string start, string? end, string source = "") =>
        Stay.Of(Encounter(id, kind, start, end, source), TimeZoneInfo.Utc)!;

    private static EncounterView Encounter(
        string id,
        string kind,
        string start,
        string? end,
        string source = "",
        string status = "finished"
    )
    {
        var ends = end is null ? "" : $",'end':'{end}'";
        var from =
            source.Length == 0
                ? ""
                : $",'hospitalization':{{'admitSource':{{'coding':[{{'system':'http://terminology.hl7.org/CodeSystem/admit-source','code':'{source}'}}]}}}}";
        return EncounterView.From(
            ResourceDocument
                .Parse(
                    Given
                        .Resource(
                            "Encounter",
                            id,
                            $"'status':'{status}','class':{{'code':'{kind}'}},'period':{{'start':'{start}'{ends}}}{from}"
                        )
                        .Utf8Json
                )
                .Value
        );
    }
}
