using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Tasks;

/// <summary>The Task that stands for a job: people look at it, hold it and cancel it, and the job goes by its status.</summary>
public static class JobTask
{
    /// <summary>Work goes on only while this is so: a job that is held waits, one that is cancelled is over.</summary>
    public static bool IsWanted(Snapshot task) => StatusOf(task) == TaskStatusCodes.InProgress;

    /// <summary>The Task, which says that the work is wanted, says so no more and will not again.</summary>
    public static bool IsOver(Snapshot? task) => task is null || TaskLifecycle.Table.IsTerminal(StatusOf(task.Value));

    /// <summary>Called off, and not done.</summary>
    public static bool IsGivenUp(Snapshot task) =>
        StatusOf(task) is TaskStatusCodes.Cancelled or TaskStatusCodes.EnteredInError;

    /// <summary>The Task of work that makes files, and the work that begins with it.</summary>
    /// <param name="order">Its kind is the code of the Task, in <see cref="CareExtensions.CommandSystem"/>.</param>
    /// <param name="description">What is made, for people; never who a patient is.</param>
    /// <param name="worker">The server, which owns the work.</param>
    public static Decision Start(
        JobOrder order,
        string description,
        Agent by,
        string worker,
        DateTimeOffset now,
        string newId
    )
    {
        var task = new TaskDraft(newId)
        {
            Edit =
            {
                Status = TaskStatusCodes.InProgress,
                Intent = TaskIntentCodes.Order,
                Code = CodeableConceptEditor.Of(CareExtensions.CommandSystem, order.Kind),
                Description = description,
                AuthoredOn = now,
                Requester = References.To(by.Reference),
                Owner = References.To(worker),
            },
            ExecutionStart = now,
        };
        task.Touch(now);
        return Drafts.Write(order.Kind, task) with { Begins = order };
    }

    /// <summary>It is not wanted any more.</summary>
    /// <param name="code">Of the kind of job.</param>
    public static Decision Cancel(Snapshot snapshot, string code, Reason reason, DateTimeOffset now)
    {
        var task = new TaskDraft(snapshot) { Status = TaskStatusCodes.Cancelled, ExecutionEnd = now };
        task.SetReason(reason);
        task.Touch(now);
        return Drafts.Write(code, task);
    }

    /// <summary>Why it ended as it did, in words; null where nobody said.</summary>
    public static string? ReasonOf(Snapshot task) => new TaskDraft(task).Edit.StatusReason?.Text;

    /// <summary>Every step was done.</summary>
    /// <param name="code">Of the kind of job.</param>
    public static Decision Finish(Snapshot snapshot, string code, DateTimeOffset now)
    {
        var task = new TaskDraft(snapshot) { Status = TaskStatusCodes.Completed, ExecutionEnd = now };
        task.Touch(now);
        return Drafts.Write(code, task);
    }

    /// <summary>A step of it cannot be made.</summary>
    /// <param name="code">Of the kind of job.</param>
    public static Decision Fail(Snapshot snapshot, string code, Reason reason, DateTimeOffset now)
    {
        var task = new TaskDraft(snapshot) { Status = TaskStatusCodes.Failed, ExecutionEnd = now };
        task.SetReason(reason);
        task.Touch(now);
        return Drafts.Write(code, task);
    }

    private static string StatusOf(Snapshot task) => new TaskDraft(task).Status;
}
