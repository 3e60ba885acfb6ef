using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>Tells the Task that offers a patient to a new care manager from others: accepting it does more than a step of its status.</summary>
public static class HandoverOffer
{
    /// <summary>The code of the Task, in <see cref="CareExtensions.CommandSystem"/>.</summary>
    public const string Code = "transfer";

    public static bool Is(ResourceDocument task) =>
        TaskView.From(task) is { Exists: true } view && view.Code.Has(CareExtensions.CommandSystem, Code);
}
