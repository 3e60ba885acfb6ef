using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.CarePlans;
using MediatR;

namespace CareCoordination.Application.CarePlans;

/// <summary>Suspends a plan.</summary>
public sealed record HoldPlan(CommandCall Call) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.CarePlan,
        "hold",
        "Suspends the plan, and with it the goals that are sought and every task and request that can be held; no threshold of lateness is crossed meanwhile.",
        input => input.Command(call => new HoldPlan(call))
    )
    {
        Parameters = [Take.NeededReason, Take.Note, Take.Practitioner],
    };
}

internal sealed class HoldPlanHandler(CommandRunner runner, CareReads reads, PlanReads plans)
    : IRequestHandler<HoldPlan, FhirResponse>
{
    public Task<FhirResponse> Handle(HoldPlan command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            async (plan, now, policy) =>
                PlanSteps.Hold(
                    plan,
                    await plans.MembersAsync(
                        plan,
                        await reads.MembersOfAsync(plan, cancellationToken),
                        cancellationToken
                    ),
                    command.Call.At(now, policy)
                ),
            cancellationToken
        );
}
