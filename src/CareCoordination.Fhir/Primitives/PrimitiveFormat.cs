using System.Buffers;
using System.Buffers.Text;

namespace CareCoordination.Fhir.Primitives;

/// <summary>
/// The written forms of the other primitive types, checked over decoded UTF-8. https://hl7.org/fhir/R4/datatypes.html
/// </summary>
public static class PrimitiveFormat
{
    /// <summary>The longest string in characters: the specification's 1 MB. https://hl7.org/fhir/R4/datatypes.html#string</summary>
    public const int MaxStringLength = 1024 * 1024;

    private const byte FirstControl = 0;
    private const byte LastControl = 31;

    private static readonly SearchValues<byte> IdBytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."u8
    );

    private static readonly SearchValues<byte> Whitespace = SearchValues.Create(" \t\r\n\f\v"u8);

    private static readonly SearchValues<byte> Base64Bytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8
    );

    /// <summary>A 32-bit whole number as JSON writes one: no sign plus, fraction or exponent.</summary>
    public static bool IsInteger(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out int number, out var read)
        && read == text.Length
        && !(number == 0 && text.Length > 1);

    /// <summary>0 or more.</summary>
    public static bool IsUnsignedInt(ReadOnlySpan<byte> text) => IsInteger(text) && text[0] != (byte)'-';

    /// <summary>1 or more.</summary>
    public static bool IsPositiveInt(ReadOnlySpan<byte> text) => IsUnsignedInt(text) && text[0] != (byte)'0';

    /// <summary>1 to 64 letters, digits, hyphens and dots.</summary>
    public static bool IsId(ReadOnlySpan<byte> text) =>
        text.Length is > 0 and <= FhirId.MaxLength && !text.ContainsAnyExcept(IdBytes);

    /// <summary>No spaces at the ends, single spaces only within, and no other control or white space character.</summary>
    public static bool IsCode(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text.ContainsAnyInRange(FirstControl, LastControl))
            return false;
        return text[0] != (byte)' ' && text[^1] != (byte)' ' && text.IndexOf("  "u8) < 0;
    }

    /// <summary>Not empty, and free of spaces and control characters.</summary>
    public static bool IsUri(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && !text.ContainsAnyInRange(FirstControl, (byte)' ');

    /// <summary><c>urn:oid:1.2.3</c></summary>
    public static bool IsOid(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("urn:oid:"u8))
            return false;
        var arcs = text["urn:oid:".Length..];
        if (arcs.Length < 3 || arcs[0] is < (byte)'0' or > (byte)'2')
            return false;
        var count = 0;
        foreach (var range in arcs.Split((byte)'.'))
        {
            var arc = arcs[range];
            if (
                arc.IsEmpty
                || arc.ContainsAnyExceptInRange((byte)'0', (byte)'9')
                || (arc.Length > 1 && arc[0] == (byte)'0')
            )
                return false;
            if (count++ == 0 && arc.Length > 1)
                return false;
        }

        return count > 1;
    }

    /// <summary><c>urn:uuid:</c> and a UUID in lower case.</summary>
    public static bool IsUuid(ReadOnlySpan<byte> text)
    {
        if (text.Length != 45 || !text.StartsWith("urn:uuid:"u8))
            return false;
        text = text[9..];
        for (var i = 0; i < text.Length; i++)
        {
            var valid = i is 8 or 13 or 18 or 23
                ? text[i] == (byte)'-'
                : text[i] is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f');
            if (!valid)
                return false;
        }

        return true;
    }

    /// <summary>Base64 with padding; whitespace may stand between its characters.</summary>
    public static bool IsBase64(ReadOnlySpan<byte> text)
    {
        var count = 0;
        while (text.IndexOfAnyExcept(Base64Bytes) is var other and >= 0)
        {
            count += other;
            if (text[other] == (byte)'=')
                return IsPadding(text[other..], count);
            if (!Whitespace.Contains(text[other]))
                return false;
            text = text[(other + 1)..];
        }

        count += text.Length;
        return count > 0 && count % 4 == 0;
    }

    /// <summary>Not empty, and at most 1 MB of characters; one of white space alone is a string too.</summary>
    public static bool IsString(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && (text.Length <= MaxStringLength || CountCharacters(text) <= MaxStringLength);

    /// <summary>Every byte of UTF-8 begins a character but those that continue one.</summary>
    private static int CountCharacters(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var b in text)
            count += (b & 0xC0) == 0x80 ? 0 : 1;
        return count;
    }

    /// <summary>How many bytes the Base64 stands for; null where it is none.</summary>
    public static long? Base64Length(ReadOnlySpan<byte> text)
    {
        if (!IsBase64(text))
            return null;
        var (letters, pads) = (0L, 0);
        foreach (var b in text)
        {
            if (b == (byte)'=')
                pads++;
            else if (!Whitespace.Contains(b))
                letters++;
        }

        return ((letters + pads) / 4 * 3) - pads;
    }

    /// <summary>True where there is a control character other than tab, line feed and carriage return.</summary>
    public static bool HasControlCharacters(ReadOnlySpan<byte> text)
    {
        while (text.IndexOfAnyInRange(FirstControl, LastControl) is var control and >= 0)
        {
            if (text[control] is not (byte)'\t' and not (byte)'\n' and not (byte)'\r')
                return true;
            text = text[(control + 1)..];
        }

        return false;
    }

    private static bool IsPadding(ReadOnlySpan<byte> end, int count)
    {
        var pads = 0;
        foreach (var c in end)
        {
            if (c == (byte)'=')
                pads++;
            else if (!Whitespace.Contains(c))
                return false;
        }

        return count > 0 && pads is 1 or 2 && (count + pads) % 4 == 0;
    }
}
