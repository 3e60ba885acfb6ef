using System.Numerics;

namespace CareCoordination.Fhir.Primitives;

/// <summary>How much of a date or time is given. Seconds and their fractions are one precision.</summary>
public enum DatePrecision
{
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

/// <summary>A time of day as written.</summary>
/// <param name="FractionDigits">Digits of the second's fraction.</param>
internal readonly record struct TimeOfDay(TimeSpan Time, DatePrecision Precision, int FractionDigits);

/// <summary>
/// Reads <c>YYYY[-MM[-DD]]</c>, <c>hh[:mm[:ss[.f+]]]</c> and <c>Z|(+|-)hh:mm</c>, over UTF-8 or characters alike. How much of it has to
/// be there the types say: https://hl7.org/fhir/R4/datatypes.html#dateTime, http://hl7.org/fhirpath/N1/#datetime
/// </summary>
internal static class DateText
{
    /// <summary>Takes a day that exists, or a month or year, off the start of the text.</summary>
    public static bool TryTakeDate<T>(ref ReadOnlySpan<T> text, out DateTime date, out DatePrecision precision)
        where T : unmanaged, IBinaryInteger<T>
    {
        date = default;
        precision = DatePrecision.Year;
        if (!TryTakeDigits(ref text, 4, out var year) || year == 0)
            return false;
        var (month, day) = (1, 1);
        if (TryTake(ref text, '-'))
        {
            precision = DatePrecision.Month;
            if (!TryTakeDigits(ref text, 2, out month))
                return false;
            if (TryTake(ref text, '-'))
            {
                precision = DatePrecision.Day;
                if (!TryTakeDigits(ref text, 2, out day))
                    return false;
            }
        }

        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        date = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified);
        return true;
    }

    /// <summary>Takes a time of day, to the hour or finer, off the start of the text.</summary>
    public static bool TryTakeTime<T>(ref ReadOnlySpan<T> text, out TimeOfDay time)
        where T : unmanaged, IBinaryInteger<T>
    {
        time = default;
        var precision = DatePrecision.Hour;
        if (!TryTakeDigits(ref text, 2, out var hour) || hour > 23)
            return false;
        var (minute, second, ticks, digits) = (0, 0, 0L, 0);
        if (TryTake(ref text, ':'))
        {
            precision = DatePrecision.Minute;
            if (!TryTakeDigits(ref text, 2, out minute) || minute > 59)
                return false;
            if (TryTake(ref text, ':'))
            {
                precision = DatePrecision.Second;
                if (!TryTakeDigits(ref text, 2, out second) || second > 60)
                    return false;
                if (TryTake(ref text, '.') && !TryTakeFraction(ref text, out ticks, out digits))
                    return false;
            }
        }

        // A leap second is the last instant of its minute here: DateTime has no second 60.
        time = new(new TimeSpan(hour, minute, Math.Min(second, 59)) + TimeSpan.FromTicks(ticks), precision, digits);
        return true;
    }

    /// <summary>Reads a whole text as a time zone, up to 14 hours from UTC; null where it is empty.</summary>
    public static bool TryReadOffset<T>(ReadOnlySpan<T> text, out TimeSpan? offset)
        where T : unmanaged, IBinaryInteger<T>
    {
        offset = null;
        if (text.IsEmpty)
            return true;
        if (TryTake(ref text, 'Z'))
        {
            offset = TimeSpan.Zero;
            return text.IsEmpty;
        }

        var isNegative = TryTake(ref text, '-');
        if (
            (!isNegative && !TryTake(ref text, '+'))
            || !TryTakeDigits(ref text, 2, out var hours)
            || !TryTake(ref text, ':')
            || !TryTakeDigits(ref text, 2, out var minutes)
            || !text.IsEmpty
            || minutes > 59
            || (hours * 60) + minutes > 14 * 60
        )
            return false;
        var span = new TimeSpan(hours, minutes, 0);
        offset = isNegative ? -span : span;
        return true;
    }

    public static bool TryTake<T>(ref ReadOnlySpan<T> text, char expected)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (text.IsEmpty || text[0] != T.CreateTruncating(expected))
            return false;
        text = text[1..];
        return true;
    }

    private static bool TryTakeFraction<T>(ref ReadOnlySpan<T> text, out long ticks, out int digits)
        where T : unmanaged, IBinaryInteger<T>
    {
        (ticks, digits) = (0, 0);
        for (var scale = TimeSpan.TicksPerSecond; TryTakeDigits(ref text, 1, out var digit); digits++)
        {
            scale /= 10;
            ticks += digit * scale;
        }

        return digits > 0;
    }

    private static bool TryTakeDigits<T>(ref ReadOnlySpan<T> text, int count, out int number)
        where T : unmanaged, IBinaryInteger<T>
    {
        number = 0;
        if (text.Length < count)
            return false;
        foreach (var letter in text[..count])
        {
            var digit = int.CreateTruncating(letter) - '0';
            if (digit is < 0 or > 9)
                return false;
            number = (number * 10) + digit;
        }

        text = text[count..];
        return true;
    }
}
