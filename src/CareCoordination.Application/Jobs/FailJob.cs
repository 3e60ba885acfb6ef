using CareCoordination.Application.Answers;
using CareCoordination.Application.Diagnostics;
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
/// Counts in the row of a job that a step of it has failed: whichever node makes the next try goes on counting. Ends the job where it was
/// the last try; what was done of it stays done.
/// </summary>
/// <param name="Place">Of the step.</param>
public sealed record FailJobStep(ResourceKey Job, int Place) : FhirInteraction("$job-fail", ResourceTypes.Task, Job.Id)
{
    /// <summary>
    /// How often a step may fail of itself, each time at another look, before its job has failed. What is no fault of the step, as a database
    /// that is away or a race that was lost, is tried for as long as it takes.
    /// </summary>
    public const int MaxTries = 10;
}

internal sealed class FailJobStepHandler(
    CareSession session,
    CareReads reads,
    IEnumerable<JobKind> kinds,
    CommandRunner runner,
    ILogger<FailJobStepHandler> log
) : IRequestHandler<FailJobStep, FhirResponse>
{
    private static readonly FhirResponse Done = new() { Status = 200 };

    public async Task<FhirResponse> Handle(FailJobStep command, CancellationToken cancellationToken)
    {
        var result = await session.WriteInTurnAsync(token => DecideAsync(command, token), cancellationToken);
        return result.Then(written =>
        {
            if (written.Writes.Jobs is [KeepJob { Job: { EndedAt: not null } failed }])
                Log.JobFailed(log, command.Job.ToString(), command.Place, failed.Failures);
            return Done;
        });
    }

    private async ValueTask<WriteDecision> DecideAsync(FailJobStep command, CancellationToken cancellationToken)
    {
        // What was held, called off or ended meanwhile has not failed.
        if (
            await session.Reads.JobAsync(command.Job.Id, cancellationToken) is not { EndedAt: null } job
            || await reads.ReadAsync(command.Job.ToString(), cancellationToken) is not { } task
            || !JobTask.IsWanted(task)
        )
            return Done;
        job = job with { Failures = job.Failures + 1 };
        if (job.Failures < FailJobStep.MaxTries)
            return new WriteSet { Jobs = [new KeepJob(job)] };
        var (kind, now) = (kinds.Single(k => k.Code == job.Kind), runner.Now());
        var reason = new Reason(
            $"Step {command.Place + 1} of {job.Total} could not be made in {FailJobStep.MaxTries} tries. What was done before it stays done."
        );
        var decision = JobTask.Fail(task, kind.Code, reason, now);
        return WriteSet.Of(new RecordedDecision(decision, "operation", kind.By(job), Reason: null)) with
        {
            Jobs = [new KeepJob(job with { EndedAt = now })],
        };
    }
}
