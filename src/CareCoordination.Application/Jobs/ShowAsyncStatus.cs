using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Jobs;

/// <summary>How far a job is, of whatever kind, and in the end what became of each of its steps.</summary>
public sealed record ShowAsyncStatus(ResourceKey Key, string BaseUrl = "")
    : FhirInteraction($"${AsyncStatus.Name}", Key.Type, Key.Id)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Task,
        AsyncStatus.Name,
        "The state of work that goes on after its request, by the Task that is its record: 202 with X-Progress until it is done, then 200 with the result, or 500 where a step of it failed for good. DELETE gives it up.",
        input => new ShowAsyncStatus(input.Key, input.BaseUrl)
    )
    {
        AffectsState = false,
        Answer = "Parameters",
        ReadDelete = input => input.Command(call => new CancelJob(call)),
    };
}

internal sealed class ShowAsyncStatusHandler(
    CareSession session,
    CareReads reads,
    IEnumerable<JobKind> kinds,
    TimeProvider time
) : IRequestHandler<ShowAsyncStatus, FhirResponse>
{
    public async Task<FhirResponse> Handle(ShowAsyncStatus show, CancellationToken cancellationToken)
    {
        if (
            await session.Reads.JobAsync(show.Key.Id, cancellationToken) is not { IsGivenUp: false } job
            || kinds.Single(k => k.Code == job.Kind) is var kind
                && !await JobSight.IsSeenAsync(job, kind, session, cancellationToken)
            || await reads.ReadAsync(show.Key.ToString(), cancellationToken) is not { } task
            || JobTask.IsGivenUp(task)
        )
            return JobSight.NotThere(show.Key);
        var steps = await session.Reads.StepsAsync(StepRange.All(job.Id), cancellationToken);
        if (job.EndedAt is null)
            return AsyncStatus.InProgress(kind.Progress(job, steps), kind.RetryAfterSeconds(job, time.GetUtcNow()));
        if (steps.Count(kind.IsDone) >= job.Total)
            return kind.Answer(new FinishedJob(job, show.Key, steps, show.BaseUrl));
        return kind.AskedBy(job) is not null && JobTask.ReasonOf(task) is { } why
            ? AsyncStatus.Failed(why)
            : AsyncStatus.Failed(show.Key, kind.Progress(job, steps));
    }
}

/// <summary>Who may look at a job.</summary>
internal static class JobSight
{
    /// <summary>Whoever asked for it, where nobody else is to see what it makes; else whoever sees its Task.</summary>
    public static async ValueTask<bool> IsSeenAsync(
        Job job,
        JobKind kind,
        CareSession session,
        CancellationToken cancellationToken
    ) =>
        session.Rights.IsUnlimited
        || (
            kind.AskedBy(job) is { } asked
                ? asked.IsSameAs(session.Caller)
                : await session.Reads.ReadAsync(new(ResourceTypes.Task, job.Id), cancellationToken)
                    is { IsDeleted: false }
        );

    public static Failure NotThere(ResourceKey key) =>
        Failure.NotFound($"{key} is no work that goes on here: it never was, or was given up.");
}
