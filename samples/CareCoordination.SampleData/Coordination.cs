using System.Text.Json.Nodes;
using static CareCoordination.SampleData.Vocabulary;

namespace CareCoordination.SampleData;

/// <summary>
/// Who manages the care (EpisodeOfCare), how much of it is needed (RiskAssessment), what the patient agreed to (Consent), and for some a
/// request that is still to be dispatched: what caseloads, tiers and referrals are tried with.
/// </summary>
internal static class Coordination
{
    /// <summary>https://hl7.org/fhir/R4/valueset-risk-probability.html</summary>
    private static readonly string[] Tiers = ["low", "low", "moderate", "moderate", "high"];

    public static void Write(PatientRecord record)
    {
        AddEpisode(record);
        AddRisk(record);
        if (record.Random.Chance(85))
            AddConsent(record, isPermit: record.Random.Chance(90));
        if (record.Index % 3 == 0)
            AddRequest(record);
    }

    private static void AddEpisode(PatientRecord record) =>
        record.Add(
            "EpisodeOfCare",
            new JsonObject
            {
                ["status"] = "active",
                ["type"] = Json.Array(Json.Text("Care coordination")),
                ["diagnosis"] = Json.Array(
                    record.Conditions.Select(condition => new JsonObject
                    {
                        ["condition"] = record.To("Condition", condition),
                    })
                ),
                ["patient"] = record.ToPatient(),
                ["managingOrganization"] = record.To(record.Site.Clinic),
                ["period"] = Json.Period(record.AsOf.AddDays(-record.Random.Between(30, 700)).Iso()),
                ["careManager"] = record.To(record.Site.CareManager),
            }
        );

    private static void AddRisk(PatientRecord record)
    {
        var tier = record.Programmes.Count > 2 ? "high" : record.Random.Pick(Tiers);
        record.Add(
            "RiskAssessment",
            new JsonObject
            {
                ["status"] = "final",
                ["code"] = Json.Text("Risk tier for care coordination"),
                ["subject"] = record.ToPatient(),
                ["occurrenceDateTime"] = record.AsOf.AddDays(-record.Random.Between(1, 60)).At(8),
                ["performer"] = record.To(record.Site.CareManager),
                ["prediction"] = Json.Array(
                    new JsonObject
                    {
                        ["outcome"] = Json.Text("Unplanned hospital stay within a year"),
                        ["qualitativeRisk"] = new Concept(Hl7 + "risk-probability", tier, tier).Bare(),
                    }
                ),
            }
        );
    }

    private static void AddConsent(PatientRecord record, bool isPermit) =>
        record.Add(
            "Consent",
            new JsonObject
            {
                ["status"] = "active",
                ["scope"] = new Concept(Hl7 + "consentscope", "patient-privacy", "Privacy").Bare(),
                ["category"] = Json.Array(new Concept(Loinc, "59284-0", "Consent").ToJson()),
                ["patient"] = record.ToPatient(),
                ["dateTime"] = record.AsOf.AddDays(-record.Random.Between(30, 400)).Iso(),
                ["organization"] = Json.Array(record.To(record.Site.Clinic)),
                ["policyRule"] = new Concept(ActCode, isPermit ? "OPTIN" : "OPTOUT", "Sharing with partners").Bare(),
            }
        );

    private static void AddRequest(PatientRecord record)
    {
        var (programme, partner) = (record.Programmes[0], record.Random.Pick(record.Network.CommunityPartners));
        record.Add(
            "ServiceRequest",
            new JsonObject
            {
                ["identifier"] = Json.Array(Json.Identifier(ReferralSystem, $"REF-{record.Index + 1:0000000}-N")),
                ["status"] = "active",
                ["intent"] = "order",
                ["category"] = Json.Array(new Concept(Snomed, "3457005", "Referral").ToJson()),
                ["priority"] = "routine",
                ["code"] = programme.Referral.ToJson(),
                ["subject"] = record.ToPatient(),
                ["authoredOn"] = record.AsOf.At(7),
                ["requester"] = record.To(record.Site.Physician),
                ["performer"] = Json.Array(record.To(partner)),
                ["reasonReference"] = Json.Array(record.To("Condition", record.Conditions[0])),
            }
        );
    }
}
