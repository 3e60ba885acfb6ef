using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Exchange.Diagnostics;
using CareCoordination.Exchange.Settings;
using CareCoordination.Storage;

namespace CareCoordination.Exchange.Sending;

/// <summary>
/// One attempt to bring a message to its destination, from the claim to what is written down of it, in a session of its own. What is
/// the same for all topics is here: an attempt that is given up, a database that is away, a mistake of ours.
/// </summary>
public sealed class MessageAttempts(
    CareSessions sessions,
    DeliveryOptions options,
    TimeProvider time,
    ILogger<MessageAttempts> log
)
{
    /// <param name="cancellationToken">The node stops, or the lease is lost.</param>
    public async Task RunAsync(Topic topic, OutboxMessage message, CancellationToken cancellationToken)
    {
        await using var open = sessions.Open(topic.Destinations.CallerOf(message.Destination));
        var isSending = false;
        try
        {
            var built = await topic.Build(open, message, cancellationToken);
            isSending = built is Built.Ready;
            var settlement = built switch
            {
                Built.Ready ready => await ready.SendAsync(cancellationToken),
                _ => ((Built.Settled)built).Settlement,
            };
            await SettleAsync(open.Session, message, settlement);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await SettleAsync(open.Session, message, GivenBack(message, isSending));
        }
        catch (StoreUnavailableException)
        {
            // The lease ends by itself, and the message is taken again.
        }
        catch (Exception e)
        {
            Log.Unexpected(log, e, message.Id);
            await SettleAsync(open.Session, message, Failed(message));
        }
    }

    /// <summary>What was delivered has been disclosed: the audit trail tells of it with what becomes of the message.</summary>
    private static async ValueTask<WriteSet> WithDisclosureAsync(
        CareSession session,
        OutboxMessage message,
        WriteSet writes,
        CancellationToken cancellationToken
    )
    {
        if (!writes.Outbox.OfType<SettleMessage>().Any(s => s.State == MessageState.Delivered))
            return writes;
        var subject = await session.Reads.ReadAsync(message.Subject, cancellationToken);
        var patients = subject is { } told ? PatientMentions.Of(told.Utf8Json.Span) : [];
        return writes with { Sent = [new Sent(message.Subject, message.About, patients)] };
    }

    /// <summary>What has not begun to leave is given back as if it had not been taken.</summary>
    private static Settlement GivenBack(OutboxMessage message, bool isSending) =>
        Settlement.Of(
            new SettleMessage(message.Id, message.Lease!, MessageState.Queued)
            {
                Problem = isSending ? "The node stopped while it was sending." : null,
                WasTried = isSending,
            }
        );

    private Settlement Failed(OutboxMessage message) =>
        Settlement.Of(
            new SettleMessage(message.Id, message.Lease!, MessageState.Retry)
            {
                Problem = "Something unexpected went wrong here; the log has this delivery's id.",
                NextAt =
                    time.GetUtcNow() + options.WaitAfter(message.Attempts, Random.Shared.NextDouble(), asked: null),
            }
        );

    /// <summary>
    /// Where what follows for people cannot be written, as it would not be valid, the message is settled without: it must not be sent
    /// once more for that.
    /// </summary>
    private async Task SettleAsync(CareSession session, OutboxMessage message, Settlement settlement)
    {
        WriteSet? writes = null;
        var result = await session.WriteAsync(
            async token => writes = await WithDisclosureAsync(session, message, await settlement.Decide(token), token),
            CancellationToken.None
        );
        if (!result.TryGet(out _, out var answer))
        {
            if (result.Failed is not null || writes!.Decisions.IsEmpty)
            {
                Log.LeaseLost(log, message.Id);
                return;
            }

            Log.FollowingRefused(log, answer.Status);
            var alone = writes with { Decisions = [] };
            await session.WriteAsync(_ => ValueTask.FromResult<WriteDecision>(alone), CancellationToken.None);
        }

        var settled = writes!.Outbox.OfType<SettleMessage>().FirstOrDefault();
        OutboxTelemetry.Attempted(message.Topic, settled?.State);
        if (settlement.Afterwards is { } afterwards)
            await afterwards();
    }
}
