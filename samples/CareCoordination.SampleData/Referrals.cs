using System.Text.Json.Nodes;
using static CareCoordination.SampleData.Vocabulary;

namespace CareCoordination.SampleData;

/// <summary>A ServiceRequest to a partner and the Task that follows it until the loop is closed.</summary>
internal static class Referrals
{
    private static readonly string[] TaskStatuses = ["requested", "received", "accepted", "in-progress", "completed"];

    public static void Write(PatientRecord record)
    {
        for (var i = 0; i < record.Programmes.Count; i++)
        {
            if (record.Random.Chance(65))
                Add(record, record.Programmes[i], record.Conditions[i], i);
        }
    }

    private static void Add(PatientRecord record, Programme programme, string condition, int number)
    {
        var authored = record.AsOf.AddDays(-record.Random.Between(2, 120));
        var partner = record.Random.Pick(record.Network.CommunityPartners);
        var status = record.Random.Pick(TaskStatuses);
        var request = record.Add(
            "ServiceRequest",
            new JsonObject
            {
                ["identifier"] = Json.Array(
                    Json.Identifier(ReferralSystem, $"REF-{record.Index + 1:0000000}-{number + 1}")
                ),
                ["status"] = status == "completed" ? "completed" : "active",
                ["intent"] = "order",
                ["category"] = Json.Array(new Concept(Snomed, "3457005", "Referral").ToJson()),
                ["priority"] = record.Random.Chance(20) ? "urgent" : "routine",
                ["code"] = programme.Referral.ToJson(),
                ["subject"] = record.ToPatient(),
                ["authoredOn"] = authored.At(11),
                ["requester"] = record.To(record.Site.Physician),
                ["performer"] = Json.Array(record.To(partner)),
                ["reasonReference"] = Json.Array(record.To("Condition", condition)),
            }
        );
        record.Add(
            "Task",
            new JsonObject
            {
                ["basedOn"] = Json.Array(record.To("ServiceRequest", request)),
                ["status"] = status,
                ["businessStatus"] = Json.Text(
                    status == "completed" ? $"{programme.Service}: service delivered" : $"{programme.Service}: waiting"
                ),
                ["intent"] = "order",
                ["priority"] = "routine",
                ["code"] = FulfillTask.Bare(),
                ["focus"] = record.To("ServiceRequest", request),
                ["for"] = record.ToPatient(),
                ["authoredOn"] = authored.At(11, 5),
                ["lastModified"] = authored.AddDays(1).At(11, 5),
                ["requester"] = record.To(record.Site.Clinic),
                ["owner"] = record.To(partner),
            }
        );
    }
}
