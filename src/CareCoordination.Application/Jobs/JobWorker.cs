using System.Collections.Immutable;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Workers;
using CareCoordination.Storage;

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
public sealed class JobWorker(
    CareSessions sessions,
    JobRun run,
    JobSignal signal,
    TimeProvider time,
    ILogger<JobWorker> log
) : PeriodicWorker("jobs", TimeSpan.FromSeconds(10), time, log)
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
            _jobs.Begin(job.Id, () => Guard.RunAsync(() => run.RunAsync(job, stopping), job.Id, log, stopping));
    }

    private async Task<ImmutableArray<Job>> JobsAsync(CancellationToken stopping)
    {
        await using var open = sessions.Open(Caller.Job("jobs"));
        var running = ImmutableArray.CreateBuilder<Job>();
        foreach (var kind in open.Get<IEnumerable<JobKind>>())
            running.AddRange(await open.Session.Reads.RunningJobsAsync(kind.Code, stopping));
        return running.ToImmutable();
    }
}
