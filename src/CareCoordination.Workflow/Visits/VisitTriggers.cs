using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Workflow.Visits;

/// <summary>What is written that can mean something for a visit.</summary>
public static class VisitTriggers
{
    private const string Patient = ResourceTypes.Patient + "/";

    /// <summary>The patients of whom it says something about visits; empty for most of what is written.</summary>
    public static IEnumerable<string> PatientsOf(string type, ResourceDocument document)
    {
        switch (type)
        {
            case ResourceTypes.Appointment:
                return PatientsOf(AppointmentView.From(document));
            case ResourceTypes.Encounter:
                var encounter = EncounterView.From(document);
                return encounter.Appointment.Any() ? Only(encounter.Subject.Target()) : [];
            case ResourceTypes.Task:
                var task = TaskView.From(document);
                return IsVisit(task) ? Only(task.For.Target()) : [];
            default:
                return [];
        }
    }

    /// <summary>Those who take part in an appointment.</summary>
    public static IEnumerable<string> PatientsOf(AppointmentView appointment)
    {
        foreach (var participant in appointment.Participant)
        {
            if (participant.Actor.Target() is { } actor && actor.StartsWith(Patient, StringComparison.Ordinal))
                yield return actor;
        }
    }

    public static bool IsVisit(TaskView task) => task.Code.Has(TransitionWork.System, TransitionWork.Visit);

    /// <summary>A task whose time follows a visit, or to visit itself.</summary>
    public static bool IsTimed(TaskView task) =>
        IsVisit(task) || task.Code.Has(TransitionWork.System, TransitionWork.Medications);

    private static IEnumerable<string> Only(string? reference) =>
        reference is not null && reference.StartsWith(Patient, StringComparison.Ordinal) ? [reference] : [];
}
