using CareCoordination.Connectors;
using CareCoordination.Exchange.Diagnostics;
using CareCoordination.Exchange.Inbox;
using CareCoordination.Exchange.Partners;
using CareCoordination.Storage;
using CareCoordination.Storage.Deliveries;
using CareCoordination.Workflow.Referrals;

namespace CareCoordination.Exchange.Deliveries;

/// <summary>One attempt to bring a message to its partner, from the claim to what is written down of it.</summary>
public sealed class DeliveryAttempt(
    PackageReads packages,
    DeliverySettlement settlement,
    InboundApplication inbound,
    PartnerConnectors connectors,
    ILogger<DeliveryAttempt> log
)
{
    // Two that change the same Task in turn come to an end; beyond this something else is wrong, and waiting is better.
    private const int QuickRepeats = 5;

    /// <summary>True where the partner answered, whatever it said.</summary>
    public async Task<bool> RunAsync(Delivery delivery, PartnerEntry entry, CancellationToken cancellationToken)
    {
        var isSending = false;
        try
        {
            if (entry.Partner is not { } partner)
                return await RefuseAsync(delivery, entry, cancellationToken);
            var packed = await packages.PackAsync(delivery, entry, cancellationToken);
            if (packed.Moot is { } moot)
                return await settlement.SettleAsync(delivery, DeliveryState.Superseded, moot, wasTried: false);
            if (packed.Withheld is { } verdict)
            {
                await settlement.WithholdAsync(delivery, packed, verdict, CancellationToken.None);
                return false;
            }

            isSending = true;
            var outcome = await connectors.For(partner).SendAsync(packed.Package!, cancellationToken);
            if (outcome is SendOutcome.ChangedThere changed)
                await MeetAsync(delivery, partner, packed, changed.Current);
            else if (!await settlement.SettleAsync(delivery, packed, outcome, CancellationToken.None))
                Log.LeaseLost(log, delivery.Id);
            if (outcome is SendOutcome.Delivered { Task.IsEmpty: false, Reference: { } reference } delivered)
                await ListenAsync(partner, packed, new PartnerTask(reference, delivered.Version, delivered.Task));
            return outcome is not SendOutcome.TryLater;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The node stops, or the lease is lost: what has not begun to leave is given back as if it had not been taken.
            await settlement.SettleAsync(
                delivery,
                DeliveryState.Queued,
                isSending ? "The node stopped while it was sending." : null,
                wasTried: isSending
            );
            return false;
        }
        catch (StoreUnavailableException)
        {
            // The lease ends by itself, and the message is taken again.
            return false;
        }
        catch (Exception e)
        {
            Log.Unexpected(log, e, delivery.Id);
            await settlement.RetryAsync(
                delivery,
                "Something unexpected went wrong here; the log has this delivery's id."
            );
            return false;
        }
    }

    /// <summary>There is nobody to send it to.</summary>
    private async Task<bool> RefuseAsync(Delivery delivery, PartnerEntry entry, CancellationToken cancellationToken)
    {
        SendOutcome outcome = entry.Passes
            ? new SendOutcome.TryLater(entry.Problem!, null, null)
            : new SendOutcome.NeedsHuman(entry.Problem!, null, default);
        var packed = await packages.ReadAsync(delivery, cancellationToken);
        await settlement.SettleAsync(delivery, packed, outcome, cancellationToken);
        return false;
    }

    /// <summary>The partner's copy was changed meanwhile: its word first, then ours again where it still has something to say.</summary>
    private async Task MeetAsync(Delivery delivery, Partner partner, Packed packed, PartnerTask current)
    {
        var update = await inbound.HearAsync(partner, current, CancellationToken.None);
        if (update?.State == InboundState.Unapplied)
        {
            var problem = new SendOutcome.NeedsHuman(
                $"The partner's copy was changed in a way that cannot be applied here ({update.Reason})",
                409,
                default
            );
            await settlement.SettleAsync(delivery, packed, problem, CancellationToken.None);
        }
        else if (delivery.Kind == DeliveryKind.Cancel && await packages.IsCompletedAsync(delivery))
            await settlement.SettleAsync(
                delivery,
                DeliveryState.Superseded,
                "The partner had completed it before it could be called off."
            );
        else if (delivery.Attempts <= QuickRepeats)
            await settlement.SettleAsync(delivery, DeliveryState.Queued, "The partner's copy was changed meanwhile.");
        else
            await settlement.RetryAsync(
                delivery,
                "The partner's copy is changed each time ours is about to be written."
            );
    }

    /// <summary>The answer to a write may tell that the partner has moved already.</summary>
    private async Task ListenAsync(Partner partner, Packed packed, PartnerTask answered)
    {
        if (PartnerUpdate.StatusOf(answered.Task) != PartnerUpdate.StatusOf(packed.Package!.Task.Utf8Json))
            await inbound.HearAsync(partner, answered, CancellationToken.None);
    }
}
