using System.Globalization;
using System.Text;

namespace CareCoordination.Hl7v2.Messages;

/// <summary>Escape sequences of text. HL7 v2.8, 2.7.</summary>
public static class Escapes
{
    /// <summary>What <c>\.sp\</c> may skip: more lines than a page has are no text.</summary>
    private const int MostLines = 99;

    /// <summary>
    /// The text meant. A sequence that nobody defines, those of other character sets (<c>\C..\</c>, <c>\M..\</c>) and of the sender's own
    /// (<c>\Z..\</c>) stay as they are written, and so does an escape character that begins no sequence.
    /// </summary>
    public static string Decode(string raw, Delimiters delimiters, CharacterSet characters)
    {
        if (delimiters.Escape is not { } escape || !raw.Contains(escape, StringComparison.Ordinal))
            return raw;
        var text = new StringBuilder(raw.Length);
        var at = 0;
        while (at < raw.Length)
        {
            var open = raw.IndexOf(escape, at);
            var close = open < 0 ? -1 : raw.IndexOf(escape, open + 1);
            if (close < 0)
                break;
            text.Append(raw, at, open - at);
            var body = raw.AsSpan(open + 1, close - open - 1);
            var isWhole = TryDecode(body, delimiters, characters, text);
            if (!isWhole && MayBeSequence(body))
            {
                text.Append(raw, open, close - open + 1);
                isWhole = true;
            }

            if (!isWhole)
                text.Append(escape);
            at = isWhole ? close + 1 : open + 1;
        }

        return text.Append(raw, at, raw.Length - at).ToString();
    }

    /// <summary>The text with everything escaped that would mean something in a message.</summary>
    public static string Encode(string text, Delimiters delimiters)
    {
        var raw = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            var letter = Letter(c, delimiters);
            if (letter is null && !char.IsControl(c))
                raw.Append(c);
            else if (delimiters.Escape is not { } escape)
                raw.Append(' ');
            else if (letter is not null)
                raw.Append(escape).Append(letter).Append(escape);
            else if (c < 0x80)
                raw.Append(escape).Append(CultureInfo.InvariantCulture, $"X{(int)c:X2}").Append(escape);
            else
                raw.Append(c);
        }

        return raw.ToString();
    }

    private static char? Letter(char c, Delimiters delimiters) =>
        c == delimiters.Field ? 'F'
        : c == delimiters.Component ? 'S'
        : c == delimiters.Subcomponent ? 'T'
        : c == delimiters.Repetition ? 'R'
        : c == delimiters.Escape ? 'E'
        : c == delimiters.Truncation ? 'P'
        : null;

    private static bool TryDecode(
        ReadOnlySpan<char> body,
        Delimiters delimiters,
        CharacterSet characters,
        StringBuilder text
    )
    {
        switch (body)
        {
            case "F":
                text.Append(delimiters.Field);
                return true;
            case "S" when delimiters.Component is { } component:
                text.Append(component);
                return true;
            case "T" when delimiters.Subcomponent is { } subcomponent:
                text.Append(subcomponent);
                return true;
            case "R" when delimiters.Repetition is { } repetition:
                text.Append(repetition);
                return true;
            case "E":
                text.Append(delimiters.Escape);
                return true;
            case "P":
                text.Append(delimiters.Truncation ?? '#');
                return true;
            // Highlighting says nothing.
            case "H" or "N":
                return true;
            case ".br" or ".ce":
                text.Append('\n');
                return true;
            default:
                return TryDecodeLines(body, text) || TryDecodeHex(body, characters, text);
        }
    }

    private static bool TryDecodeLines(ReadOnlySpan<char> body, StringBuilder text)
    {
        if (!body.StartsWith(".sp"))
            return false;
        var count = body[3..].TrimStart('+').Trim(' ');
        var lines = 1;
        if (!count.IsEmpty && !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out lines))
            return false;
        if (lines is < 1 or > MostLines)
            return false;
        text.Append('\n', lines);
        return true;
    }

    private static bool TryDecodeHex(ReadOnlySpan<char> body, CharacterSet characters, StringBuilder text)
    {
        if (body.Length < 3 || body[0] != 'X' || body.Length % 2 == 0 || body[1..].ContainsAnyExcept(HexDigits))
            return false;
        if (!characters.TryDecode(Convert.FromHexString(body[1..]), out var decoded, out _))
            return false;
        text.Append(decoded);
        return true;
    }

    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create(
        "0123456789abcdefABCDEF"
    );

    /// <summary>Sequences are short and hold no blanks; what does is text with an escape character that somebody forgot to escape.</summary>
    private static bool MayBeSequence(ReadOnlySpan<char> body) =>
        body.Length is > 0 and <= 64 && !body.ContainsAny(' ', '\t');
}
