using System.Text.Json.Nodes;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Decisions;

/// <summary>
/// Who did what and why, for every change of one decision. https://hl7.org/fhir/R4/provenance.html One decision is one act of one
/// agent for one reason, so it is told once, with every version that it made as a target.
/// </summary>
public static class ProvenanceRecord
{
    private const string DataOperation = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";
    private const string ParticipantType = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";

    /// <summary>The decision with its Provenance; unchanged where nothing is written.</summary>
    /// <param name="id">The id of the new Provenance.</param>
    public static Decision Told(this Decision decision, Agent by, Reason? reason, DateTimeOffset now, string id)
    {
        if (decision.IsEmpty)
            return decision;
        var json = new JsonObject
        {
            ["resourceType"] = "Provenance",
            ["id"] = id,
            // The version a write will make is known: the write holds only while the one it was decided from is current.
            ["target"] = new JsonArray([
                .. decision.Writes.Select(w => Nodes.NewReference($"{w.Key}/_history/{w.DecidedFrom + 1}")),
            ]),
            ["recorded"] = Nodes.Time(now),
        };
        if (reason is not null)
            json["reason"] = new JsonArray(reason.ToCodeableConcept());
        var activity = Nodes.Concept(CareExtensions.CommandSystem, decision.Activity);
        var operation = decision.Writes.Any(w => w.DecidedFrom > 0) ? "UPDATE" : "CREATE";
        ((JsonArray)activity["coding"]!).Add(new JsonObject { ["system"] = DataOperation, ["code"] = operation });
        json["activity"] = activity;
        json["agent"] = new JsonArray(
            new JsonObject
            {
                ["type"] = Nodes.Concept(ParticipantType, "performer"),
                ["who"] = Nodes.NewReference(by.Reference),
            }
        );
        var revised = decision.Writes.Where(w => w.DecidedFrom > 0).ToArray();
        if (revised.Length > 0)
        {
            json["entity"] = new JsonArray([
                .. revised.Select(w => new JsonObject
                {
                    ["role"] = "revision",
                    ["what"] = Nodes.NewReference($"{w.Key}/_history/{w.DecidedFrom}"),
                }),
            ]);
        }

        var bytes = System.Text.Encoding.UTF8.GetBytes(json.ToJsonString(ResourceDraft.Relaxed));
        return decision with { Writes = [.. decision.Writes, new ResourceWrite(new("Provenance", id), 0, bytes)] };
    }
}
