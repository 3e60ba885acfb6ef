using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>The attempt failed.</summary>
public sealed record FailTask(CommandCall Call) : Command(Call)
{
    public static readonly Operation Operation = new(
        "Task",
        "fail",
        "The attempt to do the task failed: its open parts are cancelled, and a series goes on.",
        input => input.Command(call => new FailTask(call))
    )
    {
        Parameters = [Take.NeededReason, Take.Practitioner],
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
                    await reads.AroundAsync(task.Key, cancellationToken),
                    command.Call.Reason,
                    command.Call.By,
                    now,
                    policy.TimeZone,
                    runner.NewId
                ),
            cancellationToken
        );
}
