using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Tasks;

/// <summary>
/// <c>$hold</c> and <c>$resume</c>: "Suspending a task suspends all of its children", and resuming resumes them.
/// https://hl7.org/fhir/R4/task.html#statemachine
/// </summary>
public static class HoldTask
{
    /// <param name="descendants">All tasks that are part of this one, directly or not.</param>
    public static Result<Decision> Hold(
        Snapshot snapshot,
        IEnumerable<Snapshot> descendants,
        Reason? reason,
        Agent by,
        DateTimeOffset now,
        WorkReport? work = null
    )
    {
        var task = new TaskDraft(snapshot);
        var before = task.Status;
        if (TaskSteps.Move(task, "on-hold", "hold", TaskSteps.By(task, by), reason) is { } failure)
            return failure;
        if (work?.Enter(task, by, now) is { } wrong)
            return wrong;
        task.Status = before;
        Held.Put(task, holder: null, now);
        var children = descendants.Select(d => new TaskDraft(d)).ToArray();
        Held.PutAll(children, task.Reference, now);
        return TaskSteps.Done(task, "hold", now, children);
    }

    /// <summary>
    /// 422 <c>parent-on-hold</c> where a parent or plan holds it. A task whose former status nobody remembers was in progress, as in the
    /// diagram of R4.
    /// </summary>
    /// <param name="due">When it is due from now on, since the time it had may have passed; null: as it was.</param>
    public static Result<Decision> Resume(
        Snapshot snapshot,
        IEnumerable<Snapshot> descendants,
        Agent by,
        DateTimeOffset now,
        Reason? reason = null,
        DateTimeOffset? due = null,
        WorkReport? work = null
    )
    {
        var task = new TaskDraft(snapshot);
        if (task.HeldBy is { } holder)
            return RuleFailure.Of(
                "parent-on-hold",
                $"{task.Reference} is on hold with {holder}; resume that.",
                "Task.status"
            );
        if (
            TaskSteps.Move(task, task.HeldFrom ?? "in-progress", "resume", TaskSteps.By(task, by), reason) is
            { } failure
        )
            return failure;
        work ??= WorkReport.None;
        if (due is { } next && TaskSteps.MoveDue(task, next, now, work.Zone) is { } refused)
            return refused;
        if (work.Enter(task, by, now) is { } wrong)
            return wrong;
        var children = descendants.Select(d => new TaskDraft(d)).ToArray();
        Held.ResumeAll(children, task.Reference, now);
        return TaskSteps.Done(task, "resume", now, children);
    }
}
