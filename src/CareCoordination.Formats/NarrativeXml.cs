using System.Net;
using System.Text.RegularExpressions;
using System.Xml;

namespace CareCoordination.Formats;

/// <summary>
/// A narrative as a part of an XML document, where it is markup and no longer text: one well-formed div of XHTML. What is not, as
/// with entities of HTML, is mended, or shown as plain text. https://hl7.org/fhir/R4/narrative.html#xhtml
/// </summary>
internal static partial class NarrativeXml
{
    private const string Xhtml = "http://www.w3.org/1999/xhtml";

    private static readonly XmlReaderSettings Reading = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
    };

    /// <summary>The same instance where it is right as it is.</summary>
    public static string Of(string div)
    {
        if (IsDiv(div))
            return div;
        var mended = NamedEntity().Replace(div.Trim(), e => WebUtility.HtmlDecode(e.Value));
        if (IsDiv(mended))
            return mended;
        // Without a declaration the elements would belong to FHIR.
        mended = mended.StartsWith("<div", StringComparison.Ordinal) ? $"<div xmlns=\"{Xhtml}\"{mended[4..]}" : mended;
        return IsDiv(mended) ? mended : $"<div xmlns=\"{Xhtml}\">{WebUtility.HtmlEncode(XmlText.Clean(div))}</div>";
    }

    private static bool IsDiv(string text)
    {
        if (!text.StartsWith("<div", StringComparison.Ordinal))
            return false;
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), Reading);
            if (!reader.Read() || reader is not { LocalName: "div", Prefix: "", NamespaceURI: Xhtml })
                return false;
            while (reader.Read()) { }

            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    // Without a time limit: what it takes grows with the text and no faster.
    /// <summary>The five that XML has are left as they are.</summary>
    [GeneratedRegex("&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{1,30};", RegexOptions.ExplicitCapture, -1)]
    private static partial Regex NamedEntity();
}
