using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
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

/// <summary>
/// Gives up a job: parts of it that nobody accepted are withdrawn with it, and files that it made are removed, also those of one that is
/// done.
/// </summary>
public sealed record CancelJob(CommandCall Call) : Command(Call);

internal sealed class CancelJobHandler(
    CommandRunner runner,
    CareSession session,
    CareReads reads,
    IEnumerable<JobKind> kinds
) : IRequestHandler<CancelJob, FhirResponse>
{
    private static readonly Reason GivenUp = new("The work was given up.");

    public async Task<FhirResponse> Handle(CancelJob command, CancellationToken cancellationToken)
    {
        var job = await session.Reads.JobAsync(command.Call.Key.Id, cancellationToken);
        var kind = job is null ? null : kinds.Single(k => k.Code == job.Kind);
        if (job is not null && kind!.AskedBy(job) is not null)
            return await CancelFilesAsync(job, kind, command, cancellationToken);
        if (session.Rights.RefusesChange(ResourceTypes.Task) is { } narrow)
            return narrow;
        return await CancelTaskAsync(command, cancellationToken);
    }

    private async Task<FhirResponse> CancelTaskAsync(CancelJob command, CancellationToken cancellationToken)
    {
        var cancelled = await runner.RunAsync(
            command,
            async (task, now, _) =>
                await session.Reads.JobAsync(task.Key.Id, cancellationToken) is null
                    ? Failure.NotFound($"{task.Key} is no work that goes on here.")
                    : FinishTask.Cancel(
                        task,
                        await reads.AroundAsync(task, cancellationToken),
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

    /// <summary>Whoever asked for files gives them up, before they are made and after.</summary>
    private async Task<FhirResponse> CancelFilesAsync(
        Job found,
        JobKind kind,
        CancelJob command,
        CancellationToken cancellationToken
    )
    {
        var key = command.Call.Key;
        var result = await session.WriteInTurnAsync(
            async token =>
            {
                if (
                    await session.Reads.JobAsync(key.Id, token) is not { IsGivenUp: false } job
                    || !await JobSight.IsSeenAsync(job, kind, session, token)
                )
                    return JobSight.NotThere(key);
                var now = runner.Now();
                var over = new KeepJob(job with { EndedAt = job.EndedAt ?? now, IsGivenUp = true });
                var task = await reads.ReadAsync(key.ToString(), token);
                var writes = JobTask.IsOver(task)
                    ? WriteSet.Nothing
                    : WriteSet.Of(
                        new RecordedDecision(
                            JobTask.Cancel(task!.Value, kind.Code, GivenUp, now),
                            "operation",
                            kind.By(job),
                            GivenUp
                        )
                    );
                return writes with { Jobs = [over] };
            },
            cancellationToken
        );
        if (!result.TryGet(out _, out var refused))
            return refused;
        kind.Discard(found);
        return AsyncStatus.GivenUpWithFiles();
    }

    /// <summary>A part may have been made while the job was being cancelled; after that there is none.</summary>
    private async Task WithdrawLatePartsAsync(CommandCall call, CancellationToken cancellationToken)
    {
        if (await reads.ReadAsync(call.Key.ToString(), cancellationToken) is not { } task)
            return;
        foreach (var part in await reads.PartsOfAsync([task], cancellationToken))
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
