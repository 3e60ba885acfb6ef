using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Writes;

/// <summary>
/// Where a referral goes and how often it went is this server's to remember: a partner's client that works on the Task here does not
/// know the extensions and leaves them out, and nobody sends it elsewhere but by <c>$redirect</c>.
/// </summary>
internal static class ReferralExtensions
{
    private static readonly HashSet<string> Kept =
    [
        CareExtensions.Partner,
        CareExtensions.PartnerProfile,
        CareExtensions.Attempt,
        CareExtensions.NoShows,
        CareExtensions.RestsOn,
        CareExtensions.CancelRequested,
        CareExtensions.Escalated,
        CareExtensions.StateBefore,
    ];

    /// <summary>The resource to store in the place of <paramref name="after"/>.</summary>
    public static ResourceDocument Complete(ResourceDocument? before, ResourceDocument after)
    {
        if (before is null || !TaskView.From(after).Exists || !ReferralTask.IsSent(TaskView.From(before)))
            return after;
        var draft = new TaskDraft(new Snapshot(new(ResourceTypes.Task, after.Id ?? ""), 1, after.Utf8));
        var isChanged = Keep(draft, before, after);
        return draft.NoteStateBefore(ReferralState.Of(TaskView.From(before))) || isChanged
            ? ResourceDocument.Parse(draft.ToUtf8Json()).Value
            : after;
    }

    private static bool Keep(TaskDraft draft, ResourceDocument before, ResourceDocument after)
    {
        var was = TaskView.From(before).Extension.Where(e => Kept.Contains(e.Url ?? "")).ToArray();
        var now = TaskView.From(after).Extension.Where(e => Kept.Contains(e.Url ?? "")).ToArray();
        if (was.Select(Text).SequenceEqual(now.Select(Text)))
            return false;
        draft.Edit.Extension.RemoveAll(e => Kept.Contains(e.Url ?? ""));
        foreach (var extension in was)
            draft.Edit.Extension.Add(new(extension));
        return true;
    }

    private static string Text(ExtensionView extension) =>
        System.Text.Json.Nodes.JsonNode.Parse(extension.Element.Value.RawUtf8)!.ToJsonString();
}
