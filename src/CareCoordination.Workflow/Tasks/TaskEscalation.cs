using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Tasks;

/// <summary>
/// <c>$escalate</c>: a Task for whoever is to look at one that does not get on, as part of that one. It never blocks its end, and
/// ends with it.
/// </summary>
public static class TaskEscalation
{
    public const string Code = "escalate";

    private const string Words = "Escalation";

    /// <summary>
    /// One at a time: where somebody is to look at the task already, that one goes to whoever is named now. 422
    /// <c>illegal-transition</c>, 403.
    /// </summary>
    /// <param name="parts">Tasks that are part of this one.</param>
    /// <param name="to">Who is to look at it.</param>
    /// <param name="due">When the lead is to have looked at it; null: no time is set.</param>
    public static Result<Decision> Escalate(
        Snapshot snapshot,
        ImmutableArray<Snapshot> parts,
        string to,
        DateTimeOffset? due,
        Reason? reason,
        Agent by,
        DateTimeOffset now,
        string newId,
        WorkReport? work = null
    )
    {
        var task = new TaskDraft(snapshot);
        if (task.IsTerminal)
            return RuleFailure.Of(
                "illegal-transition",
                $"{task.Reference} is {task.Status}: what is over is not escalated.",
                "Task.status"
            );
        if (TaskSteps.By(task, by) == ActorRelation.None)
            return RuleFailure.Forbidden("Only the requester, the owner or a lead may escalate a task.", "Task.owner");
        if (work?.Enter(task, by, now) is { } wrong)
            return wrong;
        var why = reason?.ToCodeableConcept() ?? new();
        if (Open(task, parts) is not { } open)
            return TaskSteps.Done(task, "escalate", now, Escalation(task, to, due, why, by, now, newId));
        if (open.Owner != to)
            TaskSteps.HandOver(open, to, by);
        open.Due = due;
        Raise(open, why, by, now);
        return TaskSteps.Done(task, "escalate", now, open);
    }

    /// <summary>The escalation that is not over; null where there is none.</summary>
    internal static TaskDraft? Open(TaskDraft task, ImmutableArray<Snapshot> parts) =>
        parts
            .Select(p => new TaskDraft(p))
            .FirstOrDefault(p => IsEscalation(p) && !p.IsTerminal && p.Edit.PartOf.Targets().Contains(task.Reference));

    /// <summary>There is a further reason to look at what somebody is to look at already.</summary>
    internal static void Raise(TaskDraft escalation, CodeableConceptEditor reason, Agent by, DateTimeOffset now)
    {
        if (reason.Text is { } text)
            escalation.AddNote(text, by, now);
        if (reason.Text is not null || reason.Coding.Count > 0)
            escalation.Edit.ReasonCode = reason;
        escalation.Touch(now);
    }

    /// <param name="to">Null: whoever leads.</param>
    internal static TaskDraft Escalation(
        TaskDraft task,
        string? to,
        DateTimeOffset? due,
        CodeableConceptEditor reason,
        Agent by,
        DateTimeOffset now,
        string newId
    )
    {
        var escalation = new TaskDraft(newId)
        {
            Edit =
            {
                PartOf = { TaskWords.Link(task) },
                Status = TaskStatusCodes.Requested,
                Intent = TaskIntentCodes.Order,
                Priority = Priorities.AtLeast(task.Priority, RequestPriorityCodes.Urgent),
                Code = TaskWords.Code(CareExtensions.CommandSystem, Code, Words),
                Description = $"Does not get on: {TaskWords.About(task)}",
                Focus = TaskWords.Link(task),
                For = TaskWords.Copy(task.Edit.For),
                AuthoredOn = now,
                Requester = new() { Reference = by.Reference, Display = by.NameOf(by.Reference) },
                ReasonCode = reason,
            },
            Due = due,
        };
        if (to is null)
            escalation.Edit.PerformerType.Add(
                TaskWords.Code(CareExtensions.RoleSystem, CareExtensions.LeadRole, "Lead of the care managers")
            );
        else
            escalation.GiveTo(to, by);
        escalation.Touch(now);
        return escalation;
    }

    internal static bool IsEscalation(TaskDraft task) => task.Edit.Code.Has(CareExtensions.CommandSystem, Code);

    internal static bool IsEscalation(TaskView task) => task.Code.Has(CareExtensions.CommandSystem, Code);
}
