using System.Collections.Frozen;

namespace CareCoordination.Fhir.Primitives;

/// <summary>
/// What a narrative may hold: the formatting elements of HTML 4.0, chapters 7 to 11 and 15, without scripts, forms, frames and objects.
/// https://hl7.org/fhir/R4/narrative.html#xhtml, https://www.w3.org/TR/html401/
/// </summary>
internal static class NarrativeRules
{
    public static readonly FrozenSet<string> Elements = Set(
        "a abbr acronym address area b bdo big blockquote br caption cite code col colgroup dd del dfn div dl dt em h1 h2 h3 h4 h5 h6 hr "
            + "i img ins kbd li map ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var"
    );

    private static readonly FrozenSet<string> Everywhere = Set(
        "accesskey align bgcolor char charoff class clear color dir height id idref lang style tabindex title valign width"
    );

    private static readonly FrozenDictionary<string, FrozenSet<string>> Own = new Dictionary<string, FrozenSet<string>>(
        StringComparer.Ordinal
    )
    {
        ["a"] = Set("charset coords href hreflang name rel rev shape target type"),
        ["area"] = Set("alt coords href nohref shape"),
        ["blockquote"] = Set("cite"),
        ["col"] = Set("span"),
        ["colgroup"] = Set("span"),
        ["del"] = Set("cite datetime"),
        ["hr"] = Set("noshade size"),
        ["img"] = Set("alt border hspace ismap longdesc name src usemap vspace"),
        ["ins"] = Set("cite datetime"),
        ["li"] = Set("type value"),
        ["map"] = Set("name"),
        ["ol"] = Set("compact start type"),
        ["pre"] = Set("space"),
        ["q"] = Set("cite"),
        ["table"] = Set("border cellpadding cellspacing frame rules summary"),
        ["td"] = Set("abbr axis colspan headers nowrap rowspan scope"),
        ["th"] = Set("abbr axis colspan headers nowrap rowspan scope"),
        ["ul"] = Set("compact type"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Links = Set("cite href longdesc src usemap");

    private static readonly string[] Schemes = ["http", "https", "mailto", "tel", "urn", "ftp"];

    private static readonly string[] Bitmaps = ["image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp"];

    /// <summary>What makes a style load or run something, in the browsers that ever did.</summary>
    private static readonly string[] ActiveStyles =
    [
        "src(",
        "image(",
        "image-set(",
        "expression(",
        "javascript:",
        "vbscript:",
        "@",
        "\\",
        "/*",
        "<",
    ];

    public static bool Allows(string element, string attribute) =>
        Everywhere.Contains(attribute) || (Own.TryGetValue(element, out var own) && own.Contains(attribute));

    public static bool IsLink(string attribute) => Links.Contains(attribute);

    public static bool IsSafeStyle(string style)
    {
        if (ActiveStyles.Any(active => style.Contains(active, StringComparison.OrdinalIgnoreCase)))
            return false;
        // Published narratives draw the lines of their trees with background images.
        var start = 0;
        while (style.IndexOf("url(", start, StringComparison.OrdinalIgnoreCase) is var url and >= 0)
        {
            start = url + "url(".Length;
            var end = style.IndexOf(')', start);
            if (!IsSafeLink(style[start..(end < 0 ? style.Length : end)].Trim().Trim('"', '\''), isImage: true))
                return false;
        }

        return true;
    }

    /// <summary>Reads the scheme as a browser does, which skips white space and control characters in front of it and within.</summary>
    public static bool IsSafeLink(string link, bool isImage)
    {
        var url = string.Concat(link.Where(c => c > ' ' && !char.IsControl(c)));
        var colon = url.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || url.AsSpan(0, colon).ContainsAny("/?#"))
            return true;
        var scheme = url[..colon];
        if (Schemes.Contains(scheme, StringComparer.OrdinalIgnoreCase))
            return true;
        return isImage
            && scheme.Equals("data", StringComparison.OrdinalIgnoreCase)
            && Bitmaps.Any(type => IsOfType(url.AsSpan(colon + 1), type));
    }

    private static bool IsOfType(ReadOnlySpan<char> data, string type) =>
        data.StartsWith(type, StringComparison.OrdinalIgnoreCase)
        && data.Length > type.Length
        && data[type.Length] is ';' or ',';

    private static FrozenSet<string> Set(string names) => names.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
