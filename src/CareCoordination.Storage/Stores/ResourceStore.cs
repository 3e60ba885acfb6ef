using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;
using CareCoordination.Storage.Commits;
using CareCoordination.Storage.Connections;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Projections;
using CareCoordination.Storage.Reads;
using CareCoordination.Storage.ServerState;
using CareCoordination.Storage.Tables;
using Microsoft.Extensions.Logging;

namespace CareCoordination.Storage.Stores;

/// <summary>
/// Reads, searches and commits resources. Every method throws <see cref="StoreUnavailableException"/> where the database cannot be
/// used at the moment.
/// </summary>
internal sealed class ResourceStore : IStoreReads, IAsyncDisposable
{
    private readonly DatabaseEngine _engine;
    private readonly SessionPool _readers;
    private readonly SharedReads? _shared;
    private readonly Committer _committer;
    private readonly ClockWatch _clock;
    private readonly Meter _meter = new("CareCoordination.Storage");
    private readonly StoreQueries _queries;
    private readonly TimerSql _timers;
    private readonly StateSql _state;

    internal ResourceStore(
        DatabaseEngine engine,
        IndexSource source,
        StorageOptions options,
        StoreClock clock,
        ILogger log
    )
    {
        _engine = engine;
        _readers = new SessionPool(_engine);
        var dialect = _engine.Dialect;
        _queries = new StoreQueries(dialect, source, options.MaxIncluded, remembers: true);
        _shared = _engine.CurrentVersionsSql is { } many ? new SharedReads(_readers, _queries, many) : null;
        _clock = new ClockWatch(clock, log);
        Clock = clock;
        var decider = new Decider(engine, options, clock);
        var inside = new StoreQueries(dialect, source, options.MaxIncluded, remembers: false);
        var transaction = new CommitTransaction(engine, inside, new ResourceMemory(log), decider, _clock);
        _committer = new Committer(transaction, engine, options, clock);
        Outbox = new OutboxStore(_readers, _committer, dialect, clock);
        _timers = new TimerSql(dialect, source);
        _state = new StateSql(dialect);
        Audit = new AuditStore(_readers, _committer, dialect);
        Purge = new StorePurge(_readers, _committer, dialect, clock);
        _meter.CreateObservableGauge(
            "carecoordination.store.clock.ahead",
            () => clock.Ahead.TotalSeconds,
            "s",
            "How far the clock of this node is ahead of the database's, where that is too much."
        );
    }

    /// <summary>Opens the store of a database that is there and up to date; <see cref="StorageMigrator"/> sees to that.</summary>
    public static ResourceStore Open(
        StorageOptions options,
        FhirSchema schema,
        IndexExtractor extractor,
        StoreClock clock,
        ILogger<ResourceStore> log
    ) => new(DatabaseEngine.Create(options), new IndexSource(schema, extractor), options, clock, log);

    /// <summary>The time by which all is stored.</summary>
    public StoreClock Clock { get; }

    /// <summary>What goes to partners and comes from them.</summary>
    public OutboxStore Outbox { get; }

    /// <summary>The audit trail.</summary>
    public AuditStore Audit { get; }

    /// <summary>Removes what is not needed any more.</summary>
    public StorePurge Purge { get; }

    public Task<StoredResource?> ReadAsync(ResourceKey key, CancellationToken cancellationToken) =>
        _shared?.ReadAsync(key, null, cancellationToken)
        ?? _readers.ReadByKeyAsync(key, _queries.ReadAsync, cancellationToken);

    public Task<StoredResource?> ReadVersionAsync(ResourceKey key, int version, CancellationToken cancellationToken) =>
        _readers.ReadByKeyAsync((key, version), _queries.ReadVersionAsync, cancellationToken);

    public Task<StoredResource?> ReadAsync(
        ResourceKey key,
        Visibility visibility,
        CancellationToken cancellationToken
    ) =>
        _shared?.ReadAsync(key, visibility, cancellationToken)
        ?? _readers.ReadByKeyAsync((key, visibility), _queries.ReadVisibleAsync, cancellationToken);

    public Task<StoredResource?> ReadVersionAsync(
        ResourceKey key,
        int version,
        Visibility visibility,
        CancellationToken cancellationToken
    ) => _readers.ReadByKeyAsync((key, version, visibility), _queries.ReadVisibleVersionAsync, cancellationToken);

    public Task<HistoryPage> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        _readers.ReadSnapshotAsync(query, _queries.HistoryAsync, cancellationToken);

    public Task<ImmutableArray<ResourceKey>> PartiesAsync(
        Asker asker,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => _readers.ReadByKeyAsync((asker, now), _queries.PartiesAsync, cancellationToken);

    public Task<SearchPage> SearchAsync(SearchQuery query, CancellationToken cancellationToken) =>
        StoreQueries.IsOneStatement(query)
            ? _readers.ReadAsync(query, _queries.SearchAsync, cancellationToken)
            : _readers.ReadSnapshotAsync(query, _queries.SearchAsync, cancellationToken);

    public Task<ConditionalMatches> FindAsync(SearchQuery query, CancellationToken cancellationToken) =>
        _readers.ReadAsync(query, _queries.FindAsync, cancellationToken);

    public Task<EverythingPage> EverythingAsync(EverythingQuery query, CancellationToken cancellationToken) =>
        _readers.ReadSnapshotAsync(query, _queries.EverythingAsync, cancellationToken);

    public Task<WorklistPage> WorklistAsync(WorklistQuery query, CancellationToken cancellationToken) =>
        _readers.ReadSnapshotAsync(query, _queries.WorklistAsync, cancellationToken);

    public Task<Caseload> CaseloadAsync(CaseloadQuery query, CancellationToken cancellationToken) =>
        _readers.ReadSnapshotAsync(query, _queries.CaseloadAsync, cancellationToken);

    public Task<ImmutableArray<StoredResource>> ReadingsAsync(
        ReadingsQuery query,
        CancellationToken cancellationToken
    ) => _readers.ReadByKeyAsync(query, _queries.ReadingsAsync, cancellationToken);

    public Task<RememberedAnswer?> AnswerAsync(string key, CancellationToken cancellationToken) =>
        _readers.ReadByKeyAsync(key, _state.AnswerAsync, cancellationToken);

    public Task<Job?> JobAsync(string id, CancellationToken cancellationToken) =>
        _readers.ReadByKeyAsync(id, _state.JobAsync, cancellationToken);

    public Task<ImmutableArray<JobStep>> StepsAsync(StepRange steps, CancellationToken cancellationToken) =>
        _readers.ReadByKeyAsync(steps, _state.StepsAsync, cancellationToken);

    public Task<ImmutableArray<Job>> RunningJobsAsync(string kind, CancellationToken cancellationToken) =>
        _readers.ReadByKeyAsync(kind, _state.RunningJobsAsync, cancellationToken);

    public Task<AuditPage> AuditAsync(AuditQuery query, CancellationToken cancellationToken) =>
        Audit.RowsAsync(query, cancellationToken);

    public Task<long> AuditSinceAsync(DateTimeOffset instant, CancellationToken cancellationToken) =>
        Audit.FirstSinceAsync(instant, cancellationToken);

    public Task<StrayPage> StraysAsync(StrayQuery query, CancellationToken cancellationToken) =>
        _readers.ReadAsync(query, _queries.StraysAsync, cancellationToken);

    public Task<SnapshotPoint> PointAsync(CancellationToken cancellationToken) =>
        _readers.ReadByKeyAsync(0, _queries.PointAsync, cancellationToken);

    public Task<ImmutableArray<string>> TypesAsync(ImmutableArray<string> types, CancellationToken cancellationToken) =>
        _readers.ReadAsync(types, _queries.TypesAsync, cancellationToken);

    public async Task<SnapshotPage> SnapshotAsync(SnapshotQuery query, CancellationToken cancellationToken)
    {
        var page = await _readers.ReadAsync(query, _queries.SnapshotAsync, cancellationToken);
        page.HasCompany = _readers.IsBusy;
        return page;
    }

    public Task<ChangesPage> ChangesAsync(ChangesQuery query, CancellationToken cancellationToken) =>
        _readers.ReadAsync(query, _queries.ChangesAsync, cancellationToken);

    public Task<ImmutableArray<ResourceKey>> AboutAsync(AboutQuery query, CancellationToken cancellationToken) =>
        _readers.ReadAsync(query, _queries.AboutAsync, cancellationToken);

    /// <summary>At most <paramref name="count"/> timers that were due by <paramref name="now"/>, the longest due first.</summary>
    public Task<ImmutableArray<DueTimer>> DueTimersAsync(
        DateTimeOffset now,
        int count,
        CancellationToken cancellationToken
    ) => _readers.ReadByKeyAsync((now, count), _timers.DueAsync, cancellationToken);

    /// <summary>
    /// Stores the changes, all or none. On return they are durable, or the result names the precondition that did not hold.
    /// Cancelling leaves it open whether the commit happens.
    /// </summary>
    public Task<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken) =>
        CommitAsync(new PendingCommit(commit, null, cancellationToken));

    /// <summary>
    /// Stores <paramref name="first"/>; where one of its preconditions does not hold, stores what is decided <paramref name="again"/>
    /// inside the transaction, with nobody else writing, so that a race is lost at most once. Where a precondition of that commit
    /// does not hold either, it is the writer's own condition that fails, and the result names it.
    /// </summary>
    public Task<CommitResult> CommitAsync(Commit first, Decide again, CancellationToken cancellationToken) =>
        CommitAsync(new PendingCommit(first, again, cancellationToken));

    /// <summary>
    /// Decides inside the transaction from the beginning, for what relies on searches that a commit cannot name as its
    /// preconditions: how many there are of something, or that nobody does the same.
    /// </summary>
    public Task<CommitResult> DecideAsync(Decide decide, CancellationToken cancellationToken) =>
        CommitAsync(new PendingCommit(null, decide, cancellationToken));

    /// <summary>
    /// Asks the database, where this node reads, whether it could be written to. Writes nothing, and waits for nobody's lock.
    /// </summary>
    public async Task<StoreHealth> HealthAsync(CancellationToken cancellationToken)
    {
        try
        {
            var canWrite = await _readers.ReadByKeyAsync(_engine, CanWriteAsync, cancellationToken);
            return canWrite ? StoreHealth.Ready : StoreHealth.ReadOnly;
        }
        catch (Exception e) when (e is StoreUnavailableException || ConnectionFailure.IsOne(e))
        {
            return StoreHealth.Unreachable;
        }
    }

    /// <summary>The clocks are compared along the way, so that a node that only reads says it too where its own is ahead.</summary>
    private async Task<bool> CanWriteAsync(
        DbSession session,
        DatabaseEngine engine,
        CancellationToken cancellationToken
    )
    {
        if (engine.Clock is { } clock)
        {
            var node = _clock.NodeNow;
            _clock.Compare(
                node,
                await session.FirstAsync(new Sql($"SELECT {clock}", []), row => row.GetInt64(0), cancellationToken)
            );
        }

        return await engine.CanWriteAsync(session, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _meter.Dispose();
        await _committer.DisposeAsync();
        await _readers.DisposeAsync();
        await _engine.DisposeAsync();
    }

    private async Task<CommitResult> CommitAsync(PendingCommit pending)
    {
        var result = await _committer.CommitAsync(pending);
        if (result.Commit is { } commit)
            Outbox.Tell(commit);
        return result;
    }
}
