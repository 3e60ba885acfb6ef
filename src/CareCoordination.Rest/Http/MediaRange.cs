using System.Globalization;

namespace CareCoordination.Rest.Http;

/// <summary>
/// One media type, or range of them, with the parameters that matter here. https://www.rfc-editor.org/rfc/rfc9110#name-accept
/// </summary>
/// <param name="Name">In small letters.</param>
/// <param name="Quality">From 0, which excludes it, to 1.</param>
/// <param name="FhirVersion">https://hl7.org/fhir/R4/http.html#version-parameter</param>
internal sealed record MediaRange(string Name, double Quality, string? FhirVersion, string? Charset)
{
    private const string SpokenVersion = "4.0";

    public bool IsSpokenVersion => FhirVersion is null or SpokenVersion;

    /// <summary>How exactly the range names a type: 3 by its name, 2 by its tree, 1 by <c>*/*</c>; 0 where it does not.</summary>
    public int Match(string type) =>
        Name == type ? 3
        : Name.EndsWith("/*", StringComparison.Ordinal) && type.StartsWith(Name[..^1], StringComparison.Ordinal) ? 2
        : Name is "*/*" or "*" ? 1
        : 0;

    /// <summary>The ranges of an Accept header, in their order.</summary>
    public static IEnumerable<MediaRange> ParseAll(string header)
    {
        foreach (var part in Split(header, ','))
        {
            if (part.Length > 0)
                yield return Parse(part);
        }
    }

    public static MediaRange Parse(string text)
    {
        var parts = Split(text, ';');
        var range = new MediaRange(parts[0].ToLowerInvariant(), 1, null, null);
        foreach (var part in parts.Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                continue;
            var value = part[(equals + 1)..].Trim().Trim('"');
            range = part[..equals].TrimEnd().ToLowerInvariant() switch
            {
                "q" => range with { Quality = ParseQuality(value) },
                "fhirversion" => range with { FhirVersion = value },
                "charset" => range with { Charset = value.ToLowerInvariant() },
                _ => range,
            };
        }

        return range;
    }

    // What is no number says nothing.
    private static double ParseQuality(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality)
            ? Math.Min(quality, 1)
            : 1;

    /// <summary>The trimmed parts between separators that are not inside quotes.</summary>
    private static List<string> Split(string text, char separator)
    {
        var parts = new List<string>();
        var (start, isQuoted) = (0, false);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '"')
                isQuoted = !isQuoted;
            if (i < text.Length && (isQuoted || text[i] != separator))
                continue;
            parts.Add(text[start..i].Trim());
            start = i + 1;
        }

        return parts;
    }
}
