using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Calendars;

/// <summary>
/// Whether a period of a stored resource holds. Its days are those of the zone that owns the question, as with <see cref="CareDate"/>;
/// a side that is missing is open. https://hl7.org/fhir/R4/datatypes.html#Period
/// </summary>
public static class CarePeriods
{
    /// <summary>It has begun and is not over at an instant.</summary>
    public static bool IncludesInstant(this PeriodView period, DateTimeOffset now, TimeZoneInfo zone) =>
        !(CareDate.Of(period.Start)?.StartIn(zone) > now) && CareDate.Of(period.End)?.IsOverAt(now, zone) is not true;

    /// <summary>It has begun by the end of a day, and is not over before it.</summary>
    public static bool IncludesDay(this PeriodView period, DateOnly day, TimeZoneInfo zone) =>
        !(CareDate.Of(period.Start)?.DayIn(zone) > day) && !(CareDate.Of(period.End)?.LastDayIn(zone) < day);
}
