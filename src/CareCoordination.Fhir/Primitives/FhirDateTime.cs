using System.Globalization;

namespace CareCoordination.Fhir.Primitives;

/// <summary>How much of a date was given.</summary>
public enum DatePrecision
{
    Year,
    Month,
    Day,
    Minute,
    Second,
    Fraction,
}

/// <summary>
/// A date, dateTime or instant as written, with its precision. https://hl7.org/fhir/R4/datatypes.html#dateTime
/// Text without a time zone is read as UTC.
/// </summary>
public readonly record struct FhirDateTime(
    DateTime Local,
    DatePrecision Precision,
    TimeSpan? Offset,
    int FractionDigits = 0
)
{
    /// <summary>The first instant meant, UTC.</summary>
    public DateTimeOffset Instant
    {
        get
        {
            var offset = Offset ?? TimeSpan.Zero;
            var utc = Local.Ticks - offset.Ticks;
            // An offset can lead out of the years 1 to 9999, where a DateTimeOffset ends.
            return utc is >= DateRange.MinTicks and <= DateRange.MaxTicks
                ? new DateTimeOffset(Local, offset)
                : new DateTimeOffset(Math.Clamp(utc, DateRange.MinTicks, DateRange.MaxTicks), TimeSpan.Zero);
        }
    }

    /// <summary>All instants meant: a day covers 24 hours, a second covers its fractions.</summary>
    public DateRange ToRange()
    {
        var start = Local.Ticks - (Offset ?? TimeSpan.Zero).Ticks;
        long end;
        try
        {
            end = Precision switch
            {
                DatePrecision.Year => Local.AddYears(1).Ticks,
                DatePrecision.Month => Local.AddMonths(1).Ticks,
                DatePrecision.Day => Local.AddDays(1).Ticks,
                DatePrecision.Minute => Local.Ticks + TimeSpan.TicksPerMinute,
                DatePrecision.Second => Local.Ticks + TimeSpan.TicksPerSecond,
                _ => Local.Ticks
                    + Math.Max(1, TimeSpan.TicksPerSecond / (long)Math.Pow(10, Math.Min(FractionDigits, 7))),
            };
            end -= (Offset ?? TimeSpan.Zero).Ticks;
        }
        catch (ArgumentOutOfRangeException)
        {
            end = DateRange.MaxTicks;
        }

        return new(
            Math.Clamp(start, DateRange.MinTicks, DateRange.MaxTicks),
            Math.Clamp(end, DateRange.MinTicks, DateRange.MaxTicks)
        );
    }

    /// <summary>An instant, to the second where it has no fraction and to the millisecond where it has one.</summary>
    public static implicit operator FhirDateTime(DateTimeOffset instant)
    {
        var ticks = instant.Ticks - instant.Ticks % TimeSpan.TicksPerMillisecond;
        var isWhole = ticks % TimeSpan.TicksPerSecond == 0;
        var local = new DateTime(ticks, DateTimeKind.Unspecified);
        return isWhole
            ? new FhirDateTime(local, DatePrecision.Second, instant.Offset)
            : new FhirDateTime(local, DatePrecision.Fraction, instant.Offset, FractionDigits: 3);
    }

    /// <summary>A day.</summary>
    public static implicit operator FhirDateTime(DateOnly day) =>
        new(day.ToDateTime(TimeOnly.MinValue), DatePrecision.Day, Offset: null);

    /// <summary>As FHIR writes it, to its own precision.</summary>
    public override string ToString()
    {
        var text = Local.ToString(Format(), CultureInfo.InvariantCulture);
        if (Offset is not { } offset)
            return text;
        return offset == TimeSpan.Zero
            ? text + "Z"
            : text + (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString("hh\\:mm", CultureInfo.InvariantCulture);
    }

    private string Format() =>
        Precision switch
        {
            DatePrecision.Year => "yyyy",
            DatePrecision.Month => "yyyy-MM",
            DatePrecision.Day => "yyyy-MM-dd",
            DatePrecision.Minute => "yyyy-MM-ddTHH:mm",
            DatePrecision.Second => "yyyy-MM-ddTHH:mm:ss",
            _ => "yyyy-MM-ddTHH:mm:ss." + new string('f', Math.Clamp(FractionDigits, 1, 7)),
        };

    public static bool TryParse(ReadOnlySpan<byte> utf8, out FhirDateTime value)
    {
        Span<char> chars = stackalloc char[40];
        if (utf8.Length > chars.Length)
        {
            value = default;
            return false;
        }

        for (var i = 0; i < utf8.Length; i++)
            chars[i] = (char)utf8[i];
        return TryParse(chars[..utf8.Length], out value);
    }

    /// <summary>
    /// Parses <c>YYYY[-MM[-DD[Thh:mm[:ss[.f+]][Z|(+|-)hh:mm]]]]</c>. A space for the plus sign, as form decoding makes
    /// it, is not accepted: decode queries first.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out FhirDateTime value)
    {
        value = default;
        if (text.Length < 4 || !Digits(text[..4], out var year) || year == 0)
            return false;
        if (text.Length == 4)
            return Make(year, 1, 1, default, DatePrecision.Year, null, 0, out value);
        if (text.Length < 7 || text[4] != '-' || !Digits(text.Slice(5, 2), out var month))
            return false;
        if (text.Length == 7)
            return Make(year, month, 1, default, DatePrecision.Month, null, 0, out value);
        if (text.Length < 10 || text[7] != '-' || !Digits(text.Slice(8, 2), out var day))
            return false;
        if (text.Length == 10)
            return Make(year, month, day, default, DatePrecision.Day, null, 0, out value);
        return text[10] == 'T'
            && TryParseTime(text[11..], out var time, out var precision, out var digits, out var rest)
            && TryParseOffset(rest, out var offset)
            && Make(year, month, day, time, precision, offset, digits, out value);
    }

    private static bool TryParseTime(
        ReadOnlySpan<char> text,
        out TimeSpan time,
        out DatePrecision precision,
        out int digits,
        out ReadOnlySpan<char> rest
    )
    {
        time = default;
        precision = DatePrecision.Minute;
        digits = 0;
        rest = default;
        if (
            text.Length < 5
            || text[2] != ':'
            || !Digits(text[..2], out var hour)
            || !Digits(text.Slice(3, 2), out var minute)
            || hour > 23
            || minute > 59
        )
            return false;
        time = new TimeSpan(hour, minute, 0);
        rest = text[5..];
        if (rest.Length == 0 || rest[0] != ':')
            return true;
        if (rest.Length < 3 || !Digits(rest.Slice(1, 2), out var second) || second > 60)
            return false;
        // A leap second is the last instant of its minute here: DateTime has no second 60.
        time += TimeSpan.FromSeconds(Math.Min(second, 59));
        precision = DatePrecision.Second;
        rest = rest[3..];
        if (rest.Length == 0 || rest[0] != '.')
            return true;
        var n = 1;
        long ticks = 0;
        var scale = TimeSpan.TicksPerSecond;
        for (; n < rest.Length && char.IsAsciiDigit(rest[n]); n++)
        {
            scale /= 10;
            ticks += (rest[n] - '0') * scale;
        }

        if (n == 1)
            return false;
        time += TimeSpan.FromTicks(ticks);
        precision = DatePrecision.Fraction;
        digits = n - 1;
        rest = rest[n..];
        return true;
    }

    private static bool TryParseOffset(ReadOnlySpan<char> text, out TimeSpan? offset)
    {
        offset = null;
        if (text.Length == 0)
            return true;
        if (text is "Z")
        {
            offset = TimeSpan.Zero;
            return true;
        }

        if (
            text.Length != 6
            || text[0] is not '+' and not '-'
            || text[3] != ':'
            || !Digits(text.Slice(1, 2), out var hours)
            || !Digits(text.Slice(4, 2), out var minutes)
            || hours > 14
            || minutes > 59
            || (hours == 14 && minutes > 0)
        )
            return false;
        var span = new TimeSpan(hours, minutes, 0);
        offset = text[0] == '-' ? -span : span;
        return true;
    }

    private static bool Make(
        int year,
        int month,
        int day,
        TimeSpan time,
        DatePrecision precision,
        TimeSpan? offset,
        int digits,
        out FhirDateTime value
    )
    {
        value = default;
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        value = new FhirDateTime(
            new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified) + time,
            precision,
            offset,
            digits
        );
        return true;
    }

    private static bool Digits(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
