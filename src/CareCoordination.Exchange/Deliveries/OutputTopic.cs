using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Connectors;
using CareCoordination.Connectors.Partners;
using CareCoordination.Exchange.Diagnostics;
using CareCoordination.Exchange.Inbox;
using CareCoordination.Exchange.Partners;
using CareCoordination.Exchange.Sending;
using CareCoordination.Exchange.Settings;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Exchange.Deliveries;

/// <summary>
/// What a partner made of a referral is fetched: the queue, the leases and the waits of messages that go out serve as well for what has to
/// be asked for, until it is here.
/// </summary>
public static class OutputTopic
{
    public static Topic Of(PartnerDestinations partners) =>
        new(
            PartnerOutputs.Topic,
            partners,
            (session, message, token) => session.Get<OutputFetch>().BuildAsync(message, token)
        );
}

/// <summary>Fetches the outputs of a partner's Task, and stores them as ours in the commit that ends the message.</summary>
public sealed class OutputFetch(
    OutboxStore outbox,
    CareReads reads,
    PartnerSources partners,
    DecisionInputs inputs,
    ILogger<OutputFetch> log
)
{
    /// <summary>What is not to be had within so many attempts stays at the partner.</summary>
    private const int MostAttempts = 20;

    public async Task<Built> BuildAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        if (
            await partners.FindAsync(message.Destination, cancellationToken) is not { } partner
            || await reads.ReadAsync(message.Subject.ToString(), cancellationToken) is not { } task
            || await outbox.CopyAsync(partner.Id, message.Subject, cancellationToken) is not { Reference: { } copy }
        )
            return new Built.Settled(Ended(message, "There is nothing to fetch any more."));
        var wanted = PartnerOutputs.Wanted(task, partner.Address.AbsoluteUri, partner.Options.Outputs);
        return wanted.IsEmpty
            ? new Built.Settled(Ended(message, null))
            : new Built.Ready(token => FetchAsync(message, partner, copy, wanted, token));
    }

    private async Task<Settlement> FetchAsync(
        OutboxMessage message,
        Partner partner,
        string copy,
        ImmutableArray<PartnerOutput> wanted,
        CancellationToken cancellationToken
    )
    {
        var connector = partners.ConnectorOf(partner);
        var read = await connector.ReadAsync(copy, cancellationToken);
        if (read is not ReadOutcome.Found { Task.Task: { IsEmpty: false } theirs })
            return read is ReadOutcome.Failed failed
                ? Failed(message, failed.Why)
                : Ended(message, "The copy is gone.");
        var found = new List<(PartnerOutput Output, ReadOnlyMemory<byte> Utf8Json)>();
        foreach (var output in wanted)
        {
            var fetched = await connector.ReadOutputAsync(output.Reference, cancellationToken);
            if (fetched.Why is null)
                found.Add((output, fetched.Utf8Json));
            else if (fetched.Why is not SendOutcome.NeedsHuman)
                return Failed(message, fetched.Why);
            else
                Log.OutputRefused(log, partner.Id, message.Subject.ToString(), PartnerAnswerOf(fetched.Why));
        }

        return new Settlement(async token => await TakenAsync(message, partner, theirs, found, token));
    }

    private async Task<WriteSet> TakenAsync(
        OutboxMessage message,
        Partner partner,
        ReadOnlyMemory<byte> theirs,
        List<(PartnerOutput Output, ReadOnlyMemory<byte> Utf8Json)> found,
        CancellationToken cancellationToken
    )
    {
        var settle = new SettleMessage(message.Id, message.Lease!, MessageState.Delivered);
        if (await reads.ReadAsync(message.Subject.ToString(), cancellationToken) is not { } task)
            return DeliveryWrites.Of(null, settle);
        var fetched = new List<FetchedOutput>();
        foreach (var (output, json) in found)
        {
            var own = new ResourceKey(output.Reference.Type, IdOf(output.Address));
            var isHere = await reads.ReadAsync(own.ToString(), cancellationToken) is not null;
            fetched.Add(new FetchedOutput(output, json, own, isHere));
        }

        var decision = PartnerOutputs.Take(
            task,
            theirs,
            partner.Address.AbsoluteUri,
            partners.OwnBase,
            fetched,
            inputs.Now()
        );
        return decision.IsEmpty
            ? DeliveryWrites.Of(null, settle)
            : new WriteSet
            {
                // The partner's word, as who it is here: whoever the Task is with.
                Decisions = [new RecordedDecision(decision, "operation", By(task), Reason: null)],
                Outbox = [settle],
            };
    }

    private static Agent By(Snapshot task) =>
        new TaskDraft(task).Owner is { } owner ? new Agent(owner) { IsUnchecked = true } : ServerAgent.Unknown;

    private Settlement Failed(OutboxMessage message, SendOutcome why) =>
        why is SendOutcome.NeedsHuman || message.Attempts >= MostAttempts
            ? Ended(message, PartnerAnswerOf(why))
            : Settlement.Of(
                new SettleMessage(message.Id, message.Lease!, MessageState.Retry)
                {
                    Problem = PartnerAnswerOf(why),
                    NextAt =
                        inputs.Now() + partners.WaitAfter(message.Attempts, (why as SendOutcome.TryLater)?.RetryAfter),
                }
            );

    private Settlement Ended(OutboxMessage message, string? problem)
    {
        if (problem is not null)
            Log.OutputRefused(log, message.Destination, message.Subject.ToString(), problem);
        return Settlement.Of(
            new SettleMessage(message.Id, message.Lease!, problem is null ? MessageState.Delivered : MessageState.Dead)
            {
                Problem = problem,
            }
        );
    }

    private static string PartnerAnswerOf(SendOutcome why) => PartnerPolls.SentenceOf(why);

    /// <summary>The same for the same resource there, so that nothing is stored twice.</summary>
    private static string IdOf(string address) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address))[..16]);
}

/// <summary>Partners as sources of what they made.</summary>
public sealed class PartnerSources(
    PartnerDirectory directory,
    PartnerConnectors connectors,
    OwnAddress own,
    DeliveryOptions options
)
{
    public string OwnBase => own.Base.AbsoluteUri;

    /// <summary>Null where the Endpoint is gone or wrong.</summary>
    public async Task<Partner?> FindAsync(string endpoint, CancellationToken cancellationToken) =>
        (await directory.FindAsync(endpoint, cancellationToken)).Partner;

    public PartnerConnector ConnectorOf(Partner partner) => connectors.For(partner);

    public TimeSpan WaitAfter(int attempts, TimeSpan? asked) =>
        options.WaitAfter(attempts, Random.Shared.NextDouble(), asked);
}
