using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>An attempt to reach somebody that did not do the task yet.</summary>
/// <param name="Due">When it is to be tried again; null: as it was.</param>
public sealed record RecordAttempt(CommandCall Call, ContactAttempt Attempt, CareDate? Due, WorkReport Work)
    : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Task,
        "record-attempt",
        "Records an attempt to reach somebody on the task, which stays open: when, by which way, and what came of it.",
        input =>
            input.Command(call => new RecordAttempt(
                call,
                new ContactAttempt(input.Date("date"), input.Reason("medium")!, input.Reason("outcome")!),
                input.Date("due"),
                input.Work()
            ))
    )
    {
        Parameters =
        [
            new("date", Take.Time, "When it was tried; now where it is left out."),
            new("medium", ["CodeableConcept", "string", "code"], "By which way: a call, a letter, a visit.")
            {
                IsRequired = true,
            },
            new("outcome", ["CodeableConcept", "string", "code"], "What came of it: no answer, a message was left.")
            {
                IsRequired = true,
            },
            new(
                "due",
                Take.Time,
                "When it is to be tried again, a date means the end of that day; as it was where it is left out."
            ),
            .. Take.Worked,
            .. Take.Told,
        ],
    };
}

internal sealed class RecordAttemptHandler(CommandRunner runner) : IRequestHandler<RecordAttempt, FhirResponse>
{
    public Task<FhirResponse> Handle(RecordAttempt command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (task, now, policy) =>
                AttemptLog.Record(
                    task,
                    command.Attempt,
                    command.Due is { } due ? policy.Calendar.EndOf(due) : null,
                    command.Work.In(policy),
                    command.Call.By,
                    now
                ),
            cancellationToken
        );
}
