using System.Collections.Immutable;
using CareCoordination.Workflow.Calendars;

namespace CareCoordination.Workflow.Rules;

/// <summary>When an organisation works and by which numbers.</summary>
/// <param name="Calendar">Its days and its clock.</param>
/// <param name="Rules">Complete rule sets, each from its day on; before the first the <see cref="CareRules.Defaults"/> hold.</param>
public sealed record CarePolicy(BusinessCalendar Calendar, ImmutableArray<CareRules> Rules)
{
    public TimeZoneInfo TimeZone => Calendar.Zone;

    /// <summary>The day it is there at an instant.</summary>
    public DateOnly Today(DateTimeOffset now) => Calendar.DayOf(now);

    /// <summary>The rules that hold there at an instant.</summary>
    public CareRules RulesAt(DateTimeOffset now) => CareRules.On(Today(now), Rules);
}
