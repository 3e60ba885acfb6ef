using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>Takes up a suspended task where it was, and those it held.</summary>
public sealed record ResumeTask(CommandCall Call) : Command(Call)
{
    public static readonly Operation Operation = new(
        "Task",
        "resume",
        "Takes up a suspended task where it was, and with it the tasks that it held.",
        input => input.Command(call => new ResumeTask(call))
    )
    {
        Parameters = [Take.Practitioner],
    };
}

internal sealed class ResumeTaskHandler(CommandRunner runner, CareReads reads)
    : IRequestHandler<ResumeTask, FhirResponse>
{
    public Task<FhirResponse> Handle(ResumeTask command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            async (task, now, _) =>
                Workflow.Tasks.HoldTask.Resume(
                    task,
                    await reads.PartsOfAsync([task.Key], cancellationToken),
                    command.Call.By,
                    now
                ),
            cancellationToken
        );
}
