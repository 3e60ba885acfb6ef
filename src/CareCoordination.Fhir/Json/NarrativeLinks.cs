using System.Net;
using System.Text.RegularExpressions;

namespace CareCoordination.Fhir.Json;

/// <summary>
/// The targets of links and images in the XHTML of a narrative, which are its only attributes of these names.
/// https://hl7.org/fhir/R4/narrative.html#xhtml
/// </summary>
internal static partial class NarrativeLinks
{
    /// <summary>The narrative with the targets that <paramref name="target"/> gives; null where all stay.</summary>
    public static string? Rewrite(string div, Func<string, string?> target)
    {
        var isChanged = false;
        var rewritten = Tag().Replace(div, tag => Attribute().Replace(tag.Value, Moved));
        return isChanged ? rewritten : null;

        string Moved(Match attribute)
        {
            var value = attribute.Groups["value"];
            if (target(WebUtility.HtmlDecode(value.Value.Trim(Quotes))) is not { } to)
                return attribute.Value;
            isChanged = true;
            return $"{attribute.Value[..(value.Index - attribute.Index)]}\"{WebUtility.HtmlEncode(to)}\"";
        }
    }

    private static readonly char[] Quotes = ['"', '\''];

    // What these take grows with the text and no faster: no time limit, which on a busy machine ends what takes microseconds.
    [GeneratedRegex(@"<(a|img)\s[^<>]*>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: -1)]
    private static partial Regex Tag();

    [GeneratedRegex(
        """\s(href|src)\s*=\s*(?<value>"[^"]*"|'[^']*')""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: -1
    )]
    private static partial Regex Attribute();
}
