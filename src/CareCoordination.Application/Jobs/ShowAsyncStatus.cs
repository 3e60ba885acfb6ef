using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Jobs;

/// <summary>How far a job is, of whatever kind, and in the end what became of each of its steps.</summary>
public sealed record ShowAsyncStatus(ResourceKey Key) : FhirInteraction($"${AsyncStatus.Name}", Key.Type, Key.Id)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Task,
        AsyncStatus.Name,
        "The state of work that goes on after its request, by the Task that is its record: 202 with X-Progress until it is done, then 200 with the result, or 500 where a step of it failed for good. DELETE gives it up.",
        input => new ShowAsyncStatus(input.Key)
    )
    {
        AffectsState = false,
        Answer = "Parameters",
        ReadDelete = input => input.Command(call => new CancelJob(call)),
    };
}

/// <summary>Gives up a job: parts of it that nobody accepted are withdrawn with it.</summary>
public sealed record CancelJob(CommandCall Call) : Command(Call);

internal sealed class ShowAsyncStatusHandler(CareSession session, CareReads reads, IEnumerable<JobKind> kinds)
    : IRequestHandler<ShowAsyncStatus, FhirResponse>
{
    public async Task<FhirResponse> Handle(ShowAsyncStatus show, CancellationToken cancellationToken)
    {
        if (
            await session.Reads.JobAsync(show.Key.Id, cancellationToken) is not { IsGivenUp: false } job
            || await reads.ReadAsync(show.Key.ToString(), cancellationToken) is not { } task
            || JobTask.IsGivenUp(task)
        )
            return Failure.NotFound($"{show.Key} is no work that goes on here: it never was, or was given up.");
        var kind = kinds.Single(k => k.Code == job.Kind);
        var steps = await session.Reads.StepsAsync(StepRange.All(job.Id), cancellationToken);
        if (job.EndedAt is null)
            return AsyncStatus.InProgress(kind.Progress(job, steps));
        return steps.Count(kind.IsDone) < job.Total
            ? AsyncStatus.Failed(show.Key, kind.Progress(job, steps))
            : FhirResponse.Of(new BytesContent(kind.Report(show.Key, steps)));
    }
}

internal sealed class CancelJobHandler(CommandRunner runner, CareSession session, CareReads reads)
    : IRequestHandler<CancelJob, FhirResponse>
{
    private static readonly Reason GivenUp = new("The work was given up.");

    public async Task<FhirResponse> Handle(CancelJob command, CancellationToken cancellationToken)
    {
        var cancelled = await runner.RunAsync(
            command,
            async (task, now, _) =>
                await session.Reads.JobAsync(task.Key.Id, cancellationToken) is null
                    ? Failure.NotFound($"{task.Key} is no work that goes on here.")
                    : FinishTask.Cancel(
                        task,
                        await reads.AroundAsync(task.Key, cancellationToken),
                        GivenUp,
                        command.Call.By,
                        now
                    ),
            cancellationToken
        );
        if (!cancelled.IsSuccess)
            return cancelled;
        await WithdrawLatePartsAsync(command.Call, cancellationToken);
        return AsyncStatus.GivenUp();
    }

    /// <summary>A part may have been made while the job was being cancelled; after that there is none.</summary>
    private async Task WithdrawLatePartsAsync(CommandCall call, CancellationToken cancellationToken)
    {
        foreach (var part in await reads.PartsOfAsync([call.Key], cancellationToken))
        {
            await session.WriteAsync(token => WithdrawAsync(part.Key, call, token), cancellationToken);
        }
    }

    private async ValueTask<WriteDecision> WithdrawAsync(
        ResourceKey part,
        CommandCall call,
        CancellationToken cancellationToken
    ) =>
        await reads.ReadAsync(part.ToString(), cancellationToken) is { } task
        && FinishTask
            .Cancel(task, TaskSurroundings.None, GivenUp, call.By, runner.Now())
            .TryGet(out var decision, out _)
            ? WriteSet.Of(new RecordedDecision(decision, "operation", call.By, Reason: null))
            : WriteSet.Nothing;
}
