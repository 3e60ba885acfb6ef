using System.Globalization;
using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.DataTypes;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Mapping;

/// <summary>OBX. Map: Segment OBX to Observation.</summary>
internal static class ObservationMapping
{
    public static void Add(MappingContext context, Visit visit)
    {
        foreach (var obx in context.All("OBX"))
        {
            obx.Skip(1, 2);
            if (Concepts.Read(context, obx[3]) is not { } code)
            {
                context.Notes.NotMapped(obx.Place, "OBX-3 does not say what was observed: it is left out.");
                continue;
            }

            var (name, value) = Value(context, obx);
            context.Add(
                "Observation",
                [visit.Encounter, "OBX", obx[3].Raw, obx[4].Raw, obx[14].Raw, $"{obx.Occurrence}"],
                ("status", Concepts.Code(context, obx[11], "0085") ?? "final"),
                ("code", code),
                ("subject", FhirJson.Reference(visit.Patient)),
                ("encounter", FhirJson.Reference(visit.Encounter)),
                ("effectiveDateTime", Times.DateTime(context, obx[14])),
                (name, value),
                ("interpretation", FhirJson.Array(Interpretations(context, obx))),
                ("referenceRange", FhirJson.Array(FhirJson.Object(("text", FhirJson.Text(obx[7].Whole)))))
            );
        }
    }

    private static IEnumerable<JsonNode?> Interpretations(MappingContext context, SegmentView obx) =>
        obx.All(8).Select(i => (JsonNode?)Concepts.Read(context, i, "0078"));

    /// <summary>The value by OBX-2. What is no number though it should be is text, as it is in the message.</summary>
    private static (string Name, JsonNode? Value) Value(MappingContext context, SegmentView obx)
    {
        var values = obx.All(5).ToList();
        if (values.Count == 0)
            return ("valueString", null);
        var value = values[0];
        switch (obx[2].Text)
        {
            case "NM" when Number(value.Text) is { } number:
                return ("valueQuantity", Quantity(context, obx, number, comparator: null));
            case "SN"
                when value[3].Text.Length == 0
                    && Number(value[2].Text) is { } number
                    && Comparator(value[1].Text, out var comparator):
                return ("valueQuantity", Quantity(context, obx, number, comparator));
            case "CE" or "CWE" or "CNE" or "CF" or "IS" or "ID":
                if (values.Count > 1)
                    context.Notes.NotMapped(values[1].Place, "Only the first value has a place.");
                return ("valueCodeableConcept", Concepts.Read(context, value));
            case "DT" or "TS" or "DTM" when Moment.TryParse(value.Text, out _):
                return ("valueDateTime", Times.DateTime(context, value));
            case "ED" or "RP":
                context.Notes.NotMapped(
                    value.Place,
                    "Documents within messages are not taken: send them as a DocumentReference."
                );
                return ("valueString", null);
            default:
                return ("valueString", FhirJson.Text(string.Join('\n', values.Select(v => v.Whole))));
        }
    }

    private static JsonObject? Quantity(MappingContext context, SegmentView obx, JsonNode number, string? comparator)
    {
        var unit = obx[6];
        var system = unit[3].Text.Length > 0 ? context.Sender.CodingSystem(unit[3].Text) : null;
        var name = unit[2].Text.Length > 0 ? unit[2].Text : unit[1].Text;
        return FhirJson.Object(
            ("value", number),
            ("comparator", comparator),
            ("unit", FhirJson.Text(name)),
            ("system", system),
            ("code", system is null ? null : FhirJson.Code(unit[1].Text))
        );
    }

    private static bool Comparator(string text, out string? comparator)
    {
        comparator = text is "<" or "<=" or ">" or ">=" ? text : null;
        return comparator is not null || text is "" or "=";
    }

    /// <summary>A number as it is written, its zeros at the end too: they are its precision.</summary>
    private static JsonNode? Number(string text)
    {
        text = text.Trim().TrimStart('+');
        return decimal.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? JsonValue.Create(number)
            : null;
    }
}
