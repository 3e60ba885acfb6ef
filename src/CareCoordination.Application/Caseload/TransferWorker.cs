using CareCoordination.Application.Answers;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Workers;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
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
        foreach (var (task, job) in await JobsAsync(stopping))
            await Guard.RunAsync(() => WorkAsync(task, job, stopping), task.Key.ToString(), log, stopping);
    }

    private async Task<List<(Snapshot Task, TransferJob Job)>> JobsAsync(CancellationToken stoppingToken)
    {
        await using var session = sessions.Open(Caller.Job(TransferJob.Code));
        var tasks = await session
            .Get<CareReads>()
            .SearchAsync(
                ResourceTypes.Task,
                $"code={TransferJob.Code}&status={TaskStatusCodes.InProgress}",
                stoppingToken
            );
        var jobs = new List<(Snapshot, TransferJob)>();
        foreach (var task in tasks)
        {
            if (TransferJob.Of(task, ServerAgent.Unknown) is { } job)
                jobs.Add((task, job));
        }

        return jobs;
    }

    private async Task WorkAsync(Snapshot task, TransferJob job, CancellationToken stoppingToken)
    {
        var caller = Caller.Job(task.Key.Id);
        var done = await DoneAsync(task, caller, stoppingToken);
        for (var place = 0; place < job.Patients.Length; place++)
        {
            if (done.Contains(TransferOutcome.KeyOf(task.Key, place)))
                continue;
            var step = await sessions.SendAsync(caller, new OfferNext(task.Key, place), stoppingToken);
            // As while the database is away; the job goes on at the next look.
            if (!step.IsSuccess)
                return;
        }

        await sessions.SendAsync(caller, new OfferNext(task.Key, job.Patients.Length), stoppingToken);
    }

    private async Task<HashSet<ResourceKey>> DoneAsync(Snapshot task, Caller caller, CancellationToken stoppingToken)
    {
        await using var session = sessions.Open(caller);
        var records = await ShowAsyncStatusHandler.RecordsAsync(session.Get<CareReads>(), task.Key, stoppingToken);
        return records.Select(r => r.Key).ToHashSet();
    }
}
