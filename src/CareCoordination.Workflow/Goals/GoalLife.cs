using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Goals;

/// <summary>
/// The days whose readings tell of a goal: from the day on which it began, or where it does not say so was set, to today. What was measured before is of
/// another time, and what is dated ahead is not true yet.
/// </summary>
/// <param name="Today">Where the goal is managed.</param>
/// <param name="Zone">Whose days they are.</param>
public sealed record GoalLife(DateOnly From, DateOnly Today, TimeZoneInfo Zone)
{
    /// <summary>No zone is as far as that from UTC, in which readings lie in the order of their times.</summary>
    private static readonly TimeSpan ZoneWidth = TimeSpan.FromHours(15);

    /// <param name="came">
    /// Where the goal does not say when it began: its first version and the time of that. A goal is set at the latest when it is
    /// written first; where it came with an earlier date of its status, it was set then. Null: this is its first version.
    /// </param>
    /// <param name="now">What is dated later today is as good as measured: clocks differ.</param>
    public static GoalLife Of(
        Snapshot goal,
        BusinessCalendar calendar,
        DateTimeOffset now,
        (Snapshot First, DateTimeOffset At)? came = null
    )
    {
        var today = calendar.DayOf(now);
        if (CareDate.Of(View(goal).StartDate) is { } began)
            return new GoalLife(calendar.DayOf(began), today, calendar.Zone);
        var written = came is { } first ? calendar.DayOf(first.At) : today;
        var told = CareDate.Of(View(came?.First ?? goal).StatusDate) is { } date ? calendar.DayOf(date) : written;
        return new GoalLife(told < written ? told : written, today, calendar.Zone);
    }

    /// <summary>True where the first version has to be known.</summary>
    public static bool NeedsFirstVersion(Snapshot goal) => goal.Version > 0 && View(goal).StartDate is null;

    private static GoalView View(Snapshot goal) => GoalView.From(ResourceDocument.Parse(goal.Utf8Json).Value);

    /// <summary>No reading of the goal was true before.</summary>
    public DateTimeOffset Earliest => Zone.StartOf(From).Plus(-ZoneWidth) ?? DateTimeOffset.MinValue;

    /// <summary>No reading of the goal was true after.</summary>
    public DateTimeOffset Latest => Zone.EndOf(Today).Plus(ZoneWidth) ?? DateTimeOffset.MaxValue;

    public bool Has(Reading reading) => reading.When.DayIn(Zone) <= Today && reading.When.LastDayIn(Zone) >= From;
}
