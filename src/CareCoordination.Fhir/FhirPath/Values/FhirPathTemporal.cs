using System.Globalization;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.FhirPath.Values;

/// <summary>
/// A System.Date, System.DateTime or System.Time with its precision; a Time is on day 1 of year 1.
/// http://hl7.org/fhirpath/N1/#datetime
/// </summary>
/// <param name="Local">The first moment meant, on the clock of <paramref name="Offset"/>.</param>
/// <param name="FractionDigits">Digits of the second's fraction as written.</param>
public sealed record FhirPathTemporal(
    FhirPathKind Kind,
    DateTime Local,
    DatePrecision Precision,
    TimeSpan? Offset,
    int FractionDigits
)
{
    /// <summary>The moment on the clock of UTC; <see cref="Local"/> where no offset is known.</summary>
    public DateTime Utc =>
        Offset is not { } offset || (offset > TimeSpan.Zero && Local.Ticks < offset.Ticks)
            ? Local
            : new DateTime(Math.Min(Local.Ticks - offset.Ticks, DateTime.MaxValue.Ticks));

    public static FhirPathTemporal DateTimeOf(DateTimeOffset now) =>
        new(FhirPathKind.DateTime, Milliseconds(now.DateTime), DatePrecision.Second, now.Offset, 3);

    public static FhirPathTemporal DateOf(DateTimeOffset now) =>
        new(FhirPathKind.Date, now.Date, DatePrecision.Day, null, 0);

    public static FhirPathTemporal TimeOf(DateTimeOffset now) =>
        new(FhirPathKind.Time, Milliseconds(new DateTime(now.TimeOfDay.Ticks)), DatePrecision.Second, null, 3);

    /// <summary>Parses <c>YYYY[-MM[-DD]]</c>; null where the text is no date.</summary>
    public static FhirPathTemporal? ParseDate(ReadOnlySpan<char> text) =>
        DateText.TryTakeDate(ref text, out var date, out var precision) && text.IsEmpty
            ? new(FhirPathKind.Date, date, precision, null, 0)
            : null;

    /// <summary>Parses <c>YYYY[-MM[-DD]][T[hh[:mm[:ss[.f+]]]][Z|(+|-)hh:mm]]</c>; null where the text is no dateTime.</summary>
    public static FhirPathTemporal? ParseDateTime(ReadOnlySpan<char> text)
    {
        if (!DateText.TryTakeDate(ref text, out var date, out var precision))
            return null;
        if (text is "" or "T")
            return new(FhirPathKind.DateTime, date, precision, null, 0);
        return
            precision == DatePrecision.Day
            && DateText.TryTake(ref text, 'T')
            && DateText.TryTakeTime(ref text, out var time)
            && DateText.TryReadOffset(text, out var offset)
            ? new(FhirPathKind.DateTime, date + time.Time, time.Precision, offset, time.FractionDigits)
            : null;
    }

    /// <summary>Parses <c>hh[:mm[:ss[.f+]]]</c>; null where the text is no time.</summary>
    public static FhirPathTemporal? ParseTime(ReadOnlySpan<char> text) =>
        DateText.TryTakeTime(ref text, out var time) && text.IsEmpty
            ? new(FhirPathKind.Time, new DateTime(time.Time.Ticks), time.Precision, null, time.FractionDigits)
            : null;

    /// <summary>As FHIR writes it: <c>2014-01-05T10:30:00.000Z</c>.</summary>
    public override string ToString()
    {
        var time = Precision switch
        {
            DatePrecision.Hour => Local.ToString("HH", CultureInfo.InvariantCulture),
            DatePrecision.Minute => Local.ToString("HH:mm", CultureInfo.InvariantCulture),
            DatePrecision.Second when FractionDigits > 0 => Local.ToString(
                $"HH:mm:ss.{new string('f', Math.Min(FractionDigits, 7))}",
                CultureInfo.InvariantCulture
            ),
            DatePrecision.Second => Local.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
            _ => "",
        };
        if (Kind == FhirPathKind.Time)
            return time;
        var date = Precision switch
        {
            DatePrecision.Year => Local.ToString("yyyy", CultureInfo.InvariantCulture),
            DatePrecision.Month => Local.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            _ => Local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
        return time.Length == 0 ? date : $"{date}T{time}{OffsetText}";
    }

    /// <summary>The literal: <c>@2014-01-05T</c>, <c>@T10:30</c>.</summary>
    public string ToLiteral() =>
        Kind switch
        {
            FhirPathKind.Time => $"@T{this}",
            FhirPathKind.DateTime when Precision <= DatePrecision.Day => $"@{this}T",
            _ => $"@{this}",
        };

    private string OffsetText =>
        Offset switch
        {
            null => "",
            { Ticks: 0 } => "Z",
            { } offset => string.Create(
                CultureInfo.InvariantCulture,
                $"{(offset < TimeSpan.Zero ? '-' : '+')}{offset.Duration():hh\\:mm}"
            ),
        };

    private static DateTime Milliseconds(DateTime time) =>
        new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMillisecond));
}
