using System.Collections.Immutable;
using System.Globalization;
using System.Threading.Channels;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Commits;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Outbox;
using CareCoordination.Storage.Rows;

namespace CareCoordination.Storage.Stores;

/// <summary>
/// The outbox and the inbox: what has to reach partners, what they have, and what they sent. Changes are part of a
/// <see cref="Commit"/>; here are the reads, and the claims of the nodes that send.
/// </summary>
public sealed class OutboxStore
{
    private readonly SessionPool _readers;
    private readonly Committer _committer;
    private readonly OutboxSql _sql;
    private readonly TimeProvider _time;

    // Holds at most one: that something arrived, not how much.
    private readonly Channel<bool> _arrivals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    internal OutboxStore(SessionPool readers, Committer committer, SqlDialect dialect, TimeProvider time) =>
        (_readers, _committer, _sql, _time) = (readers, committer, new OutboxSql(dialect), time);

    /// <summary>
    /// Ends when this node has stored a message, or put one back, since it was last asked. For one caller at a time; other nodes' messages
    /// have to be looked for.
    /// </summary>
    public ValueTask<bool> ArrivalAsync(CancellationToken cancellationToken) =>
        _arrivals.Reader.ReadAsync(cancellationToken);

    /// <summary>To whom something of a topic waits or is being sent.</summary>
    public Task<ImmutableArray<string>> DestinationsAsync(string topic, CancellationToken cancellationToken) =>
        NamesAsync(after => _sql.NextDestination(topic, after), cancellationToken);

    /// <summary>The partners that have copies of Tasks.</summary>
    public Task<ImmutableArray<string>> PartnersWithCopiesAsync(CancellationToken cancellationToken) =>
        NamesAsync(_sql.NextPartnerWithCopies, cancellationToken);

    /// <summary>
    /// Takes up to so many messages to a destination that are due, in their order and at most one per subject, for as long as the lease
    /// lasts. No other node gets them until it ends. Each counts as an attempt.
    /// </summary>
    /// <param name="lease">Names the holder; new for each run of a node.</param>
    public async Task<ImmutableArray<OutboxMessage>> ClaimAsync(
        string topic,
        string destination,
        int max,
        string lease,
        TimeSpan duration,
        CancellationToken cancellationToken
    )
    {
        // Beside searches, however slow those are: what is due leaves.
        var due = await _readers.ReadByKeyAsync(
            _sql.Due(topic, destination, _time.GetUtcNow().UtcTicks, max),
            static (session, sql, token) => session.QueryAsync(sql, OutboxRow.Read, token),
            cancellationToken
        );
        if (due.Count == 0)
            return [];
        var claims = due.Select(d => new ClaimMessage(d.Id, d.Subject, lease, duration));
        // Not cancelled once it is handed in: what it has claimed has to be known to be given back.
        var result = await _committer.CommitAsync(Of(claims), CancellationToken.None);
        return [.. result.Outbox.OfType<OutboxMessage>()];
    }

    /// <summary>
    /// Lets the oldest message to a destination be tried now: whether it is back is found out with what should leave first.
    /// </summary>
    public async Task RetryOldestNowAsync(string topic, string destination, CancellationToken cancellationToken)
    {
        if (
            await FirstAsync(_sql.Oldest(topic, destination), OutboxRow.Read, cancellationToken) is
            { State: MessageState.Retry } oldest
        )
            await _committer.CommitAsync(Of([new RetryMessageNow(oldest.Id)]), cancellationToken);
    }

    /// <summary>Keeps leases alive. Returns those that were lost: another node may send them now.</summary>
    public async Task<ImmutableArray<string>> HeartbeatAsync(
        IReadOnlyList<string> deliveries,
        string lease,
        TimeSpan duration,
        CancellationToken cancellationToken
    )
    {
        if (deliveries.Count == 0)
            return [];
        var result = await _committer.CommitAsync(
            Of(deliveries.Select(id => new ExtendLease(id, lease, duration))),
            cancellationToken
        );
        return [.. deliveries.Where((_, i) => result.Outbox[i] is null)];
    }

    public Task<OutboxMessage?> FindAsync(string id, CancellationToken cancellationToken) =>
        FirstAsync(_sql.Find(id), OutboxRow.Read, cancellationToken);

    /// <summary>Newest first.</summary>
    public async Task<OutboxPage> SearchAsync(OutboxQuery query, CancellationToken cancellationToken)
    {
        var found = await QueryAsync(_sql.Page(query), OutboxRow.Read, cancellationToken);
        if (found.Count <= query.Count)
            return new OutboxPage(found, null);
        found.RemoveAt(found.Count - 1);
        return new OutboxPage(found, found[^1].Order);
    }

    public async Task<QueueDepth> DepthAsync(string topic, string destination, CancellationToken cancellationToken)
    {
        var rows = await QueryAsync(
            _sql.Depth(topic, destination),
            row =>
                (
                    State: (MessageState)row.Short("State"),
                    Count: Convert.ToInt32(row["Count"], CultureInfo.InvariantCulture),
                    Oldest: row.Long("Oldest")
                ),
            cancellationToken
        );
        int Count(MessageState state) => rows.Where(r => r.State == state).Sum(r => r.Count);
        return new QueueDepth(
            Count(MessageState.Queued),
            Count(MessageState.Sending),
            Count(MessageState.Retry),
            Count(MessageState.Parked),
            rows.Count == 0 ? null : new DateTimeOffset(rows.Min(r => r.Oldest), TimeSpan.Zero)
        );
    }

    /// <summary>What the partner has of our Task.</summary>
    public Task<PartnerCopy?> CopyAsync(string partner, ResourceKey task, CancellationToken cancellationToken) =>
        FirstAsync(_sql.Copy(partner, task.Id), OutboxRow.ReadCopy, cancellationToken);

    /// <summary>Which of our Tasks the partner's Task is a copy of.</summary>
    public Task<PartnerCopy?> CopyAtAsync(string partner, string reference, CancellationToken cancellationToken) =>
        FirstAsync(_sql.CopyAt(partner, reference), OutboxRow.ReadCopy, cancellationToken);

    /// <summary>Copies at the partner that are not over, in the order of the ids of our Tasks.</summary>
    /// <param name="after">The id of the Task behind which to begin; empty: from the first.</param>
    public async Task<IReadOnlyList<PartnerCopy>> OpenCopiesAsync(
        string partner,
        string after,
        int count,
        CancellationToken cancellationToken
    ) => await QueryAsync(_sql.OpenCopies(partner, after, count), OutboxRow.ReadCopy, cancellationToken);

    public Task<InboundUpdate?> InboundAsync(
        string partner,
        string reference,
        string version,
        CancellationToken cancellationToken
    ) => FirstAsync(_sql.Inbound(partner, reference, version), OutboxRow.ReadInbound, cancellationToken);

    public Task<InboundUpdate?> InboundAsync(long order, CancellationToken cancellationToken) =>
        FirstAsync(_sql.InboundAt(order), OutboxRow.ReadInbound, cancellationToken);

    /// <summary>Newest first.</summary>
    /// <param name="partner">Null: of all.</param>
    public async Task<InboundPage> SearchInboundAsync(
        InboundState state,
        string? partner,
        long? before,
        int count,
        CancellationToken cancellationToken
    )
    {
        var found = await QueryAsync(
            _sql.InboundPage(state, partner, before, count),
            OutboxRow.ReadInbound,
            cancellationToken
        );
        if (found.Count <= count)
            return new InboundPage(found, null);
        found.RemoveAt(found.Count - 1);
        return new InboundPage(found, found[^1].Order);
    }

    /// <summary>The oldest of what was refused of a source beyond so many of them; at most as many as are asked for.</summary>
    public async Task<IReadOnlyList<InboundUpdate>> RefusedBeyondAsync(
        string source,
        int kept,
        int count,
        CancellationToken cancellationToken
    )
    {
        var places = await QueryAsync(
            _sql.RefusedOf(source, kept + 1),
            static row => row.Long("Order"),
            cancellationToken
        );
        return places.Count <= kept
            ? []
            : await QueryAsync(
                _sql.RefusedThrough(source, places[^1], count),
                OutboxRow.ReadInbound,
                cancellationToken
            );
    }

    /// <summary>What is remembered of the partner; an empty one where nothing is.</summary>
    public async Task<PartnerStatus> PartnerStatusAsync(string partner, CancellationToken cancellationToken) =>
        await FirstAsync(_sql.PartnerStatuses([partner]), OutboxRow.ReadPartnerStatus, cancellationToken)
        ?? new PartnerStatus(partner);

    internal void Tell(Commit committed)
    {
        if (committed.Outbox.Any(d => d is EnqueueMessage or ReplayMessage))
            _arrivals.Writer.TryWrite(true);
    }

    private static Commit Of(IEnumerable<OutboxChange> changes) => new([], []) { Outbox = [.. changes] };

    private Task<ImmutableArray<string>> NamesAsync(Func<string, Sql> next, CancellationToken cancellationToken) =>
        _readers.ReadByKeyAsync(
            next,
            static async (session, next, token) =>
            {
                var partners = ImmutableArray.CreateBuilder<string>();
                var sql = next("");
                while (await session.FirstAsync(sql, row => row.GetString(0), token) is { } partner)
                {
                    partners.Add(partner);
                    sql = next(partner);
                }

                return partners.ToImmutable();
            },
            cancellationToken
        );

    private Task<List<T>> QueryAsync<T>(
        Sql sql,
        Func<System.Data.Common.DbDataReader, T> map,
        CancellationToken cancellationToken
    ) =>
        _readers.ReadAsync(
            (sql, map),
            static (session, ask, token) => session.QueryAsync(ask.sql, ask.map, token),
            cancellationToken
        );

    private Task<T?> FirstAsync<T>(
        Sql sql,
        Func<System.Data.Common.DbDataReader, T> map,
        CancellationToken cancellationToken
    )
        where T : class =>
        _readers.ReadByKeyAsync(
            (sql, map),
            static (session, ask, token) => session.FirstAsync(ask.sql, ask.map, token),
            cancellationToken
        );
}
