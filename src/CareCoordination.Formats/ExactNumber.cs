using System.Text.Json;

namespace CareCoordination.Formats;

/// <summary>
/// Which numbers a .NET decimal does not keep as they are written: exponents, more than 28 digits, a negative zero.
/// https://hl7.org/fhir/R4/datatypes.html#decimal
/// </summary>
internal static class ExactNumber
{
    // Digits that a decimal always holds; a sign or a point only makes this stricter.
    private const int SafeLength = 28;

    /// <summary>For the text of a JSON number.</summary>
    public static bool IsLost(ReadOnlySpan<byte> number) =>
        number.Length > SafeLength || number.IndexOfAny((byte)'e', (byte)'E') >= 0 || number.StartsWith("-0"u8);

    /// <summary>For any text; false where it is no number.</summary>
    public static bool IsLost(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || (text[0] != '-' && !char.IsAsciiDigit(text[0])))
            return false;
        return (text.Length > SafeLength || text.IndexOfAny('e', 'E') >= 0 || text.StartsWith("-0")) && IsJson(text);
    }

    /// <summary>True for a number as JSON writes it. https://www.rfc-editor.org/rfc/rfc8259#section-6</summary>
    public static bool IsJson(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("-"))
            text = text[1..];
        var whole = Digits(text);
        if (whole == 0 || (whole > 1 && text[0] == '0'))
            return false;
        text = text[whole..];
        if (text.StartsWith("."))
        {
            var fraction = Digits(text[1..]);
            if (fraction == 0)
                return false;
            text = text[(fraction + 1)..];
        }

        if (text.IsEmpty)
            return true;
        if (text[0] is not ('e' or 'E'))
            return false;
        text = text[1..];
        if (text.StartsWith("+") || text.StartsWith("-"))
            text = text[1..];
        return text.Length > 0 && Digits(text) == text.Length;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }
}
