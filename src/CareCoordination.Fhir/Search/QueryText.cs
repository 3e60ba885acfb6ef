using System.Text;

namespace CareCoordination.Fhir.Search;

/// <summary>
/// The escapes of parameter values: <c>\,</c> <c>\$</c> <c>\|</c> <c>\\</c>. A backslash before any other character stands for
/// itself. https://hl7.org/fhir/R4/search.html#escaping
/// </summary>
public static class QueryText
{
    /// <summary>The pieces between unescaped separators, still escaped.</summary>
    public static List<string> Split(string text, char separator)
    {
        var pieces = new List<string>(1);
        var start = 0;
        for (var at = IndexOf(text, separator, 0); at >= 0; at = IndexOf(text, separator, start))
        {
            pieces.Add(text[start..at]);
            start = at + 1;
        }

        pieces.Add(start == 0 ? text : text[start..]);
        return pieces;
    }

    /// <summary>The place of the first unescaped separator, or -1.</summary>
    public static int IndexOf(string text, char separator, int start = 0)
    {
        for (var i = start; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == separator)
                return i;
        }

        return -1;
    }

    /// <summary>How many unescaped separators there are: one less than pieces.</summary>
    public static int Count(string text, char separator)
    {
        var count = 0;
        for (var at = IndexOf(text, separator); at >= 0; at = IndexOf(text, separator, at + 1))
            count++;
        return count;
    }

    public static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
            return text;
        var builder = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && IsSpecial(text[i + 1]))
                i++;
            builder.Append(text[i]);
        }

        return builder.ToString();
    }

    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny(',', '$', '|') < 0 && !text.Contains('\\', StringComparison.Ordinal))
            return text;
        var builder = new StringBuilder(text.Length + 4);
        foreach (var c in text)
        {
            if (IsSpecial(c))
                builder.Append('\\');
            builder.Append(c);
        }

        return builder.ToString();
    }

    private static bool IsSpecial(char c) => c is ',' or '$' or '|' or '\\';
}
