using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Workflow.CarePlans;
using MediatR;

namespace CareCoordination.Application.CarePlans;

/// <summary>Takes up a suspended plan.</summary>
public sealed record ResumePlan(CommandCall Call) : Command(Call)
{
    public static readonly Operation Operation = new(
        "CarePlan",
        "resume",
        "Takes up the plan, and each task that it held where it was.",
        input => input.Command(call => new ResumePlan(call))
    )
    {
        Parameters = [Take.Practitioner],
    };
}

internal sealed class ResumePlanHandler(CommandRunner runner, CareReads reads)
    : IRequestHandler<ResumePlan, FhirResponse>
{
    public Task<FhirResponse> Handle(ResumePlan command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            async (plan, now, _) =>
                PlanSteps.Resume(
                    plan,
                    new PlanMembers(await reads.MembersOfAsync(plan, cancellationToken)),
                    command.Call.By,
                    now
                ),
            cancellationToken
        );
}
