using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Partners;

/// <summary>
/// Which message to a partner follows from a change of a Task. Every decision and every plain write asks here, so that no change
/// of a referral stays unsaid.
/// </summary>
public static class ReferralMessages
{
    /// <param name="before">Null where the Task is new.</param>
    /// <returns>Null where nobody has to be told.</returns>
    public static Outgoing? Of(ResourceDocument? before, ResourceDocument after) =>
        // Most Tasks are no referrals: a look at the code tells.
        !TaskView.From(after).Exists
        || ExtensionView.Find(TaskView.From(after).Extension, CareExtensions.Partner) is { Exists: false }
            ? null
            : Of(before, new TaskDraft(new Snapshot(new(ResourceTypes.Task, after.Id ?? ""), 1, after.Utf8)), after);

    internal static Outgoing? Of(ResourceDocument? before, ResourceWrite write) =>
        write.Key.Type == ResourceTypes.Task ? Of(before, ResourceDocument.Parse(write.Utf8Json).Value) : null;

    private static Outgoing? Of(ResourceDocument? before, TaskDraft task, ResourceDocument after)
    {
        if (!task.IsReferral() || task.Partner() is not { } partner || task.Request() is not { } request)
            return null;
        return Kind(before, task, after) is { } kind ? new Outgoing(partner, task.Key, request, kind) : null;
    }

    private static OutgoingKind? Kind(ResourceDocument? before, TaskDraft task, ResourceDocument after)
    {
        var was = before is null ? (ReferralState?)null : ReferralState.Of(TaskView.From(before));
        var isNew = was is null or { Status: TaskStatusCodes.Draft };
        if (task.Status == TaskStatusCodes.Draft || (isNew && task.IsTerminal))
            return null;
        if (isNew)
            return OutgoingKind.Send;
        var isCalledOff =
            task.Status is TaskStatusCodes.Cancelled or TaskStatusCodes.EnteredInError || task.IsAskedToCancel();
        if (isCalledOff && was != ReferralState.Of(task))
            return OutgoingKind.Cancel;
        var isProgressTheirs = task.StateBefore() is not null;
        return PartnerView
            .Noticed(before!, isProgressTheirs)
            .AsSpan()
            .SequenceEqual(PartnerView.Noticed(after, isProgressTheirs))
            ? null
            : OutgoingKind.Update;
    }
}
