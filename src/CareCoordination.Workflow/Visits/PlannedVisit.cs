using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Workflow.Visits;

/// <summary>A visit of a plan with what belongs to it. It lives inside one decision.</summary>
internal sealed class PlannedVisit(TaskDraft task, CarePlanView? plan)
{
    private readonly List<VisitAppointment> _appointments = [];

    public TaskDraft Task => task;

    /// <summary>In the order of their times.</summary>
    public IReadOnlyList<VisitAppointment> Appointments => _appointments;

    /// <summary>The tasks that are part of it.</summary>
    public List<TaskDraft> Parts { get; } = [];

    /// <summary>The task to reconcile the medications, which has to be done by the day of the visit; null where there is none.</summary>
    public TaskDraft? Medications { get; set; }

    public CarePlanView? Plan => plan;

    public string? PlanReference => plan is { Id: { } id } ? $"{ResourceTypes.CarePlan}/{id}" : null;

    /// <summary>What a plan that is over had planned is left as it is.</summary>
    public bool Counts => plan?.Status is null or RequestStatusCodes.Active or RequestStatusCodes.OnHold;

    /// <summary>What holds the visit, and so what belongs to it; null where nothing does.</summary>
    public string? Holder =>
        task.Status == TaskStatusCodes.OnHold ? task.HeldBy ?? task.Reference
        : plan?.Status == RequestStatusCodes.OnHold ? PlanReference
        : null;

    /// <summary>Done because an appointment was kept, and not because somebody said so.</summary>
    public bool IsKept => task.Status == TaskStatusCodes.Completed && VisitStates.Of(task) == VisitStates.Kept;

    /// <summary>What becomes of the task is still told by its appointments.</summary>
    public bool IsTold => Counts && (!task.IsTerminal || IsKept);

    public void Add(VisitAppointment appointment)
    {
        _appointments.Add(appointment);
        _appointments.Sort(
            (left, right) =>
            {
                var by = (left.At?.Instant ?? DateTimeOffset.MaxValue).CompareTo(
                    right.At?.Instant ?? DateTimeOffset.MaxValue
                );
                return by != 0 ? by : string.CompareOrdinal(left.Key.Id, right.Key.Id);
            }
        );
    }

    /// <summary>True for a day of the plan.</summary>
    public bool Covers(DateOnly day, BusinessCalendar calendar) =>
        plan is { } known
        && CareDate.Of(known.Period.Start) is { } start
        && CareDate.Of(known.Period.End) is { } end
        && calendar.DayOf(start) <= day
        && day <= calendar.LastDayOf(end);

    /// <summary>The visit of a plan that takes the place of this one's.</summary>
    public bool Replaces(PlannedVisit other) =>
        plan is { } known && other.PlanReference is { } before && known.Replaces.Targets().Contains(before);

    /// <summary>The visits of a patient, each with its appointments.</summary>
    public static ImmutableArray<PlannedVisit> Of(VisitFacts facts)
    {
        var plans = facts.Plans.ToDictionary(
            p => p.Key.ToString(),
            p => CarePlanView.From(ResourceDocument.Parse(p.Utf8Json).Value),
            StringComparer.Ordinal
        );
        var tasks = facts.Tasks.Select(t => new TaskDraft(t)).OrderBy(t => t.Key.Id, StringComparer.Ordinal).ToArray();
        var visits = tasks
            .Where(t => t.Edit.Code.Has(TransitionWork.System, TransitionWork.Visit))
            .Select(t => new PlannedVisit(
                t,
                t.Edit.BasedOn.Targets().Where(plans.ContainsKey).Select(b => (CarePlanView?)plans[b]).FirstOrDefault()
            ))
            .ToImmutableArray();
        foreach (var visit in visits)
        {
            visit.Parts.AddRange(
                facts
                    .Parts.Select(p => new TaskDraft(p))
                    .Where(p => p.Edit.PartOf.Targets().Contains(visit.Task.Reference))
            );
            visit.Medications = tasks.FirstOrDefault(t =>
                t.Edit.Code.Has(TransitionWork.System, TransitionWork.Medications)
                && visit.PlanReference is { } of
                && t.Edit.BasedOn.Targets().Contains(of)
            );
        }

        VisitLinks.Join(visits, facts);
        return visits;
    }
}
