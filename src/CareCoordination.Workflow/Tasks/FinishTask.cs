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
public sealed record TaskResult(ImmutableArray<TaskOutputView> Outputs)
{
    public Reason? Outcome { get; init; }

    public WorkReport Work { get; init; } = WorkReport.None;
}

/// <summary>The resources around a task that its end may change.</summary>
/// <param name="Children">Tasks that are part of it, directly or not.</param>
/// <param name="Plan">The plan that has it as an activity.</param>
public sealed record TaskSurroundings(ImmutableArray<Snapshot> Children, Snapshot? Plan = null)
{
    public static readonly TaskSurroundings None = new([]);

    /// <summary>The second attempt was asked for before: the first one failed, and was taken up again.</summary>
    public bool HasSecondAttempt { get; init; }
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
        Func<string> newId,
        Reason? reason = null
    )
    {
        var task = new TaskDraft(snapshot);
        var children = around.Children.Select(c => new TaskDraft(c)).ToArray();
        if (OpenParts(task, children) is { } open)
            return open;
        var why = result.Outcome ?? reason;
        if (TaskSteps.Move(task, "completed", "complete", TaskSteps.By(task, by), why) is { } illegal)
            return illegal;
        TaskSteps.OwnUnowned(task, by);
        if (result.Work.Finish(task, by, now) is { } wrong)
            return wrong;
        foreach (var output in result.Outputs)
            task.Edit.Output.Add(new(output));
        TeachBack.Take(task, result.Outcome);
        if (TeachBack.Check(task) is { } unsaid)
            return unsaid;
        CancelAll(children, new Reason($"{task.Reference} was completed."), now);
        var next = Series.Next(task, now, result.Work.Zone, newId);
        return WithPlan(task, "complete", around.Plan, children, next, by, now, result);
    }

    private static Failure? OpenParts(TaskDraft task, TaskDraft[] children)
    {
        var open = children
            .Where(c =>
                !c.IsTerminal && !TaskEscalation.IsEscalation(c) && !AppointmentWork.Is(c) && !PatientTask.IsFollowUp(c)
            )
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

    /// <summary>The attempt failed. A series goes on.</summary>
    public static Result<Decision> Fail(
        Snapshot snapshot,
        TaskSurroundings around,
        Reason? reason,
        Agent by,
        DateTimeOffset now,
        Func<string> newId,
        WorkReport work
    )
    {
        var task = new TaskDraft(snapshot);
        if (TaskSteps.Move(task, "failed", "fail", TaskSteps.By(task, by), reason) is { } failure)
            return failure;
        if (work.Finish(task, by, now) is { } wrong)
            return wrong;
        var children = around.Children.Select(c => new TaskDraft(c)).ToArray();
        CancelAll(children, new Reason($"{task.Reference} failed."), now);
        var next =
            Series.Next(task, now, work.Zone, newId)
            ?? (around.HasSecondAttempt ? null : SecondAttempt.After(task, now));
        return WithPlan(task, "fail", around.Plan, children, next, by, now, null);
    }

    /// <summary>Nobody cares any more: the task, its open parts and the series end here.</summary>
    public static Result<Decision> Cancel(
        Snapshot snapshot,
        TaskSurroundings around,
        Reason? reason,
        Agent by,
        DateTimeOffset now,
        WorkReport? work = null
    )
    {
        var task = new TaskDraft(snapshot);
        if (
            CommandGuard.Check(task, "cancelled", "cancel", reason, TaskSteps.By(task, by), task.HeldFrom) is
            { } failure
        )
            return failure;
        if (work?.Enter(task, by, now) is { } wrong)
            return wrong;
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
        {
            if (next.Missed is { } missed)
                next.AddNote($"{missed} occurrences of the series before this one were missed.", by, now);
            others.Add(next);
        }

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
        activity.Progress.Add(by.Note($"{task.Reference} {task.Status}.", now));
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
