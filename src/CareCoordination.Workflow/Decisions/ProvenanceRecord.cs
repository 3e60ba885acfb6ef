using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;

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
    public static Decision WithProvenance(
        this Decision decision,
        Agent by,
        Reason? reason,
        DateTimeOffset now,
        string id
    )
    {
        if (decision.IsEmpty)
            return decision;
        var revised = decision.Writes.Where(w => w.DecidedFrom > 0).ToArray();
        var provenance = new ProvenanceEditor
        {
            Id = id,
            Recorded = now,
            Activity = CodeableConceptEditor.Of(CareExtensions.CommandSystem, decision.Activity),
            Agent =
            {
                new()
                {
                    Type = CodeableConceptEditor.Of(ParticipantType, "performer"),
                    Who = References.To(by.Reference),
                },
            },
        };
        provenance.Activity.Coding.Add(
            new() { System = DataOperation, Code = revised.Length > 0 ? "UPDATE" : "CREATE" }
        );
        if (reason is not null)
            provenance.Reason.Add(reason.ToCodeableConcept());
        // The version a write will make is known: the write holds only while the one it was decided from is current.
        foreach (var write in decision.Writes)
            provenance.Target.Add(References.To($"{write.Key}/_history/{write.DecidedFrom + 1}"));
        foreach (var write in revised)
            provenance.Entity.Add(
                new()
                {
                    Role = ProvenanceEntityRoleCodes.Revision,
                    What = References.To($"{write.Key}/_history/{write.DecidedFrom}"),
                }
            );
        return decision with
        {
            Writes =
            [
                .. decision.Writes,
                new ResourceWrite(new(ResourceTypes.Provenance, id), 0, provenance.ToUtf8Json()),
            ],
        };
    }
}
