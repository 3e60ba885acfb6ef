using System.Buffers.Text;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search.Extraction;

namespace CareCoordination.Fhir.Search.Types;

public static partial class QuantityParameter
{
    private static readonly long CurrencySystem = TokenParameter.SystemHash("urn:iso:std:iso:4217");

    /// <summary>How an element of this type is a quantity; null where it is none.</summary>
    internal static ValueExtractor? Extractor(int parameter, TypeDefinition type) =>
        type.Name switch
        {
            "Quantity" or "SimpleQuantity" or "MoneyQuantity" or "Age" or "Duration" or "Count" or "Distance" => (
                value,
                index
            ) => AddQuantity(parameter, value, index),
            "Money" => (value, index) => AddMoney(parameter, value, index),
            "Range" => (value, index) => AddRange(parameter, value, index),
            "SampledData" => (value, index) => AddSamples(parameter, value, index),
            _ => null,
        };

    private static void AddQuantity(int parameter, JsonValue quantity, EntryCollector index)
    {
        if (!quantity.TryGetProperty("value"u8, out var value) || !NumberParameter.TryRead(value, out var number))
            return;
        var (low, high) = (number, number);
        // "<5" may be anything below 5: https://hl7.org/fhir/R4/datatypes.html#quantity
        if (quantity.TryGetProperty("comparator"u8, out var comparator) && comparator.Kind == JsonValueKind.String)
        {
            if (comparator.StringUtf8.StartsWith("<"u8))
                low = double.MinValue;
            else if (comparator.StringUtf8.StartsWith(">"u8))
                high = double.MaxValue;
        }

        AddUnits(parameter, low, high, quantity, index);
    }

    private static void AddMoney(int parameter, JsonValue money, EntryCollector index)
    {
        if (money.TryGetProperty("value"u8, out var value) && NumberParameter.TryRead(value, out var number))
            index.Add(new QuantityEntry(parameter, number, number, CurrencySystem, TextHash(money, "currency"u8)));
    }

    private static void AddRange(int parameter, JsonValue range, EntryCollector index)
    {
        var low = Bound(range, "low"u8, out var lower);
        var high = Bound(range, "high"u8, out var upper);
        if (low is not null || high is not null)
            AddUnits(parameter, low ?? double.MinValue, high ?? double.MaxValue, low is null ? upper : lower, index);
    }

    /// <summary>All samples lie between the smallest and the largest. https://hl7.org/fhir/R4/datatypes.html#SampledData</summary>
    private static void AddSamples(int parameter, JsonValue sampled, EntryCollector index)
    {
        if (
            Bound(sampled, "origin"u8, out var origin) is not { } zero
            || !sampled.TryGetProperty("data"u8, out var data)
            || data.Kind != JsonValueKind.String
        )
            return;
        var factor =
            sampled.TryGetProperty("factor"u8, out var given) && NumberParameter.TryRead(given, out var number)
                ? number
                : 1;
        var (low, high) = (double.MaxValue, double.MinValue);
        var text = data.StringUtf8;
        foreach (var piece in text.Split((byte)' '))
        {
            // E, U and L stand for an error and for values beyond the limits of the device.
            if (!Utf8Parser.TryParse(text[piece], out double sample, out var used) || used != text[piece].Length)
                continue;
            var value = zero + (sample * factor);
            // "Infinity" reads as a number too.
            if (!double.IsFinite(value))
                continue;
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        if (low <= high)
            AddUnits(parameter, low, high, origin, index);
    }

    /// <summary>One entry for the coded unit; one more for a unit text that says something else, which is found without a system.</summary>
    private static void AddUnits(int parameter, double low, double high, JsonValue quantity, EntryCollector index)
    {
        var system = TextHash(quantity, "system"u8);
        var code = TextHash(quantity, "code"u8);
        var unit = TextHash(quantity, "unit"u8);
        if (code != 0)
            index.Add(new QuantityEntry(parameter, low, high, system, code));
        if (code == 0 || (unit != 0 && unit != code))
            index.Add(new QuantityEntry(parameter, low, high, 0, unit));
    }

    private static double? Bound(JsonValue holder, ReadOnlySpan<byte> name, out JsonValue quantity) =>
        holder.TryGetProperty(name, out quantity)
        && quantity.TryGetProperty("value"u8, out var value)
        && NumberParameter.TryRead(value, out var number)
            ? number
            : null;

    private static long TextHash(JsonValue holder, ReadOnlySpan<byte> name) =>
        holder.TryGetProperty(name, out var text)
        && text.Kind == JsonValueKind.String
        && text.StringUtf8 is { IsEmpty: false } utf8
            ? StableHash.Of(utf8, 0).Key
            : 0;
}
