using System.Collections.Immutable;
using CareCoordination.Workflow.Arithmetic;

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
    /// <summary>A hundred years: what is due later than this many business days ahead is never due.</summary>
    public const int MostBusinessDays = 36_525;

    /// <summary>A calendar that has no business day in so many days has none.</summary>
    private const int LongestClosure = 366;

    private const int LastYear = 9999;

    private readonly int _openDaysOfWeek = Enum.GetValues<DayOfWeek>().Count(d => !weekend.Contains(d));

    public static BusinessCalendar UnitedStates(TimeZoneInfo zone) =>
        new(zone, [DayOfWeek.Saturday, DayOfWeek.Sunday], UnitedStatesHolidays.Federal);

    public TimeZoneInfo Zone => zone;

    /// <summary>The days of the week on which nobody works.</summary>
    public ImmutableArray<DayOfWeek> Weekend => weekend;

    public ImmutableArray<Holiday> Holidays => holidays;

    public bool IsBusinessDay(DateOnly day) => IsWeekday(day) && !IsHoliday(day);

    public bool IsHoliday(DateOnly day) => HolidaysBetween(day, day).Any();

    /// <summary>
    /// The business day that comes <paramref name="count"/> business days after a day, which is day 0 whether it is one or not:
    /// two after a Friday is Tuesday, and so is two after the Saturday. None after a closed day is the next business day.
    /// </summary>
    /// <returns>
    /// Null for a negative count, one of more than <see cref="MostBusinessDays"/>, a day after the year 9999, and a calendar that has no
    /// business day for more than a year.
    /// </returns>
    public DateOnly? AddBusinessDays(DateOnly day, int count)
    {
        if (count is < 0 or > MostBusinessDays || _openDaysOfWeek == 0)
            return null;
        if (count == 0)
        {
            if (IsBusinessDay(day))
                return day;
            count = 1;
        }

        while (true)
        {
            var last = day.PlusDays(LongestClosure) ?? DateOnly.MaxValue;
            var open = BusinessDaysBetween(day, last);
            if (open >= count)
                return Find(day, last, count);
            if (open == 0 || last == DateOnly.MaxValue)
                return null;
            count -= open;
            day = last;
        }
    }

    /// <summary>
    /// The business day that comes <paramref name="count"/> business days before a day, whether that is one or not: one before a Monday is
    /// Friday, and so is one before the Sunday.
    /// </summary>
    /// <returns>
    /// Null for a count below 1 or above <see cref="MostBusinessDays"/>, a day before the year 1, and a calendar that has no business day for
    /// more than a year.
    /// </returns>
    public DateOnly? SubtractBusinessDays(DateOnly day, int count)
    {
        if (count is < 1 or > MostBusinessDays || _openDaysOfWeek == 0)
            return null;
        for (var closed = 0; closed <= LongestClosure; )
        {
            if (day.PlusDays(-1) is not { } before)
                return null;
            day = before;
            closed++;
            if (!IsBusinessDay(day))
                continue;
            if (--count == 0)
                return day;
            closed = 0;
        }

        return null;
    }

    /// <summary>How many business days lie after <paramref name="from"/> up to and including <paramref name="to"/>; 0 where it is not later.</summary>
    public int BusinessDaysBetween(DateOnly from, DateOnly to)
    {
        if (to <= from)
            return 0;
        var days = to.DayNumber - from.DayNumber;
        var open = days / 7 * _openDaysOfWeek;
        for (var i = 1; i <= days % 7; i++)
        {
            if (!weekend.Contains((DayOfWeek)(((int)from.DayOfWeek + i) % 7)))
                open++;
        }

        return open - HolidaysBetween(DateOnly.FromDayNumber(from.DayNumber + 1), to).Count(IsWeekday);
    }

    /// <summary>The first day until which so many business days have passed, which one of these is.</summary>
    private DateOnly Find(DateOnly from, DateOnly last, int count)
    {
        var (low, high) = (from.DayNumber + 1, last.DayNumber);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (BusinessDaysBetween(from, DateOnly.FromDayNumber(middle)) >= count)
                high = middle;
            else
                low = middle + 1;
        }

        return DateOnly.FromDayNumber(low);
    }

    /// <summary>
    /// Each day off from one day to another, once. A holiday that falls on a weekend may be kept in a neighbouring year: a first of
    /// January on a Saturday on the last of December, a last of December on a Sunday on the first of January.
    /// </summary>
    private IEnumerable<DateOnly> HolidaysBetween(DateOnly from, DateOnly to)
    {
        var (first, last) = (Math.Max(1, from.Year - 1), Math.Min(LastYear, to.Year + 1));
        return Enumerable
            .Range(first, last - first + 1)
            .SelectMany(_ => holidays, (year, holiday) => holiday.In(year))
            .OfType<DateOnly>()
            .Where(d => d >= from && d <= to)
            .Distinct();
    }

    private bool IsWeekday(DateOnly day) => !weekend.Contains(day.DayOfWeek);

    /// <summary>The day it is here at an instant.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => zone.DayOf(instant);

    /// <summary>The first instant of a day, which is not midnight where the clocks skip it.</summary>
    public DateTimeOffset StartOf(DateOnly day) => zone.StartOf(day);

    /// <summary>The day that a date means here: of an instant the day it is, of a month or a year its first.</summary>
    public DateOnly DayOf(CareDate date) => date.DayIn(zone);

    /// <summary>As <see cref="DayOf(CareDate)"/>, of a month or a year its last.</summary>
    public DateOnly LastDayOf(CareDate date) => date.LastDayIn(zone);

    /// <summary>An instant as it is; of a day, a month or a year the first one here.</summary>
    public DateTimeOffset StartOf(CareDate date) => date.StartIn(zone);

    /// <summary>An instant as it is; of a day, a month or a year the last second here.</summary>
    public DateTimeOffset EndOf(CareDate date) => date.EndIn(zone);

    /// <summary>
    /// The last second of a day, with the offset of that second: what is due on a day is due until then. The last day that a date can
    /// name ends where dates end.
    /// </summary>
    public DateTimeOffset EndOf(DateOnly day) => zone.EndOf(day);

    /// <summary>
    /// Due by the end of the business day that comes this many business days after the day of an instant; null where
    /// <see cref="AddBusinessDays"/> finds none.
    /// </summary>
    public DateTimeOffset? DueInBusinessDays(DateTimeOffset from, int count) =>
        AddBusinessDays(DayOf(from), count) is { } day ? EndOf(day) : null;

    /// <summary>Due by the end of the day that comes this many calendar days after the day of an instant; null where dates end before.</summary>
    public DateTimeOffset? DueInDays(DateTimeOffset from, int count) =>
        DayOf(from).PlusDays(count) is { } day ? EndOf(day) : null;

    /// <summary>The instant when clocks here show a time: <see cref="CheckedTime.At"/>.</summary>
    public DateTimeOffset At(DateOnly day, TimeOnly time) => zone.At(day.ToDateTime(time));
}
