using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Writes;

/// <summary>
/// Tasks by what they are part of, in thousands and in circles. What one move has reached with all that is below it is not walked
/// again by a later one of the same kind, so that any number of moves walks each task a fixed number of times.
/// </summary>
internal sealed class TaskTree(IReadOnlyCollection<TaskDraft> tasks)
{
    private readonly ILookup<string, TaskDraft> _parts = Parts(tasks);

    private readonly ILookup<string, TaskDraft> _heldBy = tasks
        .Where(t => t.HeldBy is not null)
        .ToLookup(t => t.HeldBy!, StringComparer.Ordinal);

    private readonly HashSet<string> _held = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);

    /// <summary>These tasks and all below them, each after its parts; in a circle one of them is first.</summary>
    public IReadOnlyList<string> PartsFirst(IEnumerable<string> roots)
    {
        var ordered = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var path = new Stack<(string Task, IEnumerator<TaskDraft> Parts)>();
        foreach (var root in roots)
        {
            Enter(root);
            while (path.TryPeek(out var top))
            {
                if (top.Parts.MoveNext())
                {
                    Enter(top.Parts.Current.Reference);
                    continue;
                }

                ordered.Add(top.Task);
                path.Pop();
            }
        }

        return ordered;

        void Enter(string task)
        {
            if (seen.Add(task))
                path.Push((task, _parts[task].GetEnumerator()));
        }
    }

    /// <summary>What is below a task and was not held with another one before.</summary>
    public IReadOnlyList<TaskDraft> NewlyHeld(string task) => Below(task, _held);

    /// <summary>What is below a task and did not end with another one before.</summary>
    public IReadOnlyList<TaskDraft> NewlyEnded(string task) => Below(task, _ended);

    /// <summary>What a task holds, to be taken up again. Another one above may hold it again after that.</summary>
    public IReadOnlyList<TaskDraft> HeldBy(string task)
    {
        TaskDraft[] held = [.. _heldBy[task]];
        if (held.Any(t => _held.Contains(t.Reference)))
            _held.Clear();
        return held;
    }

    /// <summary>By what they are part of, of the same patient.</summary>
    private static ILookup<string, TaskDraft> Parts(IReadOnlyCollection<TaskDraft> tasks)
    {
        var patients = tasks.ToDictionary(t => t.Reference, RecordPatient.Of, StringComparer.Ordinal);
        return tasks
            .SelectMany(t => t.Edit.PartOf.Targets().Distinct(), (task, whole) => (Task: task, Whole: whole))
            .Where(p => RecordPatient.Follows(RecordPatient.Of(p.Task), patients.GetValueOrDefault(p.Whole)))
            .ToLookup(p => p.Whole, p => p.Task, StringComparer.Ordinal);
    }

    private List<TaskDraft> Below(string task, HashSet<string> reached)
    {
        var below = new List<TaskDraft>();
        var next = new Stack<string>([task]);
        reached.Add(task);
        while (next.TryPop(out var current))
        {
            foreach (var part in _parts[current])
            {
                if (!reached.Add(part.Reference))
                    continue;
                below.Add(part);
                next.Push(part.Reference);
            }
        }

        return below;
    }
}
