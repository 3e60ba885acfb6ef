using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Timers;
using CareCoordination.Workflow.Writes;
using MediatR;

namespace CareCoordination.Application.Timers;

/// <summary>
/// The time of a resource has come: the first of its rules with something to do does it, as a command of this server. Asked twice,
/// by two nodes or after a crash, the second finds nothing to do.
/// </summary>
public sealed record FireTimer(ResourceKey Key) : FhirInteraction("timer", Key.Type, Key.Id);

/// <summary>A timer that could not be fired is set to a later time, so that it does not hold up the others.</summary>
public sealed record PostponeTimer(ResourceKey Key) : FhirInteraction("postpone-timer", Key.Type, Key.Id);

internal sealed class FireTimerHandler(
    CareSession session,
    CareReads reads,
    ReadGate gate,
    CarePolicies policies,
    TimerRows rows,
    CommandRunner runner
) : IRequestHandler<FireTimer, FhirResponse>, IRequestHandler<PostponeTimer, FhirResponse>
{
    private static readonly FhirResponse Done = new() { Status = 200 };

    public async Task<FhirResponse> Handle(FireTimer fire, CancellationToken cancellationToken)
    {
        var fired = await session.WriteAsync(token => DecideAsync(fire.Key, token), cancellationToken);
        if (fired.TryGet(out _, out var answer) || answer.IsSuccess)
            return Done;
        // What the rule wants is refused by the rules of FHIR: it is tried again later, and the log says which it was.
        await Handle(new PostponeTimer(fire.Key), cancellationToken);
        return answer;
    }

    public async Task<FhirResponse> Handle(PostponeTimer postpone, CancellationToken cancellationToken)
    {
        var moved = await session.WriteAsync(
            async token =>
                await reads.ReadAsync(postpone.Key.ToString(), token) is { } resource
                    ? rows.Postpone(resource, runner.Now())
                    : Done,
            cancellationToken
        );
        return moved.Then(_ => Done);
    }

    private async ValueTask<WriteDecision> DecideAsync(ResourceKey key, CancellationToken cancellationToken)
    {
        if (await reads.ReadAsync(key.ToString(), cancellationToken) is not { } resource)
            return Done;
        var now = runner.Now();
        var policy = await policies.OfAsync(resource, cancellationToken);
        var context = new TimerContext(policy, ServerAgent.Unknown, now, runner.NewId);
        if (await FireAsync(resource, context, cancellationToken) is not { } fired)
            return rows.SetNext(resource, policy, now);
        if (!fired.Decided.TryGet(out var decision, out _) || decision.IsEmpty)
            return rows.Postpone(resource, now);
        return fired.Rule.IsPlainWrite
            ? await PlainAsync(decision, cancellationToken)
            : WriteSet.Of(new RecordedDecision(decision, "operation", context.By, Reason: null));
    }

    /// <summary>As a client would write it, with all that follows.</summary>
    private async Task<WriteSet> PlainAsync(Decision decision, CancellationToken cancellationToken)
    {
        var changes = ImmutableArray.CreateBuilder<PlannedChange>();
        foreach (var write in decision.Writes)
        {
            var document = ResourceDocument.Parse(write.Utf8Json).Value;
            changes.Add(
                new PlannedChange(
                    write.Key,
                    new IncomingResource(write.Key.Type, write.Key.Id, document, []),
                    await gate.ReadAsync(write.Key, cancellationToken)
                )
            );
        }

        return WriteSet.Of(changes.ToImmutable()) with
        {
            ReliedOn = [.. decision.Writes.Select(w => new VersionIs(w.Key, w.DecidedFrom))],
        };
    }

    /// <summary>Null where no rule has anything to do.</summary>
    private async Task<Fired?> FireAsync(Snapshot resource, TimerContext context, CancellationToken cancellationToken)
    {
        foreach (var rule in TimerRules.For(resource.Key.Type))
        {
            var needed = rule.Needs(ResourceDocument.Parse(resource.Utf8Json).Value);
            var with = context with
            {
                Needed = await reads.ReadAllAsync(needed, cancellationToken),
                Manager = rule.NeedsManager ? await ManagerAsync(resource, cancellationToken) : null,
                Parts = rule.NeedsParts ? await reads.PartsOfAsync([resource], cancellationToken) : [],
            };
            if (rule.Fire(resource, with) is { } decided)
                return new Fired(rule, decided);
        }

        return null;
    }

    private readonly record struct Fired(TimerRule Rule, Result<Decision> Decided);

    private async Task<string?> ManagerAsync(Snapshot task, CancellationToken cancellationToken) =>
        new TaskDraft(task).For is { } patient
            ? LifeEvents.ManagerOf(
                await reads.SearchAsync(
                    ResourceTypes.EpisodeOfCare,
                    $"patient={Uri.EscapeDataString(patient)}&status=active",
                    cancellationToken
                )
            )
            : null;
}

/// <summary>The timer of a resource, where it is set without a new version.</summary>
internal sealed class TimerRows(FhirDefinitions definitions)
{
    /// <summary>When what could not be done is tried again.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromHours(1);

    public WriteSet Postpone(Snapshot resource, DateTimeOffset now) => Set(resource, now + RetryDelay);

    /// <summary>By the policy that holds; a time that has come already is one that no rule took, and would fire for ever.</summary>
    public WriteSet SetNext(Snapshot resource, CarePolicy policy, DateTimeOffset now)
    {
        var next = TimerRules.NextAt(resource.Key.Type, Parse(resource), [policy]);
        return Set(resource, next <= now ? now + RetryDelay : next);
    }

    private WriteSet Set(Snapshot resource, DateTimeOffset? at)
    {
        var rows = definitions.ProjectionOf(resource.Key, Parse(resource)) ?? ProjectionRows.None;
        return new WriteSet
        {
            Projections = [new Project(resource.Key, rows with { Timer = at })],
            ReliedOn = [new VersionIs(resource.Key, resource.Version)],
        };
    }

    private static ResourceDocument Parse(Snapshot resource) => ResourceDocument.Parse(resource.Utf8Json).Value;
}
