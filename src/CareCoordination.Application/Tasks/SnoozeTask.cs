using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>A task is due later.</summary>
public sealed record SnoozeTask(CommandCall Call, DateTimeOffset Due) : Command(Call)
{
    public static readonly Operation Operation = new(
        "Task",
        "snooze",
        "The task is due later: moves restriction.period.end, from which thresholds of lateness count.",
        input => input.Command(call => new SnoozeTask(call, input.EndTime("due")!.Value))
    )
    {
        Parameters =
        [
            new("due", Take.Time, "The new due time; a date means the end of that day.") { IsRequired = true },
            Take.Reason,
            Take.Practitioner,
        ],
    };
}

internal sealed class SnoozeTaskHandler(CommandRunner runner) : IRequestHandler<SnoozeTask, FhirResponse>
{
    public Task<FhirResponse> Handle(SnoozeTask command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (task, now, _) => TaskSteps.Snooze(task, command.Due, command.Call.Reason, command.Call.By, now),
            cancellationToken
        );
}
