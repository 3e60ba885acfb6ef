using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Goals;
using MediatR;

namespace CareCoordination.Application.Goals;

/// <summary>A goal is sought again.</summary>
public sealed record ReopenGoal(CommandCall Call) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Goal,
        "reopen",
        "The goal is sought again, as after a regression.",
        input => input.Command(call => new ReopenGoal(call))
    )
    {
        Parameters = Take.Told,
    };
}

internal sealed class ReopenGoalHandler(GoalCommands goals) : IRequestHandler<ReopenGoal, FhirResponse>
{
    public Task<FhirResponse> Handle(ReopenGoal command, CancellationToken cancellationToken) =>
        goals.RunAsync(
            command,
            (goal, now, policy) => GoalSteps.Reopen(goal, command.Call.Reason, command.Call.By, policy.Today(now)),
            cancellationToken
        );
}
