using System.Text.Json.Nodes;
using CareCoordination.Fhir.Outcomes;
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
            task.Json.Append(
                "extension",
                new JsonObject { ["url"] = CareExtensions.Escalated, ["valueCode"] = threshold }
            );
        }

        var escalation = new TaskDraft(newId);
        escalation.Json["partOf"] = new JsonArray(Nodes.NewReference(task.Reference));
        escalation.Status = "requested";
        escalation.Json["intent"] = "order";
        escalation.Priority = Priorities.AtLeast(task.Priority, "urgent");
        escalation.Code = Nodes.Concept(CareExtensions.CommandSystem, Code);
        escalation.Json["focus"] = Nodes.NewReference(task.Reference);
        escalation.For = task.For;
        escalation.Json["authoredOn"] = Nodes.Time(now);
        escalation.Requester = by.Reference;
        escalation.Owner = to;
        escalation.Due = due;
        if (reason is not null)
            escalation.Json["reasonCode"] = reason.ToCodeableConcept();
        escalation.Touch(now);
        return TaskSteps.Done(task, "escalate", now, escalation);
    }

    internal static bool IsEscalation(TaskDraft task) => task.Code.HasCoding(CareExtensions.CommandSystem, Code);
}
