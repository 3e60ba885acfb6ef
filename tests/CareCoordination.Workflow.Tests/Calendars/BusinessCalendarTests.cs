using CareCoordination.Workflow.Calendars;

namespace CareCoordination.Workflow.Tests.Calendars;

public sealed class BusinessCalendarTests
{
    private static readonly TimeZoneInfo NewYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
    private static readonly TimeZoneInfo LosAngeles = TimeZoneInfo.FindSystemTimeZoneById("America/Los_Angeles");
    private static readonly BusinessCalendar Calendar = BusinessCalendar.UnitedStates(NewYork);

    [Theory]
    [InlineData("2026-11-20", 2, "2026-11-24")] // Friday: Tuesday
    [InlineData("2026-11-21", 2, "2026-11-24")] // Saturday: Tuesday
    [InlineData("2026-11-22", 2, "2026-11-24")] // Sunday: Tuesday
    [InlineData("2026-11-23", 2, "2026-11-25")]
    [InlineData("2026-11-24", 2, "2026-11-27")] // over Thanksgiving to Friday
    [InlineData("2026-11-25", 2, "2026-11-30")] // over Thanksgiving and the weekend
    [InlineData("2026-11-26", 2, "2026-11-30")] // on Thanksgiving itself
    [InlineData("2026-12-31", 1, "2027-01-04")] // over New Year
    [InlineData("2026-07-02", 1, "2026-07-06")] // the fourth of July is a Saturday, kept on Friday
    [InlineData("2021-12-30", 1, "2022-01-03")] // the first of January 2022 is a Saturday, kept in the year before
    [InlineData("2026-11-23", 0, "2026-11-23")]
    [InlineData("2026-11-26", 0, "2026-11-27")]
    [InlineData("2026-11-21", 0, "2026-11-23")]
    public void Counts_business_days_after_day_zero(string day, int count, string expected) =>
        Assert.Equal(DateOnly.Parse(expected), Calendar.AddBusinessDays(DateOnly.Parse(day), count));

    [Theory]
    [InlineData("2026-01-19")] // third Monday of January
    [InlineData("2026-05-25")] // last Monday of May
    [InlineData("2026-06-19")]
    [InlineData("2026-09-07")]
    [InlineData("2026-10-12")]
    [InlineData("2026-11-11")]
    [InlineData("2026-11-26")]
    [InlineData("2026-12-25")]
    [InlineData("2021-12-31")]
    [InlineData("2022-12-26")] // Christmas on a Sunday, kept on Monday
    public void Knows_the_federal_holidays(string day) => Assert.True(Calendar.IsHoliday(DateOnly.Parse(day)));

    [Theory]
    [InlineData("2020-06-19")] // Juneteenth is kept since 2021
    [InlineData("2026-11-27")] // the day after Thanksgiving
    [InlineData("2026-12-31")]
    public void Keeps_holidays_only_when_they_are_effective(string day) =>
        Assert.True(Calendar.IsBusinessDay(DateOnly.Parse(day)));

    [Theory]
    // 23:30 in New York on a Friday is 20:30 of the same Friday in Los Angeles, and Saturday in UTC.
    [InlineData("2026-11-21T04:30:00Z", "2026-11-24T23:59:59-05:00", "2026-11-24T23:59:59-08:00")]
    // 01:00 on Saturday in New York is still Friday in Los Angeles: the same due day over the weekend.
    [InlineData("2026-11-21T06:00:00Z", "2026-11-24T23:59:59-05:00", "2026-11-24T23:59:59-08:00")]
    // 00:30 on Tuesday in New York is Monday in Los Angeles: due a day apart.
    [InlineData("2026-11-17T05:30:00Z", "2026-11-19T23:59:59-05:00", "2026-11-18T23:59:59-08:00")]
    public void A_late_discharge_counts_from_the_day_it_is_in_the_zone_of_the_organisation(
        string discharge,
        string newYork,
        string losAngeles
    )
    {
        var at = DateTimeOffset.Parse(discharge);

        Assert.Equal(DateTimeOffset.Parse(newYork), Exactly(Calendar.DueInBusinessDays(at, 2)));
        Assert.Equal(
            DateTimeOffset.Parse(losAngeles),
            Exactly(BusinessCalendar.UnitedStates(LosAngeles).DueInBusinessDays(at, 2))
        );
    }

    [Theory]
    [InlineData("2026-03-07", "2026-03-07T23:59:59-05:00")]
    [InlineData("2026-03-08", "2026-03-08T23:59:59-04:00")] // 23 hours long
    [InlineData("2026-10-31", "2026-10-31T23:59:59-04:00")]
    [InlineData("2026-11-01", "2026-11-01T23:59:59-05:00")] // 25 hours long
    public void A_day_ends_with_its_last_second_also_when_clocks_change(string day, string expected)
    {
        var end = Calendar.EndOf(DateOnly.Parse(day));

        Assert.Equal(DateTimeOffset.Parse(expected), end);
        Assert.Equal(DateTimeOffset.Parse(expected).Offset, end.Offset);
    }

    [Fact]
    public void A_time_that_clocks_skip_is_moved_by_the_gap()
    {
        Assert.Equal(
            DateTimeOffset.Parse("2026-03-08T03:30:00-04:00"),
            Calendar.At(new DateOnly(2026, 3, 8), new TimeOnly(2, 30))
        );
    }

    [Fact]
    public void A_time_that_clocks_show_twice_is_the_first()
    {
        var at = Calendar.At(new DateOnly(2026, 11, 1), new TimeOnly(1, 30));

        Assert.Equal(TimeSpan.FromHours(-4), at.Offset);
    }

    [Fact]
    public void A_day_whose_midnight_is_skipped_starts_after_it()
    {
        var calendar = BusinessCalendar.UnitedStates(TimeZoneInfo.FindSystemTimeZoneById("America/Havana"));

        Assert.Equal(DateTimeOffset.Parse("2026-03-08T01:00:00-04:00"), calendar.StartOf(new DateOnly(2026, 3, 8)));
        Assert.Equal(DateTimeOffset.Parse("2026-03-07T23:59:59-05:00"), calendar.EndOf(new DateOnly(2026, 3, 7)));
    }

    [Fact]
    public void An_organisation_has_its_own_weekend_and_closures()
    {
        var calendar = new BusinessCalendar(
            NewYork,
            [DayOfWeek.Sunday],
            [new Holiday("Inventory", new HolidayRule.Once(new DateOnly(2026, 11, 23)))]
        );

        Assert.True(calendar.IsBusinessDay(new DateOnly(2026, 11, 21)));
        Assert.Equal(new DateOnly(2026, 11, 24), calendar.AddBusinessDays(new DateOnly(2026, 11, 21), 1));
    }

    [Fact]
    public void Counts_back_what_it_added()
    {
        var from = new DateOnly(2026, 11, 20);
        for (var n = 1; n < 300; n++)
            Assert.Equal(n, Calendar.BusinessDaysBetween(from, Calendar.AddBusinessDays(from, n)!.Value));
    }

    [Fact]
    public void Finds_nothing_where_no_day_is_left_to_work()
    {
        var never = new BusinessCalendar(NewYork, [.. Enum.GetValues<DayOfWeek>()], []);

        Assert.Null(never.AddBusinessDays(new DateOnly(2026, 1, 1), 1));
        Assert.Null(never.DueInBusinessDays(Given.Now, 0));
    }

    /// <summary>Equality of DateTimeOffset ignores the offset; here it counts.</summary>
    private static DateTimeOffset Exactly(DateTimeOffset? due)
    {
        var value = Assert.NotNull(due);
        Assert.Contains(value.Offset, new[] { TimeSpan.FromHours(-5), TimeSpan.FromHours(-8) });
        return value;
    }
}
