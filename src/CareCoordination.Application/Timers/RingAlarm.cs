using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Timers;
using MediatR;

namespace CareCoordination.Application.Timers;

/// <summary>
/// The time of a resource has come: the first of its rules with something to do does it, as a command of this server. Asked twice,
/// by two nodes or after a crash, the second finds nothing to do.
/// </summary>
public sealed record RingAlarm(ResourceKey Key)
    : Command(
        new CommandCall("alarm", Key, ServerAgent.Unknown, Reason: null, RequiredVersion: null, Idempotency: null)
    );

internal sealed class RingAlarmHandler(
    CommandRunner runner,
    CareReads reads,
    ResourceStore store,
    FhirDefinitions definitions,
    TimeProvider time
) : IRequestHandler<RingAlarm, FhirResponse>
{
    /// <summary>When what could not be done is tried again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public async Task<FhirResponse> Handle(RingAlarm ring, CancellationToken cancellationToken)
    {
        (Snapshot Resource, DateTimeOffset? Next)? quiet = null;
        var response = await runner.RunAsync(
            ring,
            async (resource, now, policy) =>
            {
                var timer = new TimerContext(policy, ring.Call.By, now, runner.NewId);
                if (await DecideAsync(resource, timer, cancellationToken) is not { } decided)
                {
                    quiet = (resource, Next(resource, policy, now));
                    return new Decision(resource.Key, []) { Activity = "alarm" };
                }

                if (!decided.TryGet(out var decision, out _) || decision.IsEmpty)
                    quiet = (resource, now + Patience);
                return decided;
            },
            cancellationToken
        );
        // A refusal by the rules of FHIR has been met after the decision.
        if (quiet is null && response is { IsSuccess: false, IsLostRace: false, Status: 422 })
            quiet = await ReadAsync(ring.Key, cancellationToken);
        return quiet is { } moved ? await MoveAsync(moved.Resource, moved.Next, response, cancellationToken) : response;
    }

    private async Task<Result<Decision>?> DecideAsync(
        Snapshot resource,
        TimerContext timer,
        CancellationToken cancellationToken
    )
    {
        foreach (var rule in TimerRules.For(resource.Key.Type))
        {
            var needed = rule.Needs(ResourceDocument.Parse(resource.Utf8Json).Value);
            var with = needed.IsEmpty
                ? timer
                : timer with
                {
                    Needed = await reads.ReadAllAsync(needed, cancellationToken),
                };
            if (rule.Fire(resource, with) is { } decided)
                return decided;
        }

        return null;
    }

    /// <summary>By the policy that holds; a time that has come already is one that no rule took, and would ring for ever.</summary>
    private static DateTimeOffset? Next(Snapshot resource, CarePolicy policy, DateTimeOffset now)
    {
        var document = ResourceDocument.Parse(resource.Utf8Json).Value;
        return TimerRules.NextAt(resource.Key.Type, document, [policy]) is { } next && next <= now
            ? now + Patience
            : TimerRules.NextAt(resource.Key.Type, document, [policy]);
    }

    private async Task<(Snapshot, DateTimeOffset?)?> ReadAsync(ResourceKey key, CancellationToken cancellationToken) =>
        await reads.ReadAsync(key.ToString(), cancellationToken) is { } resource
            ? (resource, time.GetUtcNow() + Patience)
            : null;

    private async Task<FhirResponse> MoveAsync(
        Snapshot resource,
        DateTimeOffset? next,
        FhirResponse response,
        CancellationToken cancellationToken
    )
    {
        var kept = definitions.Kept(resource.Key.Type, ResourceDocument.Parse(resource.Utf8Json).Value);
        var result = await store.CommitAsync(
            new Commit(
                [new KeepRows(resource.Key, (kept ?? KeptRows.None) with { Alarm = next })],
                [new VersionIs(resource.Key, resource.Version)]
            ),
            cancellationToken
        );
        return result.IsCommitted ? response : FhirResponse.LostRace();
    }
}
