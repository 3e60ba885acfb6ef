namespace CareCoordination.Fhir.Primitives;

/// <summary>
/// The written forms of date, dateTime, instant and time, checked over UTF-8 without making a value.
/// https://hl7.org/fhir/R4/datatypes.html#date
/// </summary>
public static class DateFormat
{
    /// <summary><c>YYYY</c>, <c>YYYY-MM</c> or <c>YYYY-MM-DD</c>, a day that exists.</summary>
    public static bool IsDate(ReadOnlySpan<byte> text)
    {
        if (text.Length is not 4 and not 7 and not 10 || !Digits(text[..4], out var year) || year == 0)
            return false;
        if (text.Length == 4)
            return true;
        if (text[4] != (byte)'-' || !Digits(text.Slice(5, 2), out var month) || month is 0 or > 12)
            return false;
        if (text.Length == 7)
            return true;
        return text[7] == (byte)'-'
            && Digits(text.Slice(8, 2), out var day)
            && day > 0
            && day <= DateTime.DaysInMonth(year, month);
    }

    /// <summary>A date, or a day with time to the second and time zone.</summary>
    public static bool IsDateTime(ReadOnlySpan<byte> text) => text.Length <= 10 ? IsDate(text) : IsInstant(text);

    /// <summary><c>YYYY-MM-DDThh:mm:ss[.f+](Z|(+|-)hh:mm)</c></summary>
    public static bool IsInstant(ReadOnlySpan<byte> text)
    {
        if (text.Length < 20 || text[10] != (byte)'T' || !IsDate(text[..10]))
            return false;
        var time = text[11..];
        var zone = time.IndexOfAny("Z+-"u8);
        return zone > 0 && IsTime(time[..zone]) && IsZone(time[zone..]);
    }

    /// <summary><c>hh:mm:ss[.f+]</c></summary>
    public static bool IsTime(ReadOnlySpan<byte> text)
    {
        if (text.Length < 8 || text[2] != (byte)':' || text[5] != (byte)':')
            return false;
        if (
            !Digits(text[..2], out var hour)
            || !Digits(text.Slice(3, 2), out var minute)
            || !Digits(text.Slice(6, 2), out var second)
            || hour > 23
            || minute > 59
            || second > 60 // a leap second
        )
            return false;
        return text.Length == 8
            || (text.Length > 9 && text[8] == (byte)'.' && !text[9..].ContainsAnyExceptInRange((byte)'0', (byte)'9'));
    }

    private static bool IsZone(ReadOnlySpan<byte> text)
    {
        if (text.Length == 1)
            return text[0] == (byte)'Z';
        return text.Length == 6
            && text[0] != (byte)'Z'
            && text[3] == (byte)':'
            && Digits(text.Slice(1, 2), out var hours)
            && Digits(text.Slice(4, 2), out var minutes)
            && minutes <= 59
            && (hours < 14 || (hours == 14 && minutes == 0));
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (var c in text)
        {
            if (c is < (byte)'0' or > (byte)'9')
                return false;
            number = (number * 10) + (c - '0');
        }

        return true;
    }
}
