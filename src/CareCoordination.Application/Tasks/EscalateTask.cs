using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>Somebody is to look at a task that does not get on.</summary>
public sealed record EscalateTask(CommandCall Call, string To, CareDate? Due, WorkReport Work) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Task,
        "escalate",
        "Makes an urgent task for a lead, part of this one, to look at what does not get on. There is one at a time: where there is one already, it goes to whoever is named now.",
        input => input.Command(call => new EscalateTask(call, input.Reference("to")!, input.Date("due"), input.Work()))
    )
    {
        Parameters =
        [
            new("to", ["Reference"], "Who is to look at it.") { IsRequired = true, Names = Naming.Worker },
            new(
                "due",
                Take.Time,
                "Until when, a date means the end of that day; one business day where it is left out."
            ),
            .. Take.Worked,
            .. Take.Told,
        ],
    };
}

internal sealed class EscalateTaskHandler(CommandRunner runner, CareReads reads)
    : IRequestHandler<EscalateTask, FhirResponse>
{
    public Task<FhirResponse> Handle(EscalateTask command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            async (task, now, policy) =>
                TaskEscalation.Escalate(
                    task,
                    await reads.PartsOfAsync([task], cancellationToken),
                    command.To,
                    command.Due is { } due ? policy.Calendar.EndOf(due) : policy.Calendar.DueInBusinessDays(now, 1),
                    command.Call.Reason,
                    command.Call.By,
                    now,
                    runner.NewId(),
                    command.Work.In(policy)
                ),
            cancellationToken
        );
}
