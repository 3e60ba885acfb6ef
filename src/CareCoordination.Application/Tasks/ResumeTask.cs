using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>Takes up a suspended task where it was, and those it held.</summary>
public sealed record ResumeTask(CommandCall Call, CareDate? Due, WorkReport Work) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Task,
        "resume",
        "Takes up a suspended task where it was, and with it the tasks that it held.",
        input => input.Command(call => new ResumeTask(call, input.Date("due"), input.Work()))
    )
    {
        Parameters =
        [
            new(
                "due",
                Take.Time,
                "When it is due from now on, a date means the end of that day; as it was where it is left out."
            ),
            .. Take.Told,
        ],
    };
}

internal sealed class ResumeTaskHandler(CommandRunner runner, CareReads reads)
    : IRequestHandler<ResumeTask, FhirResponse>
{
    public Task<FhirResponse> Handle(ResumeTask command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            async (task, now, policy) =>
                Workflow.Tasks.HoldTask.Resume(
                    task,
                    await reads.PartsOfAsync([task], cancellationToken),
                    command.Call.By,
                    now,
                    command.Call.Reason,
                    command.Due is { } due ? policy.Calendar.EndOf(due) : null,
                    command.Work.In(policy)
                ),
            cancellationToken
        );
}
