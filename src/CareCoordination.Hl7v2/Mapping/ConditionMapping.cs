using System.Globalization;
using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.DataTypes;

namespace CareCoordination.Hl7v2.Mapping;

/// <summary>DG1. Maps: Segment DG1 to Condition, Segment DG1 to Encounter.</summary>
internal static class ConditionMapping
{
    private const string Terminology = "http://terminology.hl7.org/CodeSystem/";

    /// <summary>Encounter.diagnosis: which Conditions, as what, in which order.</summary>
    public static JsonArray? Add(MappingContext context, AdtEvent adt, Visit visit)
    {
        var found = new List<JsonNode?>();
        foreach (var dg1 in context.All("DG1"))
        {
            dg1.Skip(1);
            var code = Concepts.Read(context, dg1[3], system: dg1[2].Text, text: dg1[4].Text);
            if (code is null)
                continue;
            var url = Condition(context, adt, dg1, code, visit);
            found.Add(
                FhirJson.Object(
                    ("condition", FhirJson.Reference(url)),
                    ("use", Concepts.Read(context, dg1[6], "0052")),
                    ("rank", Rank(dg1))
                )
            );
        }

        return FhirJson.Array(found);
    }

    private static string Condition(MappingContext context, AdtEvent adt, SegmentView dg1, JsonObject code, Visit visit)
    {
        // What the hospital works with is not yet what it found.
        var isFinal = dg1[6].Text is "F" or "";
        var doctor = dg1.All(16).Select(d => Practitioners.Add(context, d)).FirstOrDefault();
        return context.Add(
            "Condition",
            [visit.Encounter, "DG1", code.ToJsonString()],
            ("meta", adt.IsNotification ? AlertsProfile.Meta("adt-notification-condition") : null),
            ("clinicalStatus", FhirJson.Concept(Terminology + "condition-clinical", "active")),
            (
                "verificationStatus",
                FhirJson.Concept(Terminology + "condition-ver-status", isFinal ? "confirmed" : "provisional")
            ),
            (
                "category",
                FhirJson.Array(
                    FhirJson.Concept(Terminology + "condition-category", "encounter-diagnosis", "Encounter Diagnosis")
                )
            ),
            ("code", code),
            ("subject", FhirJson.Reference(visit.Patient)),
            ("encounter", FhirJson.Reference(visit.Encounter)),
            ("onsetDateTime", Times.DateTime(context, dg1[5])),
            ("recordedDate", Times.DateTime(context, dg1[19])),
            ("asserter", doctor is null ? null : FhirJson.Reference(doctor))
        );
    }

    /// <summary>DG1-15, 1 for the first diagnosis; 0 says that it is none of the ranked.</summary>
    private static JsonNode? Rank(SegmentView dg1) =>
        int.TryParse(dg1[15].Text, NumberStyles.None, CultureInfo.InvariantCulture, out var rank) && rank > 0
            ? rank
            : null;
}
