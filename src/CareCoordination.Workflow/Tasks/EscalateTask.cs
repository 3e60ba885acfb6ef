using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Tasks;

/// <summary>
/// <c>$escalate</c>, by hand or by a threshold of lateness: a Task for the lead, part of the one that is late. It never blocks the
/// end of that one, and ends with it.
/// </summary>
public static class EscalateTask
{
    public const string Code = "escalate";

    /// <param name="to">Who is to look at it.</param>
    /// <param name="threshold">
    /// The threshold that was crossed, remembered on the task so that it escalates once; null where somebody asks for it.
    /// </param>
    /// <param name="due">When the lead is to have looked at it.</param>
    public static Result<Decision> Escalate(
        Snapshot snapshot,
        string to,
        string? threshold,
        DateTimeOffset due,
        Reason? reason,
        Agent by,
        DateTimeOffset now,
        string newId
    )
    {
        var task = new TaskDraft(snapshot);
        if (task.IsTerminal)
            return Refuse.Rule(
                "illegal-transition",
                $"{task.Reference} is {task.Status}: what is over is not escalated.",
                "Task.status"
            );
        if (TaskSteps.By(task, by) == Mover.None)
            return Refuse.Forbidden("Only the requester, the owner or a lead may escalate a task.", "Task.owner");
        if (threshold is not null)
        {
            if (task.Escalated.Contains(threshold))
                return Decision.Write("escalate", task);
            task.Edit.Extension.Add(new() { Url = CareExtensions.Escalated, ValueCode = threshold });
        }

        var escalation = new TaskDraft(newId)
        {
            Edit =
            {
                PartOf = { Shapes.To(task.Reference) },
                Status = TaskStatusCodes.Requested,
                Intent = TaskIntentCodes.Order,
                Priority = Priorities.AtLeast(task.Priority, RequestPriorityCodes.Urgent),
                Code = CodeableConceptEditor.Of(CareExtensions.CommandSystem, Code),
                Focus = Shapes.To(task.Reference),
                For = { Reference = task.For },
                AuthoredOn = now,
                Requester = Shapes.To(by.Reference),
                Owner = Shapes.To(to),
                ReasonCode = reason?.ToCodeableConcept() ?? new(),
            },
            Due = due,
        };
        escalation.Touch(now);
        return TaskSteps.Done(task, "escalate", now, escalation);
    }

    internal static bool IsEscalation(TaskDraft task) => task.Edit.Code.Has(CareExtensions.CommandSystem, Code);
}
