using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Transitions;

/// <summary>What an Encounter says of a stay.</summary>
public static class Stays
{
    private const string ActCodes = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    /// <summary>Classes of which a discharge begins a transition, and which interrupt one: a visit to an emergency room alone does neither.</summary>
    private static readonly ImmutableArray<string> Inpatient = ["IMP", "ACUTE", "NONAC", "OBSENC"];

    public static bool IsInpatient(EncounterView encounter) =>
        encounter.Class.Code is { } code
        && encounter.Class.System is null or ActCodes
        && Inpatient.Contains(encounter.Class.Code);

    /// <summary>True where the disposition says that the patient has died.</summary>
    public static bool EndsWithDeath(EncounterView encounter) =>
        Dispositions.RouteOf(encounter.Hospitalization.DischargeDisposition) == DischargeRoute.Died;

    /// <summary>False for what the patient does not have, or was written by mistake: no plan addresses it.</summary>
    public static bool IsDiagnosis(ConditionView condition) =>
        !condition.VerificationStatus.Coding.Any(c => c.Code is "refuted" or "entered-in-error");

    public static EncounterView View(Snapshot encounter) =>
        EncounterView.From(ResourceDocument.Parse(encounter.Utf8Json).Value);

    /// <summary>The stays that began when this one had ended, and were not a mistake.</summary>
    public static IEnumerable<EncounterView> After(
        DateOnly discharged,
        DateTimeOffset? dischargedAt,
        IEnumerable<Snapshot> others,
        BusinessCalendar calendar
    ) =>
        others
            .Select(View)
            .Where(e =>
                IsInpatient(e)
                && e.Status
                    is EncounterStatusCodes.InProgress
                        or EncounterStatusCodes.Finished
                        or EncounterStatusCodes.Onleave
                && CareDate.Of(e.Period.Start) is { } start
                && (
                    dischargedAt is { } at && start.IsInstant
                        ? start.Given.Instant >= at
                        : calendar.DayOf(start) > discharged
                )
            );
}
