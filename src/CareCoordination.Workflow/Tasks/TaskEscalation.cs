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

    /// <param name="to">Who is to look at it.</param>
    /// <param name="due">When the lead is to have looked at it; null: no time is set.</param>
    public static Result<Decision> Escalate(
        Snapshot snapshot,
        string to,
        DateTimeOffset? due,
        Reason? reason,
        Agent by,
        DateTimeOffset now,
        string newId
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
        var escalation = Escalation(task, to, due, reason?.ToCodeableConcept() ?? new(), by, now, newId);
        return TaskSteps.Done(task, "escalate", now, escalation);
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
                PartOf = { References.To(task.Reference) },
                Status = TaskStatusCodes.Requested,
                Intent = TaskIntentCodes.Order,
                Priority = Priorities.AtLeast(task.Priority, RequestPriorityCodes.Urgent),
                Code = CodeableConceptEditor.Of(CareExtensions.CommandSystem, Code),
                Focus = References.To(task.Reference),
                For = { Reference = References.Outside(task.For) },
                AuthoredOn = now,
                Requester = References.To(by.Reference),
                ReasonCode = reason,
            },
            Due = due,
        };
        if (to is null)
            escalation.Edit.PerformerType.Add(
                CodeableConceptEditor.Of(CareExtensions.RoleSystem, CareExtensions.LeadRole)
            );
        else
            escalation.Owner = to;
        escalation.Touch(now);
        return escalation;
    }

    internal static bool IsEscalation(TaskDraft task) => task.Edit.Code.Has(CareExtensions.CommandSystem, Code);

    internal static bool IsEscalation(TaskView task) => task.Code.Has(CareExtensions.CommandSystem, Code);
}
