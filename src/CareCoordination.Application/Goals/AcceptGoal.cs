using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Goals;
using MediatR;

namespace CareCoordination.Application.Goals;

/// <summary>Somebody agrees to a goal.</summary>
public sealed record AcceptGoal(CommandCall Call, string? Individual) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Goal,
        "accept",
        "Somebody, most often the patient, agrees to the goal.",
        input => input.Command(call => new AcceptGoal(call, input.Reference("individual")))
    )
    {
        Parameters =
        [
            new("individual", ["Reference"], "Who decides: the patient where it is left out.")
            {
                Names = Naming.Resource,
            },
            .. Take.Told,
        ],
    };
}

internal sealed class AcceptGoalHandler(GoalCommands goals) : IRequestHandler<AcceptGoal, FhirResponse>
{
    public Task<FhirResponse> Handle(AcceptGoal command, CancellationToken cancellationToken) =>
        goals.RunAsync(
            command,
            (goal, now, policy) =>
                GoalSteps.Accept(
                    goal,
                    command.Individual ?? GoalPatient.Of(goal),
                    command.Call.By,
                    policy.Today(now),
                    command.Call.Reason
                ),
            cancellationToken
        );
}
