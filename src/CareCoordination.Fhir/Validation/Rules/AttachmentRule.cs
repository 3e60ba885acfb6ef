using System.Globalization;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.Validation.Rules;

/// <summary>The size of an Attachment is that of its data. https://hl7.org/fhir/R4/datatypes.html#Attachment</summary>
internal sealed class AttachmentRule : Rule
{
    public override void Check(RuleContext context, JsonValue value)
    {
        if (
            !value.TryGetProperty("size"u8, out var size)
            || size.Kind != JsonValueKind.Number
            || !long.TryParse(size.StringUtf8, NumberStyles.None, CultureInfo.InvariantCulture, out var stated)
            || !value.TryGetProperty("data"u8, out var data)
            || data.Kind != JsonValueKind.String
            || PrimitiveFormat.Base64Length(data.StringUtf8) is not { } actual
            || actual == stated
        )
            return;
        context.Report(size, IssueCode.Value, $"The data has {actual} bytes; send that size, or none.");
    }

    public override string ToString() => "size is that of data";
}
