using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>By whose settings an organisation, a worker or a patient goes: of the settings of <see cref="RecordSettings"/>.</summary>
internal sealed class NaivePolicies
{
    private readonly Dictionary<string, JsonElement> _organizations;
    private readonly Dictionary<string, string> _managers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Policy> _workers = new(StringComparer.Ordinal);
    private readonly ToldRecord _record;
    private readonly RecordSettings _settings;

    public NaivePolicies(ToldRecord record, RecordSettings settings)
    {
        (_record, _settings) = (record, settings);
        _organizations = record.Of("Organization").ToDictionary(o => o.Text("id")!, StringComparer.Ordinal);
        var roles = record
            .Of("PractitionerRole")
            .OrderBy(r => r.At("active").ValueKind == JsonValueKind.False)
            .ThenBy(r => r.Text("id"), StringComparer.Ordinal);
        foreach (var role in roles)
        {
            var name = $"PractitionerRole/{role.Text("id")}";
            var person = role.At("practitioner").Key("Practitioner");
            _managers[name] = person is null ? name : $"Practitioner/{person}";
            _workers.TryAdd(
                _managers[name],
                OfOrganization(role.At("organization").Key("Organization")) ?? _settings.Server
            );
        }
    }

    /// <summary>A person and their roles are one worker; null where a reference names none of these.</summary>
    public string? ManagerOf(JsonElement reference) =>
        reference.Key("Practitioner") is { } person ? $"Practitioner/{person}"
        : reference.Key("PractitionerRole") is { } role
            ? _managers.GetValueOrDefault($"PractitionerRole/{role}", $"PractitionerRole/{role}")
        : null;

    /// <summary>That of the first of their roles that is in use.</summary>
    public Policy OfWorker(string manager) => _workers.GetValueOrDefault(manager, _settings.Server);

    /// <summary>Its own, or that of the nearest organisation above that has one; null: that of the server.</summary>
    public Policy? OfOrganization(string? id)
    {
        for (var steps = 0; id is not null && steps < 7; steps++)
        {
            if (id == "west")
                return _settings.West;
            id = _organizations.TryGetValue(id, out var found) ? found.At("partOf").Key("Organization") : null;
        }

        return null;
    }

    /// <summary>Of the organisation that wrote the plan, or the role; or else of the patient.</summary>
    public Policy OfPlan(JsonElement plan) =>
        OfOrganization(plan.At("author").Key("Organization"))
        ?? OfRole(plan.At("author"))
        ?? OfPatient(plan.At("subject").Key("Patient"))
        ?? _settings.Server;

    private Policy? OfRole(JsonElement reference) =>
        reference.Key("PractitionerRole") is { } id
        && _record.Of("PractitionerRole").FirstOrDefault(r => r.Text("id") == id)
            is { ValueKind: JsonValueKind.Object } role
            ? OfOrganization(role.At("organization").Key("Organization"))
            : null;

    /// <summary>Of the patient's organisation, or else of an episode that is open, or of its care manager.</summary>
    private Policy? OfPatient(string? id)
    {
        if (id is null)
            return null;
        var patient = _record.Of("Patient").FirstOrDefault(p => p.Text("id") == id);
        var episodes = _record
            .Of("EpisodeOfCare")
            .Where(e => e.Text("status") == "active" && e.At("patient").Key("Patient") == id)
            .OrderBy(e => e.Text("id"), StringComparer.Ordinal)
            .ToList();
        return OfOrganization(patient.At("managingOrganization").Key("Organization"))
            ?? episodes
                .Select(e => OfOrganization(e.At("managingOrganization").Key("Organization")))
                .FirstOrDefault(p => p is not null)
            ?? episodes.Select(e => OfRole(e.At("careManager"))).FirstOrDefault(p => p is not null);
    }
}

/// <summary>A zone, and the rules of caseloads with the day from which they hold.</summary>
internal sealed record Policy(string Zone, params CaseloadRule[] Rules)
{
    public NaiveDays Days { get; } = new(Zone);

    public CaseloadRule On(DateOnly day) => Rules.Last(r => r.From <= day);
}

internal sealed record CaseloadRule(
    DateOnly From,
    int MostPatients,
    int MostPoints,
    int TransitionPoints,
    Dictionary<string, int> TierPoints
)
{
    /// <summary>What is not known weighs as the lightest that is.</summary>
    public int Points(string? tier, bool inTransition) =>
        (tier is not null && TierPoints.TryGetValue(tier, out var points) ? points : TierPoints.Values.Min())
        + (inTransition ? TransitionPoints : 0);

    public string State(int patients, int points) =>
        Math.Max((decimal)patients / MostPatients, (decimal)points / MostPoints) switch
        {
            > 1 => "over-cap",
            1 => "at-cap",
            >= 0.8m => "near-cap",
            _ => "below-cap",
        };
}
