using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Workers;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Application.Jobs;

/// <summary>Wakes the worker of this node, so that a job that was begun here does not wait for the next look.</summary>
public sealed class JobSignal
{
    private readonly Signal _signal = new();

    public void Set() => _signal.Set();

    public Task WaitAsync(CancellationToken cancellationToken) => _signal.WaitAsync(cancellationToken);
}

/// <summary>
/// Works on jobs that are not done, of every kind: each job one step after the other, and none held up by another. Any number of nodes may:
/// each step holds only once. After a crash the next node that looks goes on where it stopped.
/// </summary>
public sealed class JobWorker(CareSessions sessions, JobSignal signal, TimeProvider time, ILogger<JobWorker> log)
    : PeriodicWorker("jobs", TimeSpan.FromSeconds(10), time, log)
{
    private readonly SideWork _jobs = new();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await _jobs.EndAsync();
    }

    protected override Task SignalledAsync(CancellationToken stopping) => signal.WaitAsync(stopping);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        foreach (var job in await JobsAsync(stopping))
            _jobs.Begin(job.Id, () => Guard.RunAsync(() => WorkAsync(job, stopping), job.Id, log, stopping));
    }

    private async Task<ImmutableArray<Job>> JobsAsync(CancellationToken stopping)
    {
        await using var open = sessions.Open(Caller.Job("jobs"));
        var running = ImmutableArray.CreateBuilder<Job>();
        foreach (var kind in open.Get<IEnumerable<JobKind>>())
            running.AddRange(await open.Session.Reads.RunningJobsAsync(kind.Code, stopping));
        return running.ToImmutable();
    }

    private async Task WorkAsync(Job job, CancellationToken stopping)
    {
        var caller = Caller.Job(job.Id);
        var task = new ResourceKey(ResourceTypes.Task, job.Id);
        if (await LeftAsync(task, job, caller, stopping) is not { } left)
            return;
        foreach (var place in left)
        {
            var step = await sessions.SendAsync(caller, new RunJobStep(task, place), stopping);
            // As while the database is away; the job goes on at the next look.
            if (!step.IsSuccess)
                return;
        }

        await sessions.SendAsync(caller, new RunJobStep(task, job.Total), stopping);
    }

    /// <summary>The steps that are to be done; none where the job is over, null while it is held.</summary>
    private async Task<IEnumerable<int>?> LeftAsync(ResourceKey key, Job job, Caller caller, CancellationToken stopping)
    {
        await using var open = sessions.Open(caller);
        var task = await open.Get<CareReads>().ReadAsync(key.ToString(), stopping);
        if (JobTask.IsOver(task))
            return [];
        if (!JobTask.IsWanted(task!.Value))
            return null;
        var steps = await open.Session.Reads.StepsAsync(StepRange.All(job.Id), stopping);
        return Enumerable.Range(0, job.Total).Except(steps.Select(s => s.Place));
    }
}
