using CareCoordination.Application.Interactions;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Connectors;
using CareCoordination.Connectors.Partners;
using CareCoordination.Exchange.Partners;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Exchange.Inbox;

/// <summary>What reading a partner's copy by its id brought.</summary>
/// <param name="Code">What became of it: applied, echo, stale, unapplied; or one of the codes here.</param>
/// <param name="Update">Null where nothing came that was not known.</param>
/// <param name="Problem">Why it could not be read, as a sentence.</param>
public sealed record CopyReading(string Code, InboundUpdate? Update = null, string? Problem = null)
{
    /// <summary>It is in the version that is known.</summary>
    public const string Known = "known";

    /// <summary>The partner has deleted it.</summary>
    public const string Gone = "gone";

    /// <summary>The partner could not be asked.</summary>
    public const string Unread = "unread";
}

/// <summary>Reads a partner's copy of a Task by its id, and takes what it says as what a poll brings.</summary>
public sealed class CopyRefresh(
    CareSession session,
    PartnerConnectors connectors,
    InboundApplication inbound,
    CopyDeletions deletions,
    OwnAddress own
)
{
    public async Task<CopyReading> ReadAsync(Partner partner, PartnerCopy copy, CancellationToken cancellationToken)
    {
        var outcome = await connectors
            .For(partner)
            .ReadAgainAsync(copy.Reference!, copy.Task, own.Base, cancellationToken);
        switch (outcome)
        {
            case ReadOutcome.Found found:
                var update = await inbound.ApplyAsync(partner, found.Task, again: false, CancellationToken.None);
                return update is null
                    ? new CopyReading(CopyReading.Known)
                    : new CopyReading(update.State.ToString().ToLowerInvariant(), update);
            case ReadOutcome.Failed failed:
                return new CopyReading(CopyReading.Unread, Problem: PartnerPolls.SentenceOf(failed.Why));
            default:
                await session.WriteAsync(token => deletions.DecideAsync(copy, token), CancellationToken.None);
                return new CopyReading(CopyReading.Gone);
        }
    }
}

/// <summary>What follows where a partner has deleted its copy of a Task: somebody is told, once.</summary>
public sealed class CopyDeletions(OutboxStore outbox, CareReads reads, ReferralReads referrals, DecisionInputs inputs)
{
    public async ValueTask<WriteDecision> DecideAsync(PartnerCopy copy, CancellationToken cancellationToken)
    {
        var now = await outbox.CopyAsync(copy.Partner, copy.Task, cancellationToken);
        // Something came of it meanwhile, or it is told already.
        if (now is null || now.Version != copy.Version || now.Status == PartnerCopy.Gone)
            return new WriteSet();
        Decision? decision = null;
        if (
            await reads.ReadAsync(copy.Task.ToString(), cancellationToken) is { } task
            && new TaskDraft(task).Request() is { } request
        )
            decision = ReferralDelivery.CopyGone(
                task,
                await referrals.WorkAsync(request, cancellationToken),
                await inputs.OfAsync(task, cancellationToken)
            );
        return DeliveryWrites.Of(decision, new KeepCopy(now with { Status = PartnerCopy.Gone }));
    }
}
