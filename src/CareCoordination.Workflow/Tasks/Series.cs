using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Timings;

namespace CareCoordination.Workflow.Tasks;

/// <summary>
/// Tasks that repeat. R4: "any action that requires ongoing repeated performance should be captured using a different type of
/// resource": each task is one occurrence, carries the Timing of its series, and its end makes the next.
/// </summary>
public static class Series
{
    /// <summary>
    /// The next occurrence: the first one of the Timing after this task's that still lies ahead, so that a series that was neglected
    /// does not come back as a heap. Null where the task is of no series or the series is over.
    /// </summary>
    /// <param name="zone">The zone whose clock the series keeps.</param>
    public static TaskDraft? Next(TaskDraft task, DateTimeOffset now, TimeZoneInfo zone, Func<string> newId)
    {
        if (task.Occurrence is not { } number || task.Edit.Extension.With(CareExtensions.Series) is null)
            return null;
        var view = TaskView.From(task.Edit.ToDocument());
        if (Timing.Parse(ExtensionView.Find(view.Extension, CareExtensions.Series).ValueTiming, zone) is not { } rule)
            return null;
        if (rule.Next(number, now) is not { } next)
            return null;
        var following = Occurrence(task, next, now, zone, newId());
        TraceMissed(following, number, next.Number);
        return following;
    }

    /// <summary>What nobody did of a series that was neglected has no Task of its own, and is told by the next one.</summary>
    private static void TraceMissed(TaskDraft next, int done, int number)
    {
        var missed = number - done - 1;
        if (missed > 0)
            next.Edit.Extension.Put(new() { Url = CareExtensions.MissedOccurrences, ValuePositiveInt = missed });
    }

    /// <summary>Before one occurrence is moved: the others keep the time that they have.</summary>
    internal static void KeepWindow(TaskDraft task, TimeZoneInfo zone)
    {
        if (task.Occurrence is null || WindowOf(task, zone) is not { } window)
            return;
        task.Edit.Extension.Put(
            new()
            {
                Url = CareExtensions.SeriesWindow,
                ValueDuration =
                {
                    Value = (decimal)window.Ticks / TimeSpan.TicksPerSecond,
                    Unit = "s",
                    System = "http://unitsofmeasure.org",
                    Code = "s",
                },
            }
        );
    }

    /// <summary>From the beginning of an occurrence until it is due; null where either is not told.</summary>
    private static TimeSpan? WindowOf(TaskDraft task, TimeZoneInfo zone)
    {
        if (task.Edit.Extension.With(CareExtensions.SeriesWindow)?.ValueDuration.Value is { } seconds)
            return CheckedTime.Length(seconds, TimeSpan.TicksPerSecond);
        return task is { RestrictionStart: { } start, Due: { } due } ? due.EndIn(zone) - start.StartIn(zone) : null;
    }

    private static TaskDraft Occurrence(
        TaskDraft before,
        (int Number, DateTimeOffset At) occasion,
        DateTimeOffset now,
        TimeZoneInfo zone,
        string id
    )
    {
        var (number, at) = occasion;
        var next = before.CopyRequest(id);
        next.Status = next.Owner is null ? TaskStatusCodes.Requested : TaskStatusCodes.Ready;
        next.Edit.AuthoredOn = now;
        next.Touch(now);
        if (WindowOf(before, zone) is { } window)
            next.Due = at.Plus(window) is { } due ? due : null;
        next.RestrictionStart = at;
        next.Edit.Extension.Put(new() { Url = CareExtensions.Occurrence, ValuePositiveInt = number });
        return next;
    }
}
