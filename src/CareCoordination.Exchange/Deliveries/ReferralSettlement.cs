using CareCoordination.Application.Reads;
using CareCoordination.Application.Writes;
using CareCoordination.Connectors.Partners;
using CareCoordination.Exchange.Inbox;
using CareCoordination.Exchange.Partners;
using CareCoordination.Exchange.Sending;
using CareCoordination.Exchange.Settings;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Referrals;

namespace CareCoordination.Exchange.Deliveries;

/// <summary>
/// What an attempt to tell a partner of a referral means: the state of the message, what the partner has now, and what follows for people
/// here.
/// </summary>
public sealed class ReferralSettlement(
    MessageBuilder builder,
    ReferralReads referrals,
    DecisionInputs inputs,
    DeliveryOptions options
)
{
    public Settlement Of(OutboxMessage message, PreparedMessage prepared, SendOutcome outcome) =>
        Again(
            message,
            prepared,
            (now, token) =>
                outcome switch
                {
                    SendOutcome.Delivered delivered => DeliveredAsync(message, now, delivered, token),
                    SendOutcome.TryLater later => LaterAsync(message, now, later, token),
                    SendOutcome.Collided collided => CollidedAsync(message, now, collided, token),
                    SendOutcome.NeedsHuman { IsWidespread: true } human when !HadSecondTry(message) => Task.FromResult(
                        SecondTry(message, human)
                    ),
                    SendOutcome.NeedsHuman human => RefusedAsync(message, now, human, token),
                    _ => throw new ArgumentException(
                        "A copy that was changed has to be applied first.",
                        nameof(outcome)
                    ),
                }
        );

    /// <summary>A consent holds it back.</summary>
    public Settlement Withheld(OutboxMessage message, PreparedMessage prepared, DisclosureVerdict verdict) =>
        Again(
            message,
            prepared,
            async (now, token) =>
            {
                if (now.Task is not { } task)
                    return DeliveryWrites.Of(null, Settle(message, MessageState.Superseded, "The Task was deleted."));
                var decision = ReferralDelivery.Withheld(
                    task,
                    now.Request,
                    verdict,
                    await builder.IsKnownThereAsync(message, now.Copy, token),
                    await inputs.OfAsync(task, token)
                );
                return DeliveryWrites.Of(
                    decision,
                    Settle(message, MessageState.Dead, $"Nothing may go to the partner: {verdict.Withheld}.")
                );
            }
        );

    /// <summary>There is nothing to say any more: what people were asked to do about it is done.</summary>
    public Settlement Superseded(OutboxMessage message, PreparedMessage prepared, string why, bool wasTried) =>
        Again(
            message,
            prepared,
            async (now, token) =>
                DeliveryWrites.Of(
                    now.Task is { } task
                        ? ReferralDelivery.Ended(
                            task,
                            await referrals.WorkAsync(message.About!.Value, token),
                            await inputs.OfAsync(task, token)
                        )
                        : null,
                    Settle(message, MessageState.Superseded, why) with
                    {
                        WasTried = wasTried,
                    }
                )
        );

    /// <summary>It is sent again at once.</summary>
    public static Settlement ToQueued(OutboxMessage message, string problem) =>
        Settlement.Of(Settle(message, MessageState.Queued, problem));

    /// <summary>Tries again after the wait that so many attempts deserve.</summary>
    public Settlement ToRetry(OutboxMessage message, string problem) =>
        Settlement.Of(
            Settle(message, MessageState.Retry, problem) with
            {
                NextAt = inputs.Now() + WaitAfter(message, null),
            }
        );

    // What collides so often in a row does not do so by chance.
    private const int QuickRepeats = 8;

    /// <summary>What was read is used once: where another write came first, it is read again.</summary>
    private Settlement Again(
        OutboxMessage message,
        PreparedMessage prepared,
        Func<PreparedMessage, CancellationToken, Task<WriteSet>> decide
    )
    {
        var isFirst = true;
        return new Settlement(async token =>
        {
            var now = isFirst ? prepared : await builder.AgainAsync(message, prepared, token);
            isFirst = false;
            return await decide(now, token);
        });
    }

    private async Task<WriteSet> DeliveredAsync(
        OutboxMessage message,
        PreparedMessage prepared,
        SendOutcome.Delivered delivered,
        CancellationToken cancellationToken
    )
    {
        var decision =
            prepared.Task is { } task && MayHaveFollowed(message)
                ? ReferralDelivery.Delivered(
                    task,
                    prepared.Request,
                    await referrals.AttemptsAsync(message.About!.Value, cancellationToken),
                    KindOf(message.Kind),
                    await referrals.WorkAsync(message.About!.Value, cancellationToken),
                    await inputs.OfAsync(task, cancellationToken)
                )
                : null;
        var settle = Settle(message, MessageState.Delivered, delivered.Remark);
        return CopyAfter(message, prepared, delivered) is { } copy
            ? DeliveryWrites.Of(decision, settle, new KeepCopy(copy))
            : DeliveryWrites.Of(decision, settle);
    }

    /// <summary>What the partner has now: what we said, and not what the answer says, because where that differs it is news.</summary>
    private static PartnerCopy? CopyAfter(
        OutboxMessage message,
        PreparedMessage prepared,
        SendOutcome.Delivered delivered
    )
    {
        var reference = delivered.Reference is { Length: <= PartnerCopy.MaxReferenceLength } there ? there : null;
        // Where the answer does not tell where the copy is, what is known of it stays; that there is one is remembered.
        if (reference is null && prepared.Copy is not null)
            return null;
        return new PartnerCopy(
            message.Destination,
            message.Subject,
            reference,
            delivered.Version,
            PartnerUpdate.StatusOf(prepared.Package!.Task.Utf8Json),
            reference is null || delivered.Task.IsEmpty
                ? null
                : InboundApplication.UpdatedAt(new PartnerTask(reference, delivered.Version, delivered.Task))
        );
    }

    private async Task<WriteSet> LaterAsync(
        OutboxMessage message,
        PreparedMessage prepared,
        SendOutcome.TryLater later,
        CancellationToken cancellationToken
    )
    {
        var isUsedUp = inputs.Now() - message.QueuedAt >= options.Budget;
        var settle = Settle(message, isUsedUp ? MessageState.Parked : MessageState.Retry, later.Problem) with
        {
            NextAt = isUsedUp ? null : inputs.Now() + WaitAfter(message, later.RetryAfter),
            Status = later.Status,
        };
        var decision =
            isUsedUp && prepared.Task is { } task
                ? await FailedAsync(message, task, isRefused: false, later.Problem, default, cancellationToken)
                : null;
        return DeliveryWrites.Of(decision, settle);
    }

    /// <summary>
    /// Soon, some times: after that a conflict (409) waits as what fails otherwise does, and a condition that does not hold (412) is for
    /// people.
    /// </summary>
    private Task<WriteSet> CollidedAsync(
        OutboxMessage message,
        PreparedMessage prepared,
        SendOutcome.Collided collided,
        CancellationToken cancellationToken
    )
    {
        if (message.Attempts > QuickRepeats)
            return collided.Status == 412
                ? RefusedAsync(
                    message,
                    prepared,
                    new SendOutcome.NeedsHuman(collided.Problem, collided.Status, collided.Answer),
                    cancellationToken
                )
                : LaterAsync(
                    message,
                    prepared,
                    new SendOutcome.TryLater(collided.Problem, collided.Status, null),
                    cancellationToken
                );
        return Task.FromResult(
            DeliveryWrites.Of(
                null,
                Settle(message, MessageState.Retry, collided.Problem) with
                {
                    NextAt = inputs.Now() + options.WaitAfterCollision(message.Attempts, Random.Shared.NextDouble()),
                    Status = collided.Status,
                    Outcome = collided.Answer,
                }
            )
        );
    }

    /// <summary>It refuses others too: before people are asked, the partner is given time to be well again, once.</summary>
    private WriteSet SecondTry(OutboxMessage message, SendOutcome.NeedsHuman human) =>
        DeliveryWrites.Of(
            null,
            Settle(
                message,
                MessageState.Retry,
                $"{human.Problem} It refuses other referrals in the same way: this one is tried once more before somebody is asked."
            ) with
            {
                NextAt = inputs.Now() + options.SecondTry * (1 + 0.1 * Random.Shared.NextDouble()),
                Status = human.Status,
                Outcome = human.Answer,
            }
        );

    private static bool HadSecondTry(OutboxMessage message) =>
        MessageLog
            .Read(message.Log)
            .Any(e =>
                e is { State: MessageState.Retry, Status: >= 400 and < 500 and not (408 or 409 or 412 or 425 or 429) }
            );

    private async Task<WriteSet> RefusedAsync(
        OutboxMessage message,
        PreparedMessage prepared,
        SendOutcome.NeedsHuman human,
        CancellationToken cancellationToken
    )
    {
        var settle = Settle(message, MessageState.Parked, human.Problem) with
        {
            Status = human.Status,
            Outcome = human.Answer,
        };
        var decision = prepared.Task is { } task
            ? await FailedAsync(message, task, isRefused: true, human.Problem, human.Answer, cancellationToken)
            : null;
        return DeliveryWrites.Of(decision, settle);
    }

    private async Task<Decision> FailedAsync(
        OutboxMessage message,
        Snapshot task,
        bool isRefused,
        string problem,
        ReadOnlyMemory<byte> answer,
        CancellationToken cancellationToken
    ) =>
        ReferralDelivery.Failed(
            task,
            new DeliveryProblem(isRefused, message.Kind == MessageKind.Cancel, problem)
            {
                Words = DeliveryProblem.WordsOf(answer),
            },
            await referrals.WorkAsync(message.About!.Value, cancellationToken),
            await inputs.OfAsync(task, cancellationToken)
        );

    /// <summary>False for a first message that arrived at once: nobody was asked to do anything, and nothing ends with it.</summary>
    private static bool MayHaveFollowed(OutboxMessage message) =>
        message.Kind != MessageKind.Send || message.Attempts > 1;

    private static OutgoingKind KindOf(MessageKind kind) =>
        kind switch
        {
            MessageKind.Send => OutgoingKind.Send,
            MessageKind.Update => OutgoingKind.Update,
            _ => OutgoingKind.Cancel,
        };

    private static SettleMessage Settle(OutboxMessage message, MessageState state, string? problem) =>
        new(message.Id, message.Lease!, state) { Problem = problem };

    private TimeSpan WaitAfter(OutboxMessage message, TimeSpan? asked) =>
        options.WaitAfter(message.Attempts, Random.Shared.NextDouble(), asked);
}
