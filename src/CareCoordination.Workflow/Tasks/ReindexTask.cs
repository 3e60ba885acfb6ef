using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Tasks;

/// <summary>The Task of a <c>$reindex</c>: by it people see that it goes on, hold it and call it off.</summary>
public static class ReindexTask
{
    /// <summary>The code of the Task, in <see cref="CareExtensions.CommandSystem"/>, and the kind of the job.</summary>
    public const string Code = "reindex";

    /// <param name="scope">What is indexed anew, for people.</param>
    /// <param name="worker">The server, which owns the work.</param>
    /// <param name="job">How many steps there are, and what they go by.</param>
    public static Decision Start(
        string scope,
        Agent by,
        string worker,
        DateTimeOffset now,
        string newId,
        (int Steps, ReadOnlyMemory<byte> Arguments) job
    )
    {
        var task = new TaskDraft(newId)
        {
            Edit =
            {
                Status = TaskStatusCodes.InProgress,
                Intent = TaskIntentCodes.Order,
                Code = CodeableConceptEditor.Of(CareExtensions.CommandSystem, Code),
                Description = scope,
                AuthoredOn = now,
                Requester = References.To(by.Reference),
                Owner = References.To(worker),
            },
            ExecutionStart = now,
        };
        task.Touch(now);
        return Drafts.Write(Code, task) with { Begins = new JobOrder(Code, job.Steps, job.Arguments) };
    }
}
