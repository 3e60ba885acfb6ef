using CareCoordination.Application.Reads;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Connectors;
using CareCoordination.Exchange.Diagnostics;
using CareCoordination.Exchange.Inbox;
using CareCoordination.Exchange.Partners;
using CareCoordination.Exchange.Settings;
using CareCoordination.Storage;
using CareCoordination.Storage.Deliveries;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Referrals;

namespace CareCoordination.Exchange.Deliveries;

/// <summary>
/// Writes down what became of an attempt: the state of the message, what the partner has now, and what follows for people here, as one
/// commit that holds only while the lease does.
/// </summary>
public sealed class DeliverySettlement(
    CareSession session,
    PackageReads packages,
    ReferralReads referrals,
    DeliveryContexts contexts,
    DeliveryOptions options,
    ILogger<DeliverySettlement> log
)
{
    /// <summary>False where the lease was lost: somebody else has the message now.</summary>
    public async Task<bool> SettleAsync(
        Delivery delivery,
        Packed packed,
        SendOutcome outcome,
        CancellationToken cancellationToken
    )
    {
        var isFirst = true;
        return await SettleAsync(
            async token =>
            {
                var now = isFirst ? packed : await packages.AgainAsync(delivery, packed, token);
                isFirst = false;
                return outcome switch
                {
                    SendOutcome.Delivered delivered => await DeliveredAsync(delivery, now, delivered, token),
                    SendOutcome.TryLater later => await LaterAsync(delivery, now, later, token),
                    SendOutcome.NeedsHuman human => await RefusedAsync(delivery, now, human, token),
                    _ => throw new ArgumentException(
                        "A copy that was changed has to be applied first.",
                        nameof(outcome)
                    ),
                };
            },
            cancellationToken
        );
    }

    /// <summary>A consent holds it back.</summary>
    public async Task<bool> WithholdAsync(
        Delivery delivery,
        Packed packed,
        DisclosureVerdict verdict,
        CancellationToken cancellationToken
    )
    {
        var isFirst = true;
        return await SettleAsync(
            async token =>
            {
                var now = isFirst ? packed : await packages.AgainAsync(delivery, packed, token);
                isFirst = false;
                var decision = ReferralDelivery.Withheld(
                    now.Task!.Value,
                    now.Request,
                    verdict,
                    await packages.IsKnownThereAsync(delivery, now.Copy, token),
                    await contexts.OfAsync(now.Task.Value, token)
                );
                var settle = new SettleDelivery(delivery.Id, delivery.Lease!, DeliveryState.Dead)
                {
                    Problem = $"Nothing may go to the partner: {verdict.Withheld}.",
                };
                return DeliveryContexts.Write(decision, settle);
            },
            cancellationToken
        );
    }

    /// <summary>Puts a message into a state without anything following from it.</summary>
    public Task<bool> SettleAsync(
        Delivery delivery,
        DeliveryState state,
        string? problem,
        TimeSpan? wait = null,
        bool wasTried = true
    ) =>
        CommitAsync(
            new SettleDelivery(delivery.Id, delivery.Lease!, state)
            {
                Problem = problem,
                NextAt = wait is { } some ? contexts.Now() + some : null,
                WasTried = wasTried,
            }
        );

    /// <summary>Tries again after the wait that so many attempts deserve.</summary>
    public Task<bool> RetryAsync(Delivery delivery, string problem) =>
        SettleAsync(delivery, DeliveryState.Retry, problem, WaitAfter(delivery, null));

    private async Task<WriteSet> DeliveredAsync(
        Delivery delivery,
        Packed packed,
        SendOutcome.Delivered delivered,
        CancellationToken cancellationToken
    )
    {
        var decision =
            delivery.Kind == DeliveryKind.Cancel && packed is { Task: { } task, Request: { } request }
                ? ReferralDelivery.Delivered(
                    task,
                    request,
                    await referrals.AttemptsAsync(request.Key, cancellationToken),
                    OutgoingKind.Cancel
                )
                : null;
        var settle = new SettleDelivery(delivery.Id, delivery.Lease!, DeliveryState.Delivered);
        if (delivered.Reference is not { Length: <= PartnerCopy.MaxReferenceLength } reference)
            return DeliveryContexts.Write(decision, settle);
        // What we said, and not what the answer says: where that differs it is news, and is taken as such.
        var copy = new PartnerCopy(
            delivery.Partner,
            delivery.Task,
            reference,
            delivered.Version,
            PartnerUpdate.StatusOf(packed.Package!.Task.Utf8Json),
            delivered.Task.IsEmpty
                ? null
                : InboundApplication.UpdatedAt(new PartnerTask(reference, delivered.Version, delivered.Task))
        );
        return DeliveryContexts.Write(decision, settle, new KeepCopy(copy));
    }

    private async Task<WriteSet> LaterAsync(
        Delivery delivery,
        Packed packed,
        SendOutcome.TryLater later,
        CancellationToken cancellationToken
    )
    {
        var isUsedUp = contexts.Now() - delivery.QueuedAt >= options.Budget;
        var settle = new SettleDelivery(
            delivery.Id,
            delivery.Lease!,
            isUsedUp ? DeliveryState.Parked : DeliveryState.Retry
        )
        {
            NextAt = isUsedUp ? null : contexts.Now() + WaitAfter(delivery, later.RetryAfter),
            Problem = later.Problem,
            Status = later.Status,
        };
        if (!isUsedUp || packed.Task is not { } task)
            return DeliveryContexts.Write(null, settle);
        return DeliveryContexts.Write(
            ReferralDelivery.Unreachable(task, await contexts.OfAsync(task, cancellationToken)),
            settle
        );
    }

    private async Task<WriteSet> RefusedAsync(
        Delivery delivery,
        Packed packed,
        SendOutcome.NeedsHuman human,
        CancellationToken cancellationToken
    )
    {
        var settle = new SettleDelivery(delivery.Id, delivery.Lease!, DeliveryState.Parked)
        {
            Problem = human.Problem,
            Status = human.Status,
            Outcome = human.Answer,
        };
        return packed.Task is { } task
            ? DeliveryContexts.Write(
                ReferralDelivery.Refused(task, await contexts.OfAsync(task, cancellationToken)),
                settle
            )
            : DeliveryContexts.Write(null, settle);
    }

    private TimeSpan WaitAfter(Delivery delivery, TimeSpan? asked) =>
        options.WaitAfter(delivery.Attempts, Random.Shared.NextDouble(), asked);

    private Task<bool> CommitAsync(SettleDelivery settle) =>
        SettleAsync(_ => Task.FromResult(DeliveryContexts.Write(null, settle)), CancellationToken.None);

    /// <summary>
    /// Where what follows for people cannot be written, as it would not be valid, the message is settled without: it must not be sent
    /// once more for that.
    /// </summary>
    private async Task<bool> SettleAsync(
        Func<CancellationToken, Task<WriteSet>> decide,
        CancellationToken cancellationToken
    )
    {
        WriteSet? writes = null;
        var result = await session.WriteAsync(async token => writes = await decide(token), cancellationToken);
        if (result.TryGet(out _, out var answer))
            return true;
        if (result.Failed is not null || writes!.Decisions.IsEmpty)
            return false;
        Log.FollowingRefused(log, answer.Status);
        var alone = writes with { Decisions = [] };
        return (await session.WriteAsync(_ => ValueTask.FromResult<WriteDecision>(alone), cancellationToken)).TryGet(
            out _,
            out _
        );
    }
}
