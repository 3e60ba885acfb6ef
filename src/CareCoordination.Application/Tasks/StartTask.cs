using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>Work on a task begins.</summary>
public sealed record StartTask(CommandCall Call, WorkReport Work) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Task,
        "start",
        "Work on the task begins; executionPeriod.start says when.",
        input => input.Command(call => new StartTask(call, input.Work()))
    )
    {
        Parameters = Take.Told,
    };
}

internal sealed class StartTaskHandler(CommandRunner runner) : IRequestHandler<StartTask, FhirResponse>
{
    public Task<FhirResponse> Handle(StartTask command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (task, now, _) => TaskSteps.Start(task, command.Call.By, now, command.Call.Reason, command.Work),
            cancellationToken
        );
}
