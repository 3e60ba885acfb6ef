using System.Collections.Immutable;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Tasks;

/// <summary>What appointments give people to do: the code of such a Task.</summary>
public static class AppointmentWork
{
    public const string System = OwnCanonical.CodeSystems + "appointment-work";

    public const string Reschedule = "reschedule";
    public const string ConfirmTransport = "confirm-transport";
    public const string CallOffTransport = "call-off-transport";

    public static readonly ImmutableArray<OwnCode> All =
    [
        new(
            CallOffTransport,
            "Call off the ride",
            "A ride that was confirmed is to an appointment that does not take place."
        ),
        new(ConfirmTransport, "Confirm the ride", "Make sure that the ride to an appointment comes, and when."),
        new(
            Reschedule,
            "Make a new appointment",
            "An appointment was missed or called off, and there is no other one."
        ),
    ];

    public static string Words(string code) => All.First(c => c.Code == code).Display;

    /// <summary>It serves what it is part of, and never blocks its end.</summary>
    internal static bool Is(TaskDraft task) => task.Edit.Code.Coding.Any(c => c.System == System);

    internal static bool Is(TaskDraft task, string code) => task.Edit.Code.Has(System, code);
}
