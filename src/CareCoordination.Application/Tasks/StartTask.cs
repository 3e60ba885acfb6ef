using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>Work on a task begins.</summary>
public sealed record StartTask(CommandCall Call) : Command(Call)
{
    public static readonly Operation Operation = new(
        "Task",
        "start",
        "Work on the task begins; executionPeriod.start says when.",
        input => input.Command(call => new StartTask(call))
    )
    {
        Parameters = [Take.Practitioner],
    };
}

internal sealed class StartTaskHandler(CommandRunner runner) : IRequestHandler<StartTask, FhirResponse>
{
    public Task<FhirResponse> Handle(StartTask command, CancellationToken cancellationToken) =>
        runner.RunAsync(command, (task, now, _) => TaskSteps.Start(task, command.Call.By, now), cancellationToken);
}
