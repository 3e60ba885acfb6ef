using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Decisions;

/// <summary>
/// What people call whoever a reference names: for <c>Reference.display</c>, so that a row can be read without another request.
/// https://hl7.org/fhir/R4/references-definitions.html#Reference.display
/// </summary>
public static class PartyNames
{
    /// <summary>Null where the resource does not say.</summary>
    public static string? Of(Snapshot snapshot)
    {
        var document = ResourceDocument.Parse(snapshot.Utf8Json).Value;
        return snapshot.Key.Type switch
        {
            ResourceTypes.Patient => OfPerson(PatientView.From(document).Name),
            ResourceTypes.Practitioner => OfPerson(PractitionerView.From(document).Name),
            ResourceTypes.Organization => OrganizationView.From(document).Name,
            ResourceTypes.HealthcareService => HealthcareServiceView.From(document).Name,
            ResourceTypes.CareTeam => CareTeamView.From(document).Name,
            ResourceTypes.PractitionerRole => OfRole(PractitionerRoleView.From(document)),
            _ => null,
        };
    }

    /// <summary>What a concept says: its text, or the first coding's words.</summary>
    public static string? Of(CodeableConceptEditor concept) =>
        concept.Text ?? concept.Coding.Select(c => c.Display).FirstOrDefault(d => d is not null);

    private static string? OfRole(PractitionerRoleView role) =>
        string.Join(", ", new[] { role.Practitioner.Display, role.Organization.Display }.OfType<string>())
            is { Length: > 0 } text
            ? text
            : null;

    /// <summary>The official or usual one, or the first that is not of the past.</summary>
    private static string? OfPerson(IEnumerable<HumanNameView> names)
    {
        var current = names.Where(n => n.Use is not (NameUseCodes.Old or NameUseCodes.Maiden)).ToArray();
        return Of(current.OrderBy(n => n.Use is not (NameUseCodes.Official or NameUseCodes.Usual)).FirstOrDefault());
    }

    /// <summary>Null where the name says nothing.</summary>
    public static string? Of(HumanNameView best)
    {
        if (!best.Exists)
            return null;
        if (best.Text is { Length: > 0 } text)
            return text;
        var parts = best.Prefix.Concat(best.Given).Append(best.Family ?? "").Concat(best.Suffix);
        return string.Join(' ', parts.Where(p => p.Length > 0)) is { Length: > 0 } joined ? joined : null;
    }
}
