using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>
/// The caseload of each care manager and day as it stood at its end, told day by day from what had been stored by then.
/// </summary>
internal sealed class NaiveCaseloads
{
    private static readonly string[] Open = ["requested", "received", "accepted", "ready", "in-progress"];

    private readonly ToldRecord _record;
    private readonly RecordSettings _settings;
    private readonly NaivePolicies _policies;
    private readonly DateTimeOffset _now;
    private readonly List<Held> _periods;
    private readonly List<Duty> _duties;

    private sealed record Held(string Manager, string Patient, DateTimeOffset From, DateTimeOffset? Until);

    private sealed record Duty(string Manager, ToldVersion Version);

    public NaiveCaseloads(ToldRecord record, RecordSettings settings, DateTimeOffset now)
    {
        (_record, _settings, _now) = (record, settings, now);
        _policies = new NaivePolicies(record, settings);
        _periods = [.. Periods()];
        _duties =
        [
            .. record
                .Versions.Where(v => v.Type == "Task" && v.Body is { } task && IsWork(task))
                .Select(v => (Manager: _policies.ManagerOf(v.Body!.Value.At("owner")), Version: v))
                .Where(d => d.Manager is not null)
                .Select(d => new Duty(d.Manager!, d.Version)),
        ];
    }

    private static bool IsWork(JsonElement task) =>
        Open.Contains(task.Text("status")) || task.Text("status") == "on-hold";

    /// <summary>Rows of <c>caseload_period</c>.</summary>
    public IEnumerable<string> PeriodRows() =>
        _periods.Select(p =>
        {
            var days = _policies.OfWorker(p.Manager).Days;
            return TableRows.Of(
                ("manager", p.Manager),
                ("practitioner_id", PersonOf(p.Manager)),
                ("patient_id", p.Patient),
                ("person_id", _record.PersonOf(p.Patient)),
                ("from_at", p.From),
                ("from_day", days.Of(p.From)),
                ("until_at", p.Until),
                ("until_day", p.Until is { } until ? days.Of(until) : null),
                ("zone", days.Zone)
            );
        });

    private static string? PersonOf(string manager) =>
        manager.StartsWith("Practitioner/", StringComparison.Ordinal) ? manager.Split('/')[1] : null;

    /// <summary>Episodes that are active and name a manager, version by version; those of a patient that meet are one time.</summary>
    private IEnumerable<Held> Periods()
    {
        var times = new List<Held>();
        foreach (var history in _record.Histories("EpisodeOfCare"))
        {
            for (var i = 0; i < history.Count; i++)
            {
                var until = i + 1 < history.Count ? history[i + 1].At : (DateTimeOffset?)null;
                if (
                    history[i].Body is { } episode
                    && episode.Text("status") == "active"
                    && episode.At("patient").Key("Patient") is { } patient
                    && _policies.ManagerOf(episode.At("careManager")) is { } manager
                    && until != history[i].At
                )
                    times.Add(new Held(manager, patient, history[i].At, until));
            }
        }

        foreach (var of in times.GroupBy(t => (t.Manager, t.Patient)))
        {
            Held? current = null;
            foreach (var time in of.OrderBy(t => t.From))
            {
                if (current is null || time.From > (current.Until ?? DateTimeOffset.MaxValue))
                {
                    if (current is not null)
                        yield return current;
                    current = time;
                }
                else if (current.Until is not null && (time.Until is null || time.Until > current.Until))
                {
                    current = current with { Until = time.Until };
                }
            }

            yield return current!;
        }
    }

    /// <summary>Rows of <c>caseload_until</c>.</summary>
    public IEnumerable<string> DayRows()
    {
        foreach (
            var manager in _periods
                .Select(p => p.Manager)
                .Concat(_duties.Select(d => d.Manager))
                .Distinct(StringComparer.Ordinal)
        )
        {
            var policy = _policies.OfWorker(manager);
            var first = _periods
                .Where(p => p.Manager == manager)
                .Select(p => p.From)
                .Concat(_duties.Where(d => d.Manager == manager).Select(d => d.Version.At))
                .Min();
            for (var day = policy.Days.Of(first); day <= policy.Days.Of(_now); day = day.AddDays(1))
                yield return DayRow(manager, policy, day);
        }
    }

    private string DayRow(string manager, Policy policy, DateOnly day)
    {
        var (days, rule) = (policy.Days, policy.On(day));
        var isOver = days.EndOf(day) < _now;
        var asOf = isOver ? days.EndOf(day) : _now;
        var stored = StoredBefore(days.StartOf(day.AddDays(1)));
        var patients = stored
            .Where(v =>
                v.Type == "EpisodeOfCare"
                && v.Body!.Value.Text("status") == "active"
                && _policies.ManagerOf(v.Body!.Value.At("careManager")) == manager
            )
            .Select(v => v.Body!.Value.At("patient").Key("Patient"))
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Select(p => (Tier: TierOf(p, stored), InTransition: IsInTransition(p, stored)))
            .ToList();
        var work = stored
            .Where(v =>
                v.Type == "Task" && IsWork(v.Body!.Value) && _policies.ManagerOf(v.Body!.Value.At("owner")) == manager
            )
            .Select(v => v.Body!.Value)
            .ToList();
        var open = work.Where(t => t.Text("status") != "on-hold").ToList();
        var points = patients.Sum(p => rule.Points(p.Tier, p.InTransition));
        var mine = _periods.Where(p => p.Manager == manager).ToList();
        return TableRows.Of(
            ("day", day),
            ("manager", manager),
            ("practitioner_id", PersonOf(manager)),
            ("zone", days.Zone),
            ("is_over", isOver),
            ("patients", patients.Count),
            ("low_patients", patients.Count(p => p.Tier == "low")),
            ("moderate_patients", patients.Count(p => p.Tier == "moderate")),
            ("high_patients", patients.Count(p => p.Tier == "high")),
            ("other_patients", patients.Count(p => p.Tier is not ("low" or "moderate" or "high"))),
            ("transition_patients", patients.Count(p => p.InTransition)),
            ("points", points),
            ("most_patients", rule.MostPatients),
            ("most_points", rule.MostPoints),
            ("state", rule.State(patients.Count, points)),
            ("came", mine.Count(p => days.Of(p.From) == day)),
            ("went", mine.Count(p => p.Until is { } until && days.Of(until) == day)),
            ("open_tasks", open.Count),
            ("held_tasks", work.Count - open.Count),
            ("overdue_tasks", open.Count(t => DueOf(t) < asOf))
        );
    }

    private List<ToldVersion> StoredBefore(DateTimeOffset instant) =>
        [
            .. _record
                .Versions.Where(v =>
                    v.At < instant && v.Type is "EpisodeOfCare" or "Task" or "RiskAssessment" or "CarePlan"
                )
                .GroupBy(v => v.Key, StringComparer.Ordinal)
                .Select(of => of.Last())
                .Where(v => v.Body is not null),
        ];

    /// <summary>That of the assessment that is about the latest time; of two about the same the one that was made later.</summary>
    private string? TierOf(string patient, List<ToldVersion> stored)
    {
        var common = _settings.Server.Days;
        return stored
            .Where(v =>
                v.Type == "RiskAssessment"
                && v.Body!.Value.At("subject").Key("Patient") == patient
                && v.Body!.Value.Text("status") is "final" or "amended" or "corrected"
            )
            .Select(v => (Version: v, Tier: TierOf(v.Body!.Value)))
            .Where(a => a.Tier is not null)
            .OrderBy(a => common.EndOf(About(a.Version.Body!.Value)) ?? a.Version.At)
            .ThenBy(a => _record.Versions.First(v => v.Key == a.Version.Key).Place)
            .LastOrDefault()
            .Tier;
    }

    private static string? TierOf(JsonElement assessment) =>
        assessment
            .Items("prediction")
            .SelectMany(p => p.Items("qualitativeRisk", "coding"))
            .Select(c => c.Text("code"))
            .FirstOrDefault(c => c is not null);

    private static string? About(JsonElement assessment) =>
        assessment.Text("occurrenceDateTime")
        ?? assessment.Text("occurrencePeriod", "end")
        ?? assessment.Text("occurrencePeriod", "start");

    private static bool IsInTransition(string patient, List<ToldVersion> stored) =>
        stored.Exists(v =>
            v.Type == "CarePlan"
            && v.Body!.Value.Text("status") == "active"
            && v.Body!.Value.Count("partOf") > 0
            && v.Body!.Value.At("subject").Key("Patient") == patient
        );

    /// <summary>A day is over when it is over in all zones.</summary>
    private DateTimeOffset? DueOf(JsonElement task)
    {
        var due = task.Text("restriction", "period", "end");
        var (east, west) = (_settings.Server.Days.EndOf(due), _settings.West.Days.EndOf(due));
        return east > west ? east : west;
    }
}
