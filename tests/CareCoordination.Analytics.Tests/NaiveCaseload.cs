using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Analytics.Tests;

/// <summary>
/// The caseload of each day as <c>$caseload</c> would have told it at its end: from the versions that were stored by then, by what the server
/// projects of each, one day after the other and without SQL.
/// </summary>
internal sealed class NaiveCaseload
{
    private readonly ImmutableArray<Version> _versions;
    private readonly Dictionary<string, string> _managers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CarePolicy> _policies = new(StringComparer.Ordinal);
    private readonly CareOptions _care;
    private readonly DateTimeOffset _now;

    private sealed record Version(StoredResource Stored, PatientFact? Fact, WorkItem? Work);

    public NaiveCaseload(IReadOnlyList<StoredResource> versions, CareOptions care, DateTimeOffset now)
    {
        (_care, _now) = (care, now);
        var projector = new Projector(care, AccessOptions.Default, R4Definitions.Schema);
        _versions =
        [
            .. versions
                .Where(v => v.LastUpdated <= now)
                .Select(v =>
                {
                    var rows = v.IsDeleted ? null : projector.Of(v.Key, ResourceDocument.Parse(v.Utf8Json).Value);
                    return new Version(v, rows?.Fact, rows?.Work);
                }),
        ];
        var stored = Last(versions);
        var roles = stored
            .Where(v => v.Key.Type == ResourceTypes.PractitionerRole)
            .Select(v =>
                (Name: v.Key.ToString(), Role: PractitionerRoleView.From(ResourceDocument.Parse(v.Utf8Json).Value))
            );
        foreach (
            var (name, role) in roles.OrderBy(r => r.Role.Active == false).ThenBy(r => r.Name, StringComparer.Ordinal)
        )
        {
            _managers[name] = role.Practitioner.Reference ?? name;
            _policies.TryAdd(_managers[name], PolicyOf(role.Organization.Reference, stored));
        }
    }

    private static List<StoredResource> Last(IEnumerable<StoredResource> versions) =>
        [.. versions.GroupBy(v => v.Key).Select(of => of.Last()).Where(v => !v.IsDeleted)];

    private CarePolicy PolicyOf(string? organization, List<StoredResource> stored)
    {
        for (var i = 0; organization is not null && i < 7; i++)
        {
            if (_care.Organizations.TryGetValue(organization.Split('/')[1], out var policy))
                return policy;
            var above = stored.Where(v => v.Key.ToString() == organization).ToList();
            organization =
                above.Count == 0
                    ? null
                    : OrganizationView.From(ResourceDocument.Parse(above[0].Utf8Json).Value).PartOf.Reference;
        }

        return _care.Default;
    }

    private string? ManagerOf(Party? name) =>
        name?.Key is { Type: ResourceTypes.Practitioner or ResourceTypes.PractitionerRole } key
            ? _managers.GetValueOrDefault(key.ToString(), key.ToString())
            : null;

    /// <summary>Rows in the order of days and managers, <c>|</c> between the columns.</summary>
    public List<string> Rows()
    {
        var rows = new List<(DateOnly Day, string Manager, string Row)>();
        var moves = Moves();
        var managers = moves
            .Select(m => m.Manager)
            .Concat(_versions.Select(v => ManagerOf(v.Work?.Owner)))
            .OfType<string>()
            .Distinct();
        foreach (var manager in managers)
        {
            var policy = _policies.GetValueOrDefault(manager, _care.Default);
            var first = moves
                .Where(m => m.Manager == manager)
                .Select(m => m.At)
                .Concat(
                    _versions
                        .Where(v => IsWork(v) && ManagerOf(v.Work!.Owner) == manager)
                        .Select(v => v.Stored.LastUpdated)
                )
                .DefaultIfEmpty(DateTimeOffset.MaxValue)
                .Min();
            if (first == DateTimeOffset.MaxValue)
                continue;
            for (var day = policy.Today(first); day <= policy.Today(_now); day = day.AddDays(1))
                rows.Add((day, manager, Row(day, manager, policy, moves)));
        }

        return [.. rows.OrderBy(r => r.Day).ThenBy(r => r.Manager, StringComparer.Ordinal).Select(r => r.Row)];
    }

    private static bool IsWork(Version version) =>
        version.Work is { } work && work.Status != Projector.NumberOf(TaskStatusCodes.Draft);

    private string Row(
        DateOnly day,
        string manager,
        CarePolicy policy,
        List<(string Manager, DateTimeOffset At, bool Came)> moves
    )
    {
        var ends = policy.Calendar.StartOf(day.AddDays(1));
        var isOver = policy.Calendar.EndOf(day) < _now;
        var asOf = isOver ? policy.Calendar.EndOf(day) : _now;
        var current = _versions
            .Where(v => v.Stored.LastUpdated < ends)
            .GroupBy(v => v.Stored.Key)
            .Select(of => of.Last())
            .ToList();
        var work = current.Where(v => IsWork(v) && ManagerOf(v.Work!.Owner) == manager).Select(v => v.Work!).ToList();
        var held = work.Count(w => w.Status == Projector.NumberOf(TaskStatusCodes.OnHold));
        var patients = PatientsOf(current, manager).ToList();
        var count = CaseloadCount.Of(
            patients,
            work.Count(w => w.Status != Projector.NumberOf(TaskStatusCodes.OnHold) && w.Due < asOf),
            policy.RulesAt(asOf)
        );
        var moved = moves.Where(m => m.Manager == manager && policy.Today(m.At) == day).ToList();
        var (low, moderate, high) = (Tier("low"), Tier("moderate"), Tier("high"));
        var rules = policy.RulesAt(asOf);
        return string.Join(
            '|',
            day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            manager,
            policy.TimeZone.Id,
            isOver ? "true" : "false",
            count.Patients,
            low,
            moderate,
            high,
            count.Patients - low - moderate - high,
            patients.Count(p => p.InTransition),
            count.Points,
            rules.MostPatients,
            rules.MostPoints,
            StateOf(count.State),
            moved.Count(m => m.Came),
            moved.Count(m => !m.Came),
            work.Count - held,
            held,
            count.OverdueTasks
        );

        int Tier(string tier) => patients.Count(p => p.Tier == tier);
    }

    private static string StateOf(CaseloadState state) =>
        state switch
        {
            CaseloadState.BelowCap => "below-cap",
            CaseloadState.NearCap => "near-cap",
            CaseloadState.AtCap => "at-cap",
            _ => "over-cap",
        };

    private IEnumerable<CaseloadPatient> PatientsOf(List<Version> current, string manager)
    {
        var facts = current.Where(v => v.Fact is not null).ToList();
        foreach (
            var patient in facts
                .Where(v => v.Fact!.Kind == PatientFactKind.Managed && ManagerOf(v.Fact.Manager) == manager)
                .Select(v => v.Fact!.Patient)
                .Distinct()
        )
            yield return new CaseloadPatient(
                facts
                    .Where(v => v.Fact!.Kind == PatientFactKind.Risk && v.Fact.Patient == patient)
                    .OrderByDescending(v => v.Fact!.At ?? v.Stored.LastUpdated)
                    .ThenByDescending(v => _versions.First(x => x.Stored.Key == v.Stored.Key).Stored.Sequence)
                    .FirstOrDefault()
                    ?.Fact!.Tier,
                facts.Exists(v => v.Fact!.Kind == PatientFactKind.Transition && v.Fact.Patient == patient)
            );
    }

    /// <summary>When patients came to managers and went from them: version by version.</summary>
    private List<(string Manager, DateTimeOffset At, bool Came)> Moves()
    {
        var moves = new List<(string, DateTimeOffset, bool)>();
        var current = new Dictionary<string, (string Manager, string Patient)>(StringComparer.Ordinal);
        foreach (var version in _versions.Where(v => v.Stored.Key.Type == ResourceTypes.EpisodeOfCare))
        {
            var key = version.Stored.Key.Id;
            var before = current.TryGetValue(key, out var was) ? was : default((string, string)?);
            var now =
                version.Fact is { Kind: PatientFactKind.Managed } fact && ManagerOf(fact.Manager) is { } manager
                    ? (manager, fact.Patient.Id)
                    : default((string, string)?);
            if (before == now)
                continue;
            current.Remove(key);
            if (before is { } left && !current.ContainsValue(left))
                moves.Add((left.Item1, version.Stored.LastUpdated, false));
            if (now is not { } came)
                continue;
            if (!current.ContainsValue(came))
                moves.Add((came.Item1, version.Stored.LastUpdated, true));
            current[key] = came;
        }

        return moves;
    }
}
