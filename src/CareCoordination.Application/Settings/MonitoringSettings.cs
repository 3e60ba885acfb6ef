using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Application.Settings;

/// <summary>The numbers of remote monitoring in a rule set: <c>Rules:0:Monitoring:FreshDays</c>, ...</summary>
internal static class MonitoringSettings
{
    private const int MostDays = 366;

    public static Func<MonitoringRules, MonitoringRules> Read(OptionsSection rules)
    {
        var section = rules.Section(nameof(CareRules.Monitoring));
        var fresh = section.OptionalNumber(nameof(MonitoringRules.FreshDays), 0, MostDays);
        const string Review = nameof(MonitoringRules.ReviewBusinessDays);
        var review = section.Numbers(Review, 0, MostDays).ToDictionary();
        if (review.Keys.FirstOrDefault(k => !Priorities.All.Contains(k)) is { } other)
            throw section.Problem(
                $"{Review}:{other}",
                other,
                $"it must be one of {string.Join(", ", Priorities.All)}."
            );
        section.RefuseOthers();
        return before =>
            before with
            {
                FreshDays = fresh ?? before.FreshDays,
                ReviewBusinessDays = before.ReviewBusinessDays.SetItems(review),
            };
    }
}
