using System.Globalization;

namespace CareCoordination.Fhir.FhirPath.Values;

/// <summary>
/// A System.Quantity. <paramref name="Unit"/> is a UCUM code, or with <paramref name="IsCalendar"/> a calendar duration in
/// the singular: <c>year</c>. http://hl7.org/fhirpath/N1/#quantity
/// </summary>
public sealed record FhirPathQuantity(decimal Value, string Unit, bool IsCalendar)
{
    public static FhirPathQuantity Of(decimal value) => new(value, "1", IsCalendar: false);

    /// <summary>The code system of the unit where that is not UCUM: such a unit converts to itself only.</summary>
    public string? OtherSystem { get; init; }

    internal bool IsNumber => !IsCalendar && Unit == "1" && OtherSystem is null;

    /// <summary>The unit, or the nearest one of UCUM.</summary>
    internal string UcumCode => IsCalendar ? CalendarDuration.ToUcum(Unit) : Unit;

    /// <summary>The literal: <c>4 'mg'</c> or <c>4 days</c>.</summary>
    public override string ToString()
    {
        var number = Value.ToString(CultureInfo.InvariantCulture);
        return IsCalendar ? $"{number} {Unit}{(Value == 1 ? "" : "s")}" : $"{number} '{Unit}'";
    }
}

/// <summary>The words for calendar durations and their nearest UCUM codes. http://hl7.org/fhirpath/N1/#time-valued-quantities</summary>
internal static class CalendarDuration
{
    private const decimal Day = 24 * 60 * 60 * 1000;

    private static readonly (string Word, string Ucum)[] Durations =
    [
        ("year", "a"),
        ("month", "mo"),
        ("week", "wk"),
        ("day", "d"),
        ("hour", "h"),
        ("minute", "min"),
        ("second", "s"),
        ("millisecond", "ms"),
    ];

    /// <summary>The singular of a duration word, or null where it is none.</summary>
    public static string? Singular(string word)
    {
        foreach (var (singular, _) in Durations)
        {
            if (word.StartsWith(singular, StringComparison.Ordinal) && word[singular.Length..] is "" or "s")
                return singular;
        }

        return null;
    }

    public static string ToUcum(string word) => Durations.First(d => d.Word == word).Ucum;

    /// <summary>The word for a UCUM time unit, or null.</summary>
    public static string? FromUcum(string code)
    {
        foreach (var (word, ucum) in Durations)
        {
            if (ucum == code)
                return word;
        }

        return null;
    }

    /// <summary>
    /// A year has 12 months or 365 days, a month 30 days; days and shorter durations have a fixed length.
    /// http://hl7.org/fhirpath/N1/#toquantityunit-string-quantity
    /// </summary>
    public static decimal? Convert(decimal value, string from, string to)
    {
        if (from == to)
            return value;
        try
        {
            return IsVariable(from) && IsVariable(to)
                ? value * Months(from) / Months(to)
                : value * Milliseconds(from) / Milliseconds(to);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static decimal Months(string word) => word == "year" ? 12 : 1;

    private static decimal Milliseconds(string word) =>
        word switch
        {
            "year" => 365 * Day,
            "month" => 30 * Day,
            "week" => 7 * Day,
            "day" => Day,
            "hour" => 60 * 60 * 1000,
            "minute" => 60 * 1000,
            "second" => 1000,
            _ => 1,
        };

    /// <summary>A year or a month has no fixed length: <c>1 year</c> neither equals <c>1 'a'</c> nor differs from it.</summary>
    public static bool IsVariable(string word) => word is "year" or "month";
}
