using System.Buffers.Text;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search.Extraction;

namespace CareCoordination.Fhir.Search.Types;

public static partial class NumberParameter
{
    /// <summary>How an element of this type is a number or an interval; null where it is none.</summary>
    internal static ValueExtractor? Extractor(int parameter, TypeDefinition type) =>
        type.Name switch
        {
            "integer" or "decimal" or "positiveInt" or "unsignedInt" => (value, index) =>
            {
                if (TryRead(value, out var number))
                    index.Add(new NumberEntry(parameter, number, number));
            },
            "Range" => (value, index) =>
            {
                var (low, high) = (Bound(value, "low"u8), Bound(value, "high"u8));
                if (low is not null || high is not null)
                    index.Add(new NumberEntry(parameter, low ?? double.MinValue, high ?? double.MaxValue));
            },
            _ => null,
        };

    internal static bool TryRead(JsonValue value, out double number)
    {
        number = 0;
        return value.Kind == JsonValueKind.Number
            && Utf8Parser.TryParse(value.RawUtf8, out number, out var used)
            && used == value.RawUtf8.Length
            && double.IsFinite(number);
    }

    private static double? Bound(JsonValue range, ReadOnlySpan<byte> name) =>
        range.TryGetProperty(name, out var quantity)
        && quantity.TryGetProperty("value"u8, out var value)
        && TryRead(value, out var number)
            ? number
            : null;
}
