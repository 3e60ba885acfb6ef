namespace CareCoordination.Fhir.Primitives;

/// <summary>
/// The written forms of date, dateTime, instant and time, checked over UTF-8 without making a value.
/// https://hl7.org/fhir/R4/datatypes.html#date
/// </summary>
public static class DateFormat
{
    /// <summary><c>YYYY</c>, <c>YYYY-MM</c> or <c>YYYY-MM-DD</c>, a day that exists.</summary>
    public static bool IsDate(ReadOnlySpan<byte> text) => DateText.TryTakeDate(ref text, out _, out _) && text.IsEmpty;

    /// <summary>A date, or a day with time to the second and time zone.</summary>
    public static bool IsDateTime(ReadOnlySpan<byte> text) => text.Length <= 10 ? IsDate(text) : IsInstant(text);

    /// <summary><c>YYYY-MM-DDThh:mm:ss[.f+](Z|(+|-)hh:mm)</c></summary>
    public static bool IsInstant(ReadOnlySpan<byte> text) =>
        DateText.TryTakeDate(ref text, out _, out var precision)
        && precision == DatePrecision.Day
        && DateText.TryTake(ref text, 'T')
        && DateText.TryTakeTime(ref text, out var time)
        && time.Precision == DatePrecision.Second
        && DateText.TryReadOffset(text, out var offset)
        && offset is not null;

    /// <summary><c>hh:mm:ss[.f+]</c></summary>
    public static bool IsTime(ReadOnlySpan<byte> text) =>
        DateText.TryTakeTime(ref text, out var time) && time.Precision == DatePrecision.Second && text.IsEmpty;
}
