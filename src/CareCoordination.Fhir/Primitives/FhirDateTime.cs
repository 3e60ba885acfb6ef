using System.Globalization;
using System.Numerics;

namespace CareCoordination.Fhir.Primitives;

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
                _ when FractionDigits == 0 => Local.Ticks + TimeSpan.TicksPerSecond,
                _ => Local.Ticks
                    + Math.Max(1, TimeSpan.TicksPerSecond / (long)Math.Pow(10, Math.Min(FractionDigits, 7))),
            };
            end -= (Offset ?? TimeSpan.Zero).Ticks;
        }
        catch (ArgumentOutOfRangeException)
        {
            end = DateRange.MaxTicks;
        }

        // At the ends of the calendar too a date stands for some instant.
        start = Math.Clamp(start, DateRange.MinTicks, DateRange.MaxTicks - 1);
        return new(start, Math.Clamp(end, start + 1, DateRange.MaxTicks));
    }

    /// <summary>An instant, to the second where it has no fraction and to the millisecond where it has one.</summary>
    public static implicit operator FhirDateTime(DateTimeOffset instant)
    {
        var ticks = instant.Ticks - instant.Ticks % TimeSpan.TicksPerMillisecond;
        var isWhole = ticks % TimeSpan.TicksPerSecond == 0;
        var local = new DateTime(ticks, DateTimeKind.Unspecified);
        return isWhole
            ? new FhirDateTime(local, DatePrecision.Second, instant.Offset)
            : new FhirDateTime(local, DatePrecision.Second, instant.Offset, FractionDigits: 3);
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
            _ when FractionDigits == 0 => "yyyy-MM-ddTHH:mm:ss",
            _ => "yyyy-MM-ddTHH:mm:ss." + new string('f', Math.Min(FractionDigits, 7)),
        };

    public static bool TryParse(ReadOnlySpan<byte> utf8, out FhirDateTime value) => TryRead(utf8, out value);

    /// <summary>
    /// Parses <c>YYYY[-MM[-DD[Thh:mm[:ss[.f+]][Z|(+|-)hh:mm]]]]</c>. A space for the plus sign, as form decoding makes
    /// it, is not accepted: decode queries first.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out FhirDateTime value) => TryRead(text, out value);

    private static bool TryRead<T>(ReadOnlySpan<T> text, out FhirDateTime value)
        where T : unmanaged, IBinaryInteger<T>
    {
        value = default;
        if (!DateText.TryTakeDate(ref text, out var date, out var precision))
            return false;
        if (text.IsEmpty)
        {
            value = new FhirDateTime(date, precision, Offset: null);
            return true;
        }

        if (
            precision != DatePrecision.Day
            || !DateText.TryTake(ref text, 'T')
            || !DateText.TryTakeTime(ref text, out var time)
            || time.Precision == DatePrecision.Hour
            || !DateText.TryReadOffset(text, out var offset)
        )
            return false;
        value = new FhirDateTime(date + time.Time, time.Precision, offset, time.FractionDigits);
        return true;
    }
}
