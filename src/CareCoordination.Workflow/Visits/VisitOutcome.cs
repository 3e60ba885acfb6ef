using System.Globalization;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Workflow.Visits;

/// <summary>What the appointments of a visit make of its task, whatever they were before and in whichever order they came.</summary>
internal static class VisitOutcome
{
    /// <summary>The appointment that counts: one that was kept, or else the next one, or else the last that is open or was lost.</summary>
    public static VisitAppointment? Decisive(PlannedVisit visit) =>
        visit.Appointments.FirstOrDefault(a => a.Standing == Standing.Kept)
        ?? visit.Appointments.FirstOrDefault(a => a.IsLive)
        ?? visit.Appointments.FirstOrDefault(a => a.Standing == Standing.Proposed)
        ?? visit.Appointments.LastOrDefault();

    public static void Tell(PlannedVisit visit, VisitFacts facts)
    {
        var task = visit.Task;
        var decisive = Decisive(visit);
        var state = decisive is null ? null : StateOf(decisive, task, facts.Policy.Calendar);
        var wasKept = visit.IsKept;
        Outputs(visit, decisive);
        Say(task, state, decisive, facts.Policy.Calendar);
        if (visit.Appointments.Count(a => a.Standing == Standing.Missed) is var missed and > 0)
            task.Edit.Extension.Put(new() { Url = CareExtensions.NoShows, ValuePositiveInt = missed });
        else
            task.Edit.Extension.RemoveAll(e => e.Url == CareExtensions.NoShows);
        if (state == VisitStates.Kept)
            Keep(task, decisive!.At, facts);
        else if (wasKept)
            TakeBack(visit, facts);
    }

    private static string StateOf(VisitAppointment appointment, TaskDraft task, BusinessCalendar calendar) =>
        appointment.Standing switch
        {
            Standing.Kept => VisitStates.Kept,
            Standing.Arrived => VisitStates.Arrived,
            Standing.Booked => task.Due is { } due && appointment.At is { } at && at.Instant > calendar.EndOf(due)
                ? VisitStates.BookedLate
                : VisitStates.Booked,
            Standing.Missed => VisitStates.Missed,
            Standing.CalledOff => VisitStates.CalledOff,
            _ => VisitStates.Proposed,
        };

    private static void Outputs(PlannedVisit visit, VisitAppointment? decisive)
    {
        var outputs = visit.Task.Edit.Output;
        var wanted = visit.Appointments.Select(a => a.Reference).ToHashSet(StringComparer.Ordinal);
        var known = VisitStates.AppointmentsOf(visit.Task).ToHashSet(StringComparer.Ordinal);
        outputs.RemoveAll(o =>
            o.Type.Has(VisitStates.Values, VisitStates.Appointment)
            && o.ValueReference.Target() is var target
            && (target is null || !wanted.Contains(target))
        );
        foreach (var appointment in visit.Appointments.Where(a => known.Add(a.Reference)))
            outputs.Add(
                new()
                {
                    Type = CodeableConceptEditor.Of(VisitStates.Values, VisitStates.Appointment),
                    ValueReference = References.To(appointment.Reference),
                }
            );
        if (VisitStates.CurrentOf(visit.Task) != decisive?.Reference)
        {
            outputs.RemoveAll(o => o.Type.Has(VisitStates.Values, VisitStates.Current));
            if (decisive is not null)
                outputs.Add(
                    new()
                    {
                        Type = CodeableConceptEditor.Of(VisitStates.Values, VisitStates.Current),
                        ValueReference = References.To(decisive.Reference),
                    }
                );
        }

        if (VisitStates.StartOf(visit.Task)?.ToString() == decisive?.At?.ToString())
            return;
        outputs.RemoveAll(o => o.Type.Has(VisitStates.Values, VisitStates.Start));
        if (decisive?.At is { } at)
            outputs.Add(
                new() { Type = CodeableConceptEditor.Of(VisitStates.Values, VisitStates.Start), ValueDateTime = at }
            );
    }

    private static void Say(TaskDraft task, string? state, VisitAppointment? decisive, BusinessCalendar calendar)
    {
        var text = state is null ? null : Words(state, decisive!.At, calendar);
        if (VisitStates.Of(task) == state && (state is null || task.Edit.BusinessStatus.Text == text))
            return;
        var others = task.Edit.BusinessStatus.Coding.Where(c => c.System != VisitStates.System).ToArray();
        var said = state is null ? new() : CodeableConceptEditor.Of(VisitStates.System, state);
        foreach (var other in others)
            said.Coding.Add(
                new()
                {
                    System = other.System,
                    Code = other.Code,
                    Display = other.Display,
                }
            );
        if (text is not null)
            said.Text = text;
        task.Edit.BusinessStatus = said;
    }

    private static string Words(string state, FhirDateTime? at, BusinessCalendar calendar)
    {
        var when = at is { } known
            ? TimeZoneInfo
                .ConvertTime(known.Instant, calendar.Zone)
                .ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
            : "a time that is not told";
        return state switch
        {
            VisitStates.Booked => $"Booked for {when}",
            VisitStates.BookedLate => $"Booked for {when}, after the day by which it is due",
            VisitStates.Arrived => $"The patient is there, for {when}",
            VisitStates.Kept => $"Kept on {when}",
            VisitStates.Missed => $"Missed on {when}: a new appointment is needed",
            VisitStates.CalledOff => $"Called off for {when}: a new appointment is needed",
            _ => "Proposed, and not booked",
        };
    }

    /// <summary>Done when the visit began, whenever it is told: its clock is met on that day.</summary>
    private static void Keep(TaskDraft task, FhirDateTime? at, VisitFacts facts)
    {
        var then =
            at is { } began && began.Instant <= facts.Command.Now ? CareDate.Of(began)!.Value : facts.Command.Now;
        if (task.Status == TaskStatusCodes.Completed && (at is null || at.Value.Instant > facts.Command.Now))
            return;
        Held.Clear(task);
        task.Status = TaskStatusCodes.Completed;
        task.SetReason(null);
        if (
            task.ExecutionStart is not { } start
            || facts.Policy.Calendar.StartOf(start) > facts.Policy.Calendar.StartOf(then)
        )
            task.ExecutionStart = then;
        task.ExecutionEnd = then;
    }

    /// <summary>What said that it was kept was a mistake: there is something to do again.</summary>
    private static void TakeBack(PlannedVisit visit, VisitFacts facts)
    {
        var task = visit.Task;
        task.Status = task.Owner is null ? TaskStatusCodes.Requested : TaskStatusCodes.Ready;
        task.Edit.ExecutionPeriod = new();
        if (visit.Holder is { } holder)
            Held.Put(task, holder, facts.Command.Now);
    }
}
