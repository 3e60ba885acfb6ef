using System.Collections.Immutable;
using CareCoordination.Application.Settings;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Rules;
using DuckDB.NET.Data;

namespace CareCoordination.Analytics.Mirror;

/// <summary>
/// What the settings say of calendars and caseloads, as tables that the SQL of caseloads and clocks reads: what holds for which organisation,
/// the days of its zone, and what patients weigh. They are filled whenever the file is opened, so that other settings need no other tables.
/// </summary>
internal sealed class PolicyTables
{
    /// <summary>Stands for the organisations that say nothing themselves.</summary>
    private const string Default = "";

    /// <summary>What makes the tables, which nobody asks by their names.</summary>
    public static readonly ImmutableArray<string> Create =
    [
        "CREATE TABLE mirror_policy (policy_id VARCHAR, zone VARCHAR)",
        "CREATE TABLE mirror_zone_day (zone VARCHAR, day DATE, starts TIMESTAMPTZ, last TIMESTAMPTZ)",
        "CREATE TABLE mirror_caseload_rule (policy_id VARCHAR, from_day DATE, most_patients INTEGER, most_points INTEGER, warn_at DOUBLE, transition_points INTEGER, least_points INTEGER)",
        "CREATE TABLE mirror_tier_points (policy_id VARCHAR, from_day DATE, tier VARCHAR, points INTEGER)",
    ];

    /// <summary>What empties them.</summary>
    public const string Clear =
        "DELETE FROM mirror_policy; DELETE FROM mirror_zone_day; DELETE FROM mirror_caseload_rule; DELETE FROM mirror_tier_points";

    private readonly ImmutableArray<(string Id, CarePolicy Policy)> _policies;
    private readonly ImmutableArray<(string Zone, DateOnly Day, DateTimeOffset Starts, DateTimeOffset Last)> _days;

    public PolicyTables(CareOptions care)
    {
        _policies =
        [
            (Default, care.Default),
            .. care.Organizations.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => (o.Key, o.Value)),
        ];
        _days = [.. _policies.Select(p => p.Policy.Calendar).DistinctBy(c => c.Zone.Id).SelectMany(DaysOf)];
    }

    /// <summary>Each day with its first instant and its last second.</summary>
    private static IEnumerable<(string, DateOnly, DateTimeOffset, DateTimeOffset)> DaysOf(BusinessCalendar calendar)
    {
        var starts = calendar.StartOf(CalendarDays.First).ToUniversalTime();
        for (var day = CalendarDays.First; day <= CalendarDays.Last; day = day.AddDays(1))
        {
            var next = calendar.StartOf(day.AddDays(1)).ToUniversalTime();
            yield return (calendar.Zone.Id, day, starts, next.AddSeconds(-1));
            starts = next;
        }
    }

    public void Fill(DuckDBConnection writer)
    {
        using (var policies = writer.CreateAppender("mirror_policy"))
        {
            foreach (var (id, policy) in _policies)
                policies.CreateRow().AppendValue(id).AppendValue(policy.TimeZone.Id).EndRow();
        }

        FillDays(writer);
        FillRules(writer);
    }

    private void FillDays(DuckDBConnection writer)
    {
        using var days = writer.CreateAppender("mirror_zone_day");
        foreach (var (zone, day, starts, last) in _days)
            days.CreateRow().AppendValue(zone).AppendValue(day).AppendValue(starts).AppendValue(last).EndRow();
    }

    private void FillRules(DuckDBConnection writer)
    {
        using var rules = writer.CreateAppender("mirror_caseload_rule");
        using var tiers = writer.CreateAppender("mirror_tier_points");
        foreach (var (id, policy) in _policies)
        {
            var changes = policy.Rules.Select(r => r.EffectiveFrom).Where(day => day > CalendarDays.First);
            foreach (var from in changes.Prepend(CalendarDays.First).Distinct())
            {
                var set = CareRules.On(from, policy.Rules);
                rules
                    .CreateRow()
                    .AppendValue(id)
                    .AppendValue(from)
                    .AppendValue(set.MostPatients)
                    .AppendValue(set.MostPoints)
                    .AppendValue((double)set.WarnAtShare)
                    .AppendValue(set.TransitionPoints)
                    .AppendValue(set.TierPoints.Values.DefaultIfEmpty(1).Min())
                    .EndRow();
                foreach (var (tier, points) in set.TierPoints)
                    tiers.CreateRow().AppendValue(id).AppendValue(from).AppendValue(tier).AppendValue(points).EndRow();
            }
        }
    }
}
