using System.Text;

namespace CareCoordination.Fhir.Primitives;

/// <summary>
/// What a narrative may be: a well-formed div of formatting elements, without scripts, forms or active attributes, and with
/// some content. https://hl7.org/fhir/R4/narrative.html#xhtml
/// </summary>
internal static class XhtmlFormat
{
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Elements = new HashSet<string>(
        (
            "a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img "
            + "li ol p pre q s samp small span strong sub sup strike table tbody td tfoot th thead tr tt u ul var kbd del ins map area"
        ).Split(' '),
        StringComparer.Ordinal
    ).GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool IsNarrative(ReadOnlySpan<byte> utf8)
    {
        ReadOnlySpan<char> text = Encoding.UTF8.GetString(utf8).AsSpan().Trim();
        // XML has no control characters, not even escaped ones.
        if (!text.StartsWith("<div") || PrimitiveFormat.HasControlCharacters(utf8))
            return false;
        var open = new Stack<string>();
        var hasContent = false;
        while (!text.IsEmpty)
        {
            var tag = text.IndexOf('<');
            if (tag < 0)
                return false;
            hasContent |= !text[..tag].IsWhiteSpace();
            if (!IsText(text[..tag]))
                return false;
            text = text[tag..];
            if (text.StartsWith("<!--"))
            {
                var end = text.IndexOf("-->");
                if (end < 0)
                    return false;
                text = text[(end + 3)..];
                continue;
            }

            if (!ReadTag(ref text, open, ref hasContent))
                return false;
            if (open.Count == 0)
                return hasContent && text.IsEmpty;
        }

        return false;
    }

    private static bool ReadTag(ref ReadOnlySpan<char> text, Stack<string> open, ref bool hasContent)
    {
        if (text.StartsWith("</"))
        {
            var close = text.IndexOf('>');
            if (close < 0 || !open.TryPop(out var name) || !text[2..close].TrimEnd().SequenceEqual(name))
                return false;
            text = text[(close + 1)..];
            return true;
        }

        var length = text[1..].IndexOfAny(" \t\r\n/>");
        if (length <= 0 || !Elements.TryGetValue(text.Slice(1, length), out var element))
            return false;
        hasContent |= element == "img";
        text = text[(length + 1)..];
        while (true)
        {
            text = text.TrimStart();
            if (text.StartsWith("/>"))
            {
                text = text[2..];
                return true;
            }

            if (text.StartsWith(">"))
            {
                text = text[1..];
                open.Push(element);
                return true;
            }

            if (!ReadAttribute(ref text))
                return false;
        }
    }

    private static bool ReadAttribute(ref ReadOnlySpan<char> text)
    {
        var equals = text.IndexOf('=');
        if (equals <= 0)
            return false;
        var name = text[..equals].TrimEnd();
        if (name.ContainsAny(" \t\r\n<>/\"'") || name.StartsWith("on", StringComparison.OrdinalIgnoreCase))
            return false;
        text = text[(equals + 1)..].TrimStart();
        if (text.IsEmpty || text[0] is not '"' and not '\'')
            return false;
        var end = text[1..].IndexOf(text[0]);
        if (end < 0)
            return false;
        var value = text.Slice(1, end);
        text = text[(end + 2)..];
        return !value.Contains('<') && !value.TrimStart().StartsWith("javascript:", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>An ampersand stands only before a reference.</summary>
    private static bool IsText(ReadOnlySpan<char> text)
    {
        while (text.IndexOf('&') is var ampersand and >= 0)
        {
            text = text[(ampersand + 1)..];
            var end = text.IndexOf(';');
            if (end is <= 0 or > 10)
                return false;
            foreach (var c in text[..end])
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '#')
                    return false;
            }
        }

        return true;
    }
}
