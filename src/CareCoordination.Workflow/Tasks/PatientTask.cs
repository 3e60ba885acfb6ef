using System.Collections.Immutable;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Tasks;

/// <summary>
/// What patients and their families do themselves: a Task whose owner is a Patient or a RelatedPerson. Nobody asks whether they take it, so that it
/// has the statuses of TaskForPatient: https://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition-SDOHCC-TaskForPatient.html. Until it is given to
/// them it may be a draft, as in a plan that has not begun.
/// </summary>
public static class PatientTask
{
    public const string System = OwnCanonical.CodeSystems + "patient-work";

    /// <summary>The Task of whoever asks the patient about theirs.</summary>
    public const string FollowUp = "follow-up";

    /// <summary>What the patient's Task remembers, so that somebody is told once.</summary>
    public const string Overdue = "overdue-patient";

    public static readonly ImmutableArray<OwnCode> Work =
    [
        new(
            FollowUp,
            "Ask the patient",
            "A task that the patient or family has is overdue: ask what stands in the way."
        ),
    ];

    public static readonly ImmutableArray<OwnCode> Thresholds =
    [
        new(Overdue, "A patient's own task was due business days ago: the care manager is told."),
    ];

    private static readonly ImmutableArray<string> NotTheirs =
    [
        TaskStatusCodes.Requested,
        TaskStatusCodes.Received,
        TaskStatusCodes.Accepted,
        TaskStatusCodes.Rejected,
    ];

    public static bool IsOwner(string? reference) =>
        reference?.Split('/') is [.., ResourceTypes.Patient or ResourceTypes.RelatedPerson, _];

    public static bool Is(TaskView task) => IsOwner(task.Owner.Target());

    internal static bool Is(TaskDraft task) => IsOwner(task.Owner);

    internal static bool IsFollowUp(TaskDraft task) => task.Edit.Code.Has(System, FollowUp);

    /// <summary>Whoever gives it to a patient has it ready.</summary>
    internal static string StatusOf(string status) => NotTheirs.Contains(status) ? TaskStatusCodes.Ready : status;

    /// <summary>A plain write. 422 <c>patient-task-status</c>; null for all others, and where it was so before.</summary>
    public static Failure? Check(ResourceDocument? before, ResourceDocument after)
    {
        var task = TaskView.From(after);
        return Is(task) && task.Status is { } status && NotTheirs.Contains(status) && !WasSo(before, status)
            ? RuleFailure.Of(
                "patient-task-status",
                $"A Task that a patient or the family owns is not '{status}': nobody asks whether they take it. Send it as 'ready'; then it is in-progress, on-hold, completed, failed or cancelled.",
                "Task.status"
            )
            : null;
    }

    private static bool WasSo(ResourceDocument? before, string status) =>
        before is not null && TaskView.From(before) is var was && Is(was) && was.Status == status;
}
