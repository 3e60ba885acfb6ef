using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Tasks;
using CareCoordination.Application.Transitions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Exchange.Messages;

/// <summary>An operator decides that nothing comes of a message that was refused or parked. What came of a refused one is forgotten.</summary>
public sealed record DiscardMessage(CommandCall Call, string Message) : Command(Call)
{
    public static readonly Operation Operation = new(
        Application.Operations.Operation.System,
        "discard-message",
        "Nothing comes of a message about a stay that was refused or is parked: what a refused one said is forgotten, the Task of a parked one is cancelled.",
        input => input.Command(call => new DiscardMessage(call, input.Text("message")!))
    )
    {
        IsOnInstance = false,
        Answer = "Parameters",
        Parameters =
        [
            new("message", ["string", "id"], "Its id in $transition-messages.") { IsRequired = true },
            Take.NeededReason,
            Take.Practitioner,
        ],
    };
}

internal sealed class DiscardMessageHandler(
    CareSession session,
    KeptMessages kept,
    RefusedMessages refused,
    CareSessions sessions
) : IRequestHandler<DiscardMessage, FhirResponse>
{
    public async Task<FhirResponse> Handle(DiscardMessage command, CancellationToken cancellationToken)
    {
        if (command.Call.Refusal is { } refusal)
            return refusal.Coded();
        if (command.Call.Reason is not { AsText.Length: > 0 } reason)
            return Failure
                .Unprocessable(
                    IssueCode.Required,
                    "$discard-message needs a reason.",
                    "Parameters.parameter.where(name = 'reason')"
                )
                .Coded();
        if (!(await kept.IsRepeatAsync(command.Call, cancellationToken)).TryGet(out _, out var misused))
            return misused.Coded();
        if (!(await kept.FindAsync(command.Message, cancellationToken)).TryGet(out var found, out var unknown))
            return unknown.Coded();
        return found.Record is { } record
            ? await CancelAsync(command, record, cancellationToken)
            : await ForgetAsync(command, found.Refused!, reason, cancellationToken);
    }

    private async Task<FhirResponse> ForgetAsync(
        DiscardMessage command,
        InboundUpdate row,
        Reason reason,
        CancellationToken cancellationToken
    )
    {
        if (row.State == InboundState.Replayed)
            return Failure
                .Unprocessable(IssueCode.BusinessRule, $"The message was taken in as {row.Task}: nothing was done.")
                .Coded();
        if (row.State == InboundState.Discarded)
            return MessageAnswers.Of(MessageAnswers.Of(row, withContent: false));
        var by = command.Call.By == ServerAgent.Unknown ? session.Caller.ToString() : command.Call.By.Reference;
        var settled = await refused.SettleAsync(
            row with
            {
                State = InboundState.Discarded,
                Reason = $"Discarded by {by}: {reason.AsText} It was refused: {row.Reason}",
            },
            cancellationToken
        );
        return MessageAnswers.Of(MessageAnswers.Of(settled, withContent: false));
    }

    private async Task<FhirResponse> CancelAsync(
        DiscardMessage command,
        Snapshot record,
        CancellationToken cancellationToken
    )
    {
        var call = command.Call with { Name = "cancel", Key = record.Key };
        var ended = await sessions.SendAsync(session.Caller, new CancelTask(call, new WorkReport()), cancellationToken);
        if (!ended.IsSuccess)
            return ended;
        return (await kept.FindAsync(record.Key.Id, cancellationToken)).TryGet(out var now, out var failure)
            ? MessageAnswers.Of(MessageAnswers.Of(now.Record!.Value, null))
            : failure.Coded();
    }
}
