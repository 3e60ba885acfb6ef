using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Exchange.Inbox;
using CareCoordination.Exchange.Partners;
using CareCoordination.Exchange.Settings;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Hl7v2.Acknowledgements;
using CareCoordination.Hl7v2.Mapping;
using CareCoordination.Hl7v2.Messages;
using CareCoordination.Hl7v2.Senders;

namespace CareCoordination.Exchange.Hospitals;

/// <summary>What became of a message, and what is sent back for it.</summary>
/// <param name="Verdict">Taken, or what is wrong.</param>
/// <param name="Answers">The acknowledgements that the message asks for, in their order.</param>
public sealed record AnsweredMessage(Verdict Verdict, ImmutableArray<byte[]> Answers);

/// <summary>
/// Takes messages of HL7 v2, by whichever door they come: read, made a FHIR message, and handed to the use case of <c>$process-message</c>,
/// as if the hospital had sent that. Then acknowledged as the message asks for.
/// </summary>
public sealed class Hl7Intake(
    HospitalOptions options,
    CareSessions sessions,
    FhirDefinitions definitions,
    OwnAddress own,
    TimeProvider time
) : IDisposable
{
    /// <summary>What reads heads: who sends is known from them, and after that what its letters are.</summary>
    private readonly MessageReader _heads = new(CharacterSets.Latin1);

    private readonly SemaphoreSlim _room = new(options.Concurrency);

    public async Task<AnsweredMessage> TakeAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        try
        {
            var (head, verdict) = await DecideAsync(message, cancellationToken);
            return Answer(head, verdict);
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>Answers what did not come whole, from what there is of it; nothing where that does not say what it is of.</summary>
    public AnsweredMessage Refuse(ReadOnlyMemory<byte> beginning, ErrorCode code, string sentence)
    {
        var head = _heads.HeadOf(beginning.Span);
        var verdict = Verdict.NotAccepted(new Hl7Fault(code, new Hl7Place(SegmentName.Header), sentence));
        return head.ControlId.Length == 0 ? new AnsweredMessage(verdict, []) : Answer(head, verdict);
    }

    public void Dispose() => _room.Dispose();

    private async Task<(MessageHead Head, Verdict Verdict)> DecideAsync(
        ReadOnlyMemory<byte> message,
        CancellationToken cancellationToken
    )
    {
        var head = _heads.HeadOf(message.Span);
        if (head == MessageHead.Unreadable)
            return Unread(_heads.Read(message.Span));
        if (!options.Senders!.TryFind(head, out var sender, out var unknown))
            return (head, Verdict.NotAccepted(unknown));
        var limits = new Hl7Limits { MaxBytes = options.MaxMessageBytes };
        var read = new MessageReader(sender.CharacterSet, limits).Read(message.Span);
        return read.Message is null
            ? Unread(read)
            : (read.Head, await SubmitAsync(read.Message, sender, cancellationToken));
    }

    private static (MessageHead Head, Verdict Verdict) Unread(ReadMessage read) =>
        (read.Head, Verdict.NotAccepted(read.Fault!));

    private async Task<Verdict> SubmitAsync(
        Hl7Message message,
        SenderProfile sender,
        CancellationToken cancellationToken
    )
    {
        var mapping = AdtMapper.Map(message, sender);
        if (mapping.Bundle is not { } bundle)
        {
            return mapping.Faults.All(f => ErrorCodes.IsRejection(f.Code))
                ? Verdict.NotAccepted(mapping.Faults)
                : Verdict.Refused(mapping.Faults);
        }

        var request = new InteractionRequest
        {
            BaseUrl = own.Base.AbsoluteUri.TrimEnd('/'),
            Budget = new WorkBudget(definitions.Limits.Work, cancellationToken),
            Method = "POST",
            Body = bundle,
        };
        if (!ReceiveMessage.Parse(request, definitions).TryGet(out var interaction, out var failure))
            return IntakeVerdict.Of(failure);
        var caller = Caller.Open with { Client = $"hl7v2 {sender.Id}" };
        return IntakeVerdict.Of(await sessions.SendAsync(caller, interaction, cancellationToken));
    }

    private AnsweredMessage Answer(MessageHead head, Verdict verdict) =>
        new(verdict, Answers.To(head, verdict, new AnswerStamp(time.GetUtcNow(), Guid.NewGuid().ToString("N")[..20])));
}
