using System.Globalization;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Views.Definitions;

namespace CareCoordination.Views.Plans;

/// <summary>
/// The value of a constant as FHIRPath has it.
/// https://build.fhir.org/ig/FHIR/sql-on-fhir-v2/StructureDefinition-ViewDefinition.html#using-constants
/// </summary>
internal static class ConstantValues
{
    private static readonly string[] Texts =
    [
        "base64Binary",
        "canonical",
        "code",
        "id",
        "oid",
        "string",
        "uri",
        "url",
        "uuid",
    ];

    /// <summary>The value, or the sentence that says why there is none.</summary>
    public static (FhirPathValue Value, string? Fault) Of(ViewConstant constant)
    {
        var (name, text) = (constant.Name, constant.Text);
        FhirPathValue? value = constant.Type switch
        {
            "boolean" => text is "true" or "false" ? text == "true" : default(FhirPathValue),
            "integer" or "positiveInt" or "unsignedInt" => Integer(text, constant.Type),
            "integer64" => Long(text),
            "decimal" => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : default(FhirPathValue),
            "date" => (FhirPathValue)FhirPathTemporal.ParseDate(text),
            "dateTime" or "instant" => (FhirPathValue)FhirPathTemporal.ParseDateTime(text),
            "time" => (FhirPathValue)FhirPathTemporal.ParseTime(text),
            _ when Texts.Contains(constant.Type) => (FhirPathValue)text,
            _ => (FhirPathValue?)null,
        };
        return value switch
        {
            null => (
                default,
                $"The constant '{name}' has a value of type {constant.Type}, which constants cannot have."
            ),
            { IsNone: true } => (default, $"The value of the constant '{name}' is no {constant.Type}."),
            { } known => (known, null),
        };
    }

    private static FhirPathValue Integer(string text, string type) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && value
            >= (
                type == "positiveInt" ? 1
                : type == "unsignedInt" ? 0
                : int.MinValue
            )
            ? value
            : default(FhirPathValue);

    /// <summary>What an Integer of FHIRPath cannot hold is a Decimal.</summary>
    private static FhirPathValue Long(string text) =>
        !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? default(FhirPathValue)
        : value is >= int.MinValue and <= int.MaxValue ? (int)value
        : (decimal)value;
}
