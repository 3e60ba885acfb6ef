using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Goals;
using MediatR;

namespace CareCoordination.Application.Goals;

/// <summary>A goal is not sought for a while.</summary>
public sealed record HoldGoal(CommandCall Call) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Goal,
        "hold",
        "The goal is not sought for a while.",
        input => input.Command(call => new HoldGoal(call))
    )
    {
        Parameters = Take.Told,
    };
}

internal sealed class HoldGoalHandler(GoalCommands goals) : IRequestHandler<HoldGoal, FhirResponse>
{
    public Task<FhirResponse> Handle(HoldGoal command, CancellationToken cancellationToken) =>
        goals.RunAsync(
            command,
            (goal, now, policy) =>
                GoalSteps.Step(goal, "hold", command.Call.Reason, command.Call.By, policy.Today(now)),
            cancellationToken
        );
}
