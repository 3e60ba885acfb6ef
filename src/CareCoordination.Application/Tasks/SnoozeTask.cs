using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>A task is due later.</summary>
public sealed record SnoozeTask(CommandCall Call, CareDate Due, WorkReport Work) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Task,
        "snooze",
        "The task is due later: moves restriction.period.end, from which thresholds of lateness count.",
        input => input.Command(call => new SnoozeTask(call, input.Date("due")!.Value, input.Work()))
    )
    {
        Parameters =
        [
            new("due", Take.Time, "The new due time; a date means the end of that day.") { IsRequired = true },
            .. Take.Worked,
            .. Take.Told,
        ],
    };
}

internal sealed class SnoozeTaskHandler(CommandRunner runner) : IRequestHandler<SnoozeTask, FhirResponse>
{
    public Task<FhirResponse> Handle(SnoozeTask command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (task, now, policy) =>
                TaskSteps.Snooze(
                    task,
                    policy.Calendar.EndOf(command.Due),
                    command.Call.Reason,
                    command.Call.By,
                    now,
                    command.Work.In(policy)
                ),
            cancellationToken
        );
}
