using System.Globalization;

namespace CareCoordination.Fhir.FhirPath.Values;

/// <summary>How much of a date, dateTime or time is given. Seconds and their fractions are one precision.</summary>
public enum TemporalPrecision
{
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

/// <summary>
/// A System.Date, System.DateTime or System.Time with its precision; a Time is on day 1 of year 1.
/// http://hl7.org/fhirpath/N1/#datetime
/// </summary>
/// <param name="Local">The first moment meant, on the clock of <paramref name="Offset"/>.</param>
/// <param name="FractionDigits">Digits of the second's fraction as written.</param>
public sealed record FhirPathTemporal(
    FhirPathKind Kind,
    DateTime Local,
    TemporalPrecision Precision,
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
        new(FhirPathKind.DateTime, Milliseconds(now.DateTime), TemporalPrecision.Second, now.Offset, 3);

    public static FhirPathTemporal DateOf(DateTimeOffset now) =>
        new(FhirPathKind.Date, now.Date, TemporalPrecision.Day, null, 0);

    public static FhirPathTemporal TimeOf(DateTimeOffset now) =>
        new(FhirPathKind.Time, Milliseconds(new DateTime(now.TimeOfDay.Ticks)), TemporalPrecision.Second, null, 3);

    /// <summary>Parses <c>YYYY[-MM[-DD]]</c>; null where the text is no date.</summary>
    public static FhirPathTemporal? ParseDate(ReadOnlySpan<char> text) =>
        TryDate(ref text, out var date, out var precision) && text.IsEmpty
            ? new(FhirPathKind.Date, date, precision, null, 0)
            : null;

    /// <summary>Parses <c>YYYY[-MM[-DD]][T[hh[:mm[:ss[.f+]]]][Z|(+|-)hh:mm]]</c>; null where the text is no dateTime.</summary>
    public static FhirPathTemporal? ParseDateTime(ReadOnlySpan<char> text)
    {
        if (!TryDate(ref text, out var date, out var precision))
            return null;
        TimeSpan? offset = null;
        var digits = 0;
        if (!text.IsEmpty)
        {
            if (text[0] != 'T')
                return null;
            text = text[1..];
            if (!text.IsEmpty)
            {
                if (precision != TemporalPrecision.Day || !TryTime(ref text, out var time, out precision, out digits))
                    return null;
                date += time;
                if (!TryOffset(text, out offset))
                    return null;
            }
        }

        return new(FhirPathKind.DateTime, date, precision, offset, digits);
    }

    /// <summary>Parses <c>hh[:mm[:ss[.f+]]]</c>; null where the text is no time.</summary>
    public static FhirPathTemporal? ParseTime(ReadOnlySpan<char> text) =>
        TryTime(ref text, out var time, out var precision, out var digits) && text.IsEmpty
            ? new(FhirPathKind.Time, new DateTime(time.Ticks), precision, null, digits)
            : null;

    /// <summary>As FHIR writes it: <c>2014-01-05T10:30:00.000Z</c>.</summary>
    public override string ToString()
    {
        var time = Precision switch
        {
            TemporalPrecision.Hour => Local.ToString("HH", CultureInfo.InvariantCulture),
            TemporalPrecision.Minute => Local.ToString("HH:mm", CultureInfo.InvariantCulture),
            TemporalPrecision.Second when FractionDigits > 0 => Local.ToString(
                $"HH:mm:ss.{new string('f', Math.Min(FractionDigits, 7))}",
                CultureInfo.InvariantCulture
            ),
            TemporalPrecision.Second => Local.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
            _ => "",
        };
        if (Kind == FhirPathKind.Time)
            return time;
        var date = Precision switch
        {
            TemporalPrecision.Year => Local.ToString("yyyy", CultureInfo.InvariantCulture),
            TemporalPrecision.Month => Local.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            _ => Local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
        return time.Length == 0 ? date : $"{date}T{time}{OffsetText}";
    }

    /// <summary>The literal: <c>@2014-01-05T</c>, <c>@T10:30</c>.</summary>
    public string ToLiteral() =>
        Kind switch
        {
            FhirPathKind.Time => $"@T{this}",
            FhirPathKind.DateTime when Precision <= TemporalPrecision.Day => $"@{this}T",
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

    private static bool TryDate(ref ReadOnlySpan<char> text, out DateTime date, out TemporalPrecision precision)
    {
        date = default;
        precision = TemporalPrecision.Year;
        if (!Digits(ref text, 4, out var year) || year == 0)
            return false;
        var (month, day) = (1, 1);
        if (text.StartsWith("-"))
        {
            text = text[1..];
            precision = TemporalPrecision.Month;
            if (!Digits(ref text, 2, out month))
                return false;
            if (text.StartsWith("-"))
            {
                text = text[1..];
                precision = TemporalPrecision.Day;
                if (!Digits(ref text, 2, out day))
                    return false;
            }
        }

        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        date = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified);
        return true;
    }

    private static bool TryTime(
        ref ReadOnlySpan<char> text,
        out TimeSpan time,
        out TemporalPrecision precision,
        out int digits
    )
    {
        time = default;
        digits = 0;
        precision = TemporalPrecision.Hour;
        if (!Digits(ref text, 2, out var hour) || hour > 23)
            return false;
        var (minute, second) = (0, 0);
        long fraction = 0;
        if (text.StartsWith(":"))
        {
            text = text[1..];
            precision = TemporalPrecision.Minute;
            if (!Digits(ref text, 2, out minute) || minute > 59)
                return false;
            if (text.StartsWith(":"))
            {
                text = text[1..];
                precision = TemporalPrecision.Second;
                if (!Digits(ref text, 2, out second) || second > 60)
                    return false;
                if (text.StartsWith(".") && !TryFraction(ref text, out fraction, out digits))
                    return false;
            }
        }

        // A leap second is the last instant of its minute here: DateTime has no second 60.
        time = new TimeSpan(hour, minute, Math.Min(second, 59)) + TimeSpan.FromTicks(fraction);
        return true;
    }

    private static bool TryFraction(ref ReadOnlySpan<char> text, out long ticks, out int digits)
    {
        ticks = 0;
        digits = 0;
        var scale = TimeSpan.TicksPerSecond;
        text = text[1..];
        while (!text.IsEmpty && char.IsAsciiDigit(text[0]))
        {
            scale /= 10;
            ticks += (text[0] - '0') * scale;
            digits++;
            text = text[1..];
        }

        return digits > 0;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out TimeSpan? offset)
    {
        offset = null;
        if (text.IsEmpty)
            return true;
        if (text is "Z")
        {
            offset = TimeSpan.Zero;
            return true;
        }

        if (text.Length != 6 || text[0] is not '+' and not '-' || text[3] != ':')
            return false;
        var isNegative = text[0] == '-';
        var hoursText = text[1..];
        var minutesText = text[4..];
        if (
            !Digits(ref hoursText, 2, out var hours)
            || !Digits(ref minutesText, 2, out var minutes)
            || hours > 14
            || minutes > 59
        )
            return false;
        var span = new TimeSpan(hours, minutes, 0);
        offset = isNegative ? -span : span;
        return true;
    }

    private static bool Digits(ref ReadOnlySpan<char> text, int count, out int number)
    {
        number = 0;
        if (text.Length < count)
            return false;
        for (var i = 0; i < count; i++)
        {
            if (!char.IsAsciiDigit(text[i]))
                return false;
            number = (number * 10) + text[i] - '0';
        }

        text = text[count..];
        return true;
    }
}
