using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Requests;
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

    /// <summary>
    /// Who asked, where nobody else is to see what it makes: they look at its status and give it up, whether they see its Task or not.
    /// Null: those do who see the Task.
    /// </summary>
    public virtual Caller? AskedBy(Job job) => null;

    /// <summary>True where its steps may be made in any order, so that several nodes share them.</summary>
    public virtual bool IsInAnyOrder => false;

    /// <summary>When it is worth while to ask for the status again.</summary>
    public virtual int RetryAfterSeconds(Job job, DateTimeOffset now) => 1;

    /// <summary>Removes what it made beside the database: it was given up, or has failed. May be called more than once.</summary>
    public virtual void Discard(Job job) { }

    /// <summary>What a finished job is answered with.</summary>
    public virtual FhirResponse Answer(FinishedJob finished) =>
        FhirResponse.Of(new BytesContent(Report(finished.Task, finished.Steps)));

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
    public virtual ReadOnlyMemory<byte> Report(ResourceKey task, ImmutableArray<JobStep> steps) =>
        throw new NotSupportedException($"A job of {code} is answered with something else than a resource.");
}

/// <summary>A job all of whose steps are done.</summary>
/// <param name="Task">That stands for it.</param>
/// <param name="BaseUrl">The address of this server as whoever asks knows it.</param>
public sealed record FinishedJob(Job Job, ResourceKey Task, ImmutableArray<JobStep> Steps, string BaseUrl);

/// <summary>What became of a step.</summary>
/// <param name="Decision">What it writes; null: nothing.</param>
/// <param name="Result">What is kept for the report, in the words of the kind.</param>
public readonly record struct StepResult(Decision? Decision, ReadOnlyMemory<byte> Result)
{
    /// <summary>Rows of what is stored already, in the same commit.</summary>
    public ImmutableArray<Change> Rows { get; init; } = [];

    /// <summary>The job cannot be done at all: a sentence that says why, and what to do. It has failed then; null: it can.</summary>
    public string? Fails { get; init; }

    /// <summary>
    /// Of a step that goes on: how far it was when this was made. Where another node has come further meanwhile, this is given up.
    /// </summary>
    public ReadOnlyMemory<byte>? GoesOnFrom { get; init; }
}
