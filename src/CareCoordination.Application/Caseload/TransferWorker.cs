using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Workers;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage.ServerState;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Decisions;
using MediatR;

namespace CareCoordination.Application.Caseload;

/// <summary>Wakes the worker of this node, so that a job that was begun here does not wait for the next look.</summary>
public sealed class TransferSignal
{
    private readonly Signal _signal = new();

    public void Set() => _signal.Set();

    public Task WaitAsync(CancellationToken cancellationToken) => _signal.WaitAsync(cancellationToken);
}

/// <summary>
/// Works on bulk transfers that are not done, one patient after the other. Any number of nodes may: each step holds only once. After a
/// crash whoever looks next goes on where it stopped.
/// </summary>
public sealed class TransferWorker(
    CareSessions sessions,
    TransferSignal signal,
    TimeProvider time,
    ILogger<TransferWorker> log
) : PeriodicWorker("transfers", TimeSpan.FromSeconds(10), time, log)
{
    protected override Task SignalledAsync(CancellationToken stopping) => signal.WaitAsync(stopping);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        // One job that cannot go on does not hold up the others.
        foreach (var job in await JobsAsync(stopping))
            await Guard.RunAsync(() => WorkAsync(job, stopping), job.Id, log, stopping);
    }

    private async Task<ImmutableArray<Job>> JobsAsync(CancellationToken stoppingToken)
    {
        await using var open = sessions.Open(Caller.Job(TransferJob.Code));
        return await open.Session.Reads.RunningJobsAsync(TransferJob.Code, stoppingToken);
    }

    private async Task WorkAsync(Job job, CancellationToken stoppingToken)
    {
        var caller = Caller.Job(job.Id);
        var task = new ResourceKey(ResourceTypes.Task, job.Id);
        if (await LeftAsync(task, job, caller, stoppingToken) is not { } left)
            return;
        foreach (var place in left)
        {
            var step = await sessions.SendAsync(caller, new OfferNext(task, place), stoppingToken);
            // As while the database is away; the job goes on at the next look.
            if (!step.IsSuccess)
                return;
        }

        await sessions.SendAsync(caller, new OfferNext(task, job.Total), stoppingToken);
    }

    /// <summary>The steps that are to be done; none where the job is over, null while it is held.</summary>
    private async Task<IEnumerable<int>?> LeftAsync(
        ResourceKey key,
        Job job,
        Caller caller,
        CancellationToken stoppingToken
    )
    {
        await using var open = sessions.Open(caller);
        var task = await open.Get<CareReads>().ReadAsync(key.ToString(), stoppingToken);
        if (TransferJob.IsOver(task))
            return [];
        if (TransferJob.StatusOf(task!.Value) != TaskStatusCodes.InProgress)
            return null;
        var steps = await open.Session.Reads.StepsAsync(StepRange.All(job.Id), stoppingToken);
        return Enumerable.Range(0, job.Total).Except(steps.Select(s => s.Place));
    }
}
