using CareCoordination.Connectors;
using CareCoordination.Connectors.Partners;
using CareCoordination.Exchange.Inbox;
using CareCoordination.Exchange.Partners;
using CareCoordination.Exchange.Sending;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Referrals;

namespace CareCoordination.Exchange.Deliveries;

/// <summary>The messages about referrals: that there is something to tell a partner about the Task that it works on.</summary>
public static class ReferralTopic
{
    public static Topic Of(PartnerDestinations partners) =>
        new(
            Outgoing.Topic,
            partners,
            (session, message, token) => session.Get<ReferralMessages>().BuildAsync(message, token)
        );
}

/// <summary>How a message about a referral is made, sent and followed up.</summary>
public sealed class ReferralMessages(
    MessageBuilder builder,
    ReferralSettlement settlement,
    InboundApplication inbound,
    PartnerDirectory directory,
    PartnerConnectors connectors
)
{
    // Two that change the same Task in turn come to an end; beyond this something else is wrong, and waiting is better.
    private const int QuickRepeats = 5;

    public async Task<Built> BuildAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var entry = await directory.FindAsync(message.Destination, cancellationToken);
        if (entry.Partner is not { } partner)
            return new Built.Settled(await RefuseAsync(message, entry, cancellationToken));
        var prepared = await builder.PrepareAsync(message, entry, cancellationToken);
        if (prepared.Obsolete is { } obsolete)
            return new Built.Settled(settlement.Superseded(message, prepared, obsolete, wasTried: false));
        if (prepared.Withheld is { } verdict)
            return new Built.Settled(settlement.Withheld(message, prepared, verdict));
        return new Built.Ready(token => SendAsync(message, partner, prepared, token));
    }

    private async Task<Settlement> SendAsync(
        OutboxMessage message,
        Partner partner,
        PreparedMessage prepared,
        CancellationToken cancellationToken
    )
    {
        var outcome = await connectors.For(partner).SendAsync(prepared.Package!, cancellationToken);
        if (outcome is SendOutcome.ChangedThere changed)
            return await ResolveConflictAsync(message, partner, prepared, changed.Current);
        var settled = settlement.Of(message, prepared, outcome);
        return outcome is SendOutcome.Delivered { Task.IsEmpty: false, Reference: { } reference } delivered
            ? settled with
            {
                Afterwards = () =>
                    ApplyResponseAsync(
                        partner,
                        prepared,
                        new PartnerTask(reference, delivered.Version, delivered.Task)
                    ),
            }
            : settled;
    }

    /// <summary>The Endpoint is missing, not active or wrong.</summary>
    private async Task<Settlement> RefuseAsync(
        OutboxMessage message,
        PartnerEntry entry,
        CancellationToken cancellationToken
    )
    {
        SendOutcome outcome = entry.Passes
            ? new SendOutcome.TryLater(entry.Problem!, null, null)
            : new SendOutcome.NeedsHuman(entry.Problem!, null, default);
        return settlement.Of(message, await builder.ReadAsync(message, cancellationToken), outcome);
    }

    /// <summary>The partner's copy was changed meanwhile: its change comes first, then ours where there is still something to say.</summary>
    private async Task<Settlement> ResolveConflictAsync(
        OutboxMessage message,
        Partner partner,
        PreparedMessage prepared,
        PartnerTask current
    )
    {
        var update = await inbound.ApplyAnswerAsync(partner, current, CancellationToken.None);
        if (update?.State == InboundState.Unapplied)
        {
            var problem = new SendOutcome.NeedsHuman(
                $"The partner's copy was changed in a way that cannot be applied here ({update.Reason})",
                409,
                default
            );
            return settlement.Of(message, prepared, problem);
        }

        if (message.Kind == MessageKind.Cancel && await builder.IsCompletedAsync(message))
            return settlement.Superseded(
                message,
                prepared,
                "The partner had completed it before it could be called off.",
                wasTried: true
            );
        return message.Attempts <= QuickRepeats
            ? ReferralSettlement.ToQueued(message, "The partner's copy was changed meanwhile.")
            : settlement.ToRetry(message, "The partner's copy is changed each time ours is about to be written.");
    }

    /// <summary>The answer to a write may tell that the partner has moved already.</summary>
    private async Task ApplyResponseAsync(Partner partner, PreparedMessage prepared, PartnerTask answered)
    {
        if (PartnerUpdate.StatusOf(answered.Task) != PartnerUpdate.StatusOf(prepared.Package!.Task.Utf8Json))
            await inbound.ApplyAnswerAsync(partner, answered, CancellationToken.None);
    }
}
