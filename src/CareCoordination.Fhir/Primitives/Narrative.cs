using System.Text;
using System.Xml;

namespace CareCoordination.Fhir.Primitives;

/// <summary>Where a narrative is wrong, and how.</summary>
internal readonly record struct NarrativeFault(int Line, int Column, string Sentence)
{
    public override string ToString() => $"Line {Line}, position {Column} of the XHTML: {Sentence}";
}

/// <summary>
/// The XHTML of a narrative, read by the XML parser of .NET: a div of formatting elements with some content, without scripts, forms,
/// active attributes, styles that load or run anything, and links of schemes that run something. What XML reads otherwise than HTML does
/// is refused too, because browsers are given it as HTML. https://hl7.org/fhir/R4/narrative.html#xhtml
/// </summary>
internal static class Narrative
{
    private const string Xhtml = "http://www.w3.org/1999/xhtml";

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreWhitespace = false,
    };

    public static bool IsValid(ReadOnlySpan<byte> utf8) => FaultOf(utf8) is null;

    /// <summary>The first fault; null where there is none.</summary>
    public static NarrativeFault? FaultOf(ReadOnlySpan<byte> utf8)
    {
        using var text = new StringReader(Encoding.UTF8.GetString(utf8).Trim(' ', '\t', '\r', '\n'));
        using var reader = XmlReader.Create(text, Settings);
        try
        {
            return FaultOf(reader);
        }
        catch (XmlException e)
        {
            // The parser's own message quotes the text, which is about a patient.
            return new NarrativeFault(
                e.LineNumber,
                e.LinePosition,
                "this is no well-formed XML; close every element, give each attribute once and in quotes, and write &amp; &lt; &gt; &quot; &apos; or &#160; instead of other entities."
            );
        }
    }

    /// <summary>The ids that links and images of a narrative refer to within its resource: <c>#id</c> without the <c>#</c>.</summary>
    public static IEnumerable<string> FragmentsOf(string div)
    {
        using var text = new StringReader(div.Trim(' ', '\t', '\r', '\n'));
        using var reader = XmlReader.Create(text, Settings);
        var found = new List<string>();
        try
        {
            while (reader.Read())
            {
                if (reader.NodeType != XmlNodeType.Element)
                    continue;
                if ((reader.GetAttribute("href") ?? reader.GetAttribute("src")) is ['#', .. { Length: > 0 } id])
                    found.Add(id);
            }
        }
        catch (XmlException)
        {
            // What is malformed is refused for that.
        }

        return found;
    }

    private static NarrativeFault? FaultOf(XmlReader reader)
    {
        var hasContent = false;
        while (reader.Read())
        {
            var sentence = reader.NodeType switch
            {
                XmlNodeType.Element => ElementFault(reader),
                XmlNodeType.Comment when HidesMarkup(reader.Value) => "a comment does not begin with > or ->.",
                XmlNodeType.CDATA when EndsEarly(reader.Value) =>
                    "a CDATA section has no < behind a >, which browsers would read as an element.",
                XmlNodeType.ProcessingInstruction or XmlNodeType.XmlDeclaration =>
                    "there are no declarations and processing instructions; begin with <div>.",
                _ => null,
            };
            hasContent |= reader.NodeType switch
            {
                XmlNodeType.Text => !IsBlank(reader.Value),
                XmlNodeType.CDATA => !IsBlank(reader.Value),
                XmlNodeType.Element => reader.LocalName == "img",
                _ => false,
            };
            if (sentence is not null)
                return At(reader, sentence);
        }

        return hasContent ? null : new NarrativeFault(1, 1, "there is no content; write some text, or leave it out.");
    }

    private static NarrativeFault At(XmlReader reader, string sentence) =>
        reader is IXmlLineInfo place && place.HasLineInfo()
            ? new NarrativeFault(place.LineNumber, place.LinePosition, sentence)
            : new NarrativeFault(1, 1, sentence);

    private static string? ElementFault(XmlReader reader)
    {
        if (reader.Depth == 0 && reader.LocalName != "div")
            return "a narrative is one <div>.";
        if (reader.NamespaceURI != Xhtml)
            return $"<{Short(reader.LocalName)}> is not in the namespace {Xhtml}; declare it on the div.";
        if (!NarrativeRules.Elements.Contains(reader.LocalName))
            return $"<{Short(reader.LocalName)}> is no element of a narrative; use formatting elements, lists, tables, links and images.";
        var element = reader.LocalName;
        while (reader.MoveToNextAttribute())
        {
            if (AttributeFault(reader, element) is { } fault)
                return fault;
        }

        reader.MoveToElement();
        return null;
    }

    private static string? AttributeFault(XmlReader reader, string element)
    {
        var name = reader.LocalName;
        if (reader.Prefix == "xmlns" || (reader.Prefix.Length == 0 && name == "xmlns"))
            return null;
        var isAllowed =
            reader.Prefix == "xml"
                ? name is "lang" or "space"
                : reader.Prefix.Length == 0 && NarrativeRules.Allows(element, name);
        if (!isAllowed)
            return $"the attribute {Short(name)} does not stand on <{element}>; remove it.";
        if (name == "style" && !NarrativeRules.IsSafeStyle(reader.Value))
            return "a style sets how text looks, and runs nothing; remove expressions, escapes, imports, and url() of other schemes than a link may have.";
        return NarrativeRules.IsLink(name) && !NarrativeRules.IsSafeLink(reader.Value, isImage: name == "src")
            ? "a link is relative, #id, or of the schemes http, https, mailto, tel, urn, ftp; an image may also be data: of a bitmap."
            : null;
    }

    private static bool IsBlank(string text) => !text.AsSpan().ContainsAnyExcept(" \t\r\n");

    /// <summary>In HTML <c>&lt;!--&gt;</c> is a whole comment, and what follows is markup.</summary>
    private static bool HidesMarkup(string comment) =>
        comment.StartsWith('>') || comment.StartsWith("->", StringComparison.Ordinal);

    /// <summary>In HTML a CDATA section ends at the first <c>&gt;</c>.</summary>
    private static bool EndsEarly(string section)
    {
        var end = section.IndexOf('>', StringComparison.Ordinal);
        return end >= 0 && section.IndexOf('<', end) >= 0;
    }

    private static string Short(string name) => name.Length <= 32 ? name : name[..32] + "...";
}
