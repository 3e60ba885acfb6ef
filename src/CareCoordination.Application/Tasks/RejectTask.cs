using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>Declines to do a task.</summary>
public sealed record RejectTask(CommandCall Call, WorkReport Work) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Task,
        "reject",
        "Declines to do the task, before work begins.",
        input => input.Command(call => new RejectTask(call, input.Work()))
    )
    {
        Parameters = Take.ToldWhy,
    };
}

internal sealed class RejectTaskHandler(CommandRunner runner) : IRequestHandler<RejectTask, FhirResponse>
{
    public Task<FhirResponse> Handle(RejectTask command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (task, now, _) => TaskSteps.Reject(task, command.Call.Reason, command.Call.By, now, command.Work),
            cancellationToken
        );
}
