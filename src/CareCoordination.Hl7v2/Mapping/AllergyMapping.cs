using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.DataTypes;

namespace CareCoordination.Hl7v2.Mapping;

/// <summary>AL1. Map: Segment AL1 to AllergyIntolerance.</summary>
internal static class AllergyMapping
{
    private const string Terminology = "http://terminology.hl7.org/CodeSystem/";

    /// <summary>HL7 table 0128 as AllergyIntolerance.reaction.severity.</summary>
    private static readonly Dictionary<string, string> Severities = new(StringComparer.Ordinal)
    {
        ["SV"] = "severe",
        ["MO"] = "moderate",
        ["MI"] = "mild",
    };

    public static void Add(MappingContext context, Visit visit)
    {
        foreach (var al1 in context.All("AL1"))
        {
            al1.Skip(1);
            if (Concepts.Read(context, al1[3]) is not { } code)
                continue;
            context.Add(
                "AllergyIntolerance",
                [visit.Patient, "AL1", code.ToJsonString()],
                ("clinicalStatus", FhirJson.Concept(Terminology + "allergyintolerance-clinical", "active")),
                (
                    "verificationStatus",
                    FhirJson.Concept(Terminology + "allergyintolerance-verification", "unconfirmed")
                ),
                ("category", FhirJson.Array(Category(context, al1))),
                ("criticality", Concepts.Code(context, al1[4], "0128")),
                ("code", code),
                ("patient", FhirJson.Reference(visit.Patient)),
                ("onsetDateTime", Times.DateTime(context, al1[6])),
                ("reaction", FhirJson.Array(Reaction(al1)))
            );
        }
    }

    /// <summary>Miscellaneous allergies and contraindications have no category in FHIR.</summary>
    private static JsonNode? Category(MappingContext context, SegmentView al1) =>
        al1[2].Text is "MA" or "MC" ? null : Concepts.Code(context, al1[2], "0127");

    private static JsonNode? Reaction(SegmentView al1)
    {
        var manifestations = FhirJson.Array(al1.All(5).Select(r => FhirJson.Object(("text", FhirJson.Text(r.Whole)))));
        if (manifestations is null)
            return null;
        return FhirJson.Object(
            ("manifestation", manifestations),
            ("severity", Severities.TryGetValue(al1[4].Text, out var severity) ? severity : null)
        );
    }
}
