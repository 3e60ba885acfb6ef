namespace CareCoordination.Workflow.Calendars;

/// <summary>A day on which an organisation is closed, in the years it is kept.</summary>
/// <param name="FromYear">The first year it is kept.</param>
/// <param name="UntilYear">The last year it is kept; null: still.</param>
public sealed record Holiday(string Name, HolidayRule Rule, int FromYear = 1, int? UntilYear = null)
{
    /// <summary>The day off in a year; null where it is not kept or the year has no such day.</summary>
    public DateOnly? In(int year) => year < FromYear || year > UntilYear ? null : Rule.In(year);
}

/// <summary>How the day of a holiday is found in a year.</summary>
public abstract record HolidayRule
{
    private HolidayRule() { }

    /// <summary>The day off in a year; null where the year has none.</summary>
    public abstract DateOnly? In(int year);

    /// <summary>The same date each year.</summary>
    /// <param name="ShiftFromWeekend">A Saturday is kept on the Friday before, a Sunday on the Monday after.</param>
    public sealed record Fixed(int Month, int Day, bool ShiftFromWeekend = false) : HolidayRule
    {
        public override DateOnly? In(int year)
        {
            if (Day > DateTime.DaysInMonth(year, Month))
                return null;
            var date = new DateOnly(year, Month, Day);
            return (ShiftFromWeekend, date.DayOfWeek) switch
            {
                (true, DayOfWeek.Saturday) => date.AddDays(-1),
                (true, DayOfWeek.Sunday) => date.AddDays(1),
                _ => date,
            };
        }
    }

    /// <summary>The first, second, ... such weekday of a month.</summary>
    /// <param name="Nth">From 1; -1 is the last.</param>
    public sealed record Weekday(int Month, DayOfWeek Day, int Nth) : HolidayRule
    {
        public override DateOnly? In(int year)
        {
            var first = new DateOnly(year, Month, 1);
            var date = first.AddDays(((int)Day - (int)first.DayOfWeek + 7) % 7);
            var count = (DateTime.DaysInMonth(year, Month) - date.Day) / 7 + 1;
            var nth = Nth < 0 ? count + Nth : Nth - 1;
            return nth >= 0 && nth < count ? date.AddDays(7 * nth) : null;
        }
    }

    /// <summary>One single day: a closure, or a feast whose date is proclaimed.</summary>
    public sealed record Once(DateOnly Date) : HolidayRule
    {
        public override DateOnly? In(int year) => Date.Year == year ? Date : null;
    }
}
