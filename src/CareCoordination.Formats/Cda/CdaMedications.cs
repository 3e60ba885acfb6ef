using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace CareCoordination.Formats.Cda;

/// <summary>
/// What a patient takes is a MedicationStatement, what is intended a MedicationRequest that plans it.
/// https://hl7.org/fhir/us/ccda/CF-medications.html
/// </summary>
internal static class CdaMedications
{
    private static readonly (string Code, string Status)[] Ended =
    [
        ("aborted", "stopped"),
        ("suspended", "on-hold"),
        ("held", "on-hold"),
        ("cancelled", "entered-in-error"),
        ("nullified", "entered-in-error"),
    ];

    /// <summary>Of the hours of an event. https://terminology.hl7.org/CodeSystem-v3-TimingEvent.html</summary>
    private static readonly string[] Events =
    [
        "HS",
        "WAKE",
        "C",
        "CM",
        "CD",
        "CV",
        "AC",
        "ACM",
        "ACD",
        "ACV",
        "PC",
        "PCM",
        "PCD",
        "PCV",
    ];

    private static readonly string[] Units = ["s", "min", "h", "d", "wk", "mo", "a"];

    public static IEnumerable<JsonObject?> Read(XElement entry, CdaEntryContext context) =>
        entry
            .Children("substanceAdministration")
            // Medications of a discharge stand in an act that says so.
            .Concat(entry.Children("act", "entryRelationship", "substanceAdministration"))
            .Select(a => Medication(a, context));

    private static JsonObject? Medication(XElement given, CdaEntryContext context)
    {
        var code = given
            .Children("consumable", "manufacturedProduct", "manufacturedMaterial", "code")
            .FirstOrDefault()
            .Concept();
        if (given.IsNegated())
        {
            context.Left("what the patient does not take is told, and is no medication.");
            return null;
        }

        if (code is null)
        {
            context.Left("an entry has neither a code nor words: read it in the document.");
            return null;
        }

        var isIntended = given.Text("moodCode") is "INT" or "RQO" or "PRMS";
        var period = given.Children("effectiveTime").FirstOrDefault(t => KindOf(t) is "IVL_TS" or "TS" or "");
        var status = StatusOf(given, period, context);
        return isIntended
            ? CdaJson.Of(
                ("resourceType", "MedicationRequest"),
                ("identifier", given.Identifiers()),
                ("status", status),
                ("intent", "plan"),
                ("medicationCodeableConcept", code),
                ("subject", CdaJson.Reference(context.Patient)),
                ("encounter", context.EncounterReference),
                ("authoredOn", context.Written.ToDateTime()),
                ("dosageInstruction", CdaJson.Array([Dosage(given, period, context)]))
            )
            : CdaJson.Of(
                ("resourceType", "MedicationStatement"),
                ("identifier", given.Identifiers()),
                ("status", status),
                ("medicationCodeableConcept", code),
                ("subject", CdaJson.Reference(context.Patient)),
                ("context", context.EncounterReference),
                ("effectivePeriod", period.Period(context.Zone)),
                ("dateAsserted", context.Written.ToDateTime()),
                ("dosage", CdaJson.Array([Dosage(given, null, context)]))
            );
    }

    /// <summary>Senders call what was written down completed: it is over only where its time is.</summary>
    private static string StatusOf(XElement given, XElement? period, CdaEntryContext context)
    {
        var said = given.Child("statusCode").Text("code");
        if (Ended.FirstOrDefault(e => e.Code == said).Status is { } ended)
            return ended;
        var (_, end) = period.Interval(context.Zone);
        return end?.IsBefore(context.Written) == true ? "completed" : "active";
    }

    private static JsonObject? Dosage(XElement given, XElement? period, CdaEntryContext context)
    {
        var dose = given.Child("doseQuantity").Quantity();
        var rate = given.Child("rateQuantity").Quantity();
        return CdaJson.Of(
            ("text", Directions(given)),
            ("timing", Timing(given, period, context)),
            ("asNeededBoolean", given.Child("precondition") is not null ? true : null),
            ("route", given.Child("routeCode").Concept()),
            ("doseAndRate", CdaJson.Array([CdaJson.Of(("doseQuantity", dose), ("rateQuantity", rate))]))
        );
    }

    /// <summary>The words for the patient, where they are given: code 76662-6, else the text of the entry.</summary>
    private static string? Directions(XElement given) =>
        given
            .Children("entryRelationship", "substanceAdministration")
            .Where(s => s.Child("code").Has(CdaOids.Loinc, "76662-6"))
            .Select(CdaValues.Words)
            .FirstOrDefault(w => w is not null)
        ?? CdaValues.Words(given);

    private static JsonObject? Timing(XElement given, XElement? period, CdaEntryContext context)
    {
        var bounds = period.Period(context.Zone);
        var every = given.Children("effectiveTime").FirstOrDefault(t => KindOf(t) == "PIVL_TS").Child("period");
        var unit = every.Text("unit");
        var times =
            CdaValues.Number(every.Text("value")) is { } value and > 0 && Units.Contains(unit) ? value : (decimal?)null;
        var at = given
            .Children("effectiveTime")
            .Where(t => KindOf(t) == "EIVL_TS")
            .Select(t => t.Child("event").Text("code"))
            .Where(c => c is not null && Events.Contains(c))
            .Select(c => (JsonNode?)c);
        var repeat = CdaJson.Of(
            ("boundsPeriod", bounds),
            ("frequency", times is null ? null : 1),
            ("period", times),
            ("periodUnit", times is null ? null : unit),
            ("when", CdaJson.Array(at))
        );
        return repeat is null ? null : CdaJson.Of(("repeat", repeat));
    }

    private static string KindOf(XElement time) => time.Attribute(CdaXml.Type)?.Value.Split(':')[^1] ?? "";
}
