using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Writes;

/// <summary>
/// What a Task or Goal on hold was and what holds it is this server's to remember: clients that do not know the extensions leave them out,
/// and those that do cannot choose where it resumes.
/// </summary>
internal static class HoldExtensions
{
    /// <summary>The resource to store in the place of <paramref name="after"/>; null where it is stored as it is.</summary>
    public static ResourceDocument? Complete(ResourceDocument? before, ResourceDocument after, DateTimeOffset now)
    {
        if (before is null || Draft(before) is not { } held || Draft(after) is not { } draft)
            return null;
        switch (held.Status == TaskStatusCodes.OnHold, draft.Status == TaskStatusCodes.OnHold)
        {
            case (false, false):
                return null;
            case (false, true) when draft is GoalDraft:
                // A goal is sought again after any hold: there is nothing to remember where no plan holds it.
                Held.Clear(draft);
                break;
            case (false, true):
                draft.Status = held.Status;
                Held.Clear(draft);
                Held.Put(draft, holder: null, now);
                break;
            case (true, false):
                Held.Clear(draft);
                break;
            case (true, true) when HeldStatus.Of(before) is null:
                return null;
            case (true, true):
                Held.Copy(held, draft);
                break;
        }

        return draft.IsChanged ? ResourceDocument.Parse(draft.ToUtf8Json()).Value : null;
    }

    private static ResourceDraft? Draft(ResourceDocument resource) =>
        TaskView.From(resource).Exists
            ? new TaskDraft(new Snapshot(new(ResourceTypes.Task, resource.Id ?? ""), 1, resource.Utf8))
        : GoalView.From(resource).Exists
            ? new GoalDraft(new Snapshot(new(ResourceTypes.Goal, resource.Id ?? ""), 1, resource.Utf8))
        : null;
}
