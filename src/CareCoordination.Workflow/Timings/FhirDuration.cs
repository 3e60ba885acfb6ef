using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;

namespace CareCoordination.Workflow.Timings;

/// <summary>
/// A Duration: seconds to hours are lengths of time, days to years are steps of the calendar, which a change of the clocks does not
/// bend. https://hl7.org/fhir/R4/datatypes.html#Duration
/// </summary>
/// <param name="Unit">UCUM: <c>s min h d wk mo a</c>.</param>
public readonly record struct FhirDuration(decimal Value, string Unit)
{
    /// <summary>Null where there is no value or the unit is no time.</summary>
    public static FhirDuration? Parse(DurationView duration) => Of(duration.Value, duration.Code ?? duration.Unit);

    public static FhirDuration? Parse(AgeView age) => Of(age.Value, age.Code ?? age.Unit);

    public static FhirDuration? Parse(QuantityView quantity) => Of(quantity.Value, quantity.Code ?? quantity.Unit);

    private static FhirDuration? Of(decimal? value, string? unit) =>
        value is { } number && Known(unit) is { } known ? new FhirDuration(number, known) : null;

    public bool IsWholeDays => Unit is "d" or "wk" or "mo" or "a";

    public DateTimeOffset AddTo(DateTimeOffset instant, TimeZoneInfo zone)
    {
        if (!IsWholeDays)
            return instant + Length(Value);
        var local = AddToLocal(TimeZoneInfo.ConvertTime(instant, zone).DateTime);
        return new BusinessCalendar(zone, [], []).At(DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local));
    }

    internal DateTime AddToLocal(DateTime local) =>
        Unit switch
        {
            "a" => local.AddMonths((int)(Value * 12)),
            "mo" => local.AddMonths((int)Value),
            "wk" => local.AddDays((double)(Value * 7)),
            "d" => local.AddDays((double)Value),
            _ => local + Length(Value),
        };

    private TimeSpan Length(decimal value) =>
        Unit switch
        {
            "h" => TimeSpan.FromTicks((long)(value * TimeSpan.TicksPerHour)),
            "min" => TimeSpan.FromTicks((long)(value * TimeSpan.TicksPerMinute)),
            _ => TimeSpan.FromTicks((long)(value * TimeSpan.TicksPerSecond)),
        };

    private static string? Known(string? unit) =>
        unit switch
        {
            "s" or "min" or "h" or "d" or "wk" or "mo" or "a" => unit,
            "second" or "seconds" => "s",
            "minute" or "minutes" => "min",
            "hour" or "hours" => "h",
            "day" or "days" => "d",
            "week" or "weeks" => "wk",
            "month" or "months" => "mo",
            "year" or "years" => "a",
            _ => null,
        };
}
