using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tasks;

/// <summary>
/// Which thresholds of lateness a task has crossed, and when it crosses the next. What is on hold or over is never late, and an
/// escalation is late for nobody but the lead who has it; what a partner works on has thresholds of its own; a threshold that the task remembers is not crossed again.
/// </summary>
public static class Lateness
{
    public static ImmutableArray<LatenessThreshold> Crossed(
        TaskView task,
        ImmutableArray<LatenessThreshold> thresholds,
        BusinessCalendar calendar,
        DateTimeOffset now
    ) => [.. Pending(task, thresholds, calendar).Where(p => p.At <= now).Select(p => p.Threshold)];

    /// <summary>When the task crosses the first threshold that it does not remember, or crossed it; null: no more.</summary>
    public static DateTimeOffset? NextAt(
        TaskView task,
        ImmutableArray<LatenessThreshold> thresholds,
        BusinessCalendar calendar
    ) => Pending(task, thresholds, calendar).Select(p => (DateTimeOffset?)p.At).Min();

    private static IEnumerable<(LatenessThreshold Threshold, DateTimeOffset At)> Pending(
        TaskView task,
        ImmutableArray<LatenessThreshold> thresholds,
        BusinessCalendar calendar
    )
    {
        if (
            OpenWork.Of(task) is not { Due: { } date, IsHeld: false }
            || calendar.EndOf(date) is var due && due.IsNever()
            || TaskEscalation.IsEscalation(task)
            || ReferralTask.IsSent(task)
        )
            return [];
        var remembered = new HashSet<string>(StringComparer.Ordinal);
        foreach (var extension in task.Extension)
        {
            if (extension is { Url: CareExtensions.Escalated, ValueCode: { } code })
                remembered.Add(code);
        }

        var priority = Priorities.Rank(task.Priority);
        var isPatients = PatientTask.Is(task);
        return thresholds
            .Where(t =>
                !remembered.Contains(t.Code)
                && priority >= Priorities.Rank(t.LeastPriority)
                && (t.Work is not { } work || IsOf(task, work))
                // A lead hears of staff; of a patient the care manager does.
                && !(t.ToLead && isPatients)
            )
            .SelectMany(t =>
                At(t, due, calendar) is { } at ? [(t, at)] : Array.Empty<(LatenessThreshold, DateTimeOffset)>()
            );
    }

    private static bool IsOf(TaskView task, string work)
    {
        foreach (var coding in task.Code.Coding)
        {
            if (coding.Code == work)
                return true;
        }

        return false;
    }

    private static DateTimeOffset? At(LatenessThreshold threshold, DateTimeOffset due, BusinessCalendar calendar) =>
        threshold.BusinessDaysAfterDue == 0
            ? due
            : calendar.DueInBusinessDays(due, threshold.BusinessDaysAfterDue).UnlessNever();
}
