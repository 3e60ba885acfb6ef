using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Goals;
using MediatR;

namespace CareCoordination.Application.Goals;

/// <summary>A goal is sought again after a hold.</summary>
public sealed record ResumeGoal(CommandCall Call) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Goal,
        "resume",
        "The goal is sought again after a hold.",
        input => input.Command(call => new ResumeGoal(call))
    )
    {
        Parameters = Take.Told,
    };
}

internal sealed class ResumeGoalHandler(GoalCommands goals) : IRequestHandler<ResumeGoal, FhirResponse>
{
    public Task<FhirResponse> Handle(ResumeGoal command, CancellationToken cancellationToken) =>
        goals.RunAsync(
            command,
            (goal, now, policy) =>
                GoalSteps.Step(goal, "resume", command.Call.Reason, command.Call.By, policy.Today(now)),
            cancellationToken
        );
}
