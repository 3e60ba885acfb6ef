using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>Nobody needs a task any more.</summary>
public sealed record CancelTask(CommandCall Call, WorkReport Work) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Task,
        "cancel",
        "Nobody needs the task any more: it, its open parts and its series end.",
        input => input.Command(call => new CancelTask(call, input.Work()))
    )
    {
        Parameters = [.. Take.Worked, .. Take.ToldWhy],
    };
}

internal sealed class CancelTaskHandler(CommandRunner runner, CareReads reads)
    : IRequestHandler<CancelTask, FhirResponse>
{
    public Task<FhirResponse> Handle(CancelTask command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            async (task, now, policy) =>
                FinishTask.Cancel(
                    task,
                    await reads.AroundAsync(task, cancellationToken),
                    command.Call.Reason,
                    command.Call.By,
                    now,
                    command.Work.In(policy)
                ),
            cancellationToken
        );
}
