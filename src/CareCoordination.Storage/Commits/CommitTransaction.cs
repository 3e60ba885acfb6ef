using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Deliveries;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search;

namespace CareCoordination.Storage.Commits;

/// <summary>Writes a group of commits in one database transaction, and finds out what became of it where the answer was lost.</summary>
internal sealed class CommitTransaction(DatabaseEngine engine, IndexSource source, TimeProvider time) : IAsyncDisposable
{
    private readonly KeyNumbers _numbers = new();
    private readonly KeyCache _cache = new();
    private readonly StagedRows _rows = new();
    private readonly DeliverySql _deliveries = new(engine.Dialect);
    private readonly SearchSql _search = new(engine.Dialect, source);
    private CommitWriter? _writer;

    /// <summary>Shows whether a transaction has committed whose commit was sent and not answered.</summary>
    public CommitEvidence? Unconfirmed { get; private set; }

    /// <summary>Decides every commit of the group and writes those that hold. On return the decisions are durable.</summary>
    public async Task RunAsync(List<PendingCommit> group)
    {
        var writer = _writer ??= await engine.OpenWriterAsync(CancellationToken.None);
        var keys = new GroupKeys(source, _cache, group);
        var numbers = _numbers.Wanted(keys.Wanted.Count);
        var writeLock = await writer.BeginAsync(
            new BeginRequest(
                Now(),
                group.Sum(p => p.Commit.Changes.Length + p.Commit.Deliveries.Length),
                numbers,
                keys.Wanted
            ),
            CancellationToken.None
        );
        if (numbers > 0)
            _numbers.Take(writeLock.FirstKey, numbers);

        _rows.Clear();
        var decisions = new CommitGroup(
            source,
            _numbers,
            writeLock,
            keys,
            await DeliveriesAsync(writer.Session, writeLock, group)
        );
        foreach (var pending in group)
        {
            var failed =
                decisions.FirstFailed(pending.Commit)
                ?? await FirstFailedSearchAsync(writer, decisions, pending.Commit);
            pending.Decided = failed is null ? decisions.Apply(pending.Commit) : new CommitResult([], failed);
        }

        if (!decisions.HasChanges)
        {
            await writer.RollbackAsync(CancellationToken.None);
            // Numbers from a block that was given back would be handed out twice.
            if (numbers > 0)
                _numbers.Forget();
            return;
        }

        await StageAsync(writer, decisions);
        Unconfirmed = decisions.Evidence;
        await writer.WriteAsync(_rows, commit: true, CancellationToken.None);
        Unconfirmed = null;
        foreach (var head in decisions.StoredHeads)
            _cache.Remember(head.ResourceKey, head.Key);
    }

    /// <summary>
    /// True where the transaction whose answer was lost has committed. Takes the write lock, so that an end that is still under way
    /// in the database is waited for.
    /// </summary>
    public async Task<bool> HasLandedAsync()
    {
        var evidence = Unconfirmed!;
        var writer = _writer ??= await engine.OpenWriterAsync(CancellationToken.None);
        await writer.BeginAsync(new BeginRequest(Now(), 0, 0, []), CancellationToken.None);
        var isFound = await evidence.IsFoundAsync(writer.Session, engine.Dialect);
        await writer.RollbackAsync(CancellationToken.None);
        Unconfirmed = null;
        return isFound;
    }

    /// <summary>Leaves the connection as if the transaction had not been started, or leaves the connection.</summary>
    public async Task AbandonAsync(Fault fault)
    {
        _numbers.Forget();
        if (_writer is null)
            return;
        // An engine that answered with an error has not committed.
        if (fault is Fault.Permanent or Fault.DiskFull)
            Unconfirmed = null;
        try
        {
            if (!fault.Traits().NeedsNewSession && _writer.Session.IsOpen && Unconfirmed is null)
            {
                await _writer.RollbackAsync(CancellationToken.None);
                return;
            }
        }
        catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException or IOException)
        {
            // Rolled back by the engine already, or gone: a new connection starts clean.
        }

        var broken = _writer;
        _writer = null;
        await broken.DisposeAsync();
    }

    /// <summary>The error for the callers. Where it is not known whether their changes were stored, it says so.</summary>
    public StoreUnavailableException GiveUp(Fault fault, Exception cause)
    {
        if (Unconfirmed is null)
            return Faults.Unavailable(fault, cause);
        Unconfirmed = null;
        return Faults.OutcomeUnknown(cause);
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
            await _writer.DisposeAsync();
    }

    private async Task<DeliveryGroup> DeliveriesAsync(DbSession session, WriteLock writeLock, List<PendingCommit> group)
    {
        var deliveries = new DeliveryGroup(new DateTimeOffset(writeLock.LastUpdated, TimeSpan.Zero));
        var (tasks, ids, partners) = DeliveryGroup.Wanted(group.SelectMany(p => p.Commit.Deliveries));
        if (tasks.Count > 0)
            foreach (var found in await session.QueryAsync(_deliveries.OfTasks(tasks), DeliveryRow.Read, default))
                deliveries.Load(found);
        if (ids.Count > 0)
            foreach (var found in await session.QueryAsync(_deliveries.ByIds(ids), DeliveryRow.Read, default))
                deliveries.Load(found);
        if (partners.Count > 0)
            foreach (var found in await session.QueryAsync(_deliveries.Marks(partners), DeliveryRow.ReadMark, default))
                deliveries.Load(found);
        return deliveries;
    }

    private async Task<Precondition?> FirstFailedSearchAsync(CommitWriter writer, CommitGroup decisions, Commit commit)
    {
        foreach (var precondition in commit.Preconditions)
        {
            if (
                precondition is not SearchFinds finds
                || (commit.AsOf == decisions.StartSequence && !decisions.HasChanges)
            )
                continue;
            await StageAsync(writer, decisions);
            if (!_rows.IsEmpty)
            {
                await writer.WriteAsync(_rows, commit: false, CancellationToken.None);
                _rows.Clear();
            }

            var matches = await _search.FindAsync(writer.Session, finds.Query, CancellationToken.None);
            var isAsExpected = finds.Only is { } only
                ? matches is [var match] && match.Key == only
                : matches.Count == 0;
            if (!isAsExpected)
                return finds;
        }

        return null;
    }

    private async Task StageAsync(CommitWriter writer, CommitGroup decisions)
    {
        foreach (var key in decisions.UnknownTargets())
            decisions.AddKnown(key, await FindKeyAsync(writer, key));
        decisions.Stage(_rows);
    }

    private async Task<long> FindKeyAsync(CommitWriter writer, ResourceKey key)
    {
        if (_cache.TryGet(key, out var known))
            return known;
        var sql = new SqlBuilder(engine.Dialect)
            .Add($"""SELECT "Key" FROM "Resource" WHERE "TypeId" = {source.TypeId(key.Type)} AND "Id" = {key.Id}""")
            .Build();
        var found = await writer.Session.QueryAsync(sql, row => row.GetInt64(0), CancellationToken.None);
        return found is [var surrogate]
            ? surrogate
            : throw new InvalidOperationException($"A stored reference has no row for its target of type {key.Type}.");
    }

    private long Now()
    {
        var ticks = time.GetUtcNow().UtcTicks;
        return ticks - ticks % TimeSpan.TicksPerMillisecond;
    }
}
