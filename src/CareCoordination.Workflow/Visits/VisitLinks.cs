using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Workflow.Visits;

/// <summary>
/// Which visit an appointment is for. It says so by <c>supportingInformation</c>, which may name the Task, its plan or its request, or by
/// <c>basedOn</c>, which R4 gives to requests. One that names none of these is the visit's where only one visit of the patient is without an
/// appointment and the day is one of its plan; the Task keeps it then.
/// </summary>
internal static class VisitLinks
{
    public static void Join(ImmutableArray<PlannedVisit> visits, VisitFacts facts)
    {
        var encounters = facts
            .Encounters.Select(e => EncounterView.From(ResourceDocument.Parse(e.Utf8Json).Value))
            .OrderBy(e => e.Id, StringComparer.Ordinal)
            .ToArray();
        var appointments = facts
            .Appointments.Select(a => VisitAppointment.Of(a, encounters))
            .Where(a => a.Standing != Standing.Void)
            .OrderBy(a => a.At?.Instant ?? DateTimeOffset.MaxValue)
            .ThenBy(a => a.Key.Id, StringComparer.Ordinal)
            .ToArray();
        var open = new List<VisitAppointment>();
        foreach (var appointment in appointments)
        {
            if (Named(appointment, visits) is { } visit)
                (Successor(visit, appointment, visits, facts) ?? visit).Add(appointment);
            else if (!appointment.Named.Any())
                open.Add(appointment);
        }

        foreach (var appointment in open)
            Guess(appointment, visits, facts)?.Add(appointment);
    }

    private static PlannedVisit? Named(VisitAppointment appointment, ImmutableArray<PlannedVisit> visits)
    {
        var named = appointment.Named.ToHashSet(StringComparer.Ordinal);
        return named.Count == 0
            ? visits.FirstOrDefault(v => VisitStates.AppointmentsOf(v.Task).Contains(appointment.Reference))
            : visits.FirstOrDefault(v => named.Contains(v.Task.Reference))
                ?? visits.FirstOrDefault(v => Requests(v).Any(named.Contains));
    }

    /// <summary>
    /// After a readmission another plan takes the place of the one that the appointment names. What is still to come in its days, or has come
    /// in them, is the new plan's.
    /// </summary>
    private static PlannedVisit? Successor(
        PlannedVisit visit,
        VisitAppointment appointment,
        ImmutableArray<PlannedVisit> visits,
        VisitFacts facts
    ) =>
        !visit.IsTold && appointment.At is { } at
            ? visits.FirstOrDefault(v =>
                v.IsTold
                && v.Replaces(visit)
                && v.Covers(facts.Policy.Calendar.DayOf(at.Instant), facts.Policy.Calendar)
            )
            : null;

    private static IEnumerable<string> Requests(PlannedVisit visit) =>
        visit.Task.Edit.BasedOn.Targets().Append(visit.Task.Edit.Focus.Target() ?? "").Where(r => r.Length > 0);

    private static PlannedVisit? Guess(
        VisitAppointment appointment,
        ImmutableArray<PlannedVisit> visits,
        VisitFacts facts
    )
    {
        if (appointment.At is not { } at || !appointment.IsOfPlannedType)
            return null;
        var day = facts.Policy.Calendar.DayOf(at.Instant);
        PlannedVisit[] possible =
        [
            .. visits.Where(v =>
                v.IsTold
                && v.Covers(day, facts.Policy.Calendar)
                && !v.Appointments.Any(a => a.IsLive || a.Standing is Standing.Kept or Standing.Proposed)
            ),
        ];
        return possible is [var only] ? only : null;
    }
}
