using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace CareCoordination.Formats.Cda;

/// <summary>
/// Problems and discharge diagnoses: each observation of a concern is a Condition that nobody has confirmed yet. What the patient does
/// not have is none. https://hl7.org/fhir/us/ccda/CF-problems.html
/// </summary>
internal static class CdaProblems
{
    private const string Categories = "http://terminology.hl7.org/CodeSystem/condition-category";
    private const string Clinical = "http://terminology.hl7.org/CodeSystem/condition-clinical";
    private const string Verification = "http://terminology.hl7.org/CodeSystem/condition-ver-status";

    /// <summary>Statuses of SNOMED CT, as FHIR has them.</summary>
    private static readonly (string Code, string Status)[] Statuses =
    [
        ("55561003", "active"),
        ("73425007", "inactive"),
        ("413322009", "resolved"),
        ("246455001", "recurrence"),
        ("263855007", "relapse"),
        ("277022003", "remission"),
    ];

    public static IEnumerable<JsonObject?> OfList(XElement entry, CdaEntryContext context) =>
        Read(entry, "problem-list-item", context);

    public static IEnumerable<JsonObject?> OfStay(XElement entry, CdaEntryContext context) =>
        Read(entry, "encounter-diagnosis", context);

    private static IEnumerable<JsonObject?> Read(XElement entry, string category, CdaEntryContext context) =>
        CdaEntries.Observations(entry).Select(o => Condition(o, category, context));

    private static JsonObject? Condition(XElement observation, string category, CdaEntryContext context)
    {
        var code = observation.Child("value").Concept();
        if (observation.IsNegated())
        {
            context.Left("what the patient does not have is told, and is no Condition.");
            return null;
        }

        if (code is null)
        {
            context.Left("an entry has neither a code nor words: read it in the document.");
            return null;
        }

        var (start, end) = observation.Child("effectiveTime").Interval(context.Zone);
        var status = CdaEntries.StatusOf(observation, Statuses) ?? (end is null ? "active" : "resolved");
        return CdaJson.Of(
            ("resourceType", "Condition"),
            ("identifier", observation.Identifiers()),
            ("clinicalStatus", CdaJson.Concept(Clinical, status)),
            ("verificationStatus", CdaJson.Concept(Verification, "unconfirmed")),
            ("category", new JsonArray(CdaJson.Concept(Categories, category))),
            ("code", code),
            ("subject", CdaJson.Reference(context.Patient)),
            ("encounter", category == "encounter-diagnosis" ? context.EncounterReference : null),
            ("onsetDateTime", start?.ToDateTime()),
            // A problem that goes on has no end: con-4.
            ("abatementDateTime", status is "active" or "recurrence" or "relapse" ? null : end?.ToDateTime())
        );
    }
}
