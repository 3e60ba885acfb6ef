using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Tasks;

/// <summary>The commands of a Task that move one task one step of <see cref="TaskLifecycle"/>.</summary>
public static class TaskSteps
{
    /// <summary>
    /// <c>$claim</c>: takes a task that nobody owns. 409 <c>already-claimed</c> for all but the first: the write holds only while the
    /// version without an owner is current. What is ready stays ready, what is requested becomes received.
    /// </summary>
    /// <param name="owner">For whom; null: the agent.</param>
    public static Result<Decision> Claim(
        Snapshot snapshot,
        string? owner,
        Agent by,
        DateTimeOffset now,
        Reason? reason = null,
        WorkReport? work = null
    )
    {
        var task = new TaskDraft(snapshot);
        if (task.Owner is not null)
            return RuleFailure.Conflict(
                "already-claimed",
                $"{task.Reference} has an owner; claim another one, or ask for it with $reassign.",
                "Task.owner"
            );
        var recipients = task.Edit.Restriction.Recipient.Targets().ToArray();
        if (recipients.Length > 0 && !by.IsUnchecked && !by.IsLead && !recipients.Any(by.Is))
            return RuleFailure.Forbidden(
                $"{task.Reference} is offered to others; see Task.restriction.recipient.",
                "Task.restriction.recipient"
            );
        if (task.Status != "ready" && Move(task, "received", "claim", Claiming(by), reason) is { } failure)
            return failure;
        if ((owner ?? by.AsOwner) is { } taker)
            Give(task, taker, by);
        return Told(task, "claim", work, by, now);
    }

    /// <summary><c>$accept</c>: agrees to do it. A task without an owner is the agent's from then on.</summary>
    public static Result<Decision> Accept(
        Snapshot snapshot,
        Agent by,
        DateTimeOffset now,
        Reason? reason = null,
        WorkReport? work = null
    )
    {
        var task = new TaskDraft(snapshot);
        if (Move(task, "accepted", "accept", By(task, by), reason) is { } failure)
            return failure;
        OwnUnowned(task, by);
        return Told(task, "accept", work, by, now);
    }

    /// <summary><c>$reject</c>: declines to do it, before work begins.</summary>
    public static Result<Decision> Reject(
        Snapshot snapshot,
        Reason? reason,
        Agent by,
        DateTimeOffset now,
        WorkReport? work = null
    )
    {
        var task = new TaskDraft(snapshot);
        if (Move(task, "rejected", "reject", By(task, by), reason) is { } failure)
            return failure;
        OwnUnowned(task, by);
        return Told(task, "reject", work, by, now);
    }

    /// <summary><c>$start</c>: work begins.</summary>
    public static Result<Decision> Start(
        Snapshot snapshot,
        Agent by,
        DateTimeOffset now,
        Reason? reason = null,
        WorkReport? work = null
    )
    {
        var task = new TaskDraft(snapshot);
        if (Move(task, "in-progress", "start", By(task, by), reason) is { } failure)
            return failure;
        OwnUnowned(task, by);
        task.ExecutionStart ??= now;
        return Told(task, "start", work, by, now);
    }

    /// <summary><c>$stop</c>: work ends for now and the task is ready again, for its owner or, released, for anyone.</summary>
    public static Result<Decision> Stop(
        Snapshot snapshot,
        bool release,
        Reason? reason,
        Agent by,
        DateTimeOffset now,
        WorkReport? work = null
    )
    {
        var task = new TaskDraft(snapshot);
        if (Move(task, "ready", "stop", By(task, by), reason) is { } failure)
            return failure;
        // Whose time it was is known before the task is given back.
        if (work?.Enter(task, by, now) is { } wrong)
            return wrong;
        if (release)
            task.Owner = null;
        return Done(task, "stop", now);
    }

    /// <summary><c>$reopen</c>: a lead brings back what was completed or failed.</summary>
    public static Result<Decision> Reopen(
        Snapshot snapshot,
        Reason? reason,
        Agent by,
        DateTimeOffset now,
        WorkReport? work = null
    )
    {
        var task = new TaskDraft(snapshot);
        if (Move(task, "in-progress", "reopen", By(task, by), reason) is { } failure)
            return failure;
        task.ExecutionEnd = null;
        return Told(task, "reopen", work, by, now);
    }

    /// <summary>
    /// <c>$reassign</c>: gives it to another owner, or with null back to all. What was claimed by the owner before is requested of the
    /// next one; work in progress is stopped, as R4 has it for reassignment.
    /// </summary>
    public static Result<Decision> Reassign(
        Snapshot snapshot,
        string? owner,
        Reason? reason,
        Agent by,
        DateTimeOffset now,
        WorkReport? work = null
    )
    {
        var task = new TaskDraft(snapshot);
        if (task.IsTerminal)
            return RuleFailure.Of(
                "illegal-transition",
                $"{task.Reference} is {task.Status}: what is over has no next owner.",
                "Task.status"
            );
        if (By(task, by) == ActorRelation.None)
            return RuleFailure.Forbidden("Only the requester, the owner or a lead may reassign a task.", "Task.owner");
        if (owner is null && task.Status is not ("draft" or "requested" or "received" or "ready" or "in-progress"))
            return RuleFailure.Of(
                "owner-required",
                $"{task.Reference} is {task.Status}; name the next owner with the parameter 'owner'.",
                "Task.owner"
            );
        if (work?.Enter(task, by, now) is { } wrong)
            return wrong;
        if (task.Owner == owner)
            return task.IsChanged ? Done(task, "reassign", now) : Drafts.Write("reassign", task);
        HandOver(task, owner, by);
        if (reason is not null)
            task.AddNote(reason.AsText, by, now);
        return Done(task, "reassign", now);
    }

    /// <summary>
    /// <c>$snooze</c>: due later. Thresholds of lateness count from the new date. It is no change of the status, so its reason is a note,
    /// and what explains the status is left only to a task on hold.
    /// </summary>
    public static Result<Decision> Snooze(
        Snapshot snapshot,
        DateTimeOffset due,
        Reason? reason,
        Agent by,
        DateTimeOffset now,
        WorkReport work
    )
    {
        var task = new TaskDraft(snapshot);
        if (task.IsTerminal)
            return RuleFailure.Of(
                "illegal-transition",
                $"{task.Reference} is {task.Status}: what is over is not due again.",
                "Task.status"
            );
        if (By(task, by) == ActorRelation.None)
            return RuleFailure.Forbidden(
                "Only the requester, the owner or a lead may snooze a task.",
                "Task.restriction.period.end"
            );
        if ((MoveDue(task, due, now, work.Zone) ?? work.Enter(task, by, now)) is { } refused)
            return refused;
        if (reason is not null)
            task.AddNote(reason.AsText, by, now);
        if (task.Status != "on-hold")
            task.SetReason(null);
        return Done(task, "snooze", now);
    }

    /// <summary>Due at another time, from which lateness counts anew. 422 <c>due-in-past</c>, <c>due-before-start</c>.</summary>
    internal static Failure? MoveDue(TaskDraft task, DateTimeOffset due, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (due <= now)
            return RuleFailure.Of(
                "due-in-past",
                "The new due time has passed; name a later one.",
                "Parameters.parameter"
            );
        if (task.RestrictionStart is { } start && due < start.StartIn(zone))
            return RuleFailure.Of(
                "due-before-start",
                "The new due time is before the task may start; name a later one.",
                "Task.restriction.period.start"
            );
        Series.KeepWindow(task, zone);
        task.Due = due;
        task.Edit.Extension.RemoveAll(e => e.Url == CareExtensions.Escalated);
        return null;
    }

    /// <summary>Changes the status where the table allows it; the hold, if there was one, is over.</summary>
    internal static Failure? Move(TaskDraft task, string to, string command, ActorRelation? by, Reason? reason)
    {
        if (CommandGuard.Check(task, to, command, reason, by, task.HeldFrom) is { } failure)
            return failure;
        task.Status = to;
        Held.Clear(task);
        task.SetReason(reason);
        return null;
    }

    /// <summary>What was claimed is asked of the next owner, work in progress is stopped; what is on hold resumes there.</summary>
    internal static void HandOver(TaskDraft task, string? owner, Agent by)
    {
        string After(string status) =>
            status switch
            {
                TaskStatusCodes.Received => TaskStatusCodes.Requested,
                TaskStatusCodes.InProgress => TaskStatusCodes.Ready,
                _ => status,
            };

        task.Status = After(task.Status);
        if (task.HeldFrom is { } held && After(held) != held)
            Held.RememberFrom(task, After(held));
        if (owner is null)
            task.Owner = null;
        else
            Give(task, owner, by);
    }

    /// <summary>Patients and families are not asked whether they take it.</summary>
    private static void Give(TaskDraft task, string owner, Agent by)
    {
        task.GiveTo(owner, by);
        if (!PatientTask.IsOwner(owner))
            return;
        task.Status = PatientTask.StatusOf(task.Status);
        if (task.HeldFrom is { } held && PatientTask.StatusOf(held) != held)
            Held.RememberFrom(task, PatientTask.StatusOf(held));
    }

    /// <summary>A task without an owner is the agent's to take.</summary>
    internal static ActorRelation? By(TaskDraft task, Agent by) =>
        by.RelationTo(task.Requester, task.Owner ?? by.Reference);

    /// <summary>What nobody owns is from then on whose work it is.</summary>
    internal static void OwnUnowned(TaskDraft task, Agent by)
    {
        if (task.Owner is null && by.AsOwner is { } owner)
            Give(task, owner, by);
    }

    /// <summary><see cref="Done"/> with what was told of the work; the failure where that cannot be.</summary>
    private static Result<Decision> Told(
        TaskDraft task,
        string command,
        WorkReport? work,
        Agent by,
        DateTimeOffset now
    ) => work?.Enter(task, by, now) is { } wrong ? wrong : Done(task, command, now);

    internal static Decision Done(
        TaskDraft task,
        string command,
        DateTimeOffset now,
        params IEnumerable<ResourceDraft> others
    )
    {
        task.Touch(now);
        return Drafts.Write(command, task, others);
    }

    private static ActorRelation? Claiming(Agent by) => by.IsUnchecked ? null : ActorRelation.Owner;
}
