using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>
/// A plan that has goals or work takes them along when it begins, rests or ends, and what stands in its way is asked first. A plain
/// write of its status alone would move the plan and leave its work: it is refused with the command that does both.
/// </summary>
internal static class PlanWithWork
{
    public static Failure? Check(ResourceDocument before, ResourceDocument after, Transition step)
    {
        if (step.Command is null || step.To == Lifecycle.EnteredInError || !(HasWork(before) || HasWork(after)))
            return null;
        return RuleFailure.Of(
            "plan-by-command",
            $"The plan has goals or work, which go along with it: take it from '{step.From}' to '{step.To}' with ${step.Command}.",
            CarePlanView.At.Status
        );
    }

    private static bool HasWork(ResourceDocument plan)
    {
        var view = CarePlanView.From(plan);
        return view.Goal.Any() || view.Activity.Any(a => a.Reference.Exists);
    }
}
