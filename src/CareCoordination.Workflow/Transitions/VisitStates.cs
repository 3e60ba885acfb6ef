using System.Collections.Immutable;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Transitions;

/// <summary>
/// What the appointments of a visit make of it: <c>Task.businessStatus</c> of the task to visit, with the appointments as its outputs. R4
/// leaves both to the workflow. https://hl7.org/fhir/R4/task-definitions.html#Task.businessStatus
/// </summary>
public static class VisitStates
{
    public const string System = OwnCanonical.CodeSystems + "visit-state";

    /// <summary>The types of <c>Task.output</c> and <c>Task.input</c>.</summary>
    public const string Values = OwnCanonical.CodeSystems + "visit-value";

    public const string Proposed = "proposed";
    public const string Booked = "booked";
    public const string BookedLate = "booked-late";
    public const string Arrived = "arrived";
    public const string Missed = "missed";
    public const string CalledOff = "called-off";
    public const string Kept = "kept";

    /// <summary>An Appointment (Reference).</summary>
    public const string Appointment = "appointment";

    /// <summary>The one of them that counts (Reference).</summary>
    public const string Current = "current-appointment";

    /// <summary>When the appointment that counts begins (dateTime).</summary>
    public const string Start = "start";

    public static readonly ImmutableArray<OwnCode> All =
    [
        new(Arrived, "The patient is there."),
        new(Booked, "There is an appointment, no later than the visit is due."),
        new(BookedLate, "There is an appointment, and it is after the day by which the visit is due."),
        new(CalledOff, "The appointment was called off, and there is no other."),
        new(Kept, "The visit has taken place."),
        new(Missed, "The patient did not come, and there is no other appointment."),
        new(Proposed, "An appointment was proposed, and is not booked."),
    ];

    public static readonly ImmutableArray<OwnCode> ValueTypes =
    [
        new(Appointment, "An Appointment of the visit."),
        new(Current, "The Appointment that counts: kept, or the next one, or the last one."),
        new(Start, "When the appointment begins that counts."),
    ];

    public static string? Of(TaskDraft task) =>
        task.Edit.BusinessStatus.Coding.FirstOrDefault(c => c.System == System)?.Code;

    /// <summary>The appointment that counts; null where there is none.</summary>
    public static string? CurrentOf(TaskDraft task) =>
        task.Edit.Output.FirstOrDefault(o => o.Type.Has(Values, Current))?.ValueReference.Target();

    public static FhirDateTime? StartOf(TaskDraft task) =>
        task.Edit.Output.FirstOrDefault(o => o.Type.Has(Values, Start))?.ValueDateTime;

    /// <summary>The appointments that the task names, in its order.</summary>
    public static IEnumerable<string> AppointmentsOf(TaskDraft task) =>
        task
            .Edit.Output.Where(o => o.Type.Has(Values, Appointment))
            .Select(o => o.ValueReference.Target())
            .OfType<string>();
}
