using CareCoordination.Workflow.Calendars;

namespace CareCoordination.Workflow.Tests.Calendars;

/// <summary>Business days before a day.</summary>
public sealed class DaysBeforeTests
{
    private static readonly BusinessCalendar Calendar = BusinessCalendar.UnitedStates(TimeZoneInfo.Utc);

    [Theory]
    [InlineData("2026-11-23", 1, "2026-11-20")]
    [InlineData("2026-11-22", 1, "2026-11-20")]
    [InlineData("2026-11-21", 1, "2026-11-20")]
    [InlineData("2026-11-24", 1, "2026-11-23")]
    [InlineData("2026-11-27", 1, "2026-11-25")]
    [InlineData("2026-11-27", 3, "2026-11-23")]
    [InlineData("2027-01-04", 1, "2026-12-31")]
    [InlineData("2028-01-03", 1, "2027-12-30")]
    [InlineData("2028-03-01", 1, "2028-02-29")]
    [InlineData("2026-11-23", 0, null)]
    [InlineData("2026-11-23", -1, null)]
    [InlineData("2026-11-23", 36526, null)]
    [InlineData("0001-01-02", 2, null)]
    public void They_are_counted_back_over_weekends_and_holidays(string day, int count, string? expected) =>
        Assert.Equal(
            expected is null ? null : DateOnly.Parse(expected, System.Globalization.CultureInfo.InvariantCulture),
            Calendar.SubtractBusinessDays(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), count)
        );

    [Fact]
    public void A_calendar_that_is_always_closed_has_none()
    {
        var closed = new BusinessCalendar(TimeZoneInfo.Utc, [.. Enum.GetValues<DayOfWeek>()], []);
        Assert.Null(closed.SubtractBusinessDays(new DateOnly(2026, 11, 23), 1));
    }

    /// <summary>What is so many days before a day comes so many days after: they are one count.</summary>
    [Fact]
    public void They_are_as_many_back_as_they_are_on()
    {
        for (var day = new DateOnly(2026, 1, 1); day.Year < 2029; day = day.AddDays(1))
        for (var count = 1; count <= 6; count++)
        {
            var before = Calendar.SubtractBusinessDays(day, count)!.Value;
            Assert.True(Calendar.IsBusinessDay(before));
            Assert.Equal(Calendar.IsBusinessDay(day) ? count : count - 1, Calendar.BusinessDaysBetween(before, day));
        }
    }
}
