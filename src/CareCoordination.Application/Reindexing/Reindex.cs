using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Jobs;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Reindexing;

/// <summary>Writes the search index, and what is kept beside it, anew from the resources that are stored.</summary>
/// <param name="Types">The types that <paramref name="Scope"/> means.</param>
public sealed record Reindex(CommandCall Call, ReindexScope Scope, ImmutableArray<string> Types) : Command(Call)
{
    public static readonly Operation Operation = new(
        Operations.Operation.System,
        ReindexTask.Code,
        "Writes the rows by which searches, worklists, caseloads and timers find resources anew, from the resources as they are stored. Answered at once with 202 and a Content-Location where the progress is found; asked for again while it goes on, it is the same work.",
        input => Read(input)
    )
    {
        IsOnInstance = false,
        Answer = ResourceTypes.OperationOutcome,
        AnswersLater = true,
        Parameters =
        [
            new("type", ["code", "string"], "Only resources of this type.") { IsRepeatable = true },
            new(
                "parameter",
                ["string", "uri", "canonical"],
                "Only types that have this search parameter, by its code or canonical; all their rows are written."
            )
            {
                IsRepeatable = true,
            },
            Take.Practitioner,
            Take.Reason,
        ],
    };

    /// <summary>As the verb of the program asks for it.</summary>
    public static Result<Reindex> Of(ReindexScope scope, FhirDefinitions definitions) =>
        scope
            .Resolve(definitions)
            .Then<Reindex>(types => new Reindex(
                new(Operation.Name, new(Operation.ResourceType, ""), ServerAgent.Unknown, null, null, null),
                scope,
                types
            ));

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        ImmutableArray<string> Texts(string name) =>
            [.. input.All(name).Select(OperationInput.TextOf).OfType<string>()];
        var scope = new ReindexScope(Texts("type"), Texts("parameter"));
        return scope.Resolve(input.Definitions).TryGet(out var types, out var failure)
            ? input.Command(call => new Reindex(call, scope, types))
            : failure;
    }
}

internal sealed class ReindexHandler(
    CommandRunner runner,
    CareSession session,
    CareReads reads,
    FhirDefinitions definitions,
    JobSignal signal
) : IRequestHandler<Reindex, FhirResponse>
{
    public async Task<FhirResponse> Handle(Reindex command, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(command, cancellationToken);
        if (await RunningAsync(plan, cancellationToken) is { } running)
            return AsyncStatus.Accepted(running);
        var started = await runner.RunOnTypeAsync(
            command,
            now => Task.FromResult<Result<Decision>>(Start(command, plan, now)),
            cancellationToken
        );
        if (!started.IsSuccess)
            return started;
        signal.Set();
        return AsyncStatus.Accepted(started.Version!.Value.Key);
    }

    private Decision Start(Reindex command, ReindexPlan plan, DateTimeOffset now) =>
        ReindexTask.Start(
            $"Index anew: {command.Scope}",
            command.Call.By,
            ServerAgent.Unknown.Reference,
            now,
            runner.NewId(),
            (plan.Steps, plan.ToUtf8Json())
        );

    /// <summary>The same work, where it goes on and nobody has called it off or holds it.</summary>
    private async Task<ResourceKey?> RunningAsync(ReindexPlan plan, CancellationToken cancellationToken)
    {
        foreach (var job in await session.Reads.RunningJobsAsync(ReindexTask.Code, cancellationToken))
        {
            var key = new ResourceKey(ResourceTypes.Task, job.Id);
            var other = ReindexPlan.Of(job);
            if (
                other.IsOfAll == plan.IsOfAll
                && (plan.IsOfAll || other.Types.SequenceEqual(plan.Types))
                && await reads.ReadAsync(key.ToString(), cancellationToken) is { } task
                && JobTask.IsWanted(task)
            )
                return key;
        }

        return null;
    }

    /// <summary>Only types that have resources: those that come are indexed as they come.</summary>
    private async Task<ReindexPlan> PlanAsync(Reindex command, CancellationToken cancellationToken)
    {
        var (types, all) = (ImmutableArray.CreateBuilder<string>(), 0L);
        foreach (var type in command.Types)
        {
            var count = new SearchQuery(type, []) { Summary = SummaryMode.Count };
            var total = (await session.Reads.SearchAsync(count, cancellationToken)).Total ?? 0;
            if (total == 0)
                continue;
            types.Add(type);
            all += total;
        }

        return new ReindexPlan(command.Types.Length == definitions.Schema.Resources.Length, types.ToImmutable(), all);
    }
}
