using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Goals;
using MediatR;

namespace CareCoordination.Application.Goals;

/// <summary>A goal is given up.</summary>
public sealed record CancelGoal(CommandCall Call) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Goal,
        "cancel",
        "The goal is given up.",
        input => input.Command(call => new CancelGoal(call))
    )
    {
        Parameters = Take.ToldWhy,
    };
}

internal sealed class CancelGoalHandler(GoalCommands goals) : IRequestHandler<CancelGoal, FhirResponse>
{
    public Task<FhirResponse> Handle(CancelGoal command, CancellationToken cancellationToken) =>
        goals.RunAsync(
            command,
            (goal, now, policy) =>
                GoalSteps.Step(goal, "cancel", command.Call.Reason, command.Call.By, policy.Today(now)),
            cancellationToken
        );
}
