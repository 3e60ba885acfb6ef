using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Server.Deliveries;
using CareCoordination.Server.Interactions;
using CareCoordination.Server.Operations;
using CareCoordination.Storage;
using CareCoordination.Storage.Deliveries;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Server.PartnerDesk;

/// <summary>
/// Does what an operator asks about the messages of a partner: with an AuditEvent in the same commit, and nothing where the partner or the
/// messages are not as the operator thought.
/// </summary>
public sealed class DeskCommands(
    ResourceStore store,
    CareReads reads,
    FhirDefinitions definitions,
    DeliveryDesk desk,
    PartnerHealthReads health
)
{
    private const int PageSize = 500;

    /// <summary>Something about the partner as a whole. Answers how it is then.</summary>
    public async Task<FhirResponse> RunAsync(
        CommandCall call,
        Func<DateTimeOffset, IEnumerable<DeliveryChange>> change,
        CancellationToken cancellationToken
    )
    {
        if (await reads.ReadAsync(call.Key.ToString(), cancellationToken) is not { } endpoint)
            return Failure.NotFound($"There is no {call.Key}.");
        var result = await store.CommitAsync(Told(call, [.. change(desk.Now())]), cancellationToken);
        return result.IsCommitted ? await health.AnswerAsync(endpoint, cancellationToken) : FhirResponse.LostRace();
    }

    /// <summary>One message, or all of the partner that are in a state.</summary>
    /// <param name="id">Null: all.</param>
    /// <param name="all">The state of all that are meant; null where one has to be named.</param>
    public async Task<FhirResponse> RunAsync(
        CommandCall call,
        string? id,
        DeliveryState? all,
        Func<string, ConditionalDeliveryChange> change,
        CancellationToken cancellationToken
    )
    {
        if (await reads.ReadAsync(call.Key.ToString(), cancellationToken) is null)
            return Failure.NotFound($"There is no {call.Key}.");
        if (id is null)
            return await RunOnAllAsync(call, all!.Value, change, cancellationToken);
        if (
            await store.Deliveries.FindAsync(id, cancellationToken) is not { } delivery
            || delivery.Partner != call.Key.Id
        )
            return Failure.NotFound($"{call.Key} has no delivery {id}.");
        var asked = change(id);
        if (!asked.IsAllowed(delivery))
            return Failure.Unprocessable(
                IssueCode.BusinessRule,
                $"Delivery {id} is '{DeskAnswers.CodeOf(delivery.State)}': ${call.Name} does not apply to it. "
                    + $"{call.Key}/$deliveries tells how messages stand.",
                "Parameters.parameter"
            );
        var result = await store.CommitAsync(Told(call, [asked]), cancellationToken);
        return result.IsCommitted
            ? DeskAnswers.Of(result.Deliveries.OfType<Delivery>(), null)
            : FhirResponse.LostRace();
    }

    private async Task<FhirResponse> RunOnAllAsync(
        CommandCall call,
        DeliveryState state,
        Func<string, ConditionalDeliveryChange> change,
        CancellationToken cancellationToken
    )
    {
        var done = new List<Delivery>();
        for (long? before = null; ; )
        {
            var page = await store.Deliveries.SearchAsync(
                new DeliveryQuery(PageSize)
                {
                    Partner = call.Key.Id,
                    State = state,
                    Before = before,
                },
                cancellationToken
            );
            if (page.Deliveries.Count > 0)
            {
                var result = await store.CommitAsync(
                    Told(call, [.. page.Deliveries.Select(d => change(d.Id))]),
                    cancellationToken
                );
                if (!result.IsCommitted)
                    return FhirResponse.LostRace();
                done.AddRange(result.Deliveries.OfType<Delivery>());
            }

            if (page.Next is null)
                return DeskAnswers.Of(done, null);
            before = page.Next;
        }
    }

    /// <summary>The changes, and that somebody made them.</summary>
    public Commit Told(CommandCall call, ImmutableArray<DeliveryChange> changes)
    {
        var decision = new Decision(call.Key, []) { Activity = call.Name };
        var commit = WorkflowCommit.Of(decision, definitions);
        commit.Tell(decision, "operation", call.By, call.Reason, desk.Now(), desk.NewId);
        commit.Add(changes);
        return commit.ToCommit();
    }
}
