using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Connectors;
using CareCoordination.Exchange.Diagnostics;
using CareCoordination.Exchange.Partners;
using CareCoordination.Storage;
using CareCoordination.Storage.Outbox;

namespace CareCoordination.Exchange.Inbox;

/// <summary>
/// Asks partners what has changed of our Tasks. https://hl7.org/fhir/us/sdoh-clinicalcare/checking_task_status.html The next question
/// begins at the last time that the partner's own clock gave, some minutes before it and inclusive: what was stored late or at the same
/// instant is not missed, and what comes twice is recognised by its version.
/// </summary>
public sealed class PartnerPolls(
    CareSessions sessions,
    OutboxStore deliveries,
    PartnerConnectors connectors,
    OwnAddress own,
    ILogger<PartnerPolls> log
)
{
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    /// <summary>A node that does not come back from a poll for so long is taken for dead.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    private readonly string _node = Guid.NewGuid().ToString("N");

    /// <summary>How many versions were news; null where it is not the partner's time yet, or another node asks it.</summary>
    public async Task<int?> RunAsync(Partner partner, CancellationToken cancellationToken)
    {
        await using var session = sessions.Open(Caller.Partner(partner.Id));
        var inbound = session.Get<InboundApplication>();
        var connector = connectors.For(partner);
        if (!connector.KeepsTasks || !connector.Health.TakesMessages || !await TryBeginAsync(session, partner))
            return null;
        var mark = await deliveries.MarkAsync(partner.Id, cancellationToken);
        var since = mark.PolledThrough is { } through ? through - Overlap : DateTimeOffset.UnixEpoch;
        var (seen, news, newest) = (0, 0, mark.PolledThrough);
        SendOutcome? problem = null;
        try
        {
            await foreach (var page in connector.PollAsync(own.Base, since, cancellationToken))
            {
                foreach (var word in page.Tasks)
                {
                    seen++;
                    if (await inbound.ApplyAsync(partner, word, again: false, cancellationToken) is not null)
                        news++;
                    if (InboundApplication.UpdatedAt(word) is { } updated && (newest is null || updated > newest))
                        newest = updated;
                }

                problem = page.Problem;
            }
        }
        finally
        {
            // What came before a problem was taken; the next question begins where this one did.
            await EndAsync(
                session,
                partner,
                problem is null && !cancellationToken.IsCancellationRequested ? newest : null
            );
        }

        if (problem is null)
            Log.Polled(log, partner.Id, news, seen);
        else
            Log.PollFailed(log, partner.Id, SentenceOf(problem));
        return news;
    }

    /// <summary>One node at a time, and no partner more often than it wants.</summary>
    private async Task<bool> TryBeginAsync(OpenSession session, Partner partner)
    {
        var now = session.Get<DeliveryContexts>().Now();
        var interval = partner.Options.PollInterval;
        return await ChangeAsync(
            session,
            new ChangeMark(
                partner.Id,
                mark =>
                    mark.PollLeaseEnd > now || mark.PolledAt + interval > now
                        ? null
                        : mark with
                        {
                            PolledAt = now,
                            PollLease = _node,
                            PollLeaseEnd = now + Lease,
                        }
            )
        );
    }

    private Task EndAsync(OpenSession session, Partner partner, DateTimeOffset? through) =>
        ChangeAsync(
            session,
            new ChangeMark(
                partner.Id,
                mark =>
                    mark.PollLease != _node
                        ? null
                        : mark with
                        {
                            PollLease = null,
                            PollLeaseEnd = null,
                            PolledThrough = through ?? mark.PolledThrough,
                        }
            )
        );

    /// <summary>True where the change had an effect.</summary>
    private static async Task<bool> ChangeAsync(OpenSession session, ChangeMark change)
    {
        var writes = new WriteSet { Outbox = [change] };
        var result = await session.Session.WriteAsync(
            _ => ValueTask.FromResult<WriteDecision>(writes),
            CancellationToken.None
        );
        return result.TryGet(out var written, out _) && written.Marked.Length > 0;
    }

    private static string SentenceOf(SendOutcome problem) =>
        problem switch
        {
            SendOutcome.TryLater later => later.Problem,
            SendOutcome.NeedsHuman human => human.Problem,
            _ => "It answered in a way that is no answer to a search.",
        };
}
