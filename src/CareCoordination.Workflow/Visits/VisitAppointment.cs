using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Visits;

/// <summary>How far an appointment has come, whatever code says so.</summary>
internal enum Standing
{
    /// <summary>It should never have been.</summary>
    Void,
    Proposed,
    Booked,
    Arrived,
    Kept,
    Missed,
    CalledOff,
}

/// <summary>An Appointment, as far as a visit is concerned. https://hl7.org/fhir/R4/appointment.html</summary>
/// <param name="At">When it took place or will; null for one without a time.</param>
internal sealed record VisitAppointment(ResourceKey Key, AppointmentView View, Standing Standing, FhirDateTime? At)
{
    /// <summary>
    /// https://terminology.hl7.org/CodeSystem-v2-0276.html. What is an emergency or without an appointment is not the visit that was
    /// planned.
    /// </summary>
    private static readonly ImmutableArray<string> PlannedTypes = ["FOLLOWUP", "CHECKUP", "ROUTINE"];

    public string Reference => Key.ToString();

    /// <summary>The patient is expected, or there.</summary>
    public bool IsLive => Standing is Standing.Booked or Standing.Arrived;

    /// <summary>It was lost.</summary>
    public bool IsGone => Standing is Standing.Missed or Standing.CalledOff;

    /// <summary>What it says itself about what it is for: tasks, plans and requests.</summary>
    public IEnumerable<string> Named =>
        View
            .BasedOn.Targets()
            .Concat(
                View.SupportingInformation.Targets()
                    .Where(t =>
                        t.Split('/')[0] is ResourceTypes.Task or ResourceTypes.CarePlan or ResourceTypes.ServiceRequest
                    )
            );

    /// <summary>Of a kind that a visit can be.</summary>
    public bool IsOfPlannedType =>
        !View.AppointmentType.Exists
        || View.AppointmentType.Coding.Any(c => c.Code is { } code && PlannedTypes.Contains(code));

    /// <param name="encounters">Those that name appointments: one that is finished says that its appointment was kept.</param>
    public static VisitAppointment Of(Snapshot snapshot, IEnumerable<EncounterView> encounters)
    {
        var view = AppointmentView.From(ResourceDocument.Parse(snapshot.Utf8Json).Value);
        var standing = StandingOf(view.Status);
        FhirDateTime? met = null;
        if (standing != Standing.Void)
        {
            foreach (var encounter in encounters)
            {
                if (
                    encounter.Status != EncounterStatusCodes.Finished
                    || !encounter.Appointment.Targets().Contains(snapshot.Key.ToString())
                )
                    continue;
                standing = Standing.Kept;
                met ??= encounter.Period.Start;
            }
        }

        return new(snapshot.Key, view, standing, met ?? view.Start);
    }

    internal static Standing StandingOf(string? status) =>
        status switch
        {
            AppointmentstatusCodes.Proposed or AppointmentstatusCodes.Pending or AppointmentstatusCodes.Waitlist =>
                Standing.Proposed,
            AppointmentstatusCodes.Booked => Standing.Booked,
            AppointmentstatusCodes.Arrived or AppointmentstatusCodes.CheckedIn => Standing.Arrived,
            AppointmentstatusCodes.Fulfilled => Standing.Kept,
            AppointmentstatusCodes.Noshow => Standing.Missed,
            AppointmentstatusCodes.Cancelled => Standing.CalledOff,
            _ => Standing.Void,
        };
}
