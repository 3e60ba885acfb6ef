using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Writes;

/// <summary>Tasks and what they are part of. "Suspending a task suspends all of its children", and so on with resuming and ending.</summary>
internal static class TaskFamily
{
    /// <summary>True where the write takes the parts of a task along.</summary>
    public static bool IsMove(RestWrite write)
    {
        if (write.Key.Type != ResourceTypes.Task || write.Before is not { } before)
            return false;
        var (from, to) = (TaskLifecycle.Table.StatusOf(before), TaskLifecycle.Table.StatusOf(write.After));
        return from != to
            && (from == TaskStatusCodes.OnHold || to == TaskStatusCodes.OnHold || Ends(to) || IsDone(to, write.After));
    }

    /// <summary>The tasks that the written ones take along, as they will be; written ones may be among them.</summary>
    public static ImmutableArray<ResourceWrite> Follow(
        ImmutableArray<RestWrite> writes,
        IReadOnlyList<ResourceDocument> written,
        ImmutableArray<Snapshot> parts,
        DateTimeOffset now
    )
    {
        var moves = writes.Where(IsMove).ToDictionary(m => m.Key.ToString(), StringComparer.Ordinal);
        if (moves.Count == 0)
            return [];
        var tasks = parts.ToDictionary(p => p.Key.ToString(), p => new TaskDraft(p), StringComparer.Ordinal);
        for (var i = 0; i < writes.Length; i++)
        {
            if (writes[i].Key is { Type: ResourceTypes.Task } key)
                tasks[key.ToString()] = new TaskDraft(new Snapshot(key, writes[i].Version, written[i].Utf8));
        }

        var family = new TaskTree(tasks.Values);
        foreach (var task in family.PartsFirst(moves.Keys))
        {
            if (moves.TryGetValue(task, out var move))
                Move(task, move, family, now);
        }

        return
        [
            .. tasks.Values.Where(t => t.IsChanged).Select(t => new ResourceWrite(t.Key, t.Version, t.ToUtf8Json())),
        ];
    }

    private static void Move(string task, RestWrite move, TaskTree family, DateTimeOffset now)
    {
        var to = TaskLifecycle.Table.StatusOf(move.After);
        if (to == TaskStatusCodes.OnHold)
            Held.PutAll(family.NewlyHeld(task), task, now);
        else if (Ends(to))
            FinishTask.CancelAll(family.NewlyEnded(task), new Reason($"{task} is {to}."), now);
        else if (IsDone(to, move.After))
            FinishTask.CancelAll(
                family.NewlyEnded(task).Where(PatientTask.IsFollowUp),
                new Reason($"{task} is {to}."),
                now
            );
        else
            Held.ResumeAll(family.HeldBy(task), task, now);
    }

    /// <summary>What a patient has done needs nobody to ask about it any more.</summary>
    private static bool IsDone(string? status, ResourceDocument task) =>
        status == TaskStatusCodes.Completed && PatientTask.Is(TaskView.From(task));

    private static bool Ends(string? status) =>
        status is TaskStatusCodes.Cancelled or TaskStatusCodes.Failed or TaskStatusCodes.EnteredInError;
}
