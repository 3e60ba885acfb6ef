using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.R4;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>Suspends a task and all that are part of it.</summary>
public sealed record HoldTask(CommandCall Call, Workflow.Tasks.WorkReport Work) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Task,
        "hold",
        "Suspends the task and all tasks that are part of it; each remembers where it was.",
        input => input.Command(call => new HoldTask(call, input.Work()))
    )
    {
        Parameters = [.. Take.Worked, .. Take.ToldWhy],
    };
}

internal sealed class HoldTaskHandler(CommandRunner runner, CareReads reads) : IRequestHandler<HoldTask, FhirResponse>
{
    public Task<FhirResponse> Handle(HoldTask command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            async (task, now, policy) =>
                Workflow.Tasks.HoldTask.Hold(
                    task,
                    await reads.PartsOfAsync([task], cancellationToken),
                    command.Call.Reason,
                    command.Call.By,
                    now,
                    command.Work.In(policy)
                ),
            cancellationToken
        );
}
