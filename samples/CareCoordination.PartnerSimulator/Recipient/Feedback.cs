using System.Text.Json.Nodes;
using static CareCoordination.PartnerSimulator.PartnerStore;

namespace CareCoordination.PartnerSimulator;

/// <summary>The message with which a BSeR recipient answers: the same version is told under the same id.</summary>
internal static class Feedback
{
    public static string Of(PartnerResource copy, PartnerStore store)
    {
        var task = copy.Parse();
        var header = new JsonObject
        {
            ["resourceType"] = "MessageHeader",
            ["id"] = $"feedback-{copy.Id}-{copy.Version}",
            ["eventCoding"] = new JsonObject
            {
                ["system"] = "http://terminology.hl7.org/CodeSystem/v2-0003",
                ["code"] = "I13",
            },
            ["source"] = new JsonObject { ["endpoint"] = store.Base },
            ["focus"] = new JsonArray(new JsonObject { ["reference"] = $"{store.Base}/{copy.Reference}" }),
        };
        var entries = new JsonArray(Entry($"{store.Base}/MessageHeader/{header["id"]}", header));
        entries.Add(Entry($"{store.Base}/{copy.Reference}", task));
        foreach (var output in (task["output"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (store.Read(Text(output["valueReference"]?["reference"])) is { } report)
                entries.Add(Entry($"{store.Base}/{report.Reference}", report.Parse()));
        }

        return new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["id"] = $"feedback-{copy.Id}-{copy.Version}",
            ["type"] = "message",
            ["timestamp"] = Instant(copy.LastUpdated),
            ["entry"] = entries,
        }.ToJsonString();
    }

    private static JsonObject Entry(string fullUrl, JsonObject resource) =>
        new() { ["fullUrl"] = fullUrl, ["resource"] = resource };
}
