using CareCoordination.Application.Requests;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Writes;

/// <summary>
/// That somebody did something, for whoever has to answer for it: what was asked and which versions came of it, no content.
/// https://hl7.org/fhir/R4/auditevent.html
/// </summary>
internal static class AuditRecord
{
    private const string EventType = "http://terminology.hl7.org/CodeSystem/audit-event-type";
    private const string Interaction = "http://hl7.org/fhir/restful-interaction";

    /// <param name="interaction"><c>operation</c>, <c>update</c> or <c>delete</c>.</param>
    public static ResourceWrite Of(
        Decision decision,
        string interaction,
        Caller caller,
        Agent by,
        DateTimeOffset now,
        string id
    )
    {
        var audit = new AuditEventEditor
        {
            Id = id,
            Type = new() { System = EventType, Code = "rest" },
            Action = interaction switch
            {
                "operation" => AuditEventActionCodes.E,
                "delete" => AuditEventActionCodes.D,
                _ => AuditEventActionCodes.U,
            },
            Recorded = now,
            Outcome = "0",
            Agent =
            {
                new()
                {
                    Who = new() { Reference = by.Reference },
                    Name = caller.Kind == CallerKind.Open ? null : caller.ToString(),
                    Requestor = true,
                },
            },
            Source = { Observer = new() { Reference = ServerAgent.Unknown.Reference } },
        };
        audit.Subtype.Add(new() { System = Interaction, Code = interaction });
        foreach (var write in decision.Writes)
            audit.Entity.Add(
                new()
                {
                    What = new() { Reference = $"{write.Key}/_history/{write.DecidedFrom + 1}" },
                    Name = decision.Activity,
                }
            );
        if (decision.Writes.IsEmpty)
            audit.Entity.Add(
                new()
                {
                    What = new() { Reference = decision.Answer.ToString() },
                    Name = decision.Activity,
                }
            );
        return new ResourceWrite(new(ResourceTypes.AuditEvent, id), 0, audit.ToUtf8Json());
    }
}
