using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Goals;
using MediatR;

namespace CareCoordination.Application.Goals;

/// <summary>A goal is sought from now on.</summary>
public sealed record ActivateGoal(CommandCall Call) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Goal,
        "activate",
        "The goal is sought from now on.",
        input => input.Command(call => new ActivateGoal(call))
    )
    {
        Parameters = Take.Told,
    };
}

internal sealed class ActivateGoalHandler(GoalCommands goals) : IRequestHandler<ActivateGoal, FhirResponse>
{
    public Task<FhirResponse> Handle(ActivateGoal command, CancellationToken cancellationToken) =>
        goals.RunAsync(
            command,
            (goal, now, policy) =>
                GoalSteps.Step(goal, "activate", command.Call.Reason, command.Call.By, policy.Today(now)),
            cancellationToken
        );
}
