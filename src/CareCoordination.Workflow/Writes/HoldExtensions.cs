using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Writes;

/// <summary>
/// What a Task on hold was and what holds it is this server's to remember: clients that do not know the extensions leave them out,
/// and those that do cannot choose where it resumes.
/// </summary>
internal static class HoldExtensions
{
    /// <summary>The resource to store in the place of <paramref name="after"/>; null where it is stored as it is.</summary>
    public static ResourceDocument? Complete(ResourceDocument? before, ResourceDocument after, DateTimeOffset now)
    {
        if (before is null || !TaskView.From(before).Exists || !TaskView.From(after).Exists)
            return null;
        var held = Draft(before);
        var draft = Draft(after);
        switch (held.Status == TaskStatusCodes.OnHold, draft.Status == TaskStatusCodes.OnHold)
        {
            case (false, false):
                return null;
            case (false, true):
                draft.Status = held.Status;
                Held.Clear(draft);
                Held.Put(draft, holder: null, now);
                break;
            case (true, false):
                Held.Clear(draft);
                break;
            case (true, true) when held.HeldFrom is null:
                return null;
            case (true, true):
                Held.Copy(TaskView.From(before), draft);
                break;
        }

        return draft.IsChanged ? ResourceDocument.Parse(draft.ToUtf8Json()).Value : null;
    }

    private static TaskDraft Draft(ResourceDocument task) =>
        new(new Snapshot(new(ResourceTypes.Task, task.Id ?? ""), 1, task.Utf8));
}
