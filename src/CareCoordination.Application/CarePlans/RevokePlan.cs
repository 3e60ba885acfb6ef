using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.CarePlans;
using MediatR;

namespace CareCoordination.Application.CarePlans;

/// <summary>Ends a plan before it is fulfilled.</summary>
public sealed record RevokePlan(CommandCall Call) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.CarePlan,
        "revoke",
        "Ends the plan before it is fulfilled: its tasks are cancelled, requests that nobody works on are revoked.",
        input => input.Command(call => new RevokePlan(call))
    )
    {
        Parameters = [Take.NeededReason, Take.Note, Take.Practitioner],
    };
}

internal sealed class RevokePlanHandler(CommandRunner runner, CareReads reads, PlanReads plans)
    : IRequestHandler<RevokePlan, FhirResponse>
{
    public Task<FhirResponse> Handle(RevokePlan command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            async (plan, now, policy) =>
                EndPlan.Revoke(
                    plan,
                    await plans.MembersAsync(
                        plan,
                        await reads.EndingMembersOfAsync(plan, cancellationToken),
                        cancellationToken
                    ),
                    command.Call.At(now, policy)
                ),
            cancellationToken
        );
}
