using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Exchange.Partners;

/// <summary>How decisions about deliveries are written: this server is who acts.</summary>
public static class DeliveryWrites
{
    /// <summary>The decision, if there is one, together with what became of messages.</summary>
    public static WriteSet Of(Decision? decision, params IEnumerable<OutboxChange> changes) =>
        new()
        {
            Decisions = decision is null or { IsEmpty: true }
                ? []
                : [new RecordedDecision(decision, "operation", ServerAgent.Unknown, Reason: null)],
            Outbox = [.. changes],
        };
}
