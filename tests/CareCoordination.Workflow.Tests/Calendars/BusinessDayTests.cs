using System.Collections.Immutable;
using CareCoordination.Workflow.Calendars;

namespace CareCoordination.Workflow.Tests.Calendars;

/// <summary>Business days are computed over weeks and holidays; here they are counted one by one.</summary>
public sealed class BusinessDayTests
{
    private static readonly BusinessCalendar UnitedStates = BusinessCalendar.UnitedStates(Given.NewYork);

    public static TheoryData<string> Calendars => ["federal", "no holidays", "sundays", "two days", "every rule"];

    [Theory]
    [MemberData(nameof(Calendars))]
    public void Are_those_that_are_found_one_by_one(string name)
    {
        var calendar = Calendar(name);
        var random = new Random(20261123);
        for (var i = 0; i < 300; i++)
        {
            var from = new DateOnly(1995, 1, 1).AddDays(random.Next(20_000));
            var count = random.Next(i < 200 ? 12 : 900);
            Assert.Equal(OneByOne(calendar, from, count), calendar.AddBusinessDays(from, count));
        }
    }

    [Theory]
    [MemberData(nameof(Calendars))]
    public void Between_two_days_are_those_that_are_counted_one_by_one(string name)
    {
        var calendar = Calendar(name);
        var random = new Random(20261124);
        for (var i = 0; i < 300; i++)
        {
            var from = new DateOnly(1995, 1, 1).AddDays(random.Next(20_000));
            var to = from.AddDays(random.Next(-10, 1_000));
            var expected = 0;
            for (var day = from.AddDays(1); day <= to; day = day.AddDays(1))
                expected += IsOpen(calendar, day) ? 1 : 0;
            Assert.Equal(expected, calendar.BusinessDaysBetween(from, to));
        }
    }

    [Fact]
    public void A_last_of_december_on_a_sunday_is_kept_in_the_next_year()
    {
        var calendar = new BusinessCalendar(
            TimeZoneInfo.Utc,
            [DayOfWeek.Saturday, DayOfWeek.Sunday],
            [new Holiday("Last day", new HolidayRule.Fixed(12, 31, ShiftFromWeekend: true))]
        );

        // 2023-12-31 is a Sunday.
        Assert.True(calendar.IsHoliday(new DateOnly(2024, 1, 1)));
        Assert.Equal(new DateOnly(2024, 1, 2), calendar.AddBusinessDays(new DateOnly(2023, 12, 29), 1));
    }

    [Theory]
    [InlineData("9999-12-31", 0, "9999-12-31")]
    [InlineData("9999-12-30", 1, "9999-12-31")]
    [InlineData("9999-12-31", 1, null)]
    [InlineData("9999-12-20", 100, null)]
    [InlineData("0001-01-01", 0, "0001-01-02")] // the first of January
    [InlineData("2026-11-23", -1, null)]
    [InlineData("2026-11-23", int.MinValue, null)]
    [InlineData("2026-11-23", int.MaxValue, null)]
    [InlineData("2026-11-23", BusinessCalendar.MostBusinessDays + 1, null)]
    [InlineData("2026-11-23", BusinessCalendar.MostBusinessDays, "2173-01-25")]
    public void End_where_dates_end(string day, int count, string? expected) =>
        Assert.Equal(
            expected is null ? null : DateOnly.Parse(expected),
            UnitedStates.AddBusinessDays(DateOnly.Parse(day), count)
        );

    [Fact]
    public void No_day_count_or_zone_makes_a_calendar_throw()
    {
        foreach (var zone in Hostile.Zones)
        {
            var calendar = BusinessCalendar.UnitedStates(zone);
            foreach (var instant in Hostile.Dates.Select(Hostile.Instant))
            {
                var day = calendar.DayOf(instant);
                Assert.True(calendar.StartOf(day) <= calendar.EndOf(day), $"{zone.Id} {day}");
                foreach (var count in Hostile.Counts.Concat([0, -1, int.MinValue]))
                {
                    Assert.True(calendar.DueInBusinessDays(instant, count) is null or { Year: >= 1 });
                    Assert.True(calendar.DueInDays(instant, count) is null or { Year: >= 1 });
                }
            }
        }
    }

    [Fact]
    public void A_calendar_that_is_closed_for_a_year_has_no_business_days()
    {
        var closed = Enumerable
            .Range(1, 12)
            .SelectMany(m => Enumerable.Range(1, DateTime.DaysInMonth(2024, m)).Select(d => (Month: m, Day: d)))
            .Select(d => new Holiday("Closed", new HolidayRule.Fixed(d.Month, d.Day)));
        var calendar = new BusinessCalendar(TimeZoneInfo.Utc, [], [.. closed]);

        Assert.Null(calendar.AddBusinessDays(new DateOnly(2026, 1, 1), 1));
        Assert.Null(calendar.AddBusinessDays(new DateOnly(2026, 1, 1), 0));
        Assert.Equal(0, calendar.BusinessDaysBetween(new DateOnly(2026, 1, 1), new DateOnly(2027, 12, 31)));
    }

    private static BusinessCalendar Calendar(string name) =>
        name switch
        {
            "federal" => UnitedStates,
            "no holidays" => new(TimeZoneInfo.Utc, [DayOfWeek.Saturday, DayOfWeek.Sunday], []),
            "sundays" => new(TimeZoneInfo.Utc, [DayOfWeek.Sunday], UnitedStates.Holidays),
            "two days" => new(
                TimeZoneInfo.Utc,
                [DayOfWeek.Monday, DayOfWeek.Wednesday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday],
                []
            ),
            _ => new(
                TimeZoneInfo.Utc,
                [DayOfWeek.Friday],
                [
                    new("Shifted", new HolidayRule.Fixed(1, 1, ShiftFromWeekend: true)),
                    new("The same", new HolidayRule.Fixed(1, 1)),
                    new("Leap", new HolidayRule.Fixed(2, 29)),
                    new("Last", new HolidayRule.Weekday(5, DayOfWeek.Monday, -1)),
                    new("Fifth", new HolidayRule.Weekday(3, DayOfWeek.Tuesday, 5)),
                    new("Once", new HolidayRule.Once(new DateOnly(2020, 6, 9))),
                    new("Ended", new HolidayRule.Fixed(7, 4), FromYear: 2001, UntilYear: 2009),
                    new("Last day", new HolidayRule.Fixed(12, 31, ShiftFromWeekend: true)),
                ]
            ),
        };

    private static DateOnly OneByOne(BusinessCalendar calendar, DateOnly day, int count)
    {
        while (count > 0 || !IsOpen(calendar, day))
        {
            day = day.AddDays(1);
            if (count > 0 && IsOpen(calendar, day))
                count--;
        }

        return day;
    }

    private static bool IsOpen(BusinessCalendar calendar, DateOnly day) =>
        !calendar.Weekend.Contains(day.DayOfWeek)
        && !calendar.Holidays.Any(h => h.In(day.Year) == day || h.In(day.Year + 1) == day || h.In(day.Year - 1) == day);
}
