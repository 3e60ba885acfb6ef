using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search.Extraction;

namespace CareCoordination.Fhir.Search.Types;

public static partial class DateParameter
{
    /// <summary>How an element of this type is a range of time; null where it is none.</summary>
    internal static ValueExtractor? Extractor(int parameter, TypeDefinition type) =>
        type.Name switch
        {
            "date" or "dateTime" or "instant" => (value, index) => Add(parameter, RangeOf(value), index),
            "Period" => (value, index) => Add(parameter, RangeOfPeriod(value), index),
            "Timing" => (value, index) => Add(parameter, RangeOfTiming(value), index),
            _ => null,
        };

    private static void Add(int parameter, DateRange? range, EntryCollector index)
    {
        if (range is { } found)
            index.Add(new DateEntry(parameter, found));
    }

    private static DateRange? RangeOf(JsonValue value) =>
        value.Kind == JsonValueKind.String && FhirDateTime.TryParse(value.StringUtf8, out var date)
            ? date.ToRange()
            : null;

    /// <summary>A missing start or end is open. https://hl7.org/fhir/R4/search.html#date</summary>
    private static DateRange? RangeOfPeriod(JsonValue period)
    {
        var start = period.TryGetProperty("start"u8, out var from) ? RangeOf(from) : null;
        var end = period.TryGetProperty("end"u8, out var to) ? RangeOf(to) : null;
        if (start is null && end is null)
            return null;
        var first = start?.Start ?? DateRange.MinTicks;
        return new DateRange(first, Math.Max(first, end?.End ?? DateRange.MaxTicks));
    }

    /// <summary>Only the outer limits of a schedule matter. https://hl7.org/fhir/R4/search.html#date</summary>
    private static DateRange? RangeOfTiming(JsonValue timing)
    {
        DateRange? outer = null;
        if (timing.TryGetProperty("event"u8, out var events))
        {
            foreach (var item in events)
                outer = Span(outer, RangeOf(item));
        }

        if (
            timing.TryGetProperty("repeat"u8, out var repeat) && repeat.TryGetProperty("boundsPeriod"u8, out var bounds)
        )
            outer = Span(outer, RangeOfPeriod(bounds));
        return outer;
    }

    private static DateRange? Span(DateRange? a, DateRange? b) =>
        a is not { } first ? b
        : b is not { } second ? a
        : new DateRange(Math.Min(first.Start, second.Start), Math.Max(first.End, second.End));
}
