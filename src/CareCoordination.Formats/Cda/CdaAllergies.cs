using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace CareCoordination.Formats.Cda;

/// <summary>
/// Allergies and intolerances that nobody has confirmed yet. That there are none is said by a code of SNOMED CT, as FHIR does; what the
/// patient bears is none. https://hl7.org/fhir/us/ccda/CF-allergies.html
/// </summary>
internal static class CdaAllergies
{
    private const string NoKnownAllergy = "716186003";
    private const string Clinical = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
    private const string Verification = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";

    private static readonly (string Code, string Status)[] Statuses =
    [
        ("55561003", "active"),
        ("73425007", "inactive"),
        ("413322009", "resolved"),
    ];

    private static readonly (string Code, string Value)[] Categories =
    [
        ("416098002", "medication"),
        ("419511003", "medication"),
        ("59037007", "medication"),
        ("414285001", "food"),
        ("418471000", "food"),
        ("235719002", "food"),
        ("426232007", "environment"),
        ("232347008", "environment"),
    ];

    private static readonly (string Code, string Value)[] Kinds =
    [
        ("416098002", "allergy"),
        ("414285001", "allergy"),
        ("419199007", "allergy"),
        ("426232007", "allergy"),
        ("232347008", "allergy"),
        ("59037007", "intolerance"),
        ("235719002", "intolerance"),
    ];

    private static readonly (string Code, string Value)[] Severities =
    [
        ("255604002", "mild"),
        ("371923003", "mild"),
        ("6736007", "moderate"),
        ("371924009", "severe"),
        ("24484000", "severe"),
        ("399166001", "severe"),
    ];

    private static readonly (string Code, string Value)[] Criticalities =
    [
        ("CRITL", "low"),
        ("CRITH", "high"),
        ("CRITU", "unable-to-assess"),
    ];

    public static IEnumerable<JsonObject?> Read(XElement entry, CdaEntryContext context) =>
        CdaEntries.Observations(entry).Select(o => Allergy(o, context));

    private static JsonObject? Allergy(XElement observation, CdaEntryContext context)
    {
        var substance = observation
            .Children("participant", "participantRole", "playingEntity", "code")
            .FirstOrDefault();
        var code = substance.Concept();
        if (observation.IsNegated())
        {
            if (code?["coding"] is not null)
            {
                context.Left("what the patient is not allergic to is told, and is no allergy.");
                return null;
            }

            context.Left("no known allergies.");
            return Made(observation, NoneKnown(), "active", context);
        }

        if (code is null)
        {
            context.Left("an entry does not say to what: read it in the document.");
            return null;
        }

        var (_, end) = observation.Child("effectiveTime").Interval(context.Zone);
        var status = CdaEntries.StatusOf(observation, Statuses) ?? (end is null ? "active" : "resolved");
        return Made(observation, code, status, context);
    }

    private static JsonObject? Made(XElement observation, JsonObject code, string status, CdaEntryContext context)
    {
        var kind = observation.Child("value");
        return CdaJson.Of(
            ("resourceType", "AllergyIntolerance"),
            ("identifier", observation.Identifiers()),
            ("clinicalStatus", CdaJson.Concept(Clinical, status)),
            ("verificationStatus", CdaJson.Concept(Verification, "unconfirmed")),
            ("type", CdaEntries.OfTable(kind, Kinds)),
            ("category", CdaJson.Array([CdaEntries.OfTable(kind, Categories)])),
            ("criticality", CriticalityOf(observation)),
            ("code", code),
            ("patient", CdaJson.Reference(context.Patient)),
            ("onsetDateTime", observation.Child("effectiveTime").Interval(context.Zone).Start?.ToDateTime()),
            ("reaction", CdaJson.Array(Reactions(observation)))
        );
    }

    private static JsonObject NoneKnown()
    {
        var code = CdaJson.Concept(CdaOids.Snomed, NoKnownAllergy);
        code["text"] = "No known allergies";
        return code;
    }

    private static string? CriticalityOf(XElement observation) =>
        observation
            .Children("entryRelationship", "observation")
            .Where(o => o.Child("code").Has(CdaOids.Loinc, "82606-5"))
            .Select(o =>
                CdaEntries.OfTable(
                    o.Child("value"),
                    Criticalities,
                    "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
                )
            )
            .FirstOrDefault();

    private static IEnumerable<JsonObject?> Reactions(XElement observation) =>
        observation
            .Children("entryRelationship")
            .Where(r => r.Text("typeCode") == "MFST")
            .Select(r => r.Child("observation"))
            .Select(reaction =>
                reaction.Child("value").Concept() is { } manifestation
                    ? CdaJson.Of(
                        ("manifestation", new JsonArray(manifestation)),
                        ("severity", SeverityOf(reaction!) ?? SeverityOf(observation))
                    )
                    : null
            );

    private static string? SeverityOf(XElement observation) =>
        observation
            .Children("entryRelationship", "observation")
            .Where(o => o.Child("code").Text("code") == "SEV")
            .Select(o => CdaEntries.OfTable(o.Child("value"), Severities))
            .FirstOrDefault(s => s is not null);
}
