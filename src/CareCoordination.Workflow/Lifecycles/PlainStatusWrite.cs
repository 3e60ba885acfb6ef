using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>
/// What a plain write of a status has to bring along, so that there is no way round the commands: a hold is remembered, and
/// children follow their parent. Asked after <see cref="StatusGuard"/> has let the write pass.
/// </summary>
public static class PlainStatusWrite
{
    /// <summary>
    /// The resource to store in the place of <paramref name="after"/>, with the hold remembered or forgotten; null where it is to be
    /// stored as it is.
    /// </summary>
    public static ResourceDocument? Complete(ResourceDocument before, ResourceDocument after, DateTimeOffset now)
    {
        if (!TaskView.From(before).Exists || !TaskView.From(after).Exists)
            return null;
        var (was, becomes) = (TaskView.From(before).Status, TaskView.From(after).Status);
        var draft = new TaskDraft(new Snapshot(new(ResourceTypes.Task, after.Id ?? ""), 1, after.Utf8));
        if (
            was is not null
            && was != TaskStatusCodes.OnHold
            && becomes == TaskStatusCodes.OnHold
            && draft.HeldFrom is null
        )
        {
            draft.Status = was;
            Held.Put(draft, holder: null, now);
        }
        else if (was == TaskStatusCodes.OnHold && becomes != TaskStatusCodes.OnHold)
        {
            Held.Clear(draft);
        }
        else if (was == TaskStatusCodes.OnHold && draft.HeldFrom is null && HeldStatus.Of(before) is { } heldFrom)
        {
            // A client that does not know the extension sends the resource back without it.
            Held.RememberFrom(draft, heldFrom);
        }

        return draft.IsChanged ? ResourceDocument.Parse(draft.ToUtf8Json()).Value : null;
    }

    /// <summary>
    /// What becomes of the children of a Task whose status is written: held, resumed or cancelled with it. Empty where nothing does.
    /// </summary>
    /// <param name="descendants">All tasks that are part of it, directly or not.</param>
    public static ImmutableArray<ResourceWrite> Follow(
        string task,
        string? from,
        string? to,
        IEnumerable<Snapshot> descendants,
        DateTimeOffset now
    )
    {
        if (from == to)
            return [];
        var children = descendants.Select(d => new TaskDraft(d)).ToArray();
        switch (to)
        {
            case TaskStatusCodes.OnHold:
                Held.PutAll(children, task, now);
                break;
            case TaskStatusCodes.Cancelled or TaskStatusCodes.Failed or TaskStatusCodes.EnteredInError:
                FinishTask.CancelAll(children, new Reason($"{task} is {to}."), now);
                break;
            case not null when from == TaskStatusCodes.OnHold:
                Held.ResumeAll(children, task, now);
                break;
        }

        return [.. children.Where(c => c.IsChanged).Select(c => new ResourceWrite(c.Key, c.Version, c.ToUtf8Json()))];
    }
}
