namespace CareCoordination.Storage;

/// <summary>
/// Work that goes on after the request that asked for it: what is to be done, in steps that are each done once, by whichever node.
/// </summary>
/// <param name="Id">Of the resource that stands for it, where clients look.</param>
/// <param name="Kind">What knows how to do it.</param>
/// <param name="Total">How many steps there are.</param>
public sealed record Job(string Id, string Kind, int Total, DateTimeOffset CreatedAt)
{
    /// <summary>Longer kinds cannot be kept.</summary>
    public const int MaxKindLength = 64;

    /// <summary>What was asked for, in the words of its kind.</summary>
    public ReadOnlyMemory<byte> Arguments { get; init; }

    /// <summary>When it was done or given up; null while it goes on.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>It ended before all of it was done.</summary>
    public bool IsGivenUp { get; init; }

    /// <summary>How often the step that it is at has failed, at whichever node.</summary>
    public int Failures { get; init; }
}

/// <summary>What became of one step of a job.</summary>
/// <param name="Place">Of the step, from 0.</param>
/// <param name="Result">In the words of the job's kind.</param>
public sealed record JobStep(string Job, int Place, ReadOnlyMemory<byte> Result);

/// <summary>Some of the steps of a job, from the first to the last.</summary>
public readonly record struct StepRange(string Job, int First, int Last)
{
    public static StepRange All(string job) => new(job, 0, int.MaxValue);

    public static StepRange Only(string job, int place) => new(job, place, place);
}

/// <summary>A change of a job, made in the same transaction as the resources of its commit.</summary>
public abstract record JobChange
{
    private protected JobChange() { }
}

/// <summary>Keeps a job, in place of what was kept of it.</summary>
public sealed record KeepJob(Job Job) : JobChange;

/// <summary>Keeps what became of a step, in place of what was kept of it.</summary>
public sealed record KeepStep(JobStep Step) : JobChange;
