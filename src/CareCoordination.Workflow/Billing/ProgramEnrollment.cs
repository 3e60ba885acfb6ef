using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Workflow.Billing;

/// <summary>How the patient agreed, where the enrolment itself records it.</summary>
/// <param name="Date">When; null: now.</param>
/// <param name="Form"><c>verbal</c> or <c>written</c>.</param>
/// <param name="By">Who agreed, where it was not the patient.</param>
public sealed record GivenConsent(CareDate? Date, string Form, string? By);

/// <summary>What an enrolment is asked for.</summary>
/// <param name="Program">A code of <see cref="CarePrograms"/>.</param>
public sealed record EnrollmentRequest(string Program)
{
    /// <summary>The first day; null: today.</summary>
    public CareDate? Start { get; init; }

    public string? Organization { get; init; }

    public string? CareManager { get; init; }

    /// <summary>The conditions that it is for, as references.</summary>
    public ImmutableArray<string> Conditions { get; init; } = [];

    public GivenConsent? Given { get; init; }
}

/// <summary>What there is of the patient that an enrolment depends on.</summary>
/// <param name="Episodes">That are not over.</param>
/// <param name="Consent">The one that is named, or the first that is of the programme.</param>
/// <param name="Group">That the patient joins; null: a new one with <paramref name="GroupId"/>.</param>
public sealed record EnrollmentScope(
    Snapshot Patient,
    ImmutableArray<Snapshot> Episodes,
    Snapshot? Consent,
    ImmutableArray<Snapshot> Conditions,
    Snapshot? Group,
    string GroupId
);

/// <summary>A patient joins a programme: an EpisodeOfCare, the Consent that it rests on, and membership in a Group of the programme.</summary>
public static class ProgramEnrollment
{
    /// <summary>
    /// 422 <c>patient-deceased</c>, <c>consent-missing</c>, <c>member-patient</c>; 409 <c>other-program</c> where the patient is in one that
    /// excludes it, <c>duplicate</c> where the patient is in it.
    /// </summary>
    public static Result<Decision> Enroll(
        EnrollmentRequest request,
        EnrollmentScope scope,
        CommandContext command,
        Func<string> newId
    )
    {
        if (LivingPatient.Check(ResourceDocument.Parse(scope.Patient.Utf8Json).Value, "Patient.deceased") is { } dead)
            return dead;
        var start = request.Start ?? command.Today;
        if (start.StartIn(command.Zone) > command.Now)
            return RuleFailure.Of(
                "not-effective-yet",
                "A patient is enrolled from a day that has come: send 'start' with today or an earlier day.",
                "Parameters.parameter"
            );
        if (Other(request.Program, scope, start.DayIn(command.Zone), command.Zone) is { } other)
            return other;
        if (ConsentOf(request, scope, command, newId) is not { } consent)
            return NoConsent(request.Program);
        if (scope.Conditions.Select(SubjectOf).Any(s => s != scope.Patient.Key.ToString()))
            return RuleFailure.Of("member-patient", "A condition is another patient's.", "Parameters.parameter");
        var episode = Episode(request, scope, start, consent.Reference, newId());
        var group = ProgramGroups.Join(scope.Group, scope.GroupId, request, scope.Patient, start.DayIn(command.Zone));
        var key = new ResourceKey(ResourceTypes.EpisodeOfCare, episode.Id!);
        return new Decision(key, [new ResourceWrite(key, 0, episode.ToUtf8Json()), .. consent.Writes, group])
        {
            Activity = "enroll",
            Living = [scope.Patient.Key.ToString()],
            ReliedOn = consent.Relied,
            RestsOnAll = true,
        };
    }

    private static Failure NoConsent(string program) =>
        RuleFailure.Of(
            "consent-missing",
            $"{CarePrograms.NameOf(program)} needs the patient's consent: name the Consent in 'consent', or record what the patient has said with 'consentGiven'.",
            "Parameters.parameter"
        );

    private static Failure? Other(string program, EnrollmentScope scope, DateOnly start, TimeZoneInfo zone)
    {
        foreach (var snapshot in scope.Episodes)
        {
            var view = EpisodeOfCareView.From(ResourceDocument.Parse(snapshot.Utf8Json).Value);
            if (
                CarePrograms.Of(view) is not { } other
                || !LifeEvents.IsOpen(view.Status)
                || CareDate.Of(view.Period.End)?.LastDayIn(zone) < start
            )
                continue;
            if (other == program)
                return RuleFailure.Conflict(
                    "duplicate",
                    $"The patient is in {CarePrograms.NameOf(program)} already: {snapshot.Key}.",
                    "Parameters.parameter"
                );
            if (CarePrograms.ExcludeEachOther(program, other))
                return RuleFailure.Conflict(
                    "other-program",
                    $"The patient is in {CarePrograms.NameOf(other)} ({snapshot.Key}), and a month is billed for one of the two: disenrol there first; the new programme then begins with the next month.",
                    "Parameters.parameter"
                );
        }

        return null;
    }

    private readonly record struct Agreed(
        string Reference,
        ImmutableArray<ResourceWrite> Writes,
        ImmutableArray<ReliedOn> Relied
    );

    /// <summary>Null where there is none that holds.</summary>
    private static Agreed? ConsentOf(
        EnrollmentRequest request,
        EnrollmentScope scope,
        CommandContext command,
        Func<string> newId
    )
    {
        var patient = scope.Patient.Key.ToString();
        if (scope.Consent is { } known)
        {
            var view = ConsentView.From(ResourceDocument.Parse(known.Utf8Json).Value);
            return
                view.Status == ConsentStateCodesCodes.Active
                && view.Patient.Target() == patient
                && view.Provision.Type != "deny"
                ? new Agreed(known.Key.ToString(), [], [new ReliedOn(known.Key, known.Version)])
                : null;
        }

        if (request.Given is not { } given)
            return null;
        var consent = ProgramConsents.Record(request.Program, given, patient, command, newId());
        var key = new ResourceKey(ResourceTypes.Consent, consent.Id!);
        return new Agreed(key.ToString(), [new ResourceWrite(key, 0, consent.ToUtf8Json())], []);
    }

    private static EpisodeOfCareEditor Episode(
        EnrollmentRequest request,
        EnrollmentScope scope,
        CareDate start,
        string consent,
        string id
    )
    {
        var episode = new EpisodeOfCareEditor
        {
            Id = id,
            Status = EpisodeOfCareStatusCodes.Active,
            Type =
            {
                CodeableConceptEditor.Of(CarePrograms.System, request.Program, CarePrograms.NameOf(request.Program)),
            },
            Patient = References.To(scope.Patient.Key.ToString()),
            Period = { Start = start.Given },
        };
        if (request.Organization is { } organization)
            episode.ManagingOrganization = References.To(organization);
        if (request.CareManager is { } manager)
            episode.CareManager = References.To(manager);
        foreach (var condition in scope.Conditions)
            episode.Diagnosis.Add(new() { Condition = References.To(condition.Key.ToString()) });
        episode.Extension.Add(new() { Url = CareExtensions.ProgramConsent, ValueReference = References.To(consent) });
        return episode;
    }

    private static string? SubjectOf(Snapshot condition) =>
        ConditionView.From(ResourceDocument.Parse(condition.Utf8Json).Value).Subject.Target();
}
