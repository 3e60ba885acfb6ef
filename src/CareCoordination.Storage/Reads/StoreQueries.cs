using System.Collections.Immutable;
using System.Data;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Projections;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Search;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Reads;

/// <summary>What can be read of resources, on whichever session: one of the pool, or the one that holds the write lock.</summary>
internal sealed class StoreQueries
{
    private static readonly Sql PointSql = new(
        """SELECT "Sequence", "CommitId" FROM "ChangeSequence" WHERE "Id" = 1""",
        []
    );

    private static readonly TableShape Places = new(
        "q",
        [
            new("Place", ColumnType.Int),
            new("TypeId", ColumnType.Short),
            new("Id", ColumnType.Text, FhirTables.MaxIdLength),
        ],
        [],
        []
    );

    private readonly IndexSource _source;
    private readonly SearchSql _search;
    private readonly SearchSql _guesses;
    private readonly IncludeSql _includes;
    private readonly HistorySql _history;
    private readonly EverythingSql _everything;
    private readonly WorklistSql _worklist;
    private readonly CaseloadSql _caseload;
    private readonly ReadingSql _readings;
    private readonly StrayReads _strays;
    private readonly SnapshotSql _snapshots;
    private readonly ChangesSql _changes;
    private readonly int _maxIncluded;
    private readonly AccessSql _access;
    private readonly SqlDialect _dialect;
    private readonly Standings _standings;
    private readonly string _readSql;
    private readonly string _readVersionSql;

    public IndexSource Source => _source;

    /// <param name="remembers">As <see cref="Standings"/> has it.</param>
    public StoreQueries(SqlDialect dialect, IndexSource source, int maxIncluded, bool remembers)
    {
        (_source, _dialect) = (source, dialect);
        _standings = new Standings(dialect, source, remembers);
        _access = new CriterionSql(dialect, source).Access;
        _maxIncluded = maxIncluded;
        _search = new SearchSql(dialect, source);
        _guesses = new SearchSql(dialect, source, guesses: true);
        _includes = new IncludeSql(dialect, source, maxIncluded);
        _history = new HistorySql(dialect, source);
        _everything = new EverythingSql(dialect, source);
        _worklist = new WorklistSql(dialect, source);
        _caseload = new CaseloadSql(dialect, source);
        _readings = new ReadingSql(dialect, source);
        _strays = new StrayReads(dialect, source);
        _snapshots = new SnapshotSql(dialect, source);
        _changes = new ChangesSql(dialect, source);
        var identity = $"""h."TypeId" = {dialect.Placeholder(0)} AND h."Id" = {dialect.Placeholder(1)}""";
        _readSql =
            $"""SELECT {ResourceRow.Columns} FROM "Resource" h {dialect.Join.Text} "ResourceVersion" v """
            + $"""ON v."Sequence" = h."Sequence" WHERE {identity}""";
        _readVersionSql =
            $"""SELECT {ResourceRow.Columns} FROM "Resource" h {dialect.Join.Text} "ResourceVersion" v """
            + $"""ON v."ResourceKey" = h."Key" WHERE {identity} AND v."Version" = {dialect.Placeholder(2)}""";
    }

    public Task<StoredResource?> ReadAsync(DbSession session, ResourceKey key, CancellationToken cancellationToken) =>
        ReadOneAsync(session, new Sql(_readSql, [_source.TypeId(key.Type), key.Id]), key, cancellationToken);

    public Task<StoredResource?> ReadVersionAsync(
        DbSession session,
        (ResourceKey Key, int Version) asked,
        CancellationToken cancellationToken
    )
    {
        var key = asked.Key;
        var sql = new Sql(_readVersionSql, [_source.TypeId(key.Type), key.Id, asked.Version]);
        return ReadOneAsync(session, sql, key, cancellationToken);
    }

    /// <summary>The current version, where it is seen.</summary>
    public async Task<StoredResource?> ReadVisibleAsync(
        DbSession session,
        (ResourceKey Key, Visibility Visibility) asked,
        CancellationToken cancellationToken
    )
    {
        var seen = await KnowAsync(session, asked.Visibility, cancellationToken);
        var sql = One(asked.Key, """v."Sequence" = h."Sequence" """);
        _access.WriteOfKeys(sql, "h", asked.Key.Type, seen!);
        return await ReadOneAsync(session, sql.Build(), asked.Key, cancellationToken);
    }

    /// <summary>
    /// Current versions, where they are seen. What is seen nearly always is found in one statement; what that does not find is asked for
    /// by itself.
    /// </summary>
    /// <param name="asked">Types that are seen alike.</param>
    public async Task<StoredResource?[]> ReadVisibleAsync(
        DbSession session,
        (ResourceKey[] Keys, Visibility Visibility) asked,
        CancellationToken cancellationToken
    )
    {
        var found = new StoredResource?[asked.Keys.Length];
        if (_standings.Remembered(asked.Visibility) is { } known)
        {
            var rows = await session.QueryAsync(
                Certain(asked.Keys, known.Visibility),
                row =>
                    (
                        Place: row.GetInt32(0),
                        Change: row.GetInt64(1),
                        Resource: ResourceRow.Read(row, 2, asked.Keys[row.GetInt32(0)])
                    ),
                cancellationToken
            );
            foreach (var row in rows.Where(row => known.Holds(row.Change)))
                found[row.Place] = row.Resource;
        }

        for (var i = 0; i < found.Length; i++)
            found[i] ??= await ReadVisibleAsync(session, (asked.Keys[i], asked.Visibility), cancellationToken);
        return found;
    }

    /// <summary>Those of the resources that are seen without a doubt.</summary>
    private Sql Certain(ResourceKey[] keys, Visibility known)
    {
        var rows = new RowBuffer(Places);
        for (var i = 0; i < keys.Length; i++)
            rows.Add(i).Add(_source.TypeId(keys[i].Type)).Add(keys[i].Id);
        var sql = new SqlBuilder(_dialect).Add(
            $"""SELECT q."Place", {new RawSql(Standings.Change)}, {new RawSql(ResourceRow.Columns)} FROM """
        );
        _dialect.AddRows(sql, rows);
        sql.Add(
                $""" {_dialect.Join} "Resource" h ON h."TypeId" = q."TypeId" AND h."Id" = q."Id"{_dialect.ListedText} """
            )
            .Add($"""{_dialect.Join} "ResourceVersion" v ON v."Sequence" = h."Sequence" WHERE 1 = 1""");
        _access.WriteGuess(sql, "h", keys[0].Type, known, isOfFew: true);
        _access.WriteDoubt(sql.Add(" AND NOT "), "h", keys[0].Type, known);
        return sql.Build();
    }

    /// <summary>A version, where it is seen: as one of the past, or because it is current.</summary>
    public async Task<StoredResource?> ReadVisibleVersionAsync(
        DbSession session,
        (ResourceKey Key, int Version, Visibility Visibility) asked,
        CancellationToken cancellationToken
    )
    {
        var seen = await KnowAsync(session, asked.Visibility, cancellationToken);
        var sql = One(asked.Key, """v."ResourceKey" = h."Key" """)
            .Add($"""AND v."Version" = {asked.Version} """)
            .Add("""AND ((1 = 1""");
        _access.WriteOfVersions(sql, seen);
        sql.Add(""") OR (v."Sequence" = h."Sequence" """);
        _access.WriteOfType(sql, "h", asked.Key.Type, seen);
        return await ReadOneAsync(session, sql.Add("))").Build(), asked.Key, cancellationToken);
    }

    /// <summary>Who somebody is, and all whom they act as.</summary>
    public async Task<ImmutableArray<ResourceKey>> PartiesAsync(
        DbSession session,
        (Asker Asker, DateTimeOffset Now) asked,
        CancellationToken cancellationToken
    )
    {
        var keys = await _standings.PartiesAsync(session, asked.Asker, asked.Now, cancellationToken);
        var sql = new SqlBuilder(_dialect).Add("""SELECT h."TypeId", h."Id" FROM "Resource" h WHERE """);
        _dialect.AnyOf(sql, "h.\"Key\"", keys);
        return
        [
            .. await session.QueryAsync(
                sql.Build(),
                row => new ResourceKey(_source.TypeName(row.GetInt16(0)), row.GetString(1)),
                cancellationToken
            ),
        ];
    }

    private async ValueTask<Visibility?> KnowAsync(
        DbSession session,
        Visibility? visibility,
        CancellationToken cancellationToken
    ) => visibility is null ? null : await _standings.KnowAsync(session, visibility, cancellationToken);

    private SqlBuilder One(ResourceKey key, string join) =>
        new SqlBuilder(_dialect)
            .Add($"""SELECT {new RawSql(ResourceRow.Columns)} FROM "Resource" h {_dialect.Join} "ResourceVersion" v """)
            .Add($"""ON {new RawSql(join)}WHERE h."TypeId" = {_source.TypeId(key.Type)} AND h."Id" = {key.Id} """);

    public async Task<HistoryPage> HistoryAsync(
        DbSession session,
        HistoryQuery query,
        CancellationToken cancellationToken
    )
    {
        var seen = await KnowAsync(session, query.Visibility, cancellationToken);
        return await _history.PageAsync(session, query with { Visibility = seen }, cancellationToken);
    }

    /// <summary>A page alone, or a number alone: there is nothing that could be of another state.</summary>
    public static bool IsOneStatement(SearchQuery query) =>
        IsCountOnly(query) || (query.Total == TotalMode.None && query.Includes.IsEmpty);

    public async Task<SearchPage> SearchAsync(DbSession session, SearchQuery query, CancellationToken cancellationToken)
    {
        if (await GuessAsync(session, query, cancellationToken) is { } guessed)
            return await PageAsync(session, query, guessed, null, cancellationToken);
        query = query with { Visibility = await KnowAsync(session, query.Visibility, cancellationToken) };
        if (IsCountOnly(query))
            return new SearchPage([], [], null, await _search.CountAsync(session, query, cancellationToken));
        var (total, rows) =
            query.Total == TotalMode.None
                ? ((long?)null, await _search.PageAsync(session, query, cancellationToken))
                : await _search.CountAndPageAsync(session, query, cancellationToken);
        return await PageAsync(session, query, rows, total, cancellationToken);
    }

    private async Task<List<ResourceRow>?> GuessAsync(
        DbSession session,
        SearchQuery query,
        CancellationToken cancellationToken
    ) =>
        query.Visibility is { } visibility
        && IsOneStatement(query)
        && !IsCountOnly(query)
        && _standings.Remembered(visibility) is { } known
            ? await _guesses.GuessAsync(session, query, known, cancellationToken)
            : null;

    private async Task<SearchPage> PageAsync(
        DbSession session,
        SearchQuery query,
        List<ResourceRow> rows,
        long? total,
        CancellationToken cancellationToken
    )
    {
        var hasNext = rows.Count > query.Count;
        if (hasNext)
            rows.RemoveAt(rows.Count - 1);
        var included = query.Includes.IsEmpty
            ? IncludedResources.None
            : await _includes.IncludedAsync(session, query, rows, cancellationToken);
        var next = hasNext ? new PageCursor(rows[^1].SortValue, rows[^1].Key) : null;
        return new SearchPage(
            [.. rows.Select(r => r.Resource)],
            [.. included.Resources.Take(_maxIncluded)],
            next,
            total
        )
        {
            IsIncludedCut = included.IsCut,
            IsIterationCut = included.HasFurther,
        };
    }

    /// <summary>At most two matches, as of the last change that was committed before.</summary>
    public async Task<ConditionalMatches> FindAsync(
        DbSession session,
        SearchQuery query,
        CancellationToken cancellationToken
    )
    {
        var asOf = await session.QueryAsync(
            PointSql,
            row => new StorePoint(row.GetInt64(0), row.GetInt64(1)),
            cancellationToken
        );
        return new ConditionalMatches([.. await MatchesAsync(session, query, cancellationToken)], asOf[0]);
    }

    /// <summary>At most two matches.</summary>
    public async Task<List<StoredResource>> MatchesAsync(
        DbSession session,
        SearchQuery query,
        CancellationToken cancellationToken
    )
    {
        var seen = await KnowAsync(session, query.Visibility, cancellationToken);
        return await _search.FindAsync(session, query with { Visibility = seen }, cancellationToken);
    }

    public async Task<EverythingPage> EverythingAsync(
        DbSession session,
        EverythingQuery query,
        CancellationToken cancellationToken
    )
    {
        var seen = await KnowAsync(session, query.Visibility, cancellationToken);
        return await _everything.PageAsync(session, query with { Visibility = seen }, cancellationToken);
    }

    public async Task<WorklistPage> WorklistAsync(
        DbSession session,
        WorklistQuery query,
        CancellationToken cancellationToken
    )
    {
        var seen = await KnowAsync(session, query.Visibility, cancellationToken);
        return await _worklist.PageAsync(session, query with { Visibility = seen }, cancellationToken);
    }

    public async Task<Caseload> CaseloadAsync(
        DbSession session,
        CaseloadQuery query,
        CancellationToken cancellationToken
    )
    {
        var seen = await KnowAsync(session, query.Visibility, cancellationToken);
        return await _caseload.CountAsync(session, query with { Visibility = seen }, cancellationToken);
    }

    public async Task<ImmutableArray<StoredResource>> ReadingsAsync(
        DbSession session,
        ReadingsQuery query,
        CancellationToken cancellationToken
    )
    {
        var seen = await KnowAsync(session, query.Visibility, cancellationToken);
        return await _readings.FindAsync(session, query with { Visibility = seen }, cancellationToken);
    }

    public Task<StrayPage> StraysAsync(DbSession session, StrayQuery query, CancellationToken cancellationToken) =>
        _strays.PageAsync(session, query, cancellationToken);

    public Task<SnapshotPoint> PointAsync(DbSession session, int unused, CancellationToken cancellationToken) =>
        _snapshots.PointAsync(session, unused, cancellationToken);

    public Task<ImmutableArray<string>> TypesAsync(
        DbSession session,
        ImmutableArray<string> types,
        CancellationToken cancellationToken
    ) => _snapshots.TypesAsync(session, types, cancellationToken);

    public Task<ImmutableArray<ResourceKey>> AboutAsync(
        DbSession session,
        AboutQuery query,
        CancellationToken cancellationToken
    ) => _snapshots.AboutAsync(session, query, cancellationToken);

    public async Task<SnapshotPage> SnapshotAsync(
        DbSession session,
        SnapshotQuery query,
        CancellationToken cancellationToken
    )
    {
        var seen = await KnowAsync(session, query.Visibility, cancellationToken);
        return await _snapshots.PageAsync(session, query with { Visibility = seen }, cancellationToken);
    }

    public Task<ChangesPage> ChangesAsync(DbSession session, ChangesQuery query, CancellationToken cancellationToken) =>
        _changes.PageAsync(session, query, cancellationToken);

    private static bool IsCountOnly(SearchQuery query) => query.Count == 0 || query.Summary == SummaryMode.Count;

    private static async Task<StoredResource?> ReadOneAsync(
        DbSession session,
        Sql sql,
        ResourceKey key,
        CancellationToken cancellationToken
    )
    {
        var reader = await session.Command(sql).ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        await using (reader)
            return await reader.ReadAsync(cancellationToken) ? ResourceRow.Read(reader, 0, key) : null;
    }
}
