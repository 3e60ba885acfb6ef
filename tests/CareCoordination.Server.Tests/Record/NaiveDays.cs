using System.Globalization;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Days and instants of texts of the record, in a time zone.</summary>
internal sealed class NaiveDays(string zone)
{
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(zone);

    public string Zone => zone;

    /// <summary>Which day it is at an instant.</summary>
    public DateOnly Of(DateTimeOffset instant) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, _zone).DateTime);

    /// <summary>The day of an instant, and the first one of a day, a month or a year.</summary>
    public DateOnly? Of(string? text) =>
        text is null ? null
        : IsInstant(text) ? Of(Json.Instant(text))
        : FirstOf(text);

    /// <summary>The instant, and the first one of a day, a month or a year.</summary>
    public DateTimeOffset? StartOf(string? text) =>
        text is null ? null
        : IsInstant(text) ? Json.Instant(text)
        : StartOf(FirstOf(text));

    /// <summary>The instant, and the last second of a day, a month or a year.</summary>
    public DateTimeOffset? EndOf(string? text) =>
        text is null ? null
        : IsInstant(text) ? Json.Instant(text)
        : EndOf(LastOf(text));

    /// <summary>When a day begins: at midnight; where the clocks are set forward then, at the first instant after it.</summary>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (_zone.IsInvalidTime(midnight))
            midnight = midnight.AddMinutes(15);
        var offset = _zone.IsAmbiguousTime(midnight)
            ? _zone.GetAmbiguousTimeOffsets(midnight).Max()
            : _zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }

    public DateTimeOffset EndOf(DateOnly day) => StartOf(day.AddDays(1)).AddSeconds(-1);

    public static bool IsInstant(string text) => text.Contains('T', StringComparison.Ordinal);

    private static DateOnly FirstOf(string text) =>
        DateOnly.ParseExact(
            text.Length switch
            {
                4 => text + "-01-01",
                7 => text + "-01",
                _ => text,
            },
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture
        );

    private static DateOnly LastOf(string text) =>
        text.Length switch
        {
            4 => FirstOf(text).AddYears(1).AddDays(-1),
            7 => FirstOf(text).AddMonths(1).AddDays(-1),
            _ => FirstOf(text),
        };
}
