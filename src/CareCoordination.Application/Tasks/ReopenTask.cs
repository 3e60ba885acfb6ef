using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>Brings back a task that was completed or failed.</summary>
public sealed record ReopenTask(CommandCall Call, WorkReport Work) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Task,
        "reopen",
        "Brings back a task that was completed or failed; work on it goes on.",
        input => input.Command(call => new ReopenTask(call, input.Work()))
    )
    {
        Parameters = Take.ToldWhy,
    };
}

internal sealed class ReopenTaskHandler(CommandRunner runner) : IRequestHandler<ReopenTask, FhirResponse>
{
    public Task<FhirResponse> Handle(ReopenTask command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (task, now, _) => TaskSteps.Reopen(task, command.Call.Reason, command.Call.By, now, command.Work),
            cancellationToken
        );
}
