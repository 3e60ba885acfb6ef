using CareCoordination.Application.Definitions;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Storage.Deliveries;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Exchange.Partners;

/// <summary>What decisions about deliveries have to know, and how they become commits: this server is who acts.</summary>
public sealed class DeliveryDesk(
    ReferralReads referrals,
    CarePolicies policies,
    FhirDefinitions definitions,
    TimeProvider time
)
{
    /// <summary>Whole milliseconds, as the store keeps them.</summary>
    public DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
    }

    public string NewId() => FhirId.New(time.GetUtcNow());

    public async Task<CareRules> RulesAsync(Snapshot task, CancellationToken cancellationToken) =>
        (await policies.OfAsync(task, cancellationToken)).RulesAt(time.GetUtcNow());

    public async Task<ReferralContext> OfAsync(Snapshot task, CancellationToken cancellationToken) =>
        await referrals.DeskAsync(
            TaskView.From(ResourceDocument.Parse(task.Utf8Json).Value).For.Reference,
            ServerAgent.Unknown,
            Now(),
            await policies.OfAsync(task, cancellationToken),
            cancellationToken
        );

    /// <summary>The decision, if there is one, together with what became of messages.</summary>
    public Commit Commit(Decision? decision, params IEnumerable<DeliveryChange> changes)
    {
        if (decision is null || decision.IsEmpty)
            return new Commit([], []) { Deliveries = [.. changes] };
        var commit = WorkflowCommit.Of(decision, definitions);
        commit.Tell(decision, "operation", ServerAgent.Unknown, reason: null, Now(), NewId);
        commit.Add(changes);
        return commit.ToCommit();
    }
}
