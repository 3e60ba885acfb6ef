using System.Xml;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace CareCoordination.Formats;

/// <summary>Firely's XML, for text that XML cannot hold too.</summary>
internal sealed class ExactXmlSerializer() : BaseFhirXmlSerializer(ModelInfo.ModelInspector)
{
    public static readonly ExactXmlSerializer Instance = new();

    protected override void SerializePrimitiveValue(string elementName, object value, XmlWriter writer)
    {
        if (value is not string text)
        {
            base.SerializePrimitiveValue(elementName, value, writer);
            return;
        }

        // Values SHOULD be trimmed; one of nothing but white space would then be no value.
        var trimmed = text.AsSpan().Trim(XmlText.WhiteSpace);
        writer.WriteAttributeString(
            elementName,
            XmlText.Clean(trimmed.Length == 0 || trimmed.Length == text.Length ? text : trimmed.ToString())
        );
    }
}
