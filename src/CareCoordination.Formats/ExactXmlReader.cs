using System.Runtime.InteropServices;
using System.Xml;
using CareCoordination.Fhir.Json;

namespace CareCoordination.Formats;

/// <summary>
/// Reads XML of strangers: no DTD and nothing from elsewhere, nested no deeper than the stack bears. What Firely would change of a
/// value is marked, so that it is passed on as text: numbers that a .NET decimal does not keep as written, and spaces at the ends
/// that are none of XML's own.
/// </summary>
internal sealed class ExactXmlReader : XmlTextReader
{
    public const int MaxDepth = 128;

    /// <summary>Stands around a value that is kept as text. It is no character of XML, so that nobody can send it.</summary>
    public const char Mark = '\uFFFF';

    private bool _isInNarrative;

    private ExactXmlReader(Stream xml)
        : base(xml)
    {
        DtdProcessing = DtdProcessing.Prohibit;
        XmlResolver = null;
        Namespaces = true;
        // An entity that nobody declared is then an error.
        EntityHandling = EntityHandling.ExpandEntities;
        // Line ends and white space of attributes as XML says; characters that XML does not have are refused.
        Normalization = true;
    }

    public static ExactXmlReader Open(ReadOnlyMemory<byte> xml) =>
        new(
            MemoryMarshal.TryGetArray(xml, out var bytes)
                ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
                : new MemoryStream(xml.ToArray(), writable: false)
        );

    public override string Value
    {
        get
        {
            var value = base.Value;
            if (_isInNarrative || NodeType != XmlNodeType.Attribute || LocalName != "value" || value.Length == 0)
                return value;
            var text = value.AsSpan().Trim(XmlText.WhiteSpace);
            var isLost =
                !text.IsEmpty
                && (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]) || ExactNumber.IsLost(text));
            return isLost ? $"{Mark}{text}{Mark}" : value;
        }
    }

    /// <summary>Firely reads narratives so, and nothing else.</summary>
    public override string ReadOuterXml()
    {
        _isInNarrative = true;
        var xml = base.ReadOuterXml();
        _isInNarrative = false;
        return xml;
    }

    public override bool Read()
    {
        var isRead = base.Read();
        return Depth <= MaxDepth ? isRead : throw new XmlTooDeepException();
    }
}

internal sealed class XmlTooDeepException : XmlException;
