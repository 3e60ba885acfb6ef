using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>Work on a task ends for now.</summary>
public sealed record StopTask(CommandCall Call, bool Release, WorkReport Work) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Task,
        "stop",
        "Work in progress ends for now: the task is ready again, for its owner or, released, for anyone.",
        input => input.Command(call => new StopTask(call, input.Flag("release") ?? false, input.Work()))
    )
    {
        Parameters =
        [
            new("release", ["boolean"], "True: the task has no owner any more, and can be claimed."),
            .. Take.Worked,
            .. Take.Told,
        ],
    };
}

internal sealed class StopTaskHandler(CommandRunner runner) : IRequestHandler<StopTask, FhirResponse>
{
    public Task<FhirResponse> Handle(StopTask command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (task, now, policy) =>
                TaskSteps.Stop(
                    task,
                    command.Release,
                    command.Call.Reason,
                    command.Call.By,
                    now,
                    command.Work.In(policy)
                ),
            cancellationToken
        );
}
