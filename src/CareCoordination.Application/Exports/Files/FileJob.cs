using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Jobs;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Exports.Files;

/// <summary>
/// A job whose steps are made in parts, each of which is a file that is whole on the disk before its name is kept: after a crash any node
/// goes on behind the last file. Its arguments have a <see cref="FileTicket"/>; whoever asked sees what it makes, and nobody else.
/// </summary>
internal abstract class FileJob(string code, string unit, CareSession session, JobFiles files, ILogger log)
    : JobKind(code, unit)
{
    private const int LongestPause = 30;

    protected CareSession Session => session;

    protected JobFiles Files => files;

    public override Agent By(Job job) => ServerAgent.Unknown;

    public override bool IsInAnyOrder => true;

    public override Caller AskedBy(Job job) => FileTicket.Of(job)!.AskedBy.ToCaller();

    public override void Discard(Job job) => files.Remove(job.Id);

    public override int RetryAfterSeconds(Job job, DateTimeOffset now) =>
        (int)Math.Clamp((now - job.CreatedAt).TotalSeconds / 10, 1, LongestPause);

    public override async Task<StepResult> StepAsync(
        Job job,
        Snapshot task,
        int place,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var begun = await session.Reads.StepsAsync(StepRange.Only(job.Id, place), cancellationToken);
        var reached = begun is [var step] ? step.Result : default;
        try
        {
            return await GoOnAsync(job, place, reached, now, cancellationToken);
        }
        catch (Exception e) when (DiskTrouble.IsOne(e))
        {
            Log.FilesFailed(log, e, task.Key.ToString());
            return new StepResult(null, reached) { Fails = DiskTrouble.Explain(e) };
        }
    }

    /// <summary>The next part of a step.</summary>
    /// <param name="reached">How far the step is; empty: not begun.</param>
    protected abstract Task<StepResult> GoOnAsync(
        Job job,
        int place,
        ReadOnlyMemory<byte> reached,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );
}
