using System.Collections.Immutable;

namespace CareCoordination.Workflow.Calendars;

/// <summary>
/// When an organisation works: its time zone, its weekends and its holidays. Days are days of its own zone: a discharge at
/// 23:30 in one zone may be tomorrow in another.
/// </summary>
public sealed class BusinessCalendar(
    TimeZoneInfo zone,
    ImmutableArray<DayOfWeek> weekend,
    ImmutableArray<Holiday> holidays
)
{
    /// <summary>Holidays in a row that no real calendar reaches: a guard against data that leaves no day to work.</summary>
    private const int LongestClosure = 366;

    public static BusinessCalendar UnitedStates(TimeZoneInfo zone) =>
        new(zone, [DayOfWeek.Saturday, DayOfWeek.Sunday], UnitedStatesHolidays.Federal);

    public TimeZoneInfo Zone => zone;

    /// <summary>The days of the week on which nobody works.</summary>
    public ImmutableArray<DayOfWeek> Weekend => weekend;

    public ImmutableArray<Holiday> Holidays => holidays;

    public bool IsBusinessDay(DateOnly day) => !weekend.Contains(day.DayOfWeek) && !IsHoliday(day);

    public bool IsHoliday(DateOnly day)
    {
        foreach (var holiday in holidays)
        {
            // A first of January that falls on a Saturday is kept on the last day of the year before.
            if (
                holiday.In(day.Year) == day
                || (day is { Month: 12, Day: 31 } && day.Year < 9999 && holiday.In(day.Year + 1) == day)
            )
                return true;
        }

        return false;
    }

    /// <summary>
    /// The business day that comes <paramref name="count"/> business days after a day, which is day 0 whether it is one or not:
    /// two after a Friday is Tuesday, and so is two after the Saturday. None after a closed day is the next business day.
    /// </summary>
    /// <exception cref="InvalidOperationException">The calendar has no business day for more than a year.</exception>
    public DateOnly AddBusinessDays(DateOnly day, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var closed = 0;
        while (count > 0 || !IsBusinessDay(day))
        {
            day = day.AddDays(1);
            closed = IsBusinessDay(day) ? 0 : closed + 1;
            if (closed == 0 && count > 0)
                count--;
            if (closed > LongestClosure)
                throw new InvalidOperationException("The calendar has no business day for more than a year.");
        }

        return day;
    }

    /// <summary>How many business days lie after <paramref name="from"/> up to and including <paramref name="to"/>; 0 where it is not later.</summary>
    public int BusinessDaysBetween(DateOnly from, DateOnly to)
    {
        var count = 0;
        for (var day = from; day < to; )
        {
            day = day.AddDays(1);
            if (IsBusinessDay(day))
                count++;
        }

        return count;
    }

    /// <summary>The day it is here at an instant.</summary>
    public DateOnly DayOf(DateTimeOffset instant) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    /// <summary>The first instant of a day, which is not midnight where the clocks skip it.</summary>
    public DateTimeOffset StartOf(DateOnly day) => At(day, TimeOnly.MinValue);

    /// <summary>The last second of a day, with the offset of that second: what is due on a day is due until then.</summary>
    public DateTimeOffset EndOf(DateOnly day) => TimeZoneInfo.ConvertTime(StartOf(day.AddDays(1)).AddSeconds(-1), zone);

    /// <summary>Due by the end of the business day that comes this many business days after the day of an instant.</summary>
    public DateTimeOffset DueInBusinessDays(DateTimeOffset from, int count) =>
        EndOf(AddBusinessDays(DayOf(from), count));

    /// <summary>Due by the end of the day that comes this many calendar days after the day of an instant.</summary>
    public DateTimeOffset DueInDays(DateTimeOffset from, int count) => EndOf(DayOf(from).AddDays(count));

    /// <summary>
    /// The instant when clocks here show a time. A time that they show twice is the first of the two; one that they skip is as
    /// far after the gap as it is into it.
    /// </summary>
    public DateTimeOffset At(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time, DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(local))
        {
            var before = zone.GetUtcOffset(local.AddDays(-1));
            return TimeZoneInfo.ConvertTime(new DateTimeOffset(local, before), zone);
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }
}
