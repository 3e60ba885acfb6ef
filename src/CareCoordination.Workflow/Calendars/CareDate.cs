using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Workflow.Calendars;

/// <summary>
/// A date as somebody gave it: an instant, or a day, a month or a year, which begins and ends at other instants in every zone. Only the
/// zone of the organisation whose day it is makes instants of it: <see cref="BusinessCalendar.StartOf(CareDate)"/> and its kin.
/// https://hl7.org/fhir/R4/datatypes.html#dateTime
/// </summary>
public readonly record struct CareDate
{
    private CareDate(FhirDateTime given) => Given = given;

    /// <summary>As it was given, to its own precision.</summary>
    public FhirDateTime Given { get; }

    public static CareDate? Of(FhirDateTime? given) => given is { } date ? new CareDate(date) : null;

    public static implicit operator CareDate(DateTimeOffset instant) => new(instant);

    public static implicit operator CareDate(DateOnly day) => new(day);

    /// <summary>The instant, or the first one of the day, month or year.</summary>
    public DateTimeOffset StartIn(TimeZoneInfo zone) => IsInstant ? Given.Instant : zone.StartOf(FirstDay);

    /// <summary>The instant, or the last second of the day, month or year.</summary>
    public DateTimeOffset EndIn(TimeZoneInfo zone) => IsInstant ? Given.Instant : zone.EndOf(LastDay);

    /// <summary>The day that it is in a zone at the instant, or the first one of the month or year.</summary>
    public DateOnly DayIn(TimeZoneInfo zone) => IsInstant ? zone.DayOf(Given.Instant) : FirstDay;

    /// <summary>As <see cref="DayIn"/>, the last one.</summary>
    public DateOnly LastDayIn(TimeZoneInfo zone) => IsInstant ? zone.DayOf(Given.Instant) : LastDay;

    /// <summary>The instant, or the day, month or year in a zone, has passed: what ends at 10:00 is over when that minute is.</summary>
    public bool IsOverAt(DateTimeOffset now, TimeZoneInfo zone) =>
        IsInstant ? Given.ToRange().End <= now.UtcTicks : LastDay < zone.DayOf(now);

    /// <summary>It is over before the other begins, wherever the days of both are; where that depends on the zone it is not.</summary>
    public bool IsBefore(CareDate other) =>
        Given.ToRange().End + (IsInstant == other.IsInstant ? 0 : TimeSpan.TicksPerDay) <= other.Given.ToRange().Start;

    public override string ToString() => Given.ToString();

    public bool IsInstant => Given.Precision >= DatePrecision.Minute;

    private DateOnly FirstDay => DateOnly.FromDateTime(Given.Local);

    private DateOnly LastDay =>
        Given.Precision switch
        {
            DatePrecision.Year => new DateOnly(Given.Local.Year, 12, 31),
            DatePrecision.Month => new DateOnly(
                Given.Local.Year,
                Given.Local.Month,
                DateTime.DaysInMonth(Given.Local.Year, Given.Local.Month)
            ),
            _ => FirstDay,
        };
}
