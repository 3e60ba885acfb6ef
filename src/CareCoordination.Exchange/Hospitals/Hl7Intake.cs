using System.Collections.Immutable;
using CareCoordination.Access.Roles;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Transitions;
using CareCoordination.Exchange.Inbox;
using CareCoordination.Exchange.Partners;
using CareCoordination.Exchange.Settings;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Hl7v2.Acknowledgements;
using CareCoordination.Hl7v2.DataTypes;
using CareCoordination.Hl7v2.Mapping;
using CareCoordination.Hl7v2.Messages;
using CareCoordination.Hl7v2.Senders;

namespace CareCoordination.Exchange.Hospitals;

/// <summary>What became of a message, and what is sent back for it.</summary>
/// <param name="Verdict">Taken, or what is wrong.</param>
/// <param name="Answers">The acknowledgements that the message asks for, in their order.</param>
public sealed record AnsweredMessage(Verdict Verdict, ImmutableArray<byte[]> Answers);

/// <summary>What became of a message, as far as it could be told whose it is.</summary>
/// <param name="Sender">Null where nobody who is known sent it.</param>
/// <param name="Record">The Task that records it; null where it was refused.</param>
public sealed record DecidedMessage(MessageHead Head, SenderProfile? Sender, Verdict Verdict, ResourceKey? Record);

/// <summary>
/// Takes messages of HL7 v2, by whichever door they come: read, made a FHIR message, and handed to the use case of <c>$process-message</c>,
/// as if the hospital had sent that. Then acknowledged as the message asks for; what is refused is kept.
/// </summary>
public sealed class Hl7Intake(
    HospitalOptions options,
    CareSessions sessions,
    FhirDefinitions definitions,
    OwnAddress own,
    TimeProvider time
) : IDisposable
{
    /// <summary>Where no token narrows a role, the role alone says what may be done.</summary>
    private static readonly ScopeSet EverythingOfItsRole = ScopeSet.Parse("system/*.cruds");

    /// <summary>What reads heads: who sends is known from them, and after that what its letters are.</summary>
    private readonly MessageReader _heads = new(CharacterSets.Latin1);

    private readonly SemaphoreSlim _room = new(options.Concurrency);

    /// <param name="proof">What shows who sends.</param>
    public async Task<AnsweredMessage> TakeAsync(
        ReadOnlyMemory<byte> message,
        SenderProof proof,
        CancellationToken cancellationToken
    )
    {
        await _room.WaitAsync(cancellationToken);
        try
        {
            var decided =
                MayNotSend(message, proof) ?? await DecideAsync(message, told => told, proof.Token, cancellationToken);
            await KeepAsync(decided, message, proof.Token, cancellationToken);
            return Answer(decided.Head, decided.Verdict);
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>As if it came now, at the word of an operator: neither acknowledged nor kept where it is refused again.</summary>
    public async Task<DecidedMessage> ReplayAsync(
        ReadOnlyMemory<byte> message,
        Func<SubmitTransition, SubmitTransition> ask,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        await _room.WaitAsync(cancellationToken);
        try
        {
            return await DecideAsync(message, ask, caller, cancellationToken);
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>Answers what did not come whole, from what there is of it; nothing where that does not say what it is of.</summary>
    public async Task<AnsweredMessage> RefuseAsync(
        ReadOnlyMemory<byte> beginning,
        ErrorCode code,
        string sentence,
        SenderProof proof,
        CancellationToken cancellationToken
    )
    {
        var head = _heads.HeadOf(beginning.Span);
        var verdict = Verdict.NotAccepted(new Hl7Fault(code, new Hl7Place(SegmentName.Header), sentence));
        if (head != MessageHead.Unreadable)
        {
            var decided = MayNotSend(beginning, proof) ?? new DecidedMessage(head, SenderOf(head), verdict, null);
            await KeepAsync(decided with { Verdict = verdict }, beginning, proof.Token, cancellationToken);
        }

        return head.ControlId.Length == 0 ? new AnsweredMessage(verdict, []) : Answer(head, verdict);
    }

    public void Dispose() => _room.Dispose();

    private async Task<DecidedMessage> DecideAsync(
        ReadOnlyMemory<byte> message,
        Func<SubmitTransition, SubmitTransition> ask,
        Caller? caller,
        CancellationToken cancellationToken
    )
    {
        var head = _heads.HeadOf(message.Span);
        if (head == MessageHead.Unreadable)
            return Unread(_heads.Read(message.Span), null);
        if (options.Senders is not { } senders)
            return new(head, null, Verdict.NotAccepted(NoSenders), null);
        if (!senders.TryFind(head, out var sender, out var unknown))
            return new(head, null, Verdict.NotAccepted(unknown), null);
        var limits = new Hl7Limits { MaxBytes = options.MaxMessageBytes };
        var read = new MessageReader(sender.CharacterSet, limits).Read(message.Span);
        if (read.Message is null)
            return Unread(read, sender);
        var (verdict, record) = await SubmitAsync(read.Message, sender, ask, caller, cancellationToken);
        return new(read.Head, sender, verdict, record);
    }

    /// <summary>
    /// Null: who sends may send for whom the message names, or nobody is known by that. Kept as of somebody unknown, so that nobody fills
    /// the place of another.
    /// </summary>
    private DecidedMessage? MayNotSend(ReadOnlyMemory<byte> message, SenderProof proof)
    {
        var head = _heads.HeadOf(message.Span);
        return SenderOf(head) is { } sender && proof.WhyNot(sender, options.IsOpen) is { } fault
            ? new DecidedMessage(head, null, Verdict.NotAccepted(fault), null)
            : null;
    }

    private SenderProfile? SenderOf(MessageHead head)
    {
        SenderProfile? sender = null;
        _ = options.Senders?.TryFind(head, out sender, out _);
        return sender;
    }

    /// <summary>What was refused when there were profiles, and is replayed when there are none.</summary>
    private static Hl7Fault NoSenders =>
        new(
            ErrorCode.UnknownKeyIdentifier,
            new Hl7Place(SegmentName.Header, Field: 3),
            "Nobody may send HL7 v2 here: Transitions:SendersPath names the file with the profiles of those who may."
        );

    private static DecidedMessage Unread(ReadMessage read, SenderProfile? sender) =>
        new(read.Head, sender, Verdict.NotAccepted(read.Fault!), null);

    private async Task<(Verdict, ResourceKey?)> SubmitAsync(
        Hl7Message message,
        SenderProfile sender,
        Func<SubmitTransition, SubmitTransition> ask,
        Caller? caller,
        CancellationToken cancellationToken
    )
    {
        var mapping = AdtMapper.Map(message, sender);
        if (mapping.Bundle is not { } bundle)
        {
            return (
                mapping.Faults.All(f => ErrorCodes.IsRejection(f.Code))
                    ? Verdict.NotAccepted(mapping.Faults)
                    : Verdict.Refused(mapping.Faults),
                null
            );
        }

        var request = new InteractionRequest
        {
            BaseUrl = own.Base.AbsoluteUri.TrimEnd('/'),
            Budget = new WorkBudget(definitions.Limits.Work, cancellationToken),
            Method = "POST",
            Body = bundle,
        };
        if (!ReceiveMessage.Read(request, definitions).TryGet(out var interaction, out var failure))
            return (IntakeVerdict.Of(failure), null);
        // The answer is an acknowledgement: nobody needs the message that would answer the message.
        if (interaction is SubmitTransition told)
            interaction = ask(
                told with
                {
                    MessageFrom = null,
                    Notice = told.Notice with { Notes = [.. mapping.Notes.Select(n => n.ToString())] },
                }
            );
        var answer = await sessions.SendAsync(caller ?? CallerOf(sender), interaction, cancellationToken);
        return answer.IsSuccess
            ? (Verdict.Taken with { Remarks = [.. mapping.Notes.Select(RemarkOf)] }, answer.Version?.Key)
            : (IntakeVerdict.Of(answer), null);
    }

    private static Remark RemarkOf(Hl7Note note) =>
        new(note.Place, note.Sentence, IsWarning: note.Kind != NoteKind.NotMapped);

    /// <summary>Of a secured server: who connects by MLLP has shown a certificate of the sender, or is on this machine, and may tell of stays.</summary>
    private Caller CallerOf(SenderProfile? sender)
    {
        var client = sender is null ? RefusedMessages.Hl7v2 : $"{RefusedMessages.Hl7v2} {sender.Id}";
        return options.IsOpen
            ? Caller.Open with
            {
                Client = client,
            }
            : Caller.Program(client) with
            {
                Roles = [CareRole.Hospital],
                Scopes = EverythingOfItsRole,
            };
    }

    /// <summary>
    /// Not what may be sent again as it is, nor kinds of messages that are not taken: a sender that does not filter sends those all day, and
    /// no correction helps.
    /// </summary>
    private async Task KeepAsync(
        DecidedMessage decided,
        ReadOnlyMemory<byte> message,
        Caller? caller,
        CancellationToken cancellationToken
    )
    {
        var faults = decided.Verdict.Faults;
        if (
            decided.Verdict.IsTaken
            || faults.Any(f =>
                f.Code is ErrorCode.InternalError or ErrorCode.UnsupportedMessageType or ErrorCode.UnsupportedEventCode
            )
        )
            return;
        await using var open = sessions.Open(caller ?? CallerOf(decided.Sender));
        await open.Get<RefusedMessages>()
            .KeepAsync(
                new RefusedMessage(
                    decided.Sender is { } known ? RefusedMessages.SourceOf(known.Id) : RefusedMessages.Hl7v2,
                    decided.Head.ControlId,
                    string.Join(" ", faults),
                    message
                ),
                cancellationToken
            );
    }

    private AnsweredMessage Answer(MessageHead head, Verdict verdict) =>
        new(verdict, Answers.To(head, verdict, new AnswerStamp(time.GetUtcNow(), Guid.NewGuid().ToString("N")[..20])));
}
