using CareCoordination.Application.Answers;
using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Application.Jobs;

/// <summary>Makes the steps of a job that are left, one after the other, and ends it.</summary>
public sealed class JobRun(CareSessions sessions, ILogger<JobRun> log)
{
    private static readonly int NodeHash = HashCode.Combine(Environment.MachineName, Environment.ProcessId);

    /// <summary>Ends when the job has, or is held, or cannot go on now.</summary>
    public async Task RunAsync(Job job, CancellationToken stopping)
    {
        var caller = Caller.Job(job.Id);
        var task = new ResourceKey(ResourceTypes.Task, job.Id);
        if (await LeftAsync(task, job, caller, stopping) is not { } left)
            return;
        foreach (var place in left)
        {
            if (!await StepAsync(task, place, caller, stopping))
                return;
        }

        await sessions.SendAsync(caller, new RunJobStep(task, job.Total), stopping);
    }

    /// <summary>Goes on with a step until it is done. False where it failed, as while the database is away: it is tried at the next look.</summary>
    private async Task<bool> StepAsync(ResourceKey task, int place, Caller caller, CancellationToken stopping)
    {
        while (true)
        {
            stopping.ThrowIfCancellationRequested();
            var step = await TryAsync(task, place, caller, stopping);
            if (IsItsFault(step))
                await sessions.SendAsync(caller, new FailJobStep(task, place), stopping);
            if (step.Status != RunJobStep.GoesOn)
                return step.IsSuccess;
        }
    }

    private async Task<FhirResponse> TryAsync(ResourceKey task, int place, Caller caller, CancellationToken stopping)
    {
        try
        {
            return await sessions.SendAsync(caller, new RunJobStep(task, place), stopping);
        }
        catch (Exception e) when (e is not StoreUnavailableException && !stopping.IsCancellationRequested)
        {
            Log.Unexpected(log, e, task.ToString());
            return new FhirResponse { Status = 500 };
        }
    }

    private static bool IsItsFault(FhirResponse step) => step.Status is >= 400 and not (409 or 412 or 429 or 503);

    /// <summary>The steps that are to be done; none where the job is over, null while it is held.</summary>
    private async Task<IEnumerable<int>?> LeftAsync(ResourceKey key, Job job, Caller caller, CancellationToken stopping)
    {
        await using var open = sessions.Open(caller);
        var task = await open.Get<CareReads>().ReadAsync(key.ToString(), stopping);
        if (JobTask.IsOver(task))
            return [];
        if (!JobTask.IsWanted(task!.Value))
            return null;
        var kind = open.Get<IEnumerable<JobKind>>().Single(k => k.Code == job.Kind);
        var steps = await open.Session.Reads.StepsAsync(StepRange.All(job.Id), stopping);
        var left = Enumerable.Range(0, job.Total).Except(steps.Where(kind.IsDone).Select(s => s.Place)).ToList();
        if (!kind.IsInAnyOrder || left.Count == 0)
            return left;
        // Nodes that begin at different places meet only at the end.
        var first = (int)((uint)NodeHash % (uint)left.Count);
        return left.Skip(first).Concat(left.Take(first));
    }
}
