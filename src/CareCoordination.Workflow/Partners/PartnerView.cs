using CareCoordination.Fhir.Canonicals;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Partners;

/// <summary>A referral Task as its partner is shown it: in the partner's words, without what only this server needs.</summary>
public static class PartnerView
{
    /// <param name="last">What the partner said last of its own copy; null where it has said nothing.</param>
    public static byte[] Of(Snapshot snapshot, ReferralProfile profile, ReferralState? last = null)
    {
        var task = new TaskDraft(snapshot);
        Claim(task, profile);
        if (task.StateBefore() is not { } before)
            return Edit(task, profile.Show(ReferralState.Of(task))).ToUtf8Json();
        WithoutProgress(task.Edit);
        return Edit(task, last ?? profile.Show(before)).ToUtf8Json();
    }

    /// <summary>What a partner would notice of a change, as bytes to compare.</summary>
    /// <param name="isProgressTheirs">What was written here of how it goes is not told.</param>
    internal static byte[] Noticed(ResourceDocument document, bool isProgressTheirs)
    {
        var task = new TaskDraft(new Snapshot(new(ResourceTypes.Task, document.Id ?? ""), 1, document.Utf8));
        var profile = ReferralProfile.Of(task);
        if (isProgressTheirs)
            WithoutProgress(task.Edit);
        var shown = isProgressTheirs
            ? new ReferralState(TaskStatusCodes.Requested)
            : profile.Show(ReferralState.Of(task));
        var edit = Edit(task, shown);
        edit.Meta = new();
        edit.LastModified = null;
        return edit.ToUtf8Json();
    }

    /// <summary>The profile that the partner looks for, where the Task keeps to it as far as it is ours to keep.</summary>
    private static void Claim(TaskDraft task, ReferralProfile profile)
    {
        if (
            profile.TaskProfile is { } claimed
            && task.Requester?.Split('/')[0] is { } type
            && profile.Requesters.Contains(type)
            && !task.Edit.Meta.Profile.Contains(claimed)
        )
            task.Edit.Meta.Profile.Add(claimed);
    }

    /// <summary>What only whoever works on it can say.</summary>
    private static void WithoutProgress(TaskEditor edit)
    {
        edit.StatusReason = new();
        edit.BusinessStatus = new();
        edit.ExecutionPeriod = new();
        edit.Output.Clear();
    }

    private static TaskEditor Edit(TaskDraft task, ReferralState shown)
    {
        var edit = task.Edit;
        edit.Status = shown.Status;
        edit.BusinessStatus.Coding.RemoveAll(c => c.System == CareExtensions.ReferralStatusSystem);
        edit.BusinessStatus.SetBusiness(shown.Business);
        // SDOH Clinical Care and BSeR: a reason that is given has a text.
        if (edit.StatusReason is { IsEmpty: false, Text: null } reason)
            reason.Text = reason.Coding.Select(c => c.Display ?? c.Code).FirstOrDefault() ?? "Not said.";
        edit.Extension.RemoveAll(e => OwnCanonical.IsOwn(e.Url));
        return edit;
    }
}
