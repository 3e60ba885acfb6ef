using System.Globalization;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.DataTypes;

/// <summary>
/// A time of a message, DTM and its older kin: YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]. HL7 v2.8, 2.A.22. As precise as it is written:
/// a day stays a day. Hours and minutes alone are written to the second, as FHIR has no other times.
/// </summary>
internal readonly record struct Moment(DateTime Local, DatePrecision Precision, TimeSpan? Offset, int FractionDigits)
{
    /// <summary>Hours of an offset: UTC-12 to UTC+14.</summary>
    private const int MaxOffsetMinutes = 14 * 60;

    public bool HasTime => Precision >= DatePrecision.Minute;

    public bool HasDay => Precision >= DatePrecision.Day;

    public static bool TryParse(string text, out Moment moment)
    {
        moment = default;
        var digits = text.AsSpan().Trim();
        if (!TakeOffset(ref digits, out var offset))
            return false;
        var point = digits.IndexOf('.');
        var fraction = point < 0 ? [] : digits[(point + 1)..];
        digits = point < 0 ? digits : digits[..point];
        if (digits.Length is not (4 or 6 or 8 or 10 or 12 or 14) || !IsDigits(digits) || !IsDigits(fraction))
            return false;
        if (point >= 0 && (digits.Length != 14 || fraction.Length is 0 or > 7))
            return false;
        if (offset is not null && digits.Length < 10)
            return false;
        return TryMake(digits, fraction, offset, out moment);
    }

    /// <summary>A date, to its precision.</summary>
    public string ToDate() =>
        new FhirDateTime(Local.Date, HasTime ? DatePrecision.Day : Precision, Offset: null).ToString();

    /// <summary>A dateTime; times have their offset.</summary>
    public string ToDateTime() => new FhirDateTime(Local, Precision, Offset, FractionDigits).ToString();

    private static bool TryMake(
        ReadOnlySpan<char> digits,
        ReadOnlySpan<char> fraction,
        TimeSpan? offset,
        out Moment moment
    )
    {
        moment = default;
        // What is not written is its first: January, the first, midnight.
        Span<int> parts = [1, 1, 1, 0, 0, 0];
        parts[0] = int.Parse(digits[..4], CultureInfo.InvariantCulture);
        for (var i = 1; i <= (digits.Length - 4) / 2; i++)
            parts[i] = int.Parse(digits.Slice(2 + 2 * i, 2), CultureInfo.InvariantCulture);
        if (parts[0] == 0 || parts[1] is 0 or > 12 || parts[2] == 0 || parts[3] > 23 || parts[4] > 59 || parts[5] > 59)
            return false;
        if (parts[2] > DateTime.DaysInMonth(parts[0], parts[1]))
            return false;
        var ticks = fraction.IsEmpty
            ? 0
            : long.Parse(fraction, CultureInfo.InvariantCulture) * (long)Math.Pow(10, 7 - fraction.Length);
        moment = new Moment(
            new DateTime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], DateTimeKind.Unspecified)
                + new TimeSpan(ticks),
            digits.Length switch
            {
                4 => DatePrecision.Year,
                6 => DatePrecision.Month,
                8 => DatePrecision.Day,
                _ => DatePrecision.Second,
            },
            offset,
            fraction.Length
        );
        return true;
    }

    private static bool TakeOffset(ref ReadOnlySpan<char> digits, out TimeSpan? offset)
    {
        offset = null;
        var sign = digits.IndexOfAny('+', '-');
        if (sign < 0)
            return true;
        var text = digits[(sign + 1)..];
        if (text.Length != 4 || !IsDigits(text))
            return false;
        var hours = int.Parse(text[..2], CultureInfo.InvariantCulture);
        var minutes = int.Parse(text[2..], CultureInfo.InvariantCulture);
        if (minutes > 59 || hours * 60 + minutes > MaxOffsetMinutes)
            return false;
        offset = TimeSpan.FromMinutes((digits[sign] == '-' ? -1 : 1) * (hours * 60 + minutes));
        digits = digits[..sign];
        return true;
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
