using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Jobs;

/// <summary>
/// What is particular to the jobs of one kind. A new kind is one of these among the scoped services, and a decision that says
/// <see cref="Decision.Begins"/>; worker, table, status and giving up are the same for all. docs/adr/0016-server-state.md
/// </summary>
/// <param name="code">The <see cref="Job.Kind"/>.</param>
/// <param name="unit">What a step is about, in the plural, for whoever asks how far it is: <c>patients</c>.</param>
public abstract class JobKind(string code, string unit)
{
    public string Code => code;

    public string Unit => unit;

    /// <summary>Who the records name.</summary>
    public abstract Agent By(Job job);

    /// <summary>
    /// True where what a step decides depends on how many there are of something, as on the cap of a caseload: it is then made under the
    /// write lock, and must not wait for anything but its reads.
    /// </summary>
    public virtual bool IsDecidedInTurn => false;

    /// <summary>
    /// A step that is too long for one commit is made in several, and keeps how far it is as its result: false until it is done.
    /// </summary>
    public virtual bool IsDone(JobStep step) => true;

    /// <summary>How far the job is, for people.</summary>
    public virtual string Progress(Job job, ImmutableArray<JobStep> steps) =>
        string.Create(CultureInfo.InvariantCulture, $"{steps.Length} of {job.Total} {unit}");

    /// <summary>One step. Two nodes may make the same one at the same time; what one of them made holds.</summary>
    /// <param name="task">The Task that stands for the job.</param>
    public abstract Task<StepResult> StepAsync(
        Job job,
        Snapshot task,
        int place,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );

    /// <summary>The resource that a finished job is answered with.</summary>
    /// <param name="task">That stands for the job.</param>
    public abstract ReadOnlyMemory<byte> Report(ResourceKey task, ImmutableArray<JobStep> steps);
}

/// <summary>What became of a step.</summary>
/// <param name="Decision">What it writes; null: nothing.</param>
/// <param name="Result">What is kept for the report, in the words of the kind.</param>
public readonly record struct StepResult(Decision? Decision, ReadOnlyMemory<byte> Result)
{
    /// <summary>Rows of what is stored already, in the same commit.</summary>
    public ImmutableArray<Change> Rows { get; init; } = [];

    /// <summary>
    /// Of a step that goes on: how far it was when this was made. Where another node has come further meanwhile, this is given up.
    /// </summary>
    public ReadOnlyMemory<byte>? GoesOnFrom { get; init; }
}
