using System.Globalization;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Workflow.Visits;

/// <summary>
/// What there is to do beside a visit because of its appointments: to make a new one where one was missed or called off, and for a lead to
/// look at who is missed again and again. Each is part of the task to visit, rests with it and ends with it.
/// </summary>
internal static class VisitWork
{
    private const string Missed =
        "The patient did not come: call, ask what stood in the way (transport?), and have a new appointment made. A ride to it needs a request of its own.";

    private const string CalledOff =
        "The appointment was called off: have a new one made. A ride to it needs a request of its own.";

    public static void Follow(PlannedVisit visit, VisitFacts facts)
    {
        var decisive = VisitOutcome.Decisive(visit);
        // What is only proposed is not booked: whoever is to book it goes on.
        var lost = decisive is { IsLive: false, Standing: not Standing.Kept }
            ? visit.Appointments.LastOrDefault(a => a.IsGone)
            : null;
        foreach (var part in visit.Parts.Where(IsReschedule))
            Settle(part, lost, decisive, visit, facts);
        if (lost is not null && !visit.Parts.Any(p => p.Key.Id == IdOf(lost)))
            visit.Parts.Add(Reschedule(lost, visit, facts));
        ToLead(visit, facts);
        Medications(visit, facts);
    }

    private static string IdOf(VisitAppointment lost) => DerivedId.Of(lost.Key, AppointmentWork.Reschedule);

    public static bool IsReschedule(TaskDraft part) =>
        part.Edit.Code.Has(AppointmentWork.System, AppointmentWork.Reschedule);

    /// <summary>One that is there already: it goes on, was done by the new appointment, or was asked for by mistake.</summary>
    private static void Settle(
        TaskDraft part,
        VisitAppointment? lost,
        VisitAppointment? decisive,
        PlannedVisit visit,
        VisitFacts facts
    )
    {
        if (lost is not null && part.Key.Id == IdOf(lost))
        {
            // Done by an appointment that is gone again, or never was.
            if (part.Status == TaskStatusCodes.Completed && VisitStates.Of(part) is not null)
                Reopen(part, visit, facts.Command.Now);
            return;
        }

        if (part.IsTerminal)
            return;
        var isMistake = !visit.Appointments.Any(a => a.IsGone && part.Key.Id == IdOf(a));
        if (isMistake)
        {
            FinishTask.CancelAll(
                [part],
                new Reason("The appointment was neither missed nor called off."),
                facts.Command.Now
            );
            return;
        }

        Held.Clear(part);
        part.Status = TaskStatusCodes.Completed;
        part.Edit.BusinessStatus = CodeableConceptEditor.Of(
            VisitStates.System,
            decisive?.Standing == Standing.Kept ? VisitStates.Kept : VisitStates.Booked
        );
        part.ExecutionStart ??= facts.Command.Now;
        part.ExecutionEnd = facts.Command.Now;
    }

    private static void Reopen(TaskDraft part, PlannedVisit visit, DateTimeOffset now)
    {
        part.Status = part.Owner is null ? TaskStatusCodes.Requested : TaskStatusCodes.Ready;
        part.Edit.BusinessStatus = new();
        part.Edit.ExecutionPeriod = new();
        if (visit.Holder is { } holder)
            Held.Put(part, holder, now);
    }

    private static TaskDraft Reschedule(VisitAppointment lost, PlannedVisit visit, VisitFacts facts)
    {
        var (calendar, now) = (facts.Policy.Calendar, facts.Command.Now);
        var due = calendar.DueInBusinessDays(now, facts.Rules.RescheduleBusinessDays);
        // No later than the visit itself, where that is still to come.
        if (visit.Task.Due is { } end && calendar.EndOf(end) is var last && last > now && (due is null || last < due))
            due = last;
        var part = Part(visit, IdOf(lost), facts);
        part.Edit.Code = TaskWords.Code(
            AppointmentWork.System,
            AppointmentWork.Reschedule,
            AppointmentWork.Words(AppointmentWork.Reschedule)
        );
        part.Edit.Description = lost.Standing == Standing.Missed ? Missed : CalledOff;
        part.Edit.Focus = References.To(lost.Reference);
        part.Due = due;
        return part;
    }

    /// <summary>A task that is part of the visit, for whoever has that one.</summary>
    private static TaskDraft Part(PlannedVisit visit, string id, VisitFacts facts)
    {
        var (of, command) = (visit.Task, facts.Command);
        var part = new TaskDraft(id)
        {
            Edit =
            {
                PartOf = { References.To(of.Reference) },
                Intent = TaskIntentCodes.Order,
                Priority = of.Priority,
                For = TaskWords.Copy(of.Edit.For),
                Encounter = TaskWords.Copy(of.Edit.Encounter),
                AuthoredOn = command.Now,
                Requester = new()
                {
                    Reference = command.By.Reference,
                    Display = command.By.NameOf(command.By.Reference),
                },
                Owner = TaskWords.Copy(of.Edit.Owner),
            },
        };
        if (visit.PlanReference is { } plan)
            part.Edit.BasedOn.Add(References.To(plan));
        if (part.Owner is null)
            part.Edit.PerformerType.Add(
                TaskWords.Code(CarePlans.PlanCategories.Snomed, Caseload.CareManagerRoles.Codes[0], "care manager")
            );
        part.Status = part.Owner is null ? TaskStatusCodes.Requested : TaskStatusCodes.Ready;
        if (visit.Holder is { } holder)
            Held.Put(part, holder, command.Now);
        return part;
    }

    /// <summary>
    /// From the number of the rules on a lead looks at it: one Task at a time, which says how often it was, and after that one is done another
    /// where the patient does not come once more.
    /// </summary>
    private static void ToLead(PlannedVisit visit, VisitFacts facts)
    {
        var count = visit.Appointments.Count(a => a.Standing == Standing.Missed);
        var told = visit.Parts.Where(p => TaskEscalation.IsEscalation(p) && p.NoShows() > 0).ToArray();
        var open = told.FirstOrDefault(p => !p.IsTerminal);
        if (count < Math.Max(1, facts.Rules.NoShowsToLead))
        {
            if (open is not null)
                FinishTask.CancelAll([open], new Reason("The appointment was not missed."), facts.Command.Now);
            return;
        }

        if (open is null && told.Any(p => p.Status == TaskStatusCodes.Completed && p.NoShows() >= count))
            return;
        if (open?.NoShows() == count)
            return;
        if (open is null)
        {
            open = Escalation(visit, facts, told.Length);
            visit.Parts.Add(open);
        }

        var reason = CodeableConceptEditor.Of(VisitStates.System, VisitStates.Missed);
        reason.Text = string.Create(CultureInfo.InvariantCulture, $"The patient did not come {count} times");
        open.Edit.ReasonCode = reason;
        open.Edit.Extension.Put(new() { Url = CareExtensions.NoShows, ValuePositiveInt = count });
    }

    private static TaskDraft Escalation(PlannedVisit visit, VisitFacts facts, int before) =>
        TaskEscalation.Escalation(
            visit.Task,
            to: null,
            facts.Policy.Calendar.DueInBusinessDays(facts.Command.Now, 1),
            new(),
            facts.Command.By,
            facts.Command.Now,
            DerivedId.Of(visit.Task.Key, string.Create(CultureInfo.InvariantCulture, $"no-shows {before}"))
        );

    /// <summary>
    /// Medications are reconciled no later than on the day of the visit. What somebody set to another time stays, unless it is later than the
    /// visit.
    /// </summary>
    private static void Medications(PlannedVisit visit, VisitFacts facts)
    {
        if (
            visit is not { Medications: { IsTerminal: false, Due: { } due } task, Counts: true }
            || VisitOutcome.Decisive(visit) is not { At: { } at } decisive
            || !(decisive.IsLive || decisive.Standing == Standing.Kept)
        )
            return;
        var calendar = facts.Policy.Calendar;
        var last = calendar.EndOf(calendar.DayOf(at.Instant));
        if (last >= calendar.EndOf(due))
            return;
        task.Due = last;
        task.Touch(facts.Command.Now);
    }
}
