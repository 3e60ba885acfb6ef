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

/// <summary>Ends a job one of whose steps cannot be made, however often it is tried. What was done of it stays done.</summary>
/// <param name="Place">Of the step.</param>
public sealed record FailJob(ResourceKey Job, int Place) : FhirInteraction("$job-fail", ResourceTypes.Task, Job.Id);

internal sealed class FailJobHandler(
    CareSession session,
    CareReads reads,
    IEnumerable<JobKind> kinds,
    CommandRunner runner
) : IRequestHandler<FailJob, FhirResponse>
{
    private static readonly FhirResponse Done = new() { Status = 200 };

    public async Task<FhirResponse> Handle(FailJob command, CancellationToken cancellationToken)
    {
        var result = await session.WriteInTurnAsync(token => DecideAsync(command, token), cancellationToken);
        return result.Then(_ => Done);
    }

    private async ValueTask<WriteDecision> DecideAsync(FailJob command, CancellationToken cancellationToken)
    {
        // What was held, called off or ended meanwhile has not failed.
        if (
            await session.Reads.JobAsync(command.Job.Id, cancellationToken) is not { EndedAt: null } job
            || await reads.ReadAsync(command.Job.ToString(), cancellationToken) is not { } task
            || !JobTask.IsWanted(task)
        )
            return Done;
        var (kind, now) = (kinds.Single(k => k.Code == job.Kind), runner.Now());
        var reason = new Reason(
            $"Step {command.Place + 1} of {job.Total} could not be made in {JobRun.MaxTries} tries. What was done before it stays done."
        );
        var decision = JobTask.Fail(task, kind.Code, reason, now);
        return WriteSet.Of(new RecordedDecision(decision, "operation", kind.By(job), Reason: null)) with
        {
            Jobs = [new KeepJob(job with { EndedAt = now })],
        };
    }
}
