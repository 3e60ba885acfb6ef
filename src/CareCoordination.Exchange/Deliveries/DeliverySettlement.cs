using CareCoordination.Application.Reads;
using CareCoordination.Connectors;
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
    ResourceStore store,
    PackageReads packages,
    ReferralReads referrals,
    DeliveryDesk desk,
    DeliveryOptions options
)
{
    private const int MaxAttempts = 8;

    /// <summary>False where the lease was lost: somebody else has the message now.</summary>
    public async Task<bool> SettleAsync(
        Delivery delivery,
        Packed packed,
        SendOutcome outcome,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var commit = outcome switch
            {
                SendOutcome.Delivered delivered => await DeliveredAsync(delivery, packed, delivered, cancellationToken),
                SendOutcome.TryLater later => await LaterAsync(delivery, packed, later, cancellationToken),
                SendOutcome.NeedsHuman human => await RefusedAsync(delivery, packed, human, cancellationToken),
                _ => throw new ArgumentException("A copy that was changed has to be applied first.", nameof(outcome)),
            };
            if (await TryCommitAsync(commit, attempt, cancellationToken) is { } done)
                return done;
            packed = await packages.AgainAsync(delivery, packed, cancellationToken);
        }
    }

    /// <summary>A consent holds it back.</summary>
    public async Task<bool> WithholdAsync(
        Delivery delivery,
        Packed packed,
        DisclosureVerdict verdict,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var decision = ReferralDelivery.Withheld(
                packed.Task!.Value,
                packed.Request,
                verdict,
                await packages.IsKnownThereAsync(delivery, packed.Copy, cancellationToken),
                await desk.OfAsync(packed.Task.Value, cancellationToken)
            );
            var settle = new SettleDelivery(delivery.Id, delivery.Lease!, DeliveryState.Dead)
            {
                Problem = $"Nothing may go to the partner: {verdict.Withheld}.",
            };
            if (await TryCommitAsync(desk.Commit(decision, settle), attempt, cancellationToken) is { } done)
                return done;
            packed = await packages.AgainAsync(delivery, packed, cancellationToken);
        }
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
                NextAt = wait is { } some ? desk.Now() + some : null,
                WasTried = wasTried,
            }
        );

    /// <summary>Tries again after the wait that so many attempts deserve.</summary>
    public Task<bool> RetryAsync(Delivery delivery, string problem) =>
        SettleAsync(delivery, DeliveryState.Retry, problem, WaitAfter(delivery, null));

    private async Task<Commit> DeliveredAsync(
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
            return desk.Commit(decision, settle);
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
        return desk.Commit(decision, settle, new KeepCopy(copy));
    }

    private async Task<Commit> LaterAsync(
        Delivery delivery,
        Packed packed,
        SendOutcome.TryLater later,
        CancellationToken cancellationToken
    )
    {
        var isUsedUp = desk.Now() - delivery.QueuedAt >= options.Budget;
        var settle = new SettleDelivery(
            delivery.Id,
            delivery.Lease!,
            isUsedUp ? DeliveryState.Parked : DeliveryState.Retry
        )
        {
            NextAt = isUsedUp ? null : desk.Now() + WaitAfter(delivery, later.RetryAfter),
            Problem = later.Problem,
            Status = later.Status,
        };
        if (!isUsedUp || packed.Task is not { } task)
            return desk.Commit(null, settle);
        return desk.Commit(ReferralDelivery.Unreachable(task, await desk.OfAsync(task, cancellationToken)), settle);
    }

    private async Task<Commit> RefusedAsync(
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
            ? desk.Commit(ReferralDelivery.Refused(task, await desk.OfAsync(task, cancellationToken)), settle)
            : desk.Commit(null, settle);
    }

    private TimeSpan WaitAfter(Delivery delivery, TimeSpan? asked) =>
        options.WaitAfter(delivery.Attempts, Random.Shared.NextDouble(), asked);

    private async Task<bool> CommitAsync(SettleDelivery settle) =>
        (await store.CommitAsync(desk.Commit(null, settle), CancellationToken.None)).IsCommitted;

    /// <summary>Null where another write came first, so that deciding again from fresh reads may do.</summary>
    private async Task<bool?> TryCommitAsync(Commit commit, int attempt, CancellationToken cancellationToken)
    {
        var result = await store.CommitAsync(commit, cancellationToken);
        return result.IsCommitted ? true
            : result.Failed is DeliveryRefused || attempt == MaxAttempts ? false
            : null;
    }
}
