using System.Collections.Immutable;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Tasks;

/// <summary>A lateness at which somebody is told, once.</summary>
/// <param name="Code">What the task remembers, so that it happens once: <c>overdue</c>, <c>overdue-lead</c>.</param>
/// <param name="BusinessDaysAfterDue">0: when it is due.</param>
/// <param name="ToLead">True: the lead is told; false: the owner.</param>
/// <param name="LeastPriority">Only tasks of at least this priority.</param>
public sealed record LatenessThreshold(
    string Code,
    int BusinessDaysAfterDue,
    bool ToLead,
    string LeastPriority = "routine"
);

/// <summary>
/// Which thresholds of lateness a task has crossed, and when it crosses the next. What is on hold or over is never late; a
/// threshold that the task remembers is not crossed again.
/// </summary>
public static class Lateness
{
    public static ImmutableArray<LatenessThreshold> Crossed(
        TaskDraft task,
        ImmutableArray<LatenessThreshold> thresholds,
        BusinessCalendar calendar,
        DateTimeOffset now
    ) => [.. Pending(task, thresholds, calendar).Where(p => p.At <= now).Select(p => p.Threshold)];

    /// <summary>When to look at the task next; null: no more.</summary>
    public static DateTimeOffset? NextAt(
        TaskDraft task,
        ImmutableArray<LatenessThreshold> thresholds,
        BusinessCalendar calendar,
        DateTimeOffset now
    ) => Pending(task, thresholds, calendar).Where(p => p.At > now).Select(p => (DateTimeOffset?)p.At).Min();

    private static IEnumerable<(LatenessThreshold Threshold, DateTimeOffset At)> Pending(
        TaskDraft task,
        ImmutableArray<LatenessThreshold> thresholds,
        BusinessCalendar calendar
    )
    {
        if (task.Due is not { } due || task.IsTerminal || task.Status is "on-hold" or "draft")
            return [];
        var escalated = task.Escalated.ToHashSet();
        return thresholds
            .Where(t =>
                !escalated.Contains(t.Code) && Priorities.Rank(task.Priority) >= Priorities.Rank(t.LeastPriority)
            )
            .Select(t =>
                (t, t.BusinessDaysAfterDue == 0 ? due : calendar.DueInBusinessDays(due, t.BusinessDaysAfterDue))
            );
    }
}
