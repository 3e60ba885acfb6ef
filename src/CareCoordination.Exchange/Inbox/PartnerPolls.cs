using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Connectors;
using CareCoordination.Connectors.Partners;
using CareCoordination.Exchange.Diagnostics;
using CareCoordination.Exchange.Partners;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Exchange.Inbox;

/// <summary>
/// Asks partners what has changed of our Tasks. https://hl7.org/fhir/us/sdoh-clinicalcare/checking_task_status.html The next question
/// begins at the last time that the partner's own clock gave, some minutes before it and inclusive: what was stored late or at the same
/// instant is not missed, and what comes twice is recognised by its version.
/// </summary>
public sealed class PartnerPolls(
    CareSessions sessions,
    OutboxStore outbox,
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
        var connector = connectors.For(partner);
        if (!connector.KeepsTasks || !connector.Health.TakesMessages || !await TryBeginAsync(session, partner))
            return null;
        var mark = await outbox.MarkAsync(partner.Id, cancellationToken);
        var taken = new Taken(mark.PolledThrough);
        try
        {
            var since = mark.PolledThrough is { } through ? through - Overlap : DateTimeOffset.UnixEpoch;
            await TakeAsync(session, partner, connector.PollAsync(own.Base, since, cancellationToken), taken);
        }
        finally
        {
            await EndAsync(session, partner, taken, cancellationToken.IsCancellationRequested);
        }

        if (taken.Problem is { } problem)
            Log.PollFailed(log, partner.Id, SentenceOf(problem));
        else
            Log.Polled(log, partner.Id, taken.News, taken.Seen);
        return taken.News;
    }

    private static async Task TakeAsync(
        OpenSession session,
        Partner partner,
        IAsyncEnumerable<PollPage> pages,
        Taken taken
    )
    {
        var inbound = session.Get<InboundApplication>();
        await foreach (var page in pages)
        {
            taken.Problem = page.Problem;
            foreach (var task in page.Tasks)
            {
                var update = await inbound.ApplyAsync(partner, task, again: false, CancellationToken.None);
                taken.Note(InboundApplication.UpdatedAt(task), isNews: update is not null);
            }
        }
    }

    /// <summary>One node at a time, and no partner more often than it wants.</summary>
    private async Task<bool> TryBeginAsync(OpenSession session, Partner partner)
    {
        var now = session.Get<DecisionInputs>().Now();
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

    /// <summary>
    /// What came before a problem was taken. Where the partner gave it in the order of its changes, the next question begins where this one
    /// ended, so that a problem further on does not keep it at the same page for ever; otherwise where this one began.
    /// </summary>
    private Task EndAsync(OpenSession session, Partner partner, Taken taken, bool isGivenUp)
    {
        var isComplete = taken.Problem is null && !isGivenUp;
        var through = isComplete || taken.IsOrdered ? taken.Newest : null;
        return ChangeAsync(
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
                            PollProblem =
                                taken.Problem is { } problem ? SentenceOf(problem)
                                : isGivenUp ? mark.PollProblem
                                : null,
                        }
            )
        );
    }

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
            SendOutcome.Collided collided => collided.Problem,
            SendOutcome.NeedsHuman human => human.Problem,
            _ => "It answered in a way that is no answer to a search.",
        };

    /// <summary>What a poll has brought so far.</summary>
    private sealed class Taken(DateTimeOffset? begin)
    {
        public int Seen { get; private set; }

        public int News { get; private set; }

        /// <summary>The last time that the partner's clock gave.</summary>
        public DateTimeOffset? Newest { get; private set; } = begin;

        /// <summary>Each change came after the one before it.</summary>
        public bool IsOrdered { get; private set; } = true;

        public SendOutcome? Problem { get; set; }

        private DateTimeOffset? _last;

        public void Note(DateTimeOffset? updated, bool isNews)
        {
            Seen++;
            News += isNews ? 1 : 0;
            IsOrdered &= updated is not null && (_last is null || updated >= _last);
            _last = updated;
            if (updated is not null && (Newest is null || updated > Newest))
                Newest = updated;
        }
    }
}
