using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>The attempt failed.</summary>
public sealed record FailTask(CommandCall Call, WorkReport Work) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Task,
        "fail",
        "The attempt to do the task failed: its open parts are cancelled, and a series goes on.",
        input => input.Command(call => new FailTask(call, input.Work()))
    )
    {
        Parameters = [.. Take.Worked, .. Take.ToldWhy],
    };
}

internal sealed class FailTaskHandler(CommandRunner runner, CareReads reads) : IRequestHandler<FailTask, FhirResponse>
{
    public Task<FhirResponse> Handle(FailTask command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            async (task, now, policy) =>
                FinishTask.Fail(
                    task,
                    await reads.AroundAsync(task, cancellationToken) with
                    {
                        HasSecondAttempt =
                            SecondAttempt.MayFollow(task)
                            && await reads.WasEverAsync(SecondAttempt.KeyAfter(task.Key), cancellationToken),
                    },
                    command.Call.Reason,
                    command.Call.By,
                    now,
                    runner.NewId,
                    command.Work.In(policy)
                ),
            cancellationToken
        );
}
