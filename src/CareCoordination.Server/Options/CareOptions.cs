using CareCoordination.Workflow.Calendars;

namespace CareCoordination.Server.Options;

/// <summary>How care is managed here: section <c>Care</c>.</summary>
/// <param name="TimeZone">The clock of due dates, series and days.</param>
public sealed record CareOptions(TimeZoneInfo TimeZone)
{
    public BusinessCalendar Calendar { get; } = BusinessCalendar.UnitedStates(TimeZone);

    public DateOnly Today(DateTimeOffset now) => Calendar.DayOf(now);

    public static CareOptions Read(IConfiguration configuration)
    {
        var section = new OptionsSection(configuration, "Care");
        var zone = section.Text(nameof(TimeZone)) ?? "UTC";
        section.RefuseOthers();
        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)
            ? new CareOptions(found)
            : throw new ConfigurationProblem(
                $"Care:TimeZone is '{zone}'; it must be the name of a time zone, such as America/New_York."
            );
    }
}
