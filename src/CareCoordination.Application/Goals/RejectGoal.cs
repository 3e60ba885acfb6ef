using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Goals;
using MediatR;

namespace CareCoordination.Application.Goals;

/// <summary>A goal is declined.</summary>
public sealed record RejectGoal(CommandCall Call, string? Individual) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Goal,
        "reject",
        "The goal is declined before it is sought.",
        input => input.Command(call => new RejectGoal(call, input.Reference("individual")))
    )
    {
        Parameters =
        [
            new("individual", ["Reference"], "Who decides: the patient where it is left out.")
            {
                Names = Naming.Resource,
            },
            .. Take.ToldWhy,
        ],
    };
}

internal sealed class RejectGoalHandler(GoalCommands goals) : IRequestHandler<RejectGoal, FhirResponse>
{
    public Task<FhirResponse> Handle(RejectGoal command, CancellationToken cancellationToken) =>
        goals.RunAsync(
            command,
            (goal, now, policy) =>
                GoalSteps.Reject(
                    goal,
                    command.Individual ?? GoalPatient.Of(goal),
                    command.Call.Reason,
                    command.Call.By,
                    policy.Today(now)
                ),
            cancellationToken
        );
}
