using System.Text.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace CareCoordination.Formats;

/// <summary>Firely's JSON, with the values that <see cref="ExactXmlReader"/> marked as they were sent.</summary>
internal sealed class ExactJsonSerializer() : BaseFhirJsonSerializer(ModelInfo.ModelInspector)
{
    public static readonly ExactJsonSerializer Instance = new();

    protected override void SerializePrimitiveValue(PrimitiveType value, Utf8JsonWriter writer)
    {
        if (value.JsonValue is not string { Length: > 1 } text || text[0] != ExactXmlReader.Mark)
            base.SerializePrimitiveValue(value, writer);
        else if (value is FhirDecimal && ExactNumber.IsJson(text.AsSpan(1..^1)))
            writer.WriteRawValue(text.AsSpan(1..^1), skipInputValidation: true);
        else
            writer.WriteStringValue(text.AsSpan(1..^1));
    }
}
