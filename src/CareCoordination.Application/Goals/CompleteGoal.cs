using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Goals;
using MediatR;

namespace CareCoordination.Application.Goals;

/// <summary>A goal is no longer sought.</summary>
public sealed record CompleteGoal(CommandCall Call, string? Achievement) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Goal,
        "complete",
        "The goal is no longer sought, with its final achievement.",
        input => input.Command(call => new CompleteGoal(call, input.Text("achievementStatus")))
    )
    {
        Parameters =
        [
            new("achievementStatus", ["code", "string"], "The final achievement, where the goal does not have it."),
            .. Take.Told,
        ],
    };
}

internal sealed class CompleteGoalHandler(GoalCommands goals) : IRequestHandler<CompleteGoal, FhirResponse>
{
    public Task<FhirResponse> Handle(CompleteGoal command, CancellationToken cancellationToken) =>
        goals.RunAsync(
            command,
            (goal, now, policy) =>
                GoalSteps.Complete(goal, command.Achievement, command.Call.By, policy.Today(now), command.Call.Reason),
            cancellationToken
        );
}
