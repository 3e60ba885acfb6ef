using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;

namespace CareCoordination.Workflow.Timings;

/// <summary>
/// A Duration: seconds to hours are lengths of time, days to years are steps of the calendar, which a change of the clocks does not
/// bend. https://hl7.org/fhir/R4/datatypes.html#Duration
/// </summary>
/// <param name="Unit">UCUM: <c>s min h d wk mo a</c>.</param>
public readonly record struct FhirDuration(decimal Value, string Unit)
{
    private const int MonthsOfYear = 12;
    private const decimal MostMonths = 9999 * MonthsOfYear;

    /// <summary>Null where there is no value or the unit is no time.</summary>
    public static FhirDuration? Parse(DurationView duration) => Of(duration.Value, duration.Code ?? duration.Unit);

    public static FhirDuration? Parse(AgeView age) => Of(age.Value, age.Code ?? age.Unit);

    public static FhirDuration? Parse(QuantityView quantity) => Of(quantity.Value, quantity.Code ?? quantity.Unit);

    private static FhirDuration? Of(decimal? value, string? unit) =>
        value is { } number && Known(unit) is { } known ? new FhirDuration(number, known) : null;

    public bool IsWholeDays => Unit is "d" or "wk" or "mo" or "a";

    /// <summary>The length in months; null for units that are a fixed length of time.</summary>
    internal decimal? Months =>
        Unit switch
        {
            "mo" => Value,
            // Beyond this it is too long in either unit, and the product might be no decimal any more.
            "a" => Math.Abs(Value) > MostMonths ? Value : Value * MonthsOfYear,
            _ => null,
        };

    /// <summary>The length of a unit that has a fixed one; null for months and years, and for what is longer than all years together.</summary>
    internal TimeSpan? Length =>
        Unit switch
        {
            "wk" => CheckedTime.Length(Value, 7 * TimeSpan.TicksPerDay),
            "d" => CheckedTime.Length(Value, TimeSpan.TicksPerDay),
            "h" => CheckedTime.Length(Value, TimeSpan.TicksPerHour),
            "min" => CheckedTime.Length(Value, TimeSpan.TicksPerMinute),
            "s" => CheckedTime.Length(Value, TimeSpan.TicksPerSecond),
            _ => null,
        };

    /// <summary>Longer than all years that a date can name.</summary>
    internal bool IsTooLong => Months is { } months ? Math.Abs(months) > MostMonths : Length is null;

    /// <summary>So much later, or earlier where the value is negative; null where that is no date any more.</summary>
    public DateTimeOffset? AddTo(DateTimeOffset instant, TimeZoneInfo zone)
    {
        if (!IsWholeDays)
            return Length is { } length ? instant.Plus(length) : null;
        return AddToLocal(zone.LocalAt(instant)) is { } local ? zone.At(local) : null;
    }

    /// <summary>So much later on the clock of a zone; null where that is no date any more.</summary>
    internal DateTime? AddToLocal(DateTime local) =>
        Months is { } months ? PlusMonths(local, months)
        : Length is { } length ? local.Plus(length)
        : null;

    /// <summary>A part of a month is that part of the month in which it begins.</summary>
    internal static DateTime? PlusMonths(DateTime local, decimal months)
    {
        if (Math.Abs(months) > MostMonths)
            return null;
        var whole = decimal.Floor(months);
        if (local.PlusMonths((int)whole) is not { } begin)
            return null;
        if (months == whole)
            return begin;
        return local.PlusMonths((int)whole + 1) is { } end
            ? begin.Plus(TimeSpan.FromTicks((long)((end - begin).Ticks * (months - whole))))
            : null;
    }

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
