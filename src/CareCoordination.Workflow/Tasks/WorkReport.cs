using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Tasks;

/// <summary>
/// What somebody tells of work when giving a command of a task: minutes, from when to when, and a note. It is the same for every
/// command, because work is done whether the task is completed, put off or given away after it.
/// </summary>
public sealed record WorkReport
{
    public const decimal MostMinutes = 24 * 60;

    public static readonly WorkReport None = new();

    /// <summary>Minutes worked; null where the time is not told.</summary>
    public decimal? Minutes { get; init; }

    /// <summary>When work began; null: when the task says, or the minutes before its end.</summary>
    public CareDate? Start { get; init; }

    /// <summary>When work ended; null: now.</summary>
    public CareDate? End { get; init; }

    public string? Note { get; init; }

    /// <summary>Whose days <see cref="Start"/> and <see cref="End"/> are.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Minutes on the task that do not end it, and the note. 422 as <see cref="Period"/>.</summary>
    internal Failure? Enter(TaskDraft task, Agent by, DateTimeOffset now)
    {
        if (!Period(task, now).TryGet(out var work, out var failure))
            return failure;
        if (Minutes is not null || Start is not null)
            Begin(task, work.Start);
        Log(task, work, by, now);
        return null;
    }

    /// <summary>As <see cref="Enter"/>, for a command with which the work is over.</summary>
    internal Failure? Finish(TaskDraft task, Agent by, DateTimeOffset now)
    {
        if (!Period(task, now).TryGet(out var work, out var failure))
            return failure;
        Begin(task, work.Start);
        task.ExecutionEnd = work.End;
        Log(task, work, by, now);
        return null;
    }

    /// <summary>
    /// From when to when was worked, within the execution of the task. What somebody names cannot be contradicted by the minutes; a start
    /// that only a command left moves back to hold them. 422 <c>minutes-range</c>, <c>end-range</c>, <c>time-range</c>.
    /// </summary>
    private Result<(DateTimeOffset Start, DateTimeOffset End)> Period(TaskDraft task, DateTimeOffset now)
    {
        var end = End?.EndIn(Zone) ?? now;
        // Work that ended today has ended by now.
        if (end > now && End?.StartIn(Zone) <= now)
            end = now;
        var begun = (Start ?? task.ExecutionStart)?.StartIn(Zone);
        if (Minutes is <= 0 or > MostMinutes)
            return RuleFailure.Of(
                "minutes-range",
                "Minutes are more than 0 and at most those of a day.",
                "Parameters.parameter"
            );
        if (end > now || end < begun)
            return RuleFailure.Of(
                "end-range",
                "The end of the work is not later than now and not before its start.",
                "Task.executionPeriod.end"
            );
        if (Minutes is not { } minutes)
            return (begun ?? end, end);
        if (CheckedTime.Length(-minutes, TimeSpan.TicksPerMinute) is not { } length || end.Plus(length) is not { } from)
            return RuleFailure.OutOfRange("The minutes before the end of the work", "Parameters.parameter");
        return (Start is not null || End is not null) && from < begun
            ? RuleFailure.Of(
                "minutes-range",
                "There are more minutes than between the start of the work and its end; correct 'minutes', or send 'start'.",
                "Parameters.parameter"
            )
            : (from, end);
    }

    private void Begin(TaskDraft task, DateTimeOffset start)
    {
        if (Start is { } told)
            task.ExecutionStart = told;
        else if (task.ExecutionStart is not { } begun || start < begun.StartIn(Zone))
            task.ExecutionStart = start;
    }

    private void Log(TaskDraft task, (DateTimeOffset Start, DateTimeOffset End) work, Agent by, DateTimeOffset now)
    {
        if (Minutes is { } minutes)
            task.AddTimeSpent(by.AsOwner ?? task.Owner ?? by.Reference, minutes, work.Start, work.End);
        if (Note is { } note)
            task.AddNote(note, by, now);
    }
}
