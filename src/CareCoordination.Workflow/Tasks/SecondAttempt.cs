using CareCoordination.Fhir.Canonicals;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Tasks;

/// <summary>
/// After a discharge two documented attempts in time stand for the contact that nobody reached: where the first one failed the second is
/// asked for, by the same end.
/// </summary>
public static class SecondAttempt
{
    /// <summary>The codes of work after a discharge.</summary>
    public const string System = OwnCanonical.CodeSystems + "transition-work";

    /// <summary>To speak with the patient.</summary>
    public const string Contact = "contact";

    /// <summary>Where the second attempt is: once for each first one.</summary>
    public static ResourceKey KeyAfter(ResourceKey first) =>
        new(ResourceTypes.Task, DerivedId.Of(first, "second attempt"));

    /// <summary>True for a first attempt to reach somebody.</summary>
    public static bool MayFollow(Snapshot task) =>
        new TaskDraft(task) is var draft && draft.Edit.Code.Has(System, Contact) && !IsSecond(draft);

    /// <summary>The next attempt; null for another kind of task, and after the second one.</summary>
    internal static TaskDraft? After(TaskDraft failed, DateTimeOffset now)
    {
        if (!failed.Edit.Code.Has(System, Contact) || IsSecond(failed))
            return null;
        var next = failed.CopyRequest(KeyAfter(failed.Key).Id);
        next.Status = next.Owner is null ? TaskStatusCodes.Requested : TaskStatusCodes.Ready;
        next.Edit.Description = "Second attempt: at another time of the day";
        next.Edit.AuthoredOn = now;
        next.Edit.Extension.Put(
            new() { Url = CareExtensions.SecondAttemptOf, ValueReference = References.To(failed.Reference) }
        );
        next.Touch(now);
        return next;
    }

    private static bool IsSecond(TaskDraft task) =>
        task.Edit.Extension.With(CareExtensions.SecondAttemptOf) is not null;
}
