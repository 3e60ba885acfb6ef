using CareCoordination.Fhir.Primitives;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Timings;

namespace CareCoordination.Workflow.Tests.Calendars;

/// <summary>A day is a day until the zone that owns it makes instants of it: every day of a year in zones all round the world.</summary>
public sealed class CareDateTests
{
    private static readonly string[] Names =
    [
        "Pacific/Kiritimati",
        "Pacific/Auckland",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Asia/Kolkata",
        "Europe/London",
        "UTC",
        "America/St_Johns",
        "America/New_York",
        "America/Los_Angeles",
        // Their clocks are set at midnight, so that a day begins at one.
        "America/Santiago",
        "Africa/Cairo",
        "Pacific/Pago_Pago",
    ];

    public static TheoryData<string> Zones => [.. Names];

    private static IEnumerable<DateOnly> Days =>
        Enumerable.Range(0, 365).Select(i => new DateOnly(2027, 1, 1).AddDays(i));

    [Theory, MemberData(nameof(Zones))]
    public void A_day_begins_and_ends_with_the_clocks_of_its_zone(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        foreach (var day in Days)
        {
            CareDate date = day;
            var (start, end) = (date.StartIn(zone), date.EndIn(zone));

            Assert.Equal((day, day.AddDays(-1)), (Local(start, zone), Local(start.AddTicks(-1), zone)));
            Assert.Equal((day, day.AddDays(1)), (Local(end, zone), Local(end.AddSeconds(1), zone)));
            Assert.Equal((day, day), (date.DayIn(zone), date.LastDayIn(zone)));
            Assert.Equal(day.ToString("yyyy-MM-dd"), date.ToString());
            Assert.Equal(zone.GetUtcOffset(end), end.Offset);
        }
    }

    [Theory, MemberData(nameof(Zones))]
    public void An_instant_is_the_same_in_every_zone_and_the_day_that_it_is_there(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        foreach (var day in Days)
        {
            for (var hour = 0; hour < 24; hour += 5)
            {
                var instant = new DateTimeOffset(day.ToDateTime(new TimeOnly(hour, 30)), TimeSpan.FromHours(-7));
                CareDate date = instant;

                Assert.Equal((instant, instant), (date.StartIn(zone), date.EndIn(zone)));
                Assert.Equal((Local(instant, zone), Local(instant, zone)), (date.DayIn(zone), date.LastDayIn(zone)));
            }
        }
    }

    [Theory, MemberData(nameof(Zones))]
    public void Months_and_years_are_all_their_days(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        for (var month = 1; month <= 12; month++)
        {
            var date = Given($"2027-{month:00}");
            var (first, last) = (new DateOnly(2027, month, 1), new DateOnly(2027, month, 1).AddMonths(1).AddDays(-1));

            Assert.Equal((first, last), (date.DayIn(zone), date.LastDayIn(zone)));
            Assert.Equal((first, last), (Local(date.StartIn(zone), zone), Local(date.EndIn(zone), zone)));
        }

        Assert.Equal(new DateOnly(2027, 1, 1), Local(Given("2027").StartIn(zone), zone));
        Assert.Equal(new DateOnly(2027, 12, 31), Local(Given("2027").EndIn(zone), zone));
    }

    [Theory, MemberData(nameof(Zones))]
    public void The_first_and_the_last_day_of_all_are_days_too(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        foreach (var text in (string[])["0001-01-01", "0001-01", "0001", "9999-12-31", "9999-12", "9999"])
        {
            var date = Given(text);

            Assert.True(date.StartIn(zone) <= date.EndIn(zone));
            Assert.True(date.DayIn(zone) <= date.LastDayIn(zone));
        }
    }

    [Theory, MemberData(nameof(Zones))]
    public void A_task_is_late_when_its_day_is_over(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        var calendar = BusinessCalendar.UnitedStates(zone);
        LatenessThreshold[] thresholds = [new("late", 0, ToLead: false)];
        foreach (var day in Days)
        {
            var task = Fhir.R4.TaskView.From(
                Fhir.Json.ResourceDocument.Parse(
                    Tests
                        .Given.Resource(
                            "Task",
                            "t",
                            $"'status':'ready','intent':'order','restriction':{{'period':{{'end':'{day:yyyy-MM-dd}'}}}}"
                        )
                        .Utf8Json
                ).Value
            );

            var at = Lateness.NextAt(task, [.. thresholds], calendar);

            Assert.Equal((day, day.AddDays(1)), (Local(at!.Value, zone), Local(at.Value.AddSeconds(1), zone)));
            Assert.Empty(Lateness.Crossed(task, [.. thresholds], calendar, at.Value.AddSeconds(-1)));
            Assert.Single(Lateness.Crossed(task, [.. thresholds], calendar, at.Value));
        }
    }

    [Theory, MemberData(nameof(Zones))]
    public void A_series_that_begins_and_ends_on_days_has_all_its_days(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        var timing = Fhir
            .R4.TaskView.From(
                Fhir.Json.ResourceDocument.Parse(
                    Tests
                        .Given.Resource(
                            "Task",
                            "t",
                            "'status':'ready','intent':'order','extension':[{'url':'x','valueTiming':{'repeat':{'boundsPeriod':{'start':'2027-03-01','end':'2027-03-31'},'frequency':1,'period':1,'periodUnit':'d'}}}]"
                        )
                        .Utf8Json
                ).Value
            )
            .Extension.First()
            .ValueTiming;
        var rule = Timing.Parse(timing, zone)!;
        var days = new List<DateOnly>();
        for (var next = rule.Next(0); next is { } found; next = rule.Next(found.Number))
            days.Add(Local(found.At, zone));

        Assert.Equal(Days.Where(d => d.Month == 3), days);
    }

    [Theory, MemberData(nameof(Zones))]
    public void A_reported_value_keeps_the_precision_it_came_with(string name)
    {
        _ = TimeZoneInfo.FindSystemTimeZoneById(name);
        var goal = Tests.Given.Resource(
            "Goal",
            "g",
            "'lifecycleStatus':'active','subject':{'reference':'Patient/1'},'target':[{'measure':{'coding':[{'system':'http://loinc.org','code':'29463-7'}]},'detailQuantity':{'value':80,'comparator':'<','unit':'kg'}}]"
        );
        foreach (var text in (string[])["2026", "2026-11", "2026-11-23", "2026-11-23T10:00:00-05:00"])
        {
            var decision = ProgressRecord
                .FromValue(
                    goal,
                    new(79.5m, null, Given(text)),
                    "Patient/1",
                    KnownReadings.None,
                    CareRules.Defaults,
                    "o"
                )
                .Value;

            Assert.Equal(text, (string?)decision.Written("Observation/o")["effectiveDateTime"]);
        }
    }

    [Theory]
    [InlineData("2027-03-01", "2027-03-02", true)]
    [InlineData("2027-03-01", "2027-03-01", false)]
    [InlineData("2027-03", "2027-03-31", false)]
    [InlineData("2027-03-01T10:00:00Z", "2027-03-01T10:00:01Z", true)]
    [InlineData("2027-03-01T10:00:00Z", "2027-03-01T10:00:00Z", false)]
    [InlineData("2027-03-01T10:00:00-05:00", "2027-03-01T10:00:00Z", false)]
    // Whose day it is decides: it may be before and it may not.
    [InlineData("2027-03-01T20:00:00Z", "2027-03-02", false)]
    [InlineData("2027-03-02", "2027-03-03T02:00:00Z", false)]
    [InlineData("2027-02-27T20:00:00Z", "2027-03-02", true)]
    public void Before_is_what_is_before_in_every_zone(string one, string other, bool expected) =>
        Assert.Equal(expected, Given(one).IsBefore(Given(other)));

    private static CareDate Given(string text) =>
        FhirDateTime.TryParse(text, out var date)
            ? CareDate.Of(date)!.Value
            : throw new FormatException($"'{text}' is no date.");

    private static DateOnly Local(DateTimeOffset instant, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);
}
