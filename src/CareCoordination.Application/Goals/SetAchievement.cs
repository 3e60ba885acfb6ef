using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Goals;
using MediatR;

namespace CareCoordination.Application.Goals;

/// <summary>What a person judges of a goal.</summary>
public sealed record SetAchievement(CommandCall Call, string Achievement) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Goal,
        "set-achievement",
        "Sets what a person judges, over what was computed from readings. The lifecycle stays as it is.",
        input => input.Command(call => new SetAchievement(call, AchievementOf(input)))
    )
    {
        Parameters =
        [
            new("achievementStatus", ["code", "string", "CodeableConcept"], "A code of goal-achievement.")
            {
                IsRequired = true,
            },
            .. Take.Told,
        ],
    };

    private static string AchievementOf(OperationInput input)
    {
        var sent = input.Reason("achievementStatus");
        return sent?.Code ?? sent?.Text ?? "";
    }
}

internal sealed class SetAchievementHandler(GoalCommands goals) : IRequestHandler<SetAchievement, FhirResponse>
{
    public Task<FhirResponse> Handle(SetAchievement command, CancellationToken cancellationToken) =>
        goals.RunAsync(command, (goal, _, _) => GoalSteps.SetAchievement(goal, command.Achievement), cancellationToken);
}
