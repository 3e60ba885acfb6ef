using System.Collections.Frozen;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Application.Settings;

/// <summary>How care is managed here: section <c>Care</c>.</summary>
/// <param name="Default">What holds where an organisation says nothing else.</param>
/// <param name="Organizations">What holds in organisations that say so, by the id of the Organization.</param>
public sealed record CareOptions(CarePolicy Default, FrozenDictionary<string, CarePolicy> Organizations)
{
    private const string Rules = nameof(Rules);

    public TimerOptions Timers { get; init; } = new();

    public RetentionOptions Retention { get; init; } = new();

    public static CareOptions Read(IConfiguration configuration)
    {
        var section = new OptionsSection(configuration, "Care");
        var calendar = CalendarSettings.Read(section, UnitedStates);
        var changes = RuleSettings.Read(section.Sections(Rules));
        var organizations = section.Sections(nameof(Organizations)).ToArray();
        _ = section.Sections(nameof(Timers));
        _ = section.Sections(nameof(Retention));
        section.RefuseOthers();
        return new CareOptions(
            new CarePolicy(calendar, RuleSettings.Layered(changes)),
            organizations.ToFrozenDictionary(
                o => IdOf(o),
                o => ReadOrganization(o, calendar, changes),
                StringComparer.Ordinal
            )
        )
        {
            Timers = TimerOptions.Read(configuration),
            Retention = RetentionOptions.Read(configuration),
        };
    }

    private static BusinessCalendar UnitedStates { get; } = BusinessCalendar.UnitedStates(TimeZoneInfo.Utc);

    private static CarePolicy ReadOrganization(
        OptionsSection section,
        BusinessCalendar common,
        RuleChange[] commonChanges
    )
    {
        var calendar = CalendarSettings.Read(section, common);
        var own = RuleSettings.Read(section.Sections(Rules));
        section.RefuseOthers();
        return new CarePolicy(calendar, RuleSettings.Layered(commonChanges, own));
    }

    private static string IdOf(OptionsSection section) =>
        ResourceKey.Create(ResourceTypes.Organization, section.Key).TryGet(out var key, out _)
            ? key.Id
            : throw new ConfigurationProblem(
                $"{section.Name} is no id of an Organization; use its id alone, such as Care:Organizations:clinic-1."
            );
}
