using System.Text;
using System.Xml;
using System.Xml.Linq;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Formats.Cda;

/// <summary>
/// XML of strangers as a tree: no DTD, nothing from elsewhere, no deeper than FHIR XML may be, and no more elements than a document of a
/// patient has. What cannot be read is told in a sentence.
/// </summary>
internal static class CdaXml
{
    /// <summary>The namespace of CDA. https://hl7.org/cda/stds/core</summary>
    public static readonly XNamespace Hl7 = "urn:hl7-org:v3";

    public static readonly XNamespace Sdtc = "urn:hl7-org:sdtc";

    public static readonly XName Type = XName.Get("type", "http://www.w3.org/2001/XMLSchema-instance");

    private const int MaxElements = 500_000;
    private const int Head = 1024;

    /// <summary>Encodings that a document may declare: others are refused rather than guessed.</summary>
    private static readonly string[] Encodings =
    [
        "utf-8",
        "utf-16",
        "utf-16le",
        "utf-16be",
        "us-ascii",
        "iso-8859-1",
        "iso-8859-15",
        "windows-1252",
    ];

    /// <param name="charset">Of the media type, which goes before what the document declares. Null where it names none.</param>
    public static Result<XElement> Parse(ReadOnlyMemory<byte> xml, string? charset)
    {
        if (!EncodingOf(xml.Span, charset).TryGet(out var encoding, out var unknown))
            return unknown;
        try
        {
            using var text = new StreamReader(
                new MemoryStream(xml.ToArray(), writable: false),
                encoding,
                detectEncodingFromByteOrderMarks: true
            );
            using var reader = XmlReader.Create(
                text,
                new XmlReaderSettings
                {
                    DtdProcessing = DtdProcessing.Prohibit,
                    XmlResolver = null,
                    IgnoreComments = true,
                    IgnoreProcessingInstructions = true,
                }
            );
            return Build(reader);
        }
        catch (DecoderFallbackException)
        {
            return No(
                $"The XML has bytes that are no {encoding.WebName}: say in its declaration which encoding it is written in."
            );
        }
        catch (XmlException e)
        {
            return No(
                xml.Span.IndexOf("<!DOCTYPE"u8) >= 0
                    ? "The XML has a document type declaration: entities are not expanded and nothing is fetched. Send it without DOCTYPE."
                    : $"The XML is not well-formed or ends too early: line {e.LineNumber}, position {e.LinePosition}."
            );
        }
    }

    /// <summary>Element by element, so that depth and number are known before there is a tree of them.</summary>
    private static Result<XElement> Build(XmlReader reader)
    {
        XElement? root = null;
        XElement? parent = null;
        var elements = 0;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (++elements > MaxElements)
                        return No($"The XML has more than {MaxElements} elements.");
                    if (reader.Depth > ExactXmlReader.MaxDepth)
                        return No($"The XML is nested more than {ExactXmlReader.MaxDepth} levels deep.");
                    var isEmpty = reader.IsEmptyElement;
                    var element = Element(reader);
                    parent?.Add(element);
                    root ??= element;
                    if (!isEmpty)
                        parent = element;
                    break;
                case XmlNodeType.EndElement:
                    parent = parent!.Parent;
                    break;
                case XmlNodeType.Text
                or XmlNodeType.CDATA
                or XmlNodeType.SignificantWhitespace
                or XmlNodeType.Whitespace:
                    parent?.Add(new XText(reader.Value));
                    break;
                default:
                    break;
            }
        }

        return root is not null ? root : No("There is no XML.");
    }

    private static XElement Element(XmlReader reader)
    {
        var element = new XElement(XName.Get(reader.LocalName, reader.NamespaceURI));
        while (reader.MoveToNextAttribute())
        {
            if (reader.NamespaceURI != "http://www.w3.org/2000/xmlns/")
                element.SetAttributeValue(XName.Get(reader.LocalName, reader.NamespaceURI), reader.Value);
        }

        return element;
    }

    /// <summary>By the byte order mark, the media type, the declaration; else UTF-8. https://www.w3.org/TR/xml/#sec-guessing</summary>
    private static Result<Encoding> EncodingOf(ReadOnlySpan<byte> xml, string? charset)
    {
        var name =
            xml.StartsWith(Encoding.UTF8.Preamble) ? "utf-8"
            : xml.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || xml.StartsWith((ReadOnlySpan<byte>)[(byte)'<', 0])
                ? "utf-16le"
            : xml.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) || xml.StartsWith((ReadOnlySpan<byte>)[0, (byte)'<'])
                ? "utf-16be"
            : charset ?? Declared(xml) ?? "utf-8";
        var known = Encodings.FirstOrDefault(e => e.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (known is null)
            return Failure.Unprocessable(
                IssueCode.Value,
                $"The XML says that it is in an encoding that is not read here: use one of {string.Join(", ", Encodings)}."
            );
        return Strict(known);
    }

    /// <summary>Throws for bytes that are none of it. Text that says utf-16 and is none by its first bytes is read as what it can be.</summary>
    private static Encoding Strict(string name) =>
        name switch
        {
            "utf-8" or "utf-16" => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true),
            "utf-16le" or "utf-16be" => new UnicodeEncoding(
                bigEndian: name == "utf-16be",
                byteOrderMark: true,
                throwOnInvalidBytes: true
            ),
            _ => CodePagesEncodingProvider.Instance.GetEncoding(
                name,
                EncoderFallback.ExceptionFallback,
                DecoderFallback.ExceptionFallback
            ) ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback),
        };

    private static string? Declared(ReadOnlySpan<byte> xml)
    {
        var head = Encoding.Latin1.GetString(xml[..Math.Min(xml.Length, Head)]);
        var end = head.IndexOf("?>", StringComparison.Ordinal);
        if (!head.TrimStart().StartsWith("<?xml", StringComparison.Ordinal) || end < 0)
            return null;
        var at = head.IndexOf("encoding", StringComparison.Ordinal);
        if (at < 0 || at > end)
            return null;
        var from = head.AsSpan(at, end - at).IndexOfAny('"', '\'');
        if (from < 0)
            return null;
        var value = head.AsSpan(at + from + 1, end - at - from - 1);
        var to = value.IndexOf(head[at + from]);
        return to < 0 ? null : value[..to].ToString();
    }

    private static Failure No(string why) => Failure.Unprocessable(IssueCode.Structure, why);
}
