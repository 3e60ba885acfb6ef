using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Caseload;

/// <summary>What the resources of a care manager and of a patient say that matters for the choice.</summary>
public static class CareManagerProfile
{
    /// <summary>https://hl7.org/fhir/us/davinci-pdex-plan-net/StructureDefinition-practitioner-qualification.html: where a licence is valid.</summary>
    private const string Qualification =
        "http://hl7.org/fhir/us/davinci-pdex-plan-net/StructureDefinition/practitioner-qualification";

    /// <summary>A state as patients and licences write it: the two letters of USPS.</summary>
    private const int StateLength = 2;

    /// <summary>A candidate without a caseload.</summary>
    /// <param name="manager">A PractitionerRole or a Practitioner.</param>
    /// <param name="person">The Practitioner behind a role, where it is here.</param>
    /// <param name="zone">Whose day today is, and whose days those of licences and absences are.</param>
    public static CareManagerCandidate Of(Snapshot manager, Snapshot? person, DateOnly today, TimeZoneInfo zone)
    {
        var role = PractitionerRoleView.From(Parse(manager));
        var practitioner = PractitionerView.From(Parse(person ?? manager));
        var licences = practitioner.Exists
            ? practitioner.Qualification.Where(q => q.Period.End is not null).ToArray()
            : [];
        return new CareManagerCandidate(manager.Key.ToString(), 0, 0)
        {
            Person = person?.Key.ToString(),
            LicensedUntil = licences.Length == 0 ? null : licences.Max(q => LastDay(q.Period, zone)),
            LicensedIn = [.. licences.Where(q => LastDay(q.Period, zone) >= today).SelectMany(StatesOf).Distinct()],
            Languages = practitioner.Exists
                ?
                [
                    .. practitioner
                        .Communication.SelectMany(c => c.Coding)
                        .Select(c => Primary(c.Code))
                        .OfType<string>()
                        .Distinct(),
                ]
                : [],
            Specialties = role.Exists
                ? [.. role.Specialty.SelectMany(s => s.Coding).Select(c => c.Code).OfType<string>().Distinct()]
                : [],
            IsAway = role.Exists && IsAway(role, today, zone) || practitioner.Exists && practitioner.Active == false,
        };
    }

    /// <summary>What the patient needs.</summary>
    public static CareManagerNeed NeedOf(Snapshot patient, CaseloadPatient weight)
    {
        var view = PatientView.From(Parse(patient));
        var state = view
            .Address.Where(a => a.Use != "old" && a.State?.Length == StateLength)
            .OrderBy(a => a.Use != "home")
            .Select(a => a.State!.ToUpperInvariant())
            .FirstOrDefault();
        var language = view
            .Communication.OrderBy(c => c.Preferred != true)
            .SelectMany(c => c.Language.Coding)
            .Select(c => Primary(c.Code))
            .FirstOrDefault(c => c is not null);
        return new CareManagerNeed(weight) { State = state, Language = language };
    }

    private static bool IsAway(PractitionerRoleView role, DateOnly today, TimeZoneInfo zone) =>
        role.Active == false
        || role.Period.Exists && !role.Period.IncludesDay(today, zone)
        || role.NotAvailable.Any(n => n.During.Exists && n.During.IncludesDay(today, zone));

    private static DateOnly LastDay(PeriodView period, TimeZoneInfo zone) =>
        CareDate.Of(period.End)!.Value.LastDayIn(zone);

    private static IEnumerable<string> StatesOf(PractitionerQualificationView qualification) =>
        from extension in qualification.Extension
        where extension.Url == Qualification
        from part in extension.Extension
        where part.Url == "whereValid"
        from coding in part.ValueCodeableConcept.Coding
        where coding.Code is { Length: >= StateLength }
        select coding.Code![^StateLength..].ToUpperInvariant();

    /// <summary>The language without its country: who speaks en speaks en-US.</summary>
    private static string? Primary(string? language) => language?.Split('-')[0].ToLowerInvariant();

    private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;
}
