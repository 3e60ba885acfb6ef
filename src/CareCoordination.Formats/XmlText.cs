using System.Text;
using System.Xml;

namespace CareCoordination.Formats;

/// <summary>Text that XML can hold. https://www.w3.org/TR/xml/#charsets</summary>
internal static class XmlText
{
    /// <summary>https://www.w3.org/TR/xml/#NT-S</summary>
    public const string WhiteSpace = " \t\r\n";

    /// <summary>The text with U+FFFD in the place of characters that XML does not have.</summary>
    public static string Clean(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && IsPair(text, i))
                i++;
            else if (!XmlConvert.IsXmlChar(text[i]))
                return Replace(text);
        }

        return text;
    }

    private static bool IsPair(string text, int at) =>
        at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]);

    private static string Replace(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString());
        return clean.ToString();
    }
}
