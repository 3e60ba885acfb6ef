using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Tasks;
using CareCoordination.Application.Transitions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Transitions;
using MediatR;

namespace CareCoordination.Exchange.Messages;

/// <summary>An operator has a message taken in that was refused or parked: as it came, corrected, or as of a Patient who is named.</summary>
/// <param name="Message">Its id in $transition-messages.</param>
/// <param name="Patient">Who the patient of the message is here; null where that is to be found.</param>
/// <param name="Content">In the place of what came; empty where that is right.</param>
public sealed record ReplayMessage(CommandCall Call, string Message, string? Patient, ReadOnlyMemory<byte> Content)
    : Command(Call)
{
    private const string Corrected = "content";

    public static readonly Operation Operation = new(
        Application.Operations.Operation.System,
        "replay-message",
        "Has a message about a stay taken in that was refused or is parked: as it came, corrected, or as of a Patient who is named. It goes the way it came on, and what is taken in already is not taken in twice.",
        Read
    )
    {
        IsOnInstance = false,
        Answer = "Parameters",
        Parameters =
        [
            new("message", ["string", "id"], "Its id in $transition-messages.") { IsRequired = true },
            new(
                "patient",
                ["Reference"],
                "Who the patient of the message is here; the numbers that the sender has for the patient are added to the record."
            )
            {
                Names = Naming.Resource,
            },
            new(
                Corrected,
                ["base64Binary", "Resource"],
                "What is taken in in its place: a message of HL7 v2 as bytes, or a Bundle."
            ),
            Take.Reason,
            Take.Practitioner,
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        ReadOnlyMemory<byte> content = default;
        foreach (var sent in input.All(Corrected))
        {
            if (OperationInput.ResourceOf(sent) is { } resource)
                content = resource.Utf8;
            else if (sent.ValueBase64Binary is { } encoded && TryDecode(encoded, out var bytes))
                content = bytes;
            if (content.IsEmpty)
                return Failure.Invalid(
                    IssueCode.Value,
                    $"'{Corrected}' is a Bundle, or bytes in base64.",
                    $"Parameters.parameter.where(name = '{Corrected}')"
                );
        }

        return input.Command(call => new ReplayMessage(
            call,
            input.Text("message")!,
            input.Reference("patient"),
            content
        ));
    }

    private static bool TryDecode(string encoded, out byte[] bytes)
    {
        bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var written))
            return false;
        Array.Resize(ref bytes, written);
        return true;
    }
}

internal sealed class ReplayMessageHandler(
    CareSession session,
    KeptMessages kept,
    MessageReplays replays,
    RefusedMessages refused,
    CareSessions sessions
) : IRequestHandler<ReplayMessage, FhirResponse>
{
    public async Task<FhirResponse> Handle(ReplayMessage command, CancellationToken cancellationToken)
    {
        if (command.Call.Refusal is { } refusal)
            return refusal.Coded();
        if (!(await kept.IsRepeatAsync(command.Call, cancellationToken)).TryGet(out var isRepeat, out var misused))
            return misused.Coded();
        if (!(await kept.FindAsync(command.Message, cancellationToken)).TryGet(out var found, out var unknown))
            return unknown.Coded();
        var done = found.Record is { } record
            ? await ParkedAsync(command, record, isRepeat, cancellationToken)
            : await RefusedAsync(command, found.Refused!, isRepeat, cancellationToken);
        return done.TryGet(out var message, out var failure) ? MessageAnswers.Of(message) : failure.Coded();
    }

    private async Task<Result<ParametersParameterEditor>> RefusedAsync(
        ReplayMessage command,
        InboundUpdate row,
        bool isRepeat,
        CancellationToken cancellationToken
    )
    {
        if (row.State == InboundState.Discarded)
            return Over("was discarded");
        // What is asked once more without anything new is done; what is new was not.
        if (row.State == InboundState.Replayed)
            return command.Content.IsEmpty || isRepeat
                ? MessageAnswers.Of(row, withContent: false)
                : Over($"was taken in already as {row.Task}");
        var content = command.Content.IsEmpty ? row.Body : command.Content;
        if (content.IsEmpty)
            return Failure.Unprocessable(
                IssueCode.BusinessRule,
                "What came was too long to be kept: send the message as 'content'."
            );
        var order = Order(command, corrects: null);
        if (!(await replays.SubmitAsync(content, order, cancellationToken)).TryGet(out var task, out var failure))
            return failure;
        var settled = await refused.SettleAsync(
            row with
            {
                State = InboundState.Replayed,
                Task = task,
                Reason = $"Taken in by {NameOf(command)}. It was refused: {row.Reason}",
            },
            cancellationToken
        );
        return MessageAnswers.Of(settled, withContent: false);
    }

    private async Task<Result<ParametersParameterEditor>> ParkedAsync(
        ReplayMessage command,
        Snapshot record,
        bool isRepeat,
        CancellationToken cancellationToken
    )
    {
        if (!IntakeRecord.IsParked(record))
            return command is { Content.IsEmpty: true, Patient: null } || isRepeat
                ? MessageAnswers.Of(record, null)
                : Over("is not parked any more");
        if (!command.Content.IsEmpty)
            return await CorrectedAsync(command, record, cancellationToken);
        if (await kept.BundleAsync(record, cancellationToken) is not { } bundle)
            return Failure.Gone($"What came is not there any more: send it as 'content'.");
        if (!replays.Recorded(record, bundle).TryGet(out var notice, out var changed))
            return changed;
        var told = new SubmitTransition(notice with { StoredAs = bundle.Key.Id });
        var taken = await replays.SubmitAsync(told, Order(command, corrects: null), cancellationToken);
        return taken.TryGet(out var task, out var failure) ? await ShownAsync(task, cancellationToken) : failure;
    }

    /// <summary>The corrected message has a record of its own; that of what it corrects ends.</summary>
    private async Task<Result<ParametersParameterEditor>> CorrectedAsync(
        ReplayMessage command,
        Snapshot record,
        CancellationToken cancellationToken
    )
    {
        var order = Order(command, record.Key.Id);
        if (
            !(await replays.SubmitAsync(command.Content, order, cancellationToken)).TryGet(
                out var task,
                out var failure
            )
        )
            return failure;
        var shown = await ShownAsync(task, cancellationToken);
        if (task == record.Key || !shown.TryGet(out _, out _))
            return shown;
        var call = new CommandCall(
            "cancel",
            record.Key,
            command.Call.By,
            new Reason($"Corrected as {task}."),
            null,
            null
        );
        var ended = await sessions.SendAsync(session.Caller, new CancelTask(call, new WorkReport()), cancellationToken);
        return ended.IsSuccess ? shown : new Failure(ended.Status, ended.Issues);
    }

    /// <summary>422 where it is parked as before.</summary>
    private async Task<Result<ParametersParameterEditor>> ShownAsync(
        ResourceKey task,
        CancellationToken cancellationToken
    )
    {
        if (!(await kept.FindAsync(task.Id, cancellationToken)).TryGet(out var found, out var failure))
            return failure;
        return IntakeRecord.IsParked(found.Record!.Value)
            ? Failure.Unprocessable(
                IssueCode.BusinessRule,
                $"It is parked as before, as {task}: its statusReason says why. Name the Patient, or correct the message.",
                "Task.statusReason"
            )
            : MessageAnswers.Of(found.Record.Value, null);
    }

    private ReplayOrder Order(ReplayMessage command, string? corrects) =>
        new(
            new NoticeReplay(command.Call.By, command.Call.Reason) { Patient = command.Patient, Corrects = corrects },
            command.Call.Idempotency,
            session.Caller
        );

    private string NameOf(ReplayMessage command) =>
        command.Call.By == ServerAgent.Unknown ? session.Caller.ToString() : command.Call.By.Reference;

    private static Failure Over(string how) =>
        Failure.Unprocessable(IssueCode.BusinessRule, $"The message {how}: nothing was done.");
}
