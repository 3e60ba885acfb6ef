using System.Globalization;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.FhirPath.Values;

/// <summary>Which System type a FHIR type converts to by itself. https://hl7.org/fhir/R4/fhirpath.html#types</summary>
internal static class SystemTypes
{
    private const string Ucum = "http://unitsofmeasure.org";

    /// <summary>The System type a primitive stands for, Quantity for quantities, None for other complex types.</summary>
    public static FhirPathKind KindOf(TypeDefinition type) =>
        type.IsPrimitive
            ? type.Name switch
            {
                "boolean" => FhirPathKind.Boolean,
                "integer" or "positiveInt" or "unsignedInt" => FhirPathKind.Integer,
                "decimal" => FhirPathKind.Decimal,
                "date" => FhirPathKind.Date,
                "dateTime" or "instant" => FhirPathKind.DateTime,
                "time" => FhirPathKind.Time,
                _ => FhirPathKind.String,
            }
        : type.Kind == TypeKind.Complex && IsQuantity(type) ? FhirPathKind.Quantity
        : FhirPathKind.None;

    public static FhirPathValue Convert(Element element)
    {
        var kind = KindOf(element.Type);
        if (kind == FhirPathKind.None)
            return element;
        if (kind == FhirPathKind.Quantity)
            return ToQuantity(element) is { } quantity ? quantity : element;
        if (!element.HasValue)
            return default;
        var text = element.Text!;
        // A text that its type does not allow stays a String: validation reports it, evaluation goes on.
        return kind switch
        {
            FhirPathKind.Boolean => text == "true",
            FhirPathKind.Integer => int.TryParse(
                text,
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var integer
            )
                ? integer
                : text,
            FhirPathKind.Decimal => decimal.TryParse(
                text,
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var number
            )
                ? number
                : text,
            FhirPathKind.Date => FhirPathTemporal.ParseDate(text) is { } date ? date : text,
            FhirPathKind.DateTime => FhirPathTemporal.ParseDateTime(text) is { } dateTime ? dateTime : text,
            FhirPathKind.Time => FhirPathTemporal.ParseTime(text) is { } time ? time : text,
            _ => text,
        };
    }

    /// <summary>Null where there is no value, or a comparator that a System.Quantity has no place for.</summary>
    private static FhirPathQuantity? ToQuantity(Element element)
    {
        if (
            !decimal.TryParse(
                element.Child("value").Text,
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var value
            ) || element.Child("comparator").HasValue
        )
            return null;
        var code = element.Child("code").Text;
        var system = element.Child("system").Text;
        if (code is not null && system is not null and not Ucum)
            return new FhirPathQuantity(value, code, IsCalendar: false) { OtherSystem = system };
        if (
            code is not null
            && system == Ucum
            && CalendarDuration.FromUcum(code) is { } word
            && CalendarDuration.IsVariable(word)
        )
            return new FhirPathQuantity(value, word, IsCalendar: true);
        return new FhirPathQuantity(value, code ?? element.Child("unit").Text ?? "1", IsCalendar: false);
    }

    private static bool IsQuantity(TypeDefinition type)
    {
        for (var t = type; t is not null; t = t.Base)
        {
            if (t.Name == "Quantity")
                return true;
        }

        return false;
    }
}
