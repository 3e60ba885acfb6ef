using CareCoordination.Workflow.Arithmetic;

namespace CareCoordination.Workflow.Calendars;

/// <summary>The days of a zone.</summary>
internal static class ZoneDays
{
    /// <summary>The day it is there at an instant.</summary>
    public static DateOnly DayOf(this TimeZoneInfo zone, DateTimeOffset instant) =>
        DateOnly.FromDateTime(zone.LocalAt(instant));

    /// <summary>The first instant of a day, which is not midnight where the clocks skip it.</summary>
    public static DateTimeOffset StartOf(this TimeZoneInfo zone, DateOnly day) =>
        zone.At(day.ToDateTime(TimeOnly.MinValue));

    /// <summary>
    /// The last second of a day, with the offset of that second: what is due on a day is due until then. The last day that a date can
    /// name ends where dates end.
    /// </summary>
    public static DateTimeOffset EndOf(this TimeZoneInfo zone, DateOnly day) =>
        day.PlusDays(1) is { } next && zone.StartOf(next).Plus(TimeSpan.FromSeconds(-1)) is { } end
            ? TimeZoneInfo.ConvertTime(end, zone)
            : zone.At(day.ToDateTime(new TimeOnly(23, 59, 59)));
}
