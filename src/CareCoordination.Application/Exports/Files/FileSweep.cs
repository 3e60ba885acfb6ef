using System.Text;
using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Jobs;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Application.Workers;
using CareCoordination.Storage;

namespace CareCoordination.Application.Exports.Files;

/// <summary>
/// Removes the files of jobs that were given up or failed, whose time is over, or that nobody remembers. Any number of nodes may do so.
/// </summary>
public sealed class FileSweep(
    CareSessions sessions,
    JobFiles files,
    ExportOptions options,
    TimeProvider time,
    ILogger<FileSweep> log
) : PeriodicWorker("files of jobs", Interval, time, log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    /// <summary>A folder whose job is not known may be that of one which is about to be written.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <summary>How many jobs had theirs removed.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var (job, changedAt) in files.All())
        {
            if (await IsOverAsync(job, changedAt, cancellationToken))
            {
                files.Remove(job);
                removed++;
            }
        }

        return removed;
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        if (await SweepAsync(stopping) is > 0 and var removed)
            Log.FilesRemoved(log, removed);
    }

    /// <summary>True where nothing of the job is to be kept.</summary>
    private async Task<bool> IsOverAsync(string id, DateTimeOffset changedAt, CancellationToken cancellationToken)
    {
        await using var open = sessions.Open(Caller.Job(id));
        var now = Time.GetUtcNow();
        if (await open.Session.Reads.JobAsync(id, cancellationToken) is not { } job)
            return changedAt + Patience < now;
        if (job.EndedAt is not { } ended)
            return false;
        if (job.IsGivenUp || ended + options.Keep < now)
            return true;
        // One that failed has steps that were never made.
        var steps = await open.Session.Reads.StepsAsync(StepRange.All(id), cancellationToken);
        var kind = open.Get<IEnumerable<JobKind>>().Single(k => k.Code == job.Kind);
        if (steps.Count(kind.IsDone) < job.Total)
            return true;
        // Two nodes may have made the same part, of which one is kept.
        if (ended + Interval + Interval > now)
            files.RemoveOthers(id, name => steps.Any(step => Names(step, name)));
        return false;
    }

    private static bool Names(JobStep step, string name) => step.Result.Span.IndexOf(Encoding.UTF8.GetBytes(name)) >= 0;
}
