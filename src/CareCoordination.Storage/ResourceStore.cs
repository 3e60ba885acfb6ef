using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Commits;
using CareCoordination.Storage.Deliveries;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Kept;
using CareCoordination.Storage.Search;

namespace CareCoordination.Storage;

/// <summary>
/// Reads, searches and commits resources. Every method throws <see cref="StoreUnavailableException"/> where the database cannot be
/// used at the moment.
/// </summary>
public sealed class ResourceStore : IAsyncDisposable
{
    private static readonly Sql SequenceSql = new("""SELECT "Sequence" FROM "ChangeSequence" WHERE "Id" = 1""", []);

    private readonly IndexSource _source;
    private readonly DatabaseEngine _engine;
    private readonly SessionPool _readers;
    private readonly SharedReads? _shared;
    private readonly Committer _committer;
    private readonly SearchSql _search;
    private readonly IncludeSql _includes;
    private readonly HistorySql _history;
    private readonly EverythingSql _everything;
    private readonly WorklistSql _worklist;
    private readonly CaseloadSql _caseload;
    private readonly AlarmSql _alarms;
    private readonly int _maxIncluded;
    private readonly string _readSql;
    private readonly string _readVersionSql;

    public ResourceStore(StorageOptions options, FhirSchema schema, IndexExtractor extractor, TimeProvider time)
    {
        var source = new IndexSource(schema, extractor);
        _source = source;
        _maxIncluded = options.MaxIncluded;
        _engine = DatabaseEngine.Create(options);
        _readers = new SessionPool(_engine);
        _shared = _engine.CurrentVersionsSql is { } many ? new SharedReads(_readers, source, many) : null;
        _committer = new Committer(_engine, source, options, time);
        var dialect = _engine.Dialect;
        Deliveries = new DeliveryStore(_readers, _committer, dialect, time);
        _search = new SearchSql(dialect, source);
        _includes = new IncludeSql(dialect, source, options.MaxIncluded);
        _history = new HistorySql(dialect, source);
        _everything = new EverythingSql(dialect, source);
        _worklist = new WorklistSql(dialect, source);
        _caseload = new CaseloadSql(dialect, source);
        _alarms = new AlarmSql(dialect, source);
        var identity = $"""h."TypeId" = {dialect.Placeholder(0)} AND h."Id" = {dialect.Placeholder(1)}""";
        _readSql =
            $"""SELECT {ResourceRow.Columns} FROM "Resource" h {dialect.Join.Text} "ResourceVersion" v """
            + $"""ON v."Sequence" = h."Sequence" WHERE {identity}""";
        _readVersionSql =
            $"""SELECT {ResourceRow.Columns} FROM "Resource" h {dialect.Join.Text} "ResourceVersion" v """
            + $"""ON v."ResourceKey" = h."Key" WHERE {identity} AND v."Version" = {dialect.Placeholder(2)}""";
    }

    /// <summary>What goes to partners and comes from them.</summary>
    public DeliveryStore Deliveries { get; }

    /// <summary>The current version, deletions included; null where the resource never existed.</summary>
    public Task<StoredResource?> ReadAsync(ResourceKey key, CancellationToken cancellationToken) =>
        _shared?.ReadAsync(key, cancellationToken)
        ?? _readers.ReadAsync(
            (Key: key, Sql: new Sql(_readSql, [_source.TypeId(key.Type), key.Id])),
            static (session, read, token) => ReadOneAsync(session, read.Sql, read.Key, token),
            cancellationToken
        );

    /// <summary>A version, deletions included; null where there is no such version.</summary>
    public Task<StoredResource?> ReadVersionAsync(ResourceKey key, int version, CancellationToken cancellationToken) =>
        _readers.ReadAsync(
            (Key: key, Sql: new Sql(_readVersionSql, [_source.TypeId(key.Type), key.Id, version])),
            static (session, read, token) => ReadOneAsync(session, read.Sql, read.Key, token),
            cancellationToken
        );

    public Task<HistoryPage> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        _readers.ReadAsync(query, _history.PageAsync, cancellationToken);

    public Task<SearchPage> SearchAsync(SearchQuery query, CancellationToken cancellationToken) =>
        _readers.ReadAsync(query, SearchAsync, cancellationToken);

    public Task<ConditionalMatches> FindAsync(SearchQuery query, CancellationToken cancellationToken) =>
        _readers.ReadAsync(query, FindAsync, cancellationToken);

    public Task<EverythingPage> EverythingAsync(EverythingQuery query, CancellationToken cancellationToken) =>
        _readers.ReadAsync(query, _everything.PageAsync, cancellationToken);

    public Task<WorklistPage> WorklistAsync(WorklistQuery query, CancellationToken cancellationToken) =>
        _readers.ReadAsync(query, _worklist.PageAsync, cancellationToken);

    public Task<Caseload> CaseloadAsync(CaseloadQuery query, CancellationToken cancellationToken) =>
        _readers.ReadAsync(query, _caseload.CountAsync, cancellationToken);

    /// <summary>At most <paramref name="count"/> alarms that were due by <paramref name="now"/>, the longest due first.</summary>
    public Task<ImmutableArray<DueAlarm>> DueAlarmsAsync(
        DateTimeOffset now,
        int count,
        CancellationToken cancellationToken
    ) => _readers.ReadAsync((now, count), _alarms.DueAsync, cancellationToken);

    /// <summary>
    /// Stores the changes, all or none. On return they are durable, or the result names the precondition that did not hold.
    /// Cancelling leaves it open whether the commit happens.
    /// </summary>
    public async Task<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken)
    {
        var result = await _committer.CommitAsync(commit, cancellationToken);
        if (result.IsCommitted)
            Deliveries.Tell(commit);
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        await _committer.DisposeAsync();
        await _readers.DisposeAsync();
        await _engine.DisposeAsync();
    }

    private static async Task<StoredResource?> ReadOneAsync(
        DbSession session,
        Sql sql,
        ResourceKey key,
        CancellationToken cancellationToken
    )
    {
        var reader = await session
            .Command(sql)
            .ExecuteReaderAsync(System.Data.CommandBehavior.SingleRow, cancellationToken);
        await using (reader)
            return await reader.ReadAsync(cancellationToken) ? ResourceRow.Read(reader, 0, key) : null;
    }

    private async Task<SearchPage> SearchAsync(
        DbSession session,
        SearchQuery query,
        CancellationToken cancellationToken
    )
    {
        var isCountOnly = query.Count == 0 || query.Summary == SummaryMode.Count;
        long? total =
            isCountOnly || query.Total != TotalMode.None
                ? await _search.CountAsync(session, query, cancellationToken)
                : null;
        if (isCountOnly)
            return new SearchPage([], [], null, total);
        var rows = await _search.PageAsync(session, query, cancellationToken);
        var hasNext = rows.Count > query.Count;
        if (hasNext)
            rows.RemoveAt(rows.Count - 1);
        var included = query.Includes.IsEmpty
            ? []
            : await _includes.IncludedAsync(session, query, rows, cancellationToken);
        var next = hasNext ? new PageCursor(rows[^1].SortValue, rows[^1].Key) : null;
        return new SearchPage([.. rows.Select(r => r.Resource)], [.. included.Take(_maxIncluded)], next, total)
        {
            IsIncludedCut = included.Count > _maxIncluded,
        };
    }

    private async Task<ConditionalMatches> FindAsync(
        DbSession session,
        SearchQuery query,
        CancellationToken cancellationToken
    )
    {
        var asOf = await session.QueryAsync(SequenceSql, row => row.GetInt64(0), cancellationToken);
        return new ConditionalMatches([.. await _search.FindAsync(session, query, cancellationToken)], asOf[0]);
    }
}
