using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Workflow.Tests.Transitions;

/// <summary>
/// The clocks of transitional care on days that were counted by hand: holidays and the days on which they are kept, weekends, midnight,
/// zones, and the days on which clocks change. The day of the discharge is no day of the count.
/// </summary>
public sealed class TransitionCalendarTests
{
    /// <summary>
    /// The instant of the discharge, the zone, then when each ends: papers, contact, services, a week, two weeks, the thirty days; and why the
    /// date is here.
    /// </summary>
    public static TheoryData<string> Golden =>
        [
            "2026-11-20T21:00:00Z America/New_York 2026-11-23 2026-11-24T23:59:59-05:00 2026-11-25 2026-11-27 2026-12-04 2026-12-19 | Friday",
            "2026-11-21T15:00:00Z America/New_York 2026-11-23 2026-11-24T23:59:59-05:00 2026-11-25 2026-11-28 2026-12-05 2026-12-20 | Saturday",
            "2026-11-22T15:00:00Z America/New_York 2026-11-23 2026-11-24T23:59:59-05:00 2026-11-25 2026-11-29 2026-12-06 2026-12-21 | Sunday",
            "2026-11-23T15:00:00Z America/New_York 2026-11-24 2026-11-25T23:59:59-05:00 2026-11-27 2026-11-30 2026-12-07 2026-12-22 | Monday",
            "2026-11-24T15:00:00Z America/New_York 2026-11-25 2026-11-27T23:59:59-05:00 2026-11-30 2026-12-01 2026-12-08 2026-12-23 | Tuesday before Thanksgiving",
            "2026-11-25T15:00:00Z America/New_York 2026-11-27 2026-11-30T23:59:59-05:00 2026-12-01 2026-12-02 2026-12-09 2026-12-24 | Wednesday before Thanksgiving",
            "2026-11-26T15:00:00Z America/New_York 2026-11-27 2026-11-30T23:59:59-05:00 2026-12-01 2026-12-03 2026-12-10 2026-12-25 | Thanksgiving",
            "2026-11-27T15:00:00Z America/New_York 2026-11-30 2026-12-01T23:59:59-05:00 2026-12-02 2026-12-04 2026-12-11 2026-12-26 | day after Thanksgiving",
            "2026-12-24T15:00:00Z America/New_York 2026-12-28 2026-12-29T23:59:59-05:00 2026-12-30 2026-12-31 2027-01-07 2027-01-22 | Christmas Eve",
            "2026-12-25T15:00:00Z America/New_York 2026-12-28 2026-12-29T23:59:59-05:00 2026-12-30 2027-01-01 2027-01-08 2027-01-23 | Christmas",
            "2026-12-31T15:00:00Z America/New_York 2027-01-04 2027-01-05T23:59:59-05:00 2027-01-06 2027-01-07 2027-01-14 2027-01-29 | last day of the year",
            "2027-01-01T04:59:00Z America/New_York 2027-01-04 2027-01-05T23:59:59-05:00 2027-01-06 2027-01-07 2027-01-14 2027-01-29 | last minute of the year",
            "2027-01-01T05:00:00Z America/New_York 2027-01-04 2027-01-05T23:59:59-05:00 2027-01-06 2027-01-08 2027-01-15 2027-01-30 | first minute of the year",
            "2026-07-01T14:00:00Z America/New_York 2026-07-02 2026-07-06T23:59:59-04:00 2026-07-07 2026-07-08 2026-07-15 2026-07-30 | before Independence Day on a Saturday",
            "2026-07-02T14:00:00Z America/New_York 2026-07-06 2026-07-07T23:59:59-04:00 2026-07-08 2026-07-09 2026-07-16 2026-07-31 | Independence Day is kept on Friday",
            "2026-07-03T14:00:00Z America/New_York 2026-07-06 2026-07-07T23:59:59-04:00 2026-07-08 2026-07-10 2026-07-17 2026-08-01 | the Friday on which it is kept",
            "2027-07-02T14:00:00Z America/New_York 2027-07-06 2027-07-07T23:59:59-04:00 2027-07-08 2027-07-09 2027-07-16 2027-07-31 | Independence Day on a Sunday",
            "2027-07-04T14:00:00Z America/New_York 2027-07-06 2027-07-07T23:59:59-04:00 2027-07-08 2027-07-11 2027-07-18 2027-08-02 | on that Sunday",
            "2027-06-17T14:00:00Z America/New_York 2027-06-21 2027-06-22T23:59:59-04:00 2027-06-23 2027-06-24 2027-07-01 2027-07-16 | Juneteenth on a Saturday",
            "2027-06-18T14:00:00Z America/New_York 2027-06-21 2027-06-22T23:59:59-04:00 2027-06-23 2027-06-25 2027-07-02 2027-07-17 | the Friday on which it is kept",
            "2026-06-18T14:00:00Z America/New_York 2026-06-22 2026-06-23T23:59:59-04:00 2026-06-24 2026-06-25 2026-07-02 2026-07-17 | before Juneteenth",
            "2026-01-16T15:00:00Z America/New_York 2026-01-20 2026-01-21T23:59:59-05:00 2026-01-22 2026-01-23 2026-01-30 2026-02-14 | before Martin Luther King Day",
            "2026-02-13T15:00:00Z America/New_York 2026-02-17 2026-02-18T23:59:59-05:00 2026-02-19 2026-02-20 2026-02-27 2026-03-14 | before Washington's birthday",
            "2026-05-22T14:00:00Z America/New_York 2026-05-26 2026-05-27T23:59:59-04:00 2026-05-28 2026-05-29 2026-06-05 2026-06-20 | before Memorial Day",
            "2026-09-04T14:00:00Z America/New_York 2026-09-08 2026-09-09T23:59:59-04:00 2026-09-10 2026-09-11 2026-09-18 2026-10-03 | before Labor Day",
            "2026-10-09T14:00:00Z America/New_York 2026-10-13 2026-10-14T23:59:59-04:00 2026-10-15 2026-10-16 2026-10-23 2026-11-07 | before Columbus Day",
            "2026-11-10T15:00:00Z America/New_York 2026-11-12 2026-11-13T23:59:59-05:00 2026-11-16 2026-11-17 2026-11-24 2026-12-09 | before Veterans Day",
            "2026-11-09T15:00:00Z America/New_York 2026-11-10 2026-11-12T23:59:59-05:00 2026-11-13 2026-11-16 2026-11-23 2026-12-08 | two days before Veterans Day",
            "2027-11-10T15:00:00Z America/New_York 2027-11-12 2027-11-15T23:59:59-05:00 2027-11-16 2027-11-17 2027-11-24 2027-12-09 | Veterans Day on a Thursday",
            "2028-11-09T15:00:00Z America/New_York 2028-11-13 2028-11-14T23:59:59-05:00 2028-11-15 2028-11-16 2028-11-23 2028-12-08 | Veterans Day on a Saturday, kept on Friday",
            "2027-12-23T15:00:00Z America/New_York 2027-12-27 2027-12-28T23:59:59-05:00 2027-12-29 2027-12-30 2028-01-06 2028-01-21 | Christmas on a Saturday, kept on Friday",
            "2027-12-30T15:00:00Z America/New_York 2028-01-03 2028-01-04T23:59:59-05:00 2028-01-05 2028-01-06 2028-01-13 2028-01-28 | New Year on a Saturday, kept on the last of December",
            "2028-01-02T15:00:00Z America/New_York 2028-01-03 2028-01-04T23:59:59-05:00 2028-01-05 2028-01-09 2028-01-16 2028-01-31 | Sunday after it",
            "2028-02-28T15:00:00Z America/New_York 2028-02-29 2028-03-01T23:59:59-05:00 2028-03-02 2028-03-06 2028-03-13 2028-03-28 | before a leap day",
            "2028-02-29T15:00:00Z America/New_York 2028-03-01 2028-03-02T23:59:59-05:00 2028-03-03 2028-03-07 2028-03-14 2028-03-29 | leap day",
            "2027-02-26T15:00:00Z America/New_York 2027-03-01 2027-03-02T23:59:59-05:00 2027-03-03 2027-03-05 2027-03-12 2027-03-27 | end of February",
            "2026-11-20T05:00:00Z America/New_York 2026-11-23 2026-11-24T23:59:59-05:00 2026-11-25 2026-11-27 2026-12-04 2026-12-19 | first minute of Friday",
            "2026-11-21T04:59:59Z America/New_York 2026-11-23 2026-11-24T23:59:59-05:00 2026-11-25 2026-11-27 2026-12-04 2026-12-19 | last second of Friday",
            "2026-11-21T05:00:00Z America/New_York 2026-11-23 2026-11-24T23:59:59-05:00 2026-11-25 2026-11-28 2026-12-05 2026-12-20 | first minute of Saturday",
            "2026-03-06T15:00:00Z America/New_York 2026-03-09 2026-03-10T23:59:59-04:00 2026-03-11 2026-03-13 2026-03-20 2026-04-04 | before the clocks go on",
            "2026-03-08T04:30:00Z America/New_York 2026-03-09 2026-03-10T23:59:59-04:00 2026-03-11 2026-03-14 2026-03-21 2026-04-05 | the night before the clocks go on",
            "2026-03-08T07:30:00Z America/New_York 2026-03-09 2026-03-10T23:59:59-04:00 2026-03-11 2026-03-15 2026-03-22 2026-04-06 | after the clocks went on",
            "2026-10-30T14:00:00Z America/New_York 2026-11-02 2026-11-03T23:59:59-05:00 2026-11-04 2026-11-06 2026-11-13 2026-11-28 | before the clocks go back",
            "2026-11-01T04:30:00Z America/New_York 2026-11-02 2026-11-03T23:59:59-05:00 2026-11-04 2026-11-08 2026-11-15 2026-11-30 | before the hour that comes twice",
            "2026-11-02T04:30:00Z America/New_York 2026-11-02 2026-11-03T23:59:59-05:00 2026-11-04 2026-11-08 2026-11-15 2026-11-30 | the day of twenty-five hours",
            "2026-11-21T07:30:00Z America/Los_Angeles 2026-11-23 2026-11-24T23:59:59-08:00 2026-11-25 2026-11-27 2026-12-04 2026-12-19 | late on Friday",
            "2026-11-23T08:15:00Z America/Los_Angeles 2026-11-24 2026-11-25T23:59:59-08:00 2026-11-27 2026-11-30 2026-12-07 2026-12-22 | early on Monday",
            "2026-11-21T05:30:00Z America/Chicago 2026-11-23 2026-11-24T23:59:59-06:00 2026-11-25 2026-11-27 2026-12-04 2026-12-19 | late on Friday",
            "2026-11-23T06:15:00Z America/Chicago 2026-11-24 2026-11-25T23:59:59-06:00 2026-11-27 2026-11-30 2026-12-07 2026-12-22 | early on Monday",
            "2026-11-21T08:30:00Z America/Anchorage 2026-11-23 2026-11-24T23:59:59-09:00 2026-11-25 2026-11-27 2026-12-04 2026-12-19 | late on Friday",
            "2026-11-23T09:15:00Z America/Anchorage 2026-11-24 2026-11-25T23:59:59-09:00 2026-11-27 2026-11-30 2026-12-07 2026-12-22 | early on Monday",
            "2026-11-21T09:30:00Z Pacific/Honolulu 2026-11-23 2026-11-24T23:59:59-10:00 2026-11-25 2026-11-27 2026-12-04 2026-12-19 | late on Friday",
            "2026-11-23T10:15:00Z Pacific/Honolulu 2026-11-24 2026-11-25T23:59:59-10:00 2026-11-27 2026-11-30 2026-12-07 2026-12-22 | early on Monday",
            "2026-11-21T06:30:00Z America/Phoenix 2026-11-23 2026-11-24T23:59:59-07:00 2026-11-25 2026-11-27 2026-12-04 2026-12-19 | late on Friday",
            "2026-11-23T07:15:00Z America/Phoenix 2026-11-24 2026-11-25T23:59:59-07:00 2026-11-27 2026-11-30 2026-12-07 2026-12-22 | early on Monday",
            "2026-11-21T03:30:00Z America/Puerto_Rico 2026-11-23 2026-11-24T23:59:59-04:00 2026-11-25 2026-11-27 2026-12-04 2026-12-19 | late on Friday",
            "2026-11-23T04:15:00Z America/Puerto_Rico 2026-11-24 2026-11-25T23:59:59-04:00 2026-11-27 2026-11-30 2026-12-07 2026-12-22 | early on Monday",
            "2026-11-21T03:00:00Z America/St_Johns 2026-11-23 2026-11-24T23:59:59-03:30 2026-11-25 2026-11-27 2026-12-04 2026-12-19 | late on Friday",
            "2026-11-23T03:45:00Z America/St_Johns 2026-11-24 2026-11-25T23:59:59-03:30 2026-11-27 2026-11-30 2026-12-07 2026-12-22 | early on Monday",
            "2026-11-20T13:30:00Z Pacific/Guam 2026-11-23 2026-11-24T23:59:59+10:00 2026-11-25 2026-11-27 2026-12-04 2026-12-19 | late on Friday",
            "2026-11-22T14:15:00Z Pacific/Guam 2026-11-24 2026-11-25T23:59:59+10:00 2026-11-27 2026-11-30 2026-12-07 2026-12-22 | early on Monday",
            "2026-11-20T18:00:00Z Asia/Kolkata 2026-11-23 2026-11-24T23:59:59+05:30 2026-11-25 2026-11-27 2026-12-04 2026-12-19 | late on Friday",
            "2026-11-22T18:45:00Z Asia/Kolkata 2026-11-24 2026-11-25T23:59:59+05:30 2026-11-27 2026-11-30 2026-12-07 2026-12-22 | early on Monday",
            "2026-11-20T17:45:00Z Asia/Kathmandu 2026-11-23 2026-11-24T23:59:59+05:45 2026-11-25 2026-11-27 2026-12-04 2026-12-19 | late on Friday",
            "2026-11-22T18:30:00Z Asia/Kathmandu 2026-11-24 2026-11-25T23:59:59+05:45 2026-11-27 2026-11-30 2026-12-07 2026-12-22 | early on Monday",
            "2026-11-20T12:30:00Z Australia/Lord_Howe 2026-11-23 2026-11-24T23:59:59+11:00 2026-11-25 2026-11-27 2026-12-04 2026-12-19 | late on Friday",
            "2026-11-22T13:15:00Z Australia/Lord_Howe 2026-11-24 2026-11-25T23:59:59+11:00 2026-11-27 2026-11-30 2026-12-07 2026-12-22 | early on Monday",
            "2026-11-20T09:30:00Z Pacific/Kiritimati 2026-11-23 2026-11-24T23:59:59+14:00 2026-11-25 2026-11-27 2026-12-04 2026-12-19 | late on Friday",
            "2026-11-22T10:15:00Z Pacific/Kiritimati 2026-11-24 2026-11-25T23:59:59+14:00 2026-11-27 2026-11-30 2026-12-07 2026-12-22 | early on Monday",
            "2026-11-21T10:30:00Z Pacific/Pago_Pago 2026-11-23 2026-11-24T23:59:59-11:00 2026-11-25 2026-11-27 2026-12-04 2026-12-19 | late on Friday",
            "2026-11-23T11:15:00Z Pacific/Pago_Pago 2026-11-24 2026-11-25T23:59:59-11:00 2026-11-27 2026-11-30 2026-12-07 2026-12-22 | early on Monday",
            "2026-11-20T23:30:00Z Europe/London 2026-11-23 2026-11-24T23:59:59+00:00 2026-11-25 2026-11-27 2026-12-04 2026-12-19 | late on Friday",
            "2026-11-23T00:15:00Z Europe/London 2026-11-24 2026-11-25T23:59:59+00:00 2026-11-27 2026-11-30 2026-12-07 2026-12-22 | early on Monday",
            "2026-11-20T23:30:00Z Etc/UTC 2026-11-23 2026-11-24T23:59:59+00:00 2026-11-25 2026-11-27 2026-12-04 2026-12-19 | late on Friday",
            "2026-11-23T00:15:00Z Etc/UTC 2026-11-24 2026-11-25T23:59:59+00:00 2026-11-27 2026-11-30 2026-12-07 2026-12-22 | early on Monday",
        ];

    [Theory]
    [MemberData(nameof(Golden))]
    public void Each_clock_ends_on_the_day_that_was_counted(string row)
    {
        var parts = row.Split('|')[0].Split(' ');
        var calendar = BusinessCalendar.UnitedStates(TimeZoneInfo.FindSystemTimeZoneById(parts[1]));
        var day = calendar.DayOf(DateTimeOffset.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture));

        var usual = Of(DischargeRoute.Community, isHighRisk: false, day, calendar);
        var high = Of(DischargeRoute.Community, isHighRisk: true, day, calendar);

        Assert.Equal(
            string.Join(' ', parts[2..8]),
            string.Join(
                ' ',
                Day(usual, "papers"),
                End(usual, "contact", calendar),
                Day(usual, "services"),
                Day(usual, "medications"),
                Day(usual, "visit"),
                Day(usual, "close")
            )
        );
        Assert.Equal(Day(usual, "contact"), Day(usual, "needs"));
        // The visit at high risk is a week after the discharge, and the medications are reconciled with it at the latest.
        Assert.Equal((parts[5], parts[5]), (Day(high, "visit"), Day(high, "medications")));
    }

    [Theory]
    [InlineData(
        DischargeRoute.Community,
        "call-14 call-21 call-28 call-7 close contact medications needs papers services visit"
    )]
    [InlineData(
        DischargeRoute.AgainstAdvice,
        "call-14 call-21 call-28 call-7 close contact medications needs papers services visit"
    )]
    [InlineData(DischargeRoute.Facility, "call-14 call-21 call-28 call-7 close facility")]
    [InlineData(DischargeRoute.Hospice, "")]
    [InlineData(DischargeRoute.Died, "")]
    [InlineData(DischargeRoute.StillPatient, "")]
    public void Where_a_discharge_leads_decides_what_there_is_to_do(DischargeRoute route, string slots)
    {
        var tasks = Of(route, isHighRisk: false, new DateOnly(2026, 11, 20), Calendar);

        Assert.Equal(slots, string.Join(' ', tasks.Select(t => t.Slot).Order(StringComparer.Ordinal)));
        Assert.All(tasks, t => Assert.Equal(route == DischargeRoute.AgainstAdvice, t.IsUrgent));
    }

    [Fact]
    public void At_high_risk_there_are_two_calls_a_week_at_first()
    {
        var calls = Of(DischargeRoute.Community, isHighRisk: true, new DateOnly(2026, 11, 20), Calendar)
            .Where(t => t.Code == "call")
            .Select(t => t.Day.DayNumber - new DateOnly(2026, 11, 20).DayNumber);

        Assert.Equal([3, 7, 10, 14, 21, 28], calls);
    }

    [Fact]
    public void Each_result_that_is_missing_is_followed_up_by_itself()
    {
        var tasks = TransitionWork.Of(
            DischargeRoute.Community,
            isHighRisk: false,
            new DateOnly(2026, 11, 20),
            ["Observation/a", "DiagnosticReport/b"],
            Calendar,
            new TransitionRules()
        );

        Assert.Equal(
            ["Observation/a", "DiagnosticReport/b"],
            tasks.Where(t => t.Code == "pending-result").Select(t => t.Focus)
        );
        Assert.Equal(tasks.Length, tasks.Select(t => t.Slot).Distinct().Count());
    }

    [Fact]
    public void What_would_be_due_after_the_last_day_there_is_is_left_out()
    {
        var tasks = Of(DischargeRoute.Community, isHighRisk: false, new DateOnly(9999, 12, 30), Calendar);

        Assert.All(tasks, t => Assert.True(t.Day <= DateOnly.MaxValue));
        Assert.DoesNotContain(tasks, t => t.Code == "close");
    }

    private static readonly BusinessCalendar Calendar = BusinessCalendar.UnitedStates(TimeZoneInfo.Utc);

    private static System.Collections.Immutable.ImmutableArray<TransitionTask> Of(
        DischargeRoute route,
        bool isHighRisk,
        DateOnly day,
        BusinessCalendar calendar
    ) => TransitionWork.Of(route, isHighRisk, day, [], calendar, new TransitionRules());

    private static string Day(IEnumerable<TransitionTask> tasks, string slot) =>
        tasks.Single(t => t.Slot == slot).Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static string End(IEnumerable<TransitionTask> tasks, string slot, BusinessCalendar calendar) =>
        calendar
            .EndOf(tasks.Single(t => t.Slot == slot).Day)
            .ToString("yyyy-MM-dd\'T\'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture);
}
