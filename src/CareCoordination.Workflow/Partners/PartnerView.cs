using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Partners;

/// <summary>A referral Task as its partner is shown it: in the partner's words, without what only this server needs.</summary>
public static class PartnerView
{
    private const string OwnPrefix = "https://carecoordination.example/fhir/";

    public static byte[] Of(Snapshot snapshot, ReferralProfile profile) =>
        Edit(new TaskDraft(snapshot), profile).ToUtf8Json();

    /// <summary>What a partner would notice of a change, as bytes to compare.</summary>
    internal static byte[] Noticed(ResourceDocument document)
    {
        var task = new TaskDraft(new Snapshot(new(ResourceTypes.Task, document.Id ?? ""), 1, document.Utf8));
        var edit = Edit(task, ReferralProfile.Of(task));
        edit.Meta = new();
        edit.LastModified = null;
        return edit.ToUtf8Json();
    }

    private static TaskEditor Edit(TaskDraft task, ReferralProfile profile)
    {
        var shown = profile.Show(ReferralState.Of(task));
        var edit = task.Edit;
        edit.Status = shown.Status;
        edit.BusinessStatus.Coding.RemoveAll(c => c.System == CareExtensions.ReferralStatusSystem);
        edit.BusinessStatus.SetBusiness(shown.Business);
        // SDOH Clinical Care and BSeR: a reason that is given has a text.
        if (edit.StatusReason is { IsEmpty: false, Text: null } reason)
            reason.Text = reason.Coding.Select(c => c.Display ?? c.Code).FirstOrDefault() ?? "Not said.";
        edit.Extension.RemoveAll(e => e.Url?.StartsWith(OwnPrefix, StringComparison.Ordinal) is true);
        return edit;
    }
}
