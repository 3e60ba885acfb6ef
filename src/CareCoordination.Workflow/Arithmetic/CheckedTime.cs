namespace CareCoordination.Workflow.Arithmetic;

/// <summary>
/// The one place where something is added to a date. What is added comes from clients and partners, so that the result may lie
/// outside of the years 1 to 9999, where the dates of FHIR and of .NET end. It is null then, and the caller says what that means: a
/// command is refused with <c>time-range</c>; the timer of a stored resource never fires, because a stored resource must not stop it.
/// </summary>
public static class CheckedTime
{
    /// <summary>From this year on a date means never: people write 9999-12-31 where a form wants a date.</summary>
    private const int NeverFromYear = 9000;

    /// <summary>Days between the first and the last day that a date can name.</summary>
    private const int MostDays = 3_652_058;

    private const int FirstMonth = 12;

    private const int LastMonth = 9999 * 12 + 11;

    public static bool IsNever(this DateTimeOffset at) => at.Year >= NeverFromYear;

    /// <summary>A time for a timer; null, for none, where the date means never.</summary>
    public static DateTimeOffset? UnlessNever(this DateTimeOffset? at) => at?.IsNever() is true ? null : at;

    public static DateTimeOffset? Plus(this DateTimeOffset at, TimeSpan length)
    {
        var utc = at.UtcTicks + (Int128)length.Ticks;
        var local = at.Ticks + (Int128)length.Ticks;
        return IsDate(utc) && IsDate(local) ? at.Add(length) : null;
    }

    /// <summary>So many times twenty-four hours later.</summary>
    public static DateTimeOffset? PlusDays(this DateTimeOffset at, int days) =>
        Length(days, TimeSpan.TicksPerDay) is { } length ? at.Plus(length) : null;

    public static DateTime? Plus(this DateTime at, TimeSpan length) =>
        IsDate(at.Ticks + (Int128)length.Ticks) ? at.Add(length) : null;

    public static DateTime? PlusMonths(this DateTime at, int months)
    {
        var month = (long)at.Year * 12 + at.Month - 1 + months;
        return month is >= FirstMonth and <= LastMonth ? at.AddMonths(months) : null;
    }

    public static DateOnly? PlusMonths(this DateOnly day, int months) =>
        day.ToDateTime(TimeOnly.MinValue).PlusMonths(months) is { } at ? DateOnly.FromDateTime(at) : null;

    public static DateOnly? PlusDays(this DateOnly day, int days)
    {
        var number = (long)day.DayNumber + days;
        return number is >= 0 and <= MostDays ? DateOnly.FromDayNumber((int)number) : null;
    }

    /// <summary>So many units, to the tick below; null where that is longer than all years together.</summary>
    public static TimeSpan? Length(decimal count, long ticksPerUnit)
    {
        // A decimal holds the product of what passes here: at most 10^12 units of at most a week.
        const decimal mostSeconds = 1_000_000_000_000m;
        if (count is < -mostSeconds or > mostSeconds)
            return null;
        var ticks = decimal.Floor(count * ticksPerUnit);
        return Math.Abs(ticks) <= DateTime.MaxValue.Ticks ? TimeSpan.FromTicks((long)ticks) : null;
    }

    /// <summary>
    /// The instant when clocks in a zone show a time. A time that they show twice is the first of the two; one that they skip is as far
    /// after the gap as it is into it. The first and the last hours that a date can name are those of UTC in every zone.
    /// </summary>
    public static DateTimeOffset At(this TimeZoneInfo zone, DateTime local)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(local))
        {
            var before = zone.GetUtcOffset(local.Plus(TimeSpan.FromDays(-1)) ?? local);
            return TimeZoneInfo.ConvertTime(Instant(local, before), zone);
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return Instant(local, offset);
    }

    /// <summary>What clocks in a zone show at an instant.</summary>
    public static DateTime LocalAt(this TimeZoneInfo zone, DateTimeOffset instant) =>
        TimeZoneInfo.ConvertTime(instant, zone).DateTime;

    private static DateTimeOffset Instant(DateTime local, TimeSpan offset)
    {
        var utc = local.Ticks - offset.Ticks;
        return utc < DateTime.MinValue.Ticks ? DateTimeOffset.MinValue
            : utc > DateTime.MaxValue.Ticks ? DateTimeOffset.MaxValue
            : new DateTimeOffset(local, offset);
    }

    private static bool IsDate(Int128 ticks) => ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks;
}
