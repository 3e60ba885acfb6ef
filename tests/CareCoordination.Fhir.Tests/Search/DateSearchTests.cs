using CareCoordination.Fhir.Primitives;
using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>https://hl7.org/fhir/R4/search.html#date, https://hl7.org/fhir/R4/search.html#prefix</summary>
public sealed class DateSearchTests
{
    [Theory]
    [InlineData("2013-01-14", "2013-01-14", true)]
    [InlineData("2013-01-14T10:00:00Z", "2013-01-14", true)]
    [InlineData("2013-01-14", "2013-01-14T10:00:00Z", false)]
    [InlineData("2013-01-14", "2013-01", true)]
    [InlineData("2013-01-14", "2013", true)]
    [InlineData("2013", "2013-01-14", false)]
    [InlineData("2013-01-14T23:30:00-02:00", "2013-01-14", false)]
    [InlineData("2013-01-14T23:30:00-02:00", "2013-01-15", true)]
    [InlineData("2013-01-14T23:30:00-02:00", "2013-01-15T01:30:00Z", true)]
    [InlineData("2013-01-14T10:00:00Z", "2013-01-14T10:00", true)]
    [InlineData("2013-01-14T10:00:00Z", "2013-01-14T11:00:00 01:00", true)]
    [InlineData("2013-01-14", "ne2013-01-14", false)]
    [InlineData("2013-01-14", "ne2013-01-15", true)]
    [InlineData("2013", "ne2013-01-14", true)]
    [InlineData("2013-01-14", "gt2013-01-13", true)]
    [InlineData("2013-01-14", "gt2013-01-14", false)]
    [InlineData("2013-01-14", "gt2013-01-14T10:00:00Z", true)]
    [InlineData("2013-01-14", "lt2013-01-15", true)]
    [InlineData("2013-01-14", "lt2013-01-14", false)]
    [InlineData("2013-01-14", "lt2013-01-14T10:00:00Z", true)]
    [InlineData("2013-01-14", "ge2013-01-14", true)]
    [InlineData("2013-01-14", "ge2013-01-15", false)]
    [InlineData("2013-01-14", "le2013-01-14", true)]
    [InlineData("2013-01-14", "le2013-01-13", false)]
    [InlineData("2013-01-14", "sa2013-01-13", true)]
    [InlineData("2013-01-14", "sa2013-01-14", false)]
    [InlineData("2013-01-14", "eb2013-01-15", true)]
    [InlineData("2013-01-14", "eb2013-01-14", false)]
    [InlineData("2013-01-14", "eb2013-01-14T10:00:00Z", false)]
    [InlineData("2026-02-28", "ap2026-03-01", true)]
    [InlineData("2025-01-01", "ap2026-02-28", false)]
    [InlineData("2020-06-01", "ap2020-03-01", true)]
    public void A_date_is_compared_as_the_range_it_covers(string resource, string query, bool found) =>
        Assert.Equal(found, Finds("Observation", $""" "effectiveDateTime":"{resource}" """, $"date={query}"));

    [Theory]
    [InlineData("""{"start":"2020-01-01","end":"2020-01-31"}""", "2020-01", true)]
    [InlineData("""{"start":"2020-01-01","end":"2020-01-31"}""", "2020-01-15", false)]
    [InlineData("""{"start":"2020-01-01"}""", "ge2099", true)]
    [InlineData("""{"start":"2020-01-01"}""", "2020", false)]
    [InlineData("""{"start":"2020-01-01"}""", "sa2019", true)]
    [InlineData("""{"end":"2020-01-31"}""", "lt1900", true)]
    [InlineData("""{"end":"2020-01-31"}""", "eb2020-02-01", true)]
    [InlineData("""{"end":"2020-01-31"}""", "gt2020-01-31", false)]
    public void A_period_is_open_where_it_has_no_end(string period, string query, bool found) =>
        Assert.Equal(found, Finds("CarePlan", $""" "period":{period} """, $"date={query}"));

    [Theory]
    [InlineData("""{"event":["2020-01-05","2020-03-01"]}""", "2020", true)]
    [InlineData("""{"event":["2020-01-05","2020-03-01"]}""", "gt2020-02-01", true)]
    [InlineData("""{"event":["2020-01-05","2020-03-01"]}""", "2020-01-05", false)]
    [InlineData("""{"repeat":{"boundsPeriod":{"start":"2020-01-05","end":"2020-03-01"}}}""", "2020", true)]
    public void A_timing_is_its_outer_limits(string timing, string query, bool found) =>
        Assert.Equal(found, Finds("ServiceRequest", $""" "occurrenceTiming":{timing} """, $"occurrence={query}"));

    [Theory]
    [InlineData("Patient", """ "birthDate":"1980-05-05" """, "birthdate=1980-05-05")]
    [InlineData("AuditEvent", """ "recorded":"2020-01-01T00:00:00.123Z" """, "date=2020-01-01T00:00:00.123Z")]
    [InlineData("AuditEvent", """ "recorded":"2020-01-01T00:00:00.123Z" """, "date=2020-01-01T00:00:00Z")]
    [InlineData("Goal", """ "target":[{"dueDate":"2020-02-02"}] """, "target-date=2020-02-02")]
    [InlineData("Observation", """ "valueDateTime":"2020-02-02" """, "value-date=2020-02")]
    [InlineData("Patient", "", "_lastUpdated=2026-03-01T12:00:00.000Z")]
    [InlineData("Patient", "", "_lastUpdated=ge2026-03-01&_lastUpdated=lt2026-03-02")]
    public void Dates_date_times_and_instants_are_found(string type, string members, string query) =>
        Assert.True(Finds(type, members, query));

    [Fact]
    public void A_value_that_is_no_date_is_not_indexed() =>
        Assert.Empty(Extract("Patient", """ "birthDate":"soon" """).Dates);

    [Fact]
    public void A_day_is_indexed_as_its_24_hours()
    {
        var day = Assert.Single(Extract("Patient", """ "birthDate":"1980-05-05" """).Dates);
        var start = new DateTime(1980, 5, 5, 0, 0, 0, DateTimeKind.Utc).Ticks;
        Assert.Equal(
            new(Parameter("Patient", "birthdate").Id, new DateRange(start, start + TimeSpan.TicksPerDay)),
            day
        );
    }

    [Theory]
    [InlineData(
        "birthdate=soon",
        "'birthdate' starts with an unknown prefix; use eq, ne, gt, lt, ge, le, sa, eb, ap or none."
    )]
    [InlineData(
        "birthdate=ge1980-13",
        "'birthdate' is not a date; use YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm[:ss] with Z or an offset, after eq, ne, gt, lt, ge, le, sa, eb or ap."
    )]
    [InlineData(
        "birthdate:exact=1980",
        "Modifier ':exact' is not offered for the date parameter 'birthdate'; use :missing or none."
    )]
    public void What_cannot_be_understood_is_refused(string query, string sentence) =>
        Assert.Equal([sentence], Refusal("Patient", query));
}
