using CareCoordination.Application.Definitions;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Exchange.Partners;

/// <summary>What decisions about deliveries have to know. This server is who acts.</summary>
public sealed class DecisionInputs(ReferralReads referrals, CarePolicies policies, TimeProvider time)
{
    /// <summary>Whole milliseconds, as the store keeps them.</summary>
    public DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
    }

    public Task<CarePolicy> PolicyAsync(Snapshot task, CancellationToken cancellationToken) =>
        policies.OfAsync(task, cancellationToken);

    public async Task<ReferralContext> OfAsync(Snapshot task, CancellationToken cancellationToken) =>
        await referrals.ContextAsync(
            TaskView.From(ResourceDocument.Parse(task.Utf8Json).Value).For.Reference,
            ServerAgent.Unknown,
            Now(),
            await policies.OfAsync(task, cancellationToken),
            cancellationToken
        );
}
