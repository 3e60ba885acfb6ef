using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
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
        return from != to && (from == TaskStatusCodes.OnHold || to == TaskStatusCodes.OnHold || Ends(to));
    }

    /// <summary>The tasks that the written ones take along, as they will be; written ones may be among them.</summary>
    public static ImmutableArray<ResourceWrite> Follow(
        ImmutableArray<RestWrite> writes,
        IReadOnlyList<ResourceDocument> written,
        ImmutableArray<Snapshot> parts,
        DateTimeOffset now
    )
    {
        var moves = writes.Where(IsMove).ToArray();
        if (moves.Length == 0)
            return [];
        var tasks = parts.ToDictionary(p => p.Key.ToString(), p => new TaskDraft(p), StringComparer.Ordinal);
        for (var i = 0; i < writes.Length; i++)
        {
            if (writes[i].Key is { Type: ResourceTypes.Task } key)
                tasks[key.ToString()] = new TaskDraft(new Snapshot(key, writes[i].Version, written[i].Utf8));
        }

        var above = tasks.ToDictionary(t => t.Key, t => Above(t.Value, tasks), StringComparer.Ordinal);
        foreach (var move in moves.OrderByDescending(m => above[m.Key.ToString()].Count))
        {
            var task = move.Key.ToString();
            var children = tasks.Values.Where(t => t.Reference != task && above[t.Reference].Contains(task));
            Move(task, move, [.. children], now);
        }

        return
        [
            .. tasks.Values.Where(t => t.IsChanged).Select(t => new ResourceWrite(t.Key, t.Version, t.ToUtf8Json())),
        ];
    }

    private static void Move(string task, RestWrite move, TaskDraft[] children, DateTimeOffset now)
    {
        var to = TaskLifecycle.Table.StatusOf(move.After);
        if (to == TaskStatusCodes.OnHold)
            Held.PutAll(children, task, now);
        else if (Ends(to))
            FinishTask.CancelAll(children, new Reason($"{task} is {to}."), now);
        else
            Held.ResumeAll(children, task, now);
    }

    private static bool Ends(string? status) =>
        status is TaskStatusCodes.Cancelled or TaskStatusCodes.Failed or TaskStatusCodes.EnteredInError;

    /// <summary>All that a task is part of, directly or not; a circle is walked once.</summary>
    private static HashSet<string> Above(TaskDraft task, Dictionary<string, TaskDraft> tasks)
    {
        var above = new HashSet<string>(StringComparer.Ordinal);
        var next = new Stack<TaskDraft>([task]);
        while (next.TryPop(out var current))
        {
            foreach (var parent in current.Edit.PartOf.Targets())
            {
                if (above.Add(parent) && tasks.TryGetValue(parent, out var known))
                    next.Push(known);
            }
        }

        return above;
    }
}
