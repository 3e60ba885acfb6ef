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

/// <summary>What a poll brought.</summary>
/// <param name="News">Versions that were not known.</param>
/// <param name="Seen">Versions that the partner showed.</param>
/// <param name="Gone">Copies that it has deleted.</param>
/// <param name="Problem">Why it is not complete, as a sentence; null where it is.</param>
public sealed record PollResult(int News, int Seen, int Gone, string? Problem);

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

    // Beside what a poll brings: a partner of a hundred open referrals is asked for each within some hours.
    private const int ReadsByIdAtOnce = 25;

    /// <summary>Asks now. Null where it is not the partner's time yet, it is left alone, or another node asks it.</summary>
    /// <param name="isWanted">Somebody wants it, or the partner says that there is news: whether it is time does not matter.</param>
    public async Task<PollResult?> RunAsync(Partner partner, bool isWanted, CancellationToken cancellationToken)
    {
        await using var session = sessions.Open(Caller.Partner(partner.Id));
        var connector = connectors.For(partner);
        if (
            !connector.KeepsTasks
            || !connector.Health.TakesMessages
            || !await TryBeginAsync(session, partner, isWanted)
        )
            return null;
        var status = await outbox.PartnerStatusAsync(partner.Id, cancellationToken);
        var taken = new Taken(status.PolledThrough, status.ReadThrough);
        try
        {
            var since = status.PolledThrough is { } through ? through - Overlap : DateTimeOffset.UnixEpoch;
            await TakeAsync(session, partner, connector.PollAsync(own.Base, since, cancellationToken), taken);
            if (taken.Problem is null)
                await ReadByIdAsync(session, partner, taken, cancellationToken);
        }
        finally
        {
            await EndAsync(session, partner, taken, cancellationToken.IsCancellationRequested);
        }

        var said = taken.Problem is { } problem ? SentenceOf(problem) : null;
        if (said is not null)
            Log.PollFailed(log, partner.Id, said);
        else
            Log.Polled(log, partner.Id, taken.News, taken.Seen);
        return new PollResult(taken.News, taken.Seen, taken.Gone, said);
    }

    /// <summary>
    /// Some of the open copies that the poll did not bring, in turn: a partner may not show all by a search, or keep changes from it, and
    /// what it has deleted comes by no search.
    /// </summary>
    private async Task ReadByIdAsync(
        OpenSession session,
        Partner partner,
        Taken taken,
        CancellationToken cancellationToken
    )
    {
        var refresh = session.Get<CopyRefresh>();
        var copies = await outbox.OpenCopiesAsync(
            partner.Id,
            taken.ReadThrough ?? "",
            ReadsByIdAtOnce,
            cancellationToken
        );
        taken.ReadThrough = copies.Count < ReadsByIdAtOnce ? null : copies[^1].Task.Id;
        foreach (var copy in copies.Where(c => !taken.References.Contains(c.Reference!)))
        {
            var read = await refresh.ReadAsync(partner, copy, cancellationToken);
            taken.Note(read);
            if (read.Code == CopyReading.Unread)
                return;
        }
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
                taken.References.Add(task.Reference);
                var update = await inbound.ApplyAsync(partner, task, again: false, CancellationToken.None);
                taken.Note(InboundApplication.UpdatedAt(task), isNews: update is not null);
            }
        }
    }

    /// <summary>One node at a time, and no partner more often than it wants.</summary>
    private async Task<bool> TryBeginAsync(OpenSession session, Partner partner, bool isWanted)
    {
        var now = session.Get<DecisionInputs>().Now();
        var interval = partner.Options.PollInterval;
        return await ChangeAsync(
            session,
            new ChangePartnerStatus(
                partner.Id,
                status =>
                    status.PollLeaseEnd > now || (!isWanted && status.PolledAt + interval > now)
                        ? null
                        : status with
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
            new ChangePartnerStatus(
                partner.Id,
                status =>
                    status.PollLease != _node
                        ? null
                        : status with
                        {
                            PollLease = null,
                            PollLeaseEnd = null,
                            PolledThrough = through ?? status.PolledThrough,
                            ReadThrough = taken.ReadThrough,
                            PollProblem =
                                taken.Problem is { } problem ? SentenceOf(problem)
                                : isGivenUp ? status.PollProblem
                                : null,
                        }
            )
        );
    }

    /// <summary>True where the change had an effect.</summary>
    private static async Task<bool> ChangeAsync(OpenSession session, ChangePartnerStatus change)
    {
        var writes = new WriteSet { Outbox = [change] };
        var result = await session.Session.WriteAsync(
            _ => ValueTask.FromResult<WriteDecision>(writes),
            CancellationToken.None
        );
        return result.TryGet(out var written, out _) && written.ChangedPartners.Length > 0;
    }

    internal static string SentenceOf(SendOutcome problem) =>
        problem switch
        {
            SendOutcome.TryLater later => later.Problem,
            SendOutcome.Collided collided => collided.Problem,
            SendOutcome.NeedsHuman human => human.Problem,
            _ => "It answered in a way that is no answer to a search.",
        };

    /// <summary>What a poll has brought so far.</summary>
    private sealed class Taken(DateTimeOffset? begin, string? readThrough)
    {
        /// <summary>The Task behind which the next copies are read by their ids; null: from the first on.</summary>
        public string? ReadThrough { get; set; } = readThrough;

        public int Seen { get; private set; }

        public int News { get; private set; }

        /// <summary>Copies that the partner has deleted.</summary>
        public int Gone { get; private set; }

        /// <summary>What the poll has brought.</summary>
        public HashSet<string> References { get; } = new(StringComparer.Ordinal);

        /// <summary>The last time that the partner's clock gave.</summary>
        public DateTimeOffset? Newest { get; private set; } = begin;

        /// <summary>Each change came after the one before it.</summary>
        public bool IsOrdered { get; private set; } = true;

        public SendOutcome? Problem { get; set; }

        private DateTimeOffset? _last;

        /// <summary>A copy that was read by its id: it says nothing of how far the poll has come.</summary>
        public void Note(CopyReading read)
        {
            News += read.Update?.State == InboundState.Applied ? 1 : 0;
            Gone += read.Code == CopyReading.Gone ? 1 : 0;
        }

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
