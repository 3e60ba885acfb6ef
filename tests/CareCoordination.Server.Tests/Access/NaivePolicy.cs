using System.Text.Json.Nodes;
using CareCoordination.Access.Labels;
using CareCoordination.Access.Roles;
using CareCoordination.Application.Requests;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Server.Tests.Access;

/// <summary>
/// The policy of docs/access.md, read again and written as a person would check it by hand: one resource at a time, with everything that
/// is stored at hand. Nothing of it is shared with what compiles it into queries.
/// </summary>
internal sealed class NaivePolicy
{
    private static readonly string[] Directory =
    [
        "Organization",
        "Practitioner",
        "PractitionerRole",
        "Location",
        "Endpoint",
    ];

    private static readonly string[] Definitions = ["Questionnaire", "PlanDefinition"];

    private static readonly string[] Loose = ["Binary", "Bundle"];

    /// <summary>What the roles that see patients do not see of them.</summary>
    private static readonly Dictionary<CareRole, string[]> Hidden = new()
    {
        [CareRole.Assistant] = ["V", "substance"],
        [CareRole.CareManager] = ["V"],
        [CareRole.Lead] = ["V"],
        [CareRole.Supervisor] = ["V"],
        [CareRole.EhrSystem] = ["V", "substance"],
        [CareRole.Partner] = ["V"],
        [CareRole.Family] = ["R", "V", "substance", "mental", "hiv"],
    };

    private readonly Caller _caller;
    private readonly IReadOnlyList<JsonObject> _all;
    private readonly HashSet<string> _parties = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    public NaivePolicy(Caller caller, IReadOnlyList<JsonObject> all)
    {
        (_caller, _all) = (caller, all);
        if (caller.Person is { } person)
            _parties.Add(person.ToString());
        if (caller.Organization is { } organization)
            _parties.Add(organization);
        for (var step = 0; step < 3; step++)
            foreach (var (party, other) in Acting().ToList())
            {
                if (_parties.Contains(party))
                    _parties.Add(other);
            }
    }

    private CareRole? Role => _caller.Roles.IsEmpty ? null : _caller.Roles[0];

    /// <param name="isPast">It is a version of the past, which scopes with a query and tasks of one's own do not show.</param>
    public bool Sees(JsonObject resource, bool isPast = false)
    {
        if (Role is not { } role || _caller.Scopes is not { } scopes)
            return false;
        return scopes.Resources.Any(scope =>
            (scope.ResourceType == "*" || scope.ResourceType == TypeOf(resource))
            && (_caller.Person is not null || _caller.Kind == CallerKind.Client)
            && (scope.Query.Length == 0 || (!isPast && MeetsCode(resource, scope.Query)))
            && (
                scope.Context != CareCoordination.Access.Scopes.ScopeContext.Patient
                || !IsRecord(resource)
                || PatientsOf(resource) is [var only] && only == (_caller.LaunchPatient ?? _caller.Person).ToString()
            )
            && Grants(role, resource, isPast)
        );
    }

    private bool Grants(CareRole role, JsonObject resource, bool isPast)
    {
        var type = TypeOf(resource);
        if (role == CareRole.Auditor)
            return type == "AuditEvent";
        if (role == CareRole.Hospital || type == "AuditEvent" || Loose.Contains(type))
            return false;
        if (role == CareRole.Analytics)
            return Definitions.Contains(type);
        if (role == CareRole.Operator)
            return Definitions.Contains(type)
                || type == "Endpoint"
                || (type == "Task" && PatientsOf(resource).Count == 0);
        if (role == CareRole.Partner)
            return !LabelsOf(resource).Contains("V")
                && (
                    (type == "Task" && !isPast && NamesMe(resource))
                    || (
                        !isPast
                        && IsDisclosed(Name(resource))
                        && !PatientsOf(resource).Any(patient => IsDenied(patient, resource))
                    )
                );
        if (Directory.Contains(type) || Definitions.Contains(type))
            return true;
        if (role == CareRole.Director || role == CareRole.Administrator)
            return false;
        if (role == CareRole.Patient)
            return PatientsOf(resource) is [var self] && self == _caller.Person!.Value.ToString();
        if (LabelsOf(resource).Intersect(Hidden[role]).Any())
            return false;
        if (role.Kind == RoleKind.Staff && type == "Task" && !isPast && NamesMe(resource))
            return true;
        var patients = PatientsOf(resource);
        return patients.Count > 0
            && patients.All(patient => IsRelated(role, patient))
            && !patients.Any(patient => IsDenied(patient, resource));
    }

    /// <summary>By a referral to the partner that was sent and did not come to nothing.</summary>
    private bool IsDisclosed(string name) =>
        Resources("Task")
            .Where(task =>
                _parties.Contains(Reference(task["owner"]) ?? "")
                && (string)task["status"]!
                    is not ("draft" or "cancelled" or "rejected" or "failed" or "entered-in-error")
            )
            .SelectMany(task =>
                (task["input"] as JsonArray ?? [])
                    .Select(input => input!["valueReference"])
                    .Concat(task["basedOn"] as JsonArray ?? [])
                    .Append(task["focus"])
                    .Append(task["for"])
            )
            .Any(shown => Reference(shown) == name);

    private bool NamesMe(JsonObject task) =>
        ((string[])["owner", "requester"]).Any(who => Reference(task[who]) is { } party && _parties.Contains(party));

    private bool IsRelated(CareRole role, string patient)
    {
        if (role == CareRole.Family)
            return Resources("RelatedPerson")
                .Any(person =>
                    Reference(person["patient"]) == patient
                    && _parties.Contains(Name(person))
                    && IsNow(person["period"])
                );
        var isOfOrganization = role == CareRole.Lead || role == CareRole.Supervisor || role == CareRole.EhrSystem;
        if (isOfOrganization && IsOfOrganization(patient))
            return true;
        if (role == CareRole.EhrSystem)
            return false;
        return IsManaged(patient)
            || IsInTeam(patient)
            || HasWork(patient)
            || (
                role == CareRole.CareManager
                && Resource(patient)?["generalPractitioner"] is JsonArray practices
                && practices.Any(practice => _parties.Contains(Reference(practice)!))
            );
    }

    private bool IsOfOrganization(string patient) =>
        _parties.Contains(Reference(Resource(patient)?["managingOrganization"]) ?? "")
        || Episodes(patient).Any(episode => _parties.Contains(Reference(episode["managingOrganization"]) ?? ""));

    private bool IsManaged(string patient) =>
        Episodes(patient).Any(episode => _parties.Contains(Reference(episode["careManager"]) ?? ""));

    private IEnumerable<JsonObject> Episodes(string patient) =>
        Resources("EpisodeOfCare")
            .Where(episode =>
                Reference(episode["patient"]) == patient
                && (string)episode["status"]! is not ("finished" or "cancelled" or "entered-in-error")
            );

    private bool IsInTeam(string patient) =>
        Members().Any(member => member.Patient == patient && _parties.Contains(member.Party));

    private IEnumerable<(string Team, string? Patient, string Party)> Members() =>
        from team in Resources("CareTeam")
        where (string)team["status"]! == "active"
        from participant in team["participant"] as JsonArray ?? []
        where IsNow(participant!["period"])
        select (Name(team), Reference(team["subject"]), Reference(participant["member"])!);

    private bool HasWork(string patient) =>
        Resources("Task")
            .Any(task =>
                Reference(task["for"]) == patient
                && (string)task["status"]!
                    is not ("completed" or "cancelled" or "rejected" or "failed" or "entered-in-error")
                && NamesMe(task)
            );

    private IEnumerable<(string Party, string Other)> Acting()
    {
        foreach (var role in Resources("PractitionerRole"))
        {
            var person = Reference(role["practitioner"])!;
            yield return (person, Name(role));
            if (Role == CareRole.Lead || Role == CareRole.Supervisor || Role == CareRole.EhrSystem)
                yield return (person, Reference(role["organization"])!);
            foreach (var coverage in role["extension"] as JsonArray ?? [])
            {
                if ((string?)coverage!["url"] != CareExtensions.Coverage)
                    continue;
                var parts = coverage["extension"]!.AsArray();
                if (!IsNow(parts.Select(part => part!["valuePeriod"]).FirstOrDefault(period => period is not null)))
                    continue;
                var by = parts.Select(part => Reference(part!["valueReference"])).First(party => party is not null)!;
                yield return (by, Name(role));
                yield return (by, person);
            }
        }

        foreach (var (team, _, party) in Members())
            yield return (party, team);
        foreach (var person in Resources("Person"))
        foreach (var link in person["link"] as JsonArray ?? [])
        {
            if ((string)link!["assurance"]! == "level4")
                yield return (Name(person), Reference(link["target"])!);
        }
    }

    private bool IsDenied(string patient, JsonObject resource) =>
        Resources("Consent")
            .Where(consent =>
                Reference(consent["patient"]) == patient
                && (string?)consent["status"] == "active"
                && (string?)consent["scope"]?["coding"]?[0]?["code"] == "patient-privacy"
                && consent["provision"] is not null
            )
            .Any(consent =>
                Speaks(consent["provision"]!, resource)
                && (string)consent["provision"]!["type"]! == "deny"
                && !(consent["provision"]!["provision"] as JsonArray ?? []).Any(inner => Speaks(inner!, resource))
            );

    private bool Speaks(JsonNode provision, JsonObject resource)
    {
        if (!IsNow(provision["period"]))
            return false;
        if (provision["actor"] is JsonArray actors && !actors.Any(a => _parties.Contains(Reference(a!["reference"])!)))
            return false;
        if (provision["class"] is JsonArray types && !types.Any(t => (string)t!["code"]! == TypeOf(resource)))
            return false;
        if (
            provision["purpose"] is JsonArray purposes
            && !purposes.Any(p => (string)p!["code"]! == (_caller.Purpose ?? "TREAT"))
        )
            return false;
        return provision["securityLabel"] is null || LabelsOf(resource).Contains("hiv");
    }

    private bool IsNow(JsonNode? period) =>
        period is null
        || (
            (period["start"] is not { } start || DateTimeOffset.Parse((string)start!) <= _now)
            && (period["end"] is not { } end || DateTimeOffset.Parse((string)end!).AddDays(1) > _now)
        );

    private static IEnumerable<string> LabelsOf(JsonObject resource)
    {
        foreach (var label in resource["meta"]?["security"] as JsonArray ?? [])
        {
            yield return (string)label!["code"]! switch
            {
                "ETH" => "substance",
                var code => code,
            };
        }

        foreach (var coding in resource["code"]?["coding"] as JsonArray ?? [])
        {
            var code = (string)coding!["code"]!;
            if (code.StartsWith("F1", StringComparison.Ordinal))
                yield return "substance";
            if (code.StartsWith("B20", StringComparison.Ordinal))
                yield return "hiv";
        }
    }

    private static bool MeetsCode(JsonObject resource, string query) =>
        (resource["code"]?["coding"] as JsonArray ?? []).Any(coding =>
            query == $"code={coding!["system"]}|{coding["code"]}"
        );

    private static bool IsRecord(JsonObject resource) =>
        !Directory.Contains(TypeOf(resource)) && !Definitions.Contains(TypeOf(resource));

    /// <summary>Whom a resource is about: the patients that the elements of its compartment name.</summary>
    public static IReadOnlyList<string> PatientsOf(JsonObject resource)
    {
        if (TypeOf(resource) == "Patient")
            return [Name(resource)];
        IEnumerable<JsonNode?> places = TypeOf(resource) switch
        {
            "Appointment" => (resource["participant"] as JsonArray ?? []).Select(p => p!["actor"]),
            "Group" => (resource["member"] as JsonArray ?? []).Select(m => m!["entity"]),
            "Person" => (resource["link"] as JsonArray ?? []).Select(l => l!["target"]),
            "Task" => [resource["for"]],
            "CareTeam" => (resource["participant"] as JsonArray ?? [])
                .Select(p => p!["member"])
                .Append(resource["subject"]),
            "Provenance" => resource["target"] as JsonArray ?? [],
            _ => [resource["subject"], resource["patient"]],
        };
        return
        [
            .. places
                .Select(Reference)
                .Where(reference => reference?.StartsWith("Patient/", StringComparison.Ordinal) == true)
                .Select(reference => reference!)
                .Distinct(StringComparer.Ordinal),
        ];
    }

    private JsonObject? Resource(string name) => _all.FirstOrDefault(resource => Name(resource) == name);

    private IEnumerable<JsonObject> Resources(string type) => _all.Where(resource => TypeOf(resource) == type);

    public static string TypeOf(JsonObject resource) => (string)resource["resourceType"]!;

    public static string Name(JsonObject resource) => $"{resource["resourceType"]}/{resource["id"]}";

    private static string? Reference(JsonNode? reference) =>
        (string?)reference?["reference"] is { } text ? text.Split("/_history/")[0] : null;
}
