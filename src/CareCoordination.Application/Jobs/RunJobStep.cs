using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Jobs;

/// <summary>
/// One step of a job, in one commit with what is kept of the step. A step that was done already, by whichever node, does nothing; after
/// the last one the job is over.
/// </summary>
/// <param name="Place">Of the step; the number of steps: the end of the job.</param>
public sealed record RunJobStep(ResourceKey Job, int Place) : FhirInteraction("$job-step", ResourceTypes.Task, Job.Id)
{
    /// <summary>The status of the answer where the step is not done yet.</summary>
    public const int GoesOn = 202;
}

internal sealed class RunJobStepHandler(
    CareSession session,
    CareReads reads,
    IEnumerable<JobKind> kinds,
    CommandRunner runner
) : IRequestHandler<RunJobStep, FhirResponse>
{
    private static readonly FhirResponse Done = new() { Status = 200 };

    /// <summary>The step is not done yet.</summary>
    private static readonly FhirResponse GoesOn = new() { Status = RunJobStep.GoesOn };

    private JobKind? _madeBy;

    public async Task<FhirResponse> Handle(RunJobStep step, CancellationToken cancellationToken)
    {
        StepResult? made = null;
        if (await NextAsync(step, cancellationToken) is { IsWork: true, Kind.IsDecidedInTurn: false } next)
            made = await next.Kind.StepAsync(next.Job, next.Task, step.Place, runner.Now(), cancellationToken);
        var result = await session.WriteInTurnAsync(token => DecideAsync(step, made, token), cancellationToken);
        return result.Then(written =>
        {
            // What was made before it failed is nobody's, from the moment at which that is known.
            if (made?.Fails is not null && written.Writes.Jobs is [KeepJob { Job: { EndedAt: not null } failed }])
                _madeBy!.Discard(failed);
            return written.Writes.Jobs is [KeepStep kept, ..] && !_madeBy!.IsDone(kept.Step) ? GoesOn : Done;
        });
    }

    private async ValueTask<WriteDecision> DecideAsync(
        RunJobStep step,
        StepResult? made,
        CancellationToken cancellationToken
    )
    {
        if (await session.Reads.JobAsync(step.Job.Id, cancellationToken) is not { EndedAt: null } job)
            return Done;
        var now = runner.Now();
        if (JobTask.IsOver(await reads.ReadAsync(step.Job.ToString(), cancellationToken)))
            return new WriteSet { Jobs = [new KeepJob(job with { EndedAt = now, IsGivenUp = true })] };
        if (await NextAsync(step, cancellationToken) is not { } next)
            return Done;
        if (!next.IsWork)
            return await IsAllDoneAsync(next, cancellationToken) ? Finished(next, now) : Done;
        // What was wanted, and by whom it was held, may have changed since the step was to be made outside.
        if (made is null && !next.Kind.IsDecidedInTurn)
            return FhirResponse.Conflict();
        made ??= await next.Kind.StepAsync(job, next.Task, step.Place, now, cancellationToken);
        _madeBy = next.Kind;
        if (made.Value.Fails is { } why)
            return Failed(next, why, now);
        return made.Value.GoesOnFrom is { } from && !from.Span.SequenceEqual(next.Reached.Span)
            ? GoesOn
            : Made(next, step.Place, made.Value);
    }

    private static WriteSet Finished(Next next, DateTimeOffset now) =>
        Recorded(JobTask.Finish(next.Task, next.Kind.Code, now), next.Kind.By(next.Job)) with
        {
            Jobs = [new KeepJob(next.Job with { EndedAt = now })],
        };

    private static WriteSet Failed(Next next, string why, DateTimeOffset now) =>
        Recorded(JobTask.Fail(next.Task, next.Kind.Code, new Reason(why), now), next.Kind.By(next.Job)) with
        {
            Jobs = [new KeepJob(next.Job with { EndedAt = now })],
        };

    /// <summary>Steps were passed over while the job was held.</summary>
    private async ValueTask<bool> IsAllDoneAsync(Next next, CancellationToken cancellationToken) =>
        (await session.Reads.StepsAsync(StepRange.All(next.Job.Id), cancellationToken)).Count(next.Kind.IsDone)
        >= next.Job.Total;

    /// <summary>What is to be done for the step now; null: nothing.</summary>
    private async ValueTask<Next?> NextAsync(RunJobStep step, CancellationToken cancellationToken)
    {
        if (
            await session.Reads.JobAsync(step.Job.Id, cancellationToken) is not { EndedAt: null } job
            || await reads.ReadAsync(step.Job.ToString(), cancellationToken) is not { } task
            || !JobTask.IsWanted(task)
        )
            return null;
        var kind = kinds.Single(k => k.Code == job.Kind);
        if (step.Place >= job.Total)
            return new Next(kind, job, task, IsWork: false);
        return await session.Reads.StepsAsync(StepRange.Only(job.Id, step.Place), cancellationToken) switch
        {
            [] => new Next(kind, job, task, IsWork: true),
            [var begun] when !kind.IsDone(begun) => new Next(kind, job, task, IsWork: true) { Reached = begun.Result },
            _ => null,
        };
    }

    private static WriteSet Made(Next next, int place, StepResult made)
    {
        var decision = made.Decision ?? new Decision(next.Task.Key, []) { Activity = next.Kind.Code };
        // The job as it was read: one that was held or cancelled meanwhile does nothing more.
        decision = decision with
        {
            ReliedOn = decision.ReliedOn.Add(new(next.Task.Key, next.Task.Version)),
        };
        var kept = new JobStep(next.Job.Id, place, made.Result);
        return Recorded(decision, next.Kind.By(next.Job)) with
        {
            Jobs =
                next.Job.Failures == 0
                    ? [new KeepStep(kept)]
                    : [new KeepStep(kept), new KeepJob(next.Job with { Failures = 0 })],
            Projections = made.Rows,
        };
    }

    private static WriteSet Recorded(Decision decision, Agent by) =>
        WriteSet.Of(new RecordedDecision(decision, "operation", by, Reason: null) { IsRecorded = !decision.IsEmpty });

    /// <param name="IsWork">False: the end of the job, all of whose steps are done.</param>
    private sealed record Next(JobKind Kind, Job Job, Snapshot Task, bool IsWork)
    {
        /// <summary>How far a step is that is not done; empty where it was not begun.</summary>
        public ReadOnlyMemory<byte> Reached { get; init; }
    }
}
