using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Tasks;

/// <summary>What came of a task.</summary>
/// <param name="Outputs">Items of <c>Task.output</c>: a type and a value each.</param>
/// <param name="Minutes">Minutes worked; null where the time is not told.</param>
public sealed record TaskResult(ImmutableArray<TaskOutputView> Outputs, decimal? Minutes = null)
{
    public const decimal MostMinutes = 24 * 60;

    public Reason? Outcome { get; init; }

    public string? Note { get; init; }

    /// <summary>When work ended; null: now.</summary>
    public CareDate? End { get; init; }
}

/// <summary>The resources around a task that its end may change.</summary>
/// <param name="Children">Tasks that are part of it, directly or not.</param>
/// <param name="Plan">The plan that has it as an activity.</param>
public sealed record TaskSurroundings(ImmutableArray<Snapshot> Children, Snapshot? Plan = null)
{
    public static readonly TaskSurroundings None = new([]);
}

/// <summary><c>$complete</c>, <c>$fail</c> and <c>$cancel</c>.</summary>
public static class FinishTask
{
    /// <summary>
    /// The task is done. Its outputs and minutes are kept, the plan's activity learns of them, and the next task of a series is made.
    /// 422 <c>open-tasks</c> while children are open.
    /// </summary>
    /// <param name="newId">Gives the id of the next task of a series.</param>
    public static Result<Decision> Complete(
        Snapshot snapshot,
        TaskSurroundings around,
        TaskResult result,
        Agent by,
        DateTimeOffset now,
        TimeZoneInfo zone,
        Func<string> newId
    )
    {
        var task = new TaskDraft(snapshot);
        if (!Worked(task, result, now, zone).TryGet(out var work, out var failure))
            return failure;
        var children = around.Children.Select(c => new TaskDraft(c)).ToArray();
        if (OpenParts(task, children) is { } open)
            return open;
        if (TaskSteps.Move(task, "completed", "complete", TaskSteps.By(task, by), result.Outcome) is { } illegal)
            return illegal;

        Enter(task, result, work, by, now);
        CancelAll(children, new Reason($"{task.Reference} was completed."), now);
        return WithPlan(task, "complete", around.Plan, children, Series.Next(task, now, zone, newId), by, now, result);
    }

    /// <summary>From when to when was worked. 422 <c>minutes-range</c>, <c>end-range</c>, <c>time-range</c>.</summary>
    private static Result<(DateTimeOffset Start, DateTimeOffset End)> Worked(
        TaskDraft task,
        TaskResult result,
        DateTimeOffset now,
        TimeZoneInfo zone
    )
    {
        var end = result.End?.EndIn(zone) ?? now;
        // Work that ended today has ended by now.
        if (end > now && result.End?.StartIn(zone) <= now)
            end = now;
        var begun = task.ExecutionStart?.StartIn(zone);
        if (result.Minutes is <= 0 or > TaskResult.MostMinutes)
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
        if (result.Minutes is not { } minutes)
            return (begun ?? end, end);
        return CheckedTime.Length(-minutes, TimeSpan.TicksPerMinute) is { } length && end.Plus(length) is { } start
            ? (start, end)
            : RuleFailure.OutOfRange("The minutes before the end of the work", "Parameters.parameter");
    }

    private static Failure? OpenParts(TaskDraft task, TaskDraft[] children)
    {
        var open = children
            .Where(c => !c.IsTerminal && !TaskEscalation.IsEscalation(c))
            .Select(c => c.Reference)
            .ToArray();
        return open.Length == 0
            ? null
            : RuleFailure.Of(
                "open-tasks",
                $"{task.Reference} has open parts; finish or cancel them first: {string.Join(", ", open)}.",
                "Task.partOf"
            );
    }

    private static void Enter(
        TaskDraft task,
        TaskResult result,
        (DateTimeOffset Start, DateTimeOffset End) work,
        Agent by,
        DateTimeOffset now
    )
    {
        task.Owner ??= by.AsOwner;
        task.ExecutionStart ??= work.Start;
        task.ExecutionEnd = work.End;
        foreach (var output in result.Outputs)
            task.Edit.Output.Add(new(output));
        if (result.Minutes is { } minutes)
            task.AddTimeSpent(by.AsOwner ?? task.Owner ?? by.Reference, minutes, work.Start, work.End);
        if (result.Note is { } note)
            task.AddNote(note, by.Reference, now);
    }

    /// <summary>The attempt failed. A series goes on.</summary>
    public static Result<Decision> Fail(
        Snapshot snapshot,
        TaskSurroundings around,
        Reason? reason,
        Agent by,
        DateTimeOffset now,
        TimeZoneInfo zone,
        Func<string> newId
    )
    {
        var task = new TaskDraft(snapshot);
        if (TaskSteps.Move(task, "failed", "fail", TaskSteps.By(task, by), reason) is { } failure)
            return failure;
        task.ExecutionStart ??= now;
        task.ExecutionEnd = now;
        var children = around.Children.Select(c => new TaskDraft(c)).ToArray();
        CancelAll(children, new Reason($"{task.Reference} failed."), now);
        return WithPlan(task, "fail", around.Plan, children, Series.Next(task, now, zone, newId), by, now, null);
    }

    /// <summary>Nobody cares any more: the task, its open parts and the series end here.</summary>
    public static Result<Decision> Cancel(
        Snapshot snapshot,
        TaskSurroundings around,
        Reason? reason,
        Agent by,
        DateTimeOffset now
    )
    {
        var task = new TaskDraft(snapshot);
        if (
            CommandGuard.Check(task, "cancelled", "cancel", reason, TaskSteps.By(task, by), task.HeldFrom) is
            { } failure
        )
            return failure;
        End(task, reason!, now);
        var children = around.Children.Select(c => new TaskDraft(c)).ToArray();
        CancelAll(children, new Reason($"{task.Reference} was cancelled."), now);
        return WithPlan(task, "cancel", around.Plan, children, null, by, now, null);
    }

    /// <summary>Cancels what is open, with one reason for all.</summary>
    internal static void CancelAll(IEnumerable<TaskDraft> tasks, Reason reason, DateTimeOffset now)
    {
        foreach (var task in tasks)
        {
            if (!task.IsTerminal)
                End(task, reason, now);
        }
    }

    /// <summary>Cancelled, or where a partner confirms cancellations asked to be.</summary>
    private static void End(TaskDraft task, Reason reason, DateTimeOffset now)
    {
        if (task.IsReferral() && task.Partner() is not null)
        {
            task.CallOff(reason, isKnownThere: true, now);
            return;
        }

        Held.Clear(task);
        task.Status = "cancelled";
        task.SetReason(reason);
        if (task.ExecutionStart is not null)
            task.ExecutionEnd = now;
        task.Touch(now);
    }

    private static Decision WithPlan(
        TaskDraft task,
        string command,
        Snapshot? planSnapshot,
        TaskDraft[] children,
        TaskDraft? next,
        Agent by,
        DateTimeOffset now,
        TaskResult? result
    )
    {
        var others = new List<ResourceDraft>(children);
        if (next is not null)
            others.Add(next);
        if (planSnapshot is { } read)
        {
            var plan = new CarePlanDraft(read);
            if (plan.ActivityOf(task.Reference) is { } activity)
            {
                TellActivity(activity, task, by, now, result);
                if (next is not null)
                    plan.AddActivity(next.Reference);
            }

            if (plan.IsChanged)
                others.Add(plan);
        }

        return TaskSteps.Done(task, command, now, others);
    }

    /// <summary>https://hl7.org/fhir/R4/careplan-definitions.html#CarePlan.activity.outcomeReference</summary>
    private static void TellActivity(
        CarePlanActivityEditor activity,
        TaskDraft task,
        Agent by,
        DateTimeOffset now,
        TaskResult? result
    )
    {
        activity.Progress.Add(Annotations.Of($"{task.Reference} {task.Status}.", by.Reference, now));
        if (result is null)
            return;
        var known = activity.OutcomeReference.Targets().ToHashSet();
        foreach (
            var reference in result.Outputs.Select(o => o.ValueReference.Target()).OfType<string>().Where(known.Add)
        )
            activity.OutcomeReference.Add(References.To(reference));
        if (result.Outcome is { } outcome)
            activity.OutcomeCodeableConcept.Add(outcome.ToCodeableConcept());
    }
}
