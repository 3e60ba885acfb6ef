using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Workflow.CarePlans;
using MediatR;

namespace CareCoordination.Application.CarePlans;

/// <summary>Brings back a plan that was closed or revoked.</summary>
public sealed record ReopenPlan(CommandCall Call) : Command(Call)
{
    public static readonly Operation Operation = new(
        "CarePlan",
        "reopen",
        "Brings back a plan that was closed or revoked. Its members stay as they are.",
        input => input.Command(call => new ReopenPlan(call))
    )
    {
        Parameters = [Take.NeededReason, Take.Practitioner],
    };
}

internal sealed class ReopenPlanHandler(CommandRunner runner) : IRequestHandler<ReopenPlan, FhirResponse>
{
    public Task<FhirResponse> Handle(ReopenPlan command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (plan, now, _) => PlanSteps.Reopen(plan, command.Call.Reason, command.Call.By, now),
            cancellationToken
        );
}
