using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>
/// A plan begins, rests and ends by its commands: they ask first what stands in the way, and take goals and work along. A plain write
/// of the status alone would do neither, so it is refused with the command that does both.
/// </summary>
internal static class PlanByCommand
{
    public static Failure? Check(Transition step) =>
        step.Command is null || step.To == Lifecycle.EnteredInError
            ? null
            : RuleFailure.Of(
                "plan-by-command",
                $"A plan begins, rests and ends by its commands, which take its goals and work along: take it from '{step.From}' to '{step.To}' with ${step.Command}.",
                CarePlanView.At.Status
            );
}
