using System.Collections.Immutable;
using System.Globalization;
using System.Threading.Channels;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Commits;
using CareCoordination.Storage.Engines;

namespace CareCoordination.Storage.Deliveries;

/// <summary>
/// The outbox and the inbox: what has to reach partners, what they have, and what they sent. Changes are part of a
/// <see cref="Commit"/>; here are the reads, and the claims of the nodes that send.
/// </summary>
public sealed class DeliveryStore
{
    private readonly SessionPool _readers;
    private readonly Committer _committer;
    private readonly DeliverySql _sql;
    private readonly TimeProvider _time;

    // Holds at most one: that something arrived, not how much.
    private readonly Channel<bool> _arrivals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    internal DeliveryStore(SessionPool readers, Committer committer, SqlDialect dialect, TimeProvider time) =>
        (_readers, _committer, _sql, _time) = (readers, committer, new DeliverySql(dialect), time);

    /// <summary>
    /// Ends when this node has stored a message, or put one back, since it was last asked. For one caller at a time; other nodes' messages
    /// have to be looked for.
    /// </summary>
    public ValueTask<bool> ArrivalAsync(CancellationToken cancellationToken) =>
        _arrivals.Reader.ReadAsync(cancellationToken);

    /// <summary>The partners for whom something waits or is being sent.</summary>
    public Task<ImmutableArray<string>> PartnersWithWorkAsync(CancellationToken cancellationToken) =>
        PartnersAsync(_sql.NextPartner, cancellationToken);

    /// <summary>The partners that have copies of Tasks.</summary>
    public Task<ImmutableArray<string>> PartnersWithCopiesAsync(CancellationToken cancellationToken) =>
        PartnersAsync(_sql.NextPartnerWithCopies, cancellationToken);

    /// <summary>
    /// Takes up to so many messages to a partner that are due, in their order and at most one per Task, for as long as the lease
    /// lasts. No other node gets them until it ends. Each counts as an attempt.
    /// </summary>
    /// <param name="lease">Names the holder; new for each run of a node.</param>
    public async Task<ImmutableArray<Delivery>> ClaimAsync(
        string partner,
        int max,
        string lease,
        TimeSpan duration,
        CancellationToken cancellationToken
    )
    {
        // Beside searches, however slow those are: what is due leaves.
        var due = await _readers.ReadByKeyAsync(
            _sql.Due(partner, _time.GetUtcNow().UtcTicks, max),
            static (session, sql, token) => session.QueryAsync(sql, DeliveryRow.Read, token),
            cancellationToken
        );
        if (due.Count == 0)
            return [];
        var claims = due.Select(d => new ClaimDelivery(d.Id, d.Task, lease, duration));
        // Not cancelled once it is handed in: what it has claimed has to be known to be given back.
        var result = await _committer.CommitAsync(Of(claims), CancellationToken.None);
        return [.. result.Deliveries.OfType<Delivery>()];
    }

    /// <summary>
    /// Lets the oldest message to a partner be tried now: whether the partner is back is found out with what should leave first.
    /// </summary>
    public async Task HurryOldestAsync(string partner, CancellationToken cancellationToken)
    {
        if (
            await FirstAsync(_sql.Oldest(partner), DeliveryRow.Read, cancellationToken) is
            { State: DeliveryState.Retry } oldest
        )
            await _committer.CommitAsync(Of([new HurryDelivery(oldest.Id)]), cancellationToken);
    }

    /// <summary>Keeps leases alive. Those that were lost are given back: somebody else may send them now.</summary>
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
        return [.. deliveries.Where((_, i) => result.Deliveries[i] is null)];
    }

    public Task<Delivery?> FindAsync(string id, CancellationToken cancellationToken) =>
        FirstAsync(_sql.Find(id), DeliveryRow.Read, cancellationToken);

    /// <summary>Newest first.</summary>
    public async Task<DeliveryPage> SearchAsync(DeliveryQuery query, CancellationToken cancellationToken)
    {
        var found = await QueryAsync(_sql.Page(query), DeliveryRow.Read, cancellationToken);
        if (found.Count <= query.Count)
            return new DeliveryPage(found, null);
        found.RemoveAt(found.Count - 1);
        return new DeliveryPage(found, found[^1].Order);
    }

    public async Task<QueueDepth> DepthAsync(string partner, CancellationToken cancellationToken)
    {
        var rows = await QueryAsync(
            _sql.Depth(partner),
            row =>
                (
                    State: (DeliveryState)row.GetInt16(0),
                    Count: Convert.ToInt32(row.GetValue(1), CultureInfo.InvariantCulture),
                    Oldest: row.GetInt64(2)
                ),
            cancellationToken
        );
        int Count(DeliveryState state) => rows.Where(r => r.State == state).Sum(r => r.Count);
        return new QueueDepth(
            Count(DeliveryState.Queued),
            Count(DeliveryState.Sending),
            Count(DeliveryState.Retry),
            Count(DeliveryState.Parked),
            rows.Count == 0 ? null : new DateTimeOffset(rows.Min(r => r.Oldest), TimeSpan.Zero)
        );
    }

    /// <summary>What the partner has of our Task.</summary>
    public Task<PartnerCopy?> CopyAsync(string partner, ResourceKey task, CancellationToken cancellationToken) =>
        FirstAsync(_sql.Copy(partner, task.Id), DeliveryRow.ReadCopy, cancellationToken);

    /// <summary>Which of our Tasks the partner's Task is a copy of.</summary>
    public Task<PartnerCopy?> CopyAtAsync(string partner, string reference, CancellationToken cancellationToken) =>
        FirstAsync(_sql.CopyAt(partner, reference), DeliveryRow.ReadCopy, cancellationToken);

    public Task<InboundUpdate?> InboundAsync(
        string partner,
        string reference,
        string version,
        CancellationToken cancellationToken
    ) => FirstAsync(_sql.Inbound(partner, reference, version), DeliveryRow.ReadInbound, cancellationToken);

    public Task<InboundUpdate?> InboundAsync(long order, CancellationToken cancellationToken) =>
        FirstAsync(_sql.InboundAt(order), DeliveryRow.ReadInbound, cancellationToken);

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
            DeliveryRow.ReadInbound,
            cancellationToken
        );
        if (found.Count <= count)
            return new InboundPage(found, null);
        found.RemoveAt(found.Count - 1);
        return new InboundPage(found, found[^1].Order);
    }

    /// <summary>What is remembered of the partner; an empty mark where nothing is.</summary>
    public async Task<PartnerMark> MarkAsync(string partner, CancellationToken cancellationToken) =>
        await FirstAsync(_sql.Marks([partner]), DeliveryRow.ReadMark, cancellationToken) ?? new PartnerMark(partner);

    internal void Tell(Commit committed)
    {
        if (committed.Deliveries.Any(d => d is EnqueueDelivery or ReplayDelivery))
            _arrivals.Writer.TryWrite(true);
    }

    private static Commit Of(IEnumerable<DeliveryChange> changes) => new([], []) { Deliveries = [.. changes] };

    private Task<ImmutableArray<string>> PartnersAsync(Func<string, Sql> next, CancellationToken cancellationToken) =>
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
