using System.Globalization;

namespace CareCoordination.Application.Answers;

/// <summary>Version numbers as weak entity tags: <c>W/"3"</c>. https://hl7.org/fhir/R4/http.html#versioning</summary>
public static class ETag
{
    // Most resources have few versions; their tags are made once.
    private static readonly string[] Early = [.. Enumerable.Range(0, 64).Select(Format)];

    public static string Of(int version) => (uint)version < (uint)Early.Length ? Early[version] : Format(version);

    /// <summary>The version in <c>W/"3"</c>, <c>"3"</c> or <c>3</c>; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out int version)
    {
        text = text.Trim();
        if (text.StartsWith("W/", StringComparison.Ordinal))
            text = text[2..];
        if (text.Length >= 2 && text[0] == '"' && text[^1] == '"')
            text = text[1..^1];
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out version);
    }

    /// <summary>True where an If-None-Match list names the version, or is <c>*</c>.</summary>
    public static bool Matches(string list, int version)
    {
        var text = list.AsSpan();
        foreach (var range in text.Split(','))
        {
            var item = text[range].Trim();
            if (item is "*" || (TryParse(item, out var candidate) && candidate == version))
                return true;
        }

        return false;
    }

    private static string Format(int version) => string.Create(CultureInfo.InvariantCulture, $"W/\"{version}\"");
}
