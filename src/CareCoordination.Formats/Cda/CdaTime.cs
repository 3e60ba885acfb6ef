using System.Globalization;
using System.Text.Json.Nodes;

namespace CareCoordination.Formats.Cda;

/// <summary>
/// A time as CDA writes it, <c>YYYYMMDDHHMMSS.UUUU+ZZZZ</c> as far as it is known: those without an offset are of the clocks where the
/// document was written. https://hl7.org/cda/stds/core/2.0.0-sd/StructureDefinition-TS.html
/// </summary>
internal readonly record struct CdaTime(DateTime Local, int Digits, TimeSpan Offset)
{
    private static readonly string[] Forms =
    [
        "yyyy",
        "yyyyMM",
        "yyyyMMdd",
        "yyyyMMddHH",
        "yyyyMMddHHmm",
        "yyyyMMddHHmmss",
    ];

    private const int OfDay = 8;

    /// <summary>Null for what is no time.</summary>
    public static CdaTime? Parse(string? text, TimeZoneInfo zone)
    {
        if (text is null)
            return null;
        var sign = text.AsSpan().IndexOfAny('+', '-');
        var moment = (sign < 0 ? text : text[..sign]).Split('.')[0];
        if (
            !DateTime.TryParseExact(moment, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            || local.Year < 1000
        )
            return null;
        if (sign < 0)
            return new CdaTime(local, moment.Length, zone.GetUtcOffset(local));
        return OffsetOf(text[sign..]) is { } offset ? new CdaTime(local, moment.Length, offset) : null;
    }

    public JsonNode ToDateTime() =>
        Digits <= OfDay ? ToDate() : Local.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + OffsetText;

    public JsonNode ToDate() =>
        Local.ToString(
            Digits switch
            {
                4 => "yyyy",
                6 => "yyyy-MM",
                _ => "yyyy-MM-dd",
            },
            CultureInfo.InvariantCulture
        );

    /// <summary>Of a day its beginning.</summary>
    public string ToInstant() => Local.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + OffsetText;

    /// <summary>True where it ends before the other one begins.</summary>
    public bool IsBefore(CdaTime other)
    {
        var digits = Math.Min(OfDay, Math.Min(Digits, other.Digits));
        return Digits > OfDay && other.Digits > OfDay
            ? Local - Offset <= other.Local - other.Offset
            : string.CompareOrdinal(Days(Local, digits), Days(other.Local, digits)) < 0;
    }

    private static string Days(DateTime at, int digits) =>
        at.ToString("yyyyMMdd", CultureInfo.InvariantCulture)[..digits];

    private string OffsetText =>
        (Offset < TimeSpan.Zero ? "-" : "+") + Offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture);

    private static TimeSpan? OffsetOf(string text) =>
        text.Length == 5
        && int.TryParse(text.AsSpan(1, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
        && int.TryParse(text.AsSpan(3, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
        && hours <= 14
        && minutes < 60
            ? new TimeSpan(hours, minutes, 0) * (text[0] == '-' ? -1 : 1)
            : null;
}
