using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Tasks;

/// <summary>Work from one instant to another.</summary>
public readonly record struct WorkedTime(string Performer, DateTimeOffset Start, DateTimeOffset End);

/// <summary>
/// Minutes by calendar month. A stretch over midnight or the end of a month is split in the zone that bills it; a minute that two
/// people work together counts once; whole minutes only, never rounded up: 19 minutes 59 seconds are 19.
/// </summary>
public static class TimeLog
{
    /// <summary>The stretches that completed tasks tell; those of tasks entered in error count for nothing.</summary>
    public static IEnumerable<WorkedTime> Of(TaskDraft task)
    {
        if (task.Status == TaskStatusCodes.EnteredInError)
            yield break;
        foreach (var entry in task.Edit.Extension.Where(e => e.Url == CareExtensions.TimeSpent))
        {
            var period = entry.Extension.With(CareExtensions.TimeSpentPeriod)?.ValuePeriod;
            if (
                entry.Extension.With(CareExtensions.TimeSpentPerformer)?.ValueReference.Target() is { } performer
                && period is { Start: { } start, End: { } end }
                && end.Instant > start.Instant
            )
            {
                yield return new WorkedTime(performer, start.Instant, end.Instant);
            }
        }
    }

    public static int Minutes(IEnumerable<WorkedTime> worked, int year, int month, TimeZoneInfo zone)
    {
        var calendar = new BusinessCalendar(zone, [], []);
        var first = new DateOnly(year, month, 1);
        var from = calendar.StartOf(first);
        var to = first.PlusDays(DateTime.DaysInMonth(year, month)) is { } next
            ? calendar.StartOf(next)
            : DateTimeOffset.MaxValue;
        var total = TimeSpan.Zero;
        var counted = from;
        foreach (var (_, start, end) in worked.OrderBy(w => w.Start))
        {
            var begins = start > counted ? start : counted;
            var ends = end < to ? end : to;
            if (ends <= begins)
                continue;
            total += ends - begins;
            counted = ends;
        }

        return (int)Math.Floor(total.TotalMinutes);
    }
}
