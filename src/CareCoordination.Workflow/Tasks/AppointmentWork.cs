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

    public static readonly ImmutableArray<OwnCode> All =
    [
        new(
            Reschedule,
            "Make a new appointment",
            "An appointment was missed or called off, and there is no other one."
        ),
    ];

    public static string Words(string code) => All.First(c => c.Code == code).Display;

    /// <summary>It serves what it is part of, and never blocks its end.</summary>
    internal static bool Is(TaskDraft task) => task.Edit.Code.Coding.Any(c => c.System == System);
}
