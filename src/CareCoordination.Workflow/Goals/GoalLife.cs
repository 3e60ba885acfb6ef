using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Goals;

/// <summary>
/// The days whose readings tell of a goal: from the day on which it began, where it says so, to today. What was measured before is of
/// another time, and what is dated ahead is not true yet.
/// </summary>
/// <param name="From">Null: the goal does not say when it began.</param>
/// <param name="Today">Where the goal is managed.</param>
/// <param name="Zone">Whose days they are.</param>
public sealed record GoalLife(DateOnly? From, DateOnly Today, TimeZoneInfo Zone)
{
    /// <summary>No zone is as far as that from UTC, in which readings lie in the order of their times.</summary>
    private static readonly TimeSpan ZoneWidth = TimeSpan.FromHours(15);

    /// <param name="now">What is dated later today is as good as measured: clocks differ.</param>
    public static GoalLife Of(Snapshot goal, BusinessCalendar calendar, DateTimeOffset now)
    {
        var view = GoalView.From(ResourceDocument.Parse(goal.Utf8Json).Value);
        var began = CareDate.Of(view.StartDate);
        return new GoalLife(began is { } date ? calendar.DayOf(date) : null, calendar.DayOf(now), calendar.Zone);
    }

    /// <summary>No reading of the goal was true before.</summary>
    public DateTimeOffset Earliest =>
        From is { } day ? Zone.StartOf(day).Plus(-ZoneWidth) ?? DateTimeOffset.MinValue : DateTimeOffset.MinValue;

    /// <summary>No reading of the goal was true after.</summary>
    public DateTimeOffset Latest => Zone.EndOf(Today).Plus(ZoneWidth) ?? DateTimeOffset.MaxValue;

    public bool Has(Reading reading) =>
        reading.When.DayIn(Zone) <= Today && (From is not { } first || reading.When.LastDayIn(Zone) >= first);
}
