using System.Data.Common;
using System.Globalization;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Search.Predicates;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search;

/// <summary>
/// A search as one statement: it starts from the index rows of the most selective criterion, or walks the type in the order
/// asked for, probes each resource for the other criteria, stops after a page, and only then fetches the bytes.
/// </summary>
/// <param name="guesses">
/// What the caller sees is asked for without what is rare (<see cref="AccessSql.WriteGuess"/>): for <see cref="GuessAsync"/> alone.
/// </param>
internal sealed class SearchSql(SqlDialect dialect, IndexSource source, bool guesses = false)
{
    // A probe costs a few microseconds, about twice what a row of the index costs where all are collected. A status that is a
    // tenth of its type fills a usual page from this many.
    private const int WindowSize = 256;
    private const int WindowGrowth = 8;

    // A status whose newest resources lie further back than this is collected.
    private const int LargestWindow = WindowSize * WindowGrowth * WindowGrowth * WindowGrowth * WindowGrowth;

    // Each resource of the window is looked up once for each value.
    private const int MostProbedValues = 64;
    private const int FirstSortValue = 7;
    private const string Key = """h."Key" """;
    private readonly CriterionSql _criteria = new(dialect, source);
    private readonly SequenceAt _sequences = new(dialect);

    /// <summary>The matches of a page, and one more where there is a next page.</summary>
    public async Task<List<ResourceRow>> PageAsync(
        DbSession session,
        SearchQuery query,
        CancellationToken cancellationToken
    )
    {
        var within = await WithinAsync(session, query, cancellationToken);
        if (StatusWalk.IsWhole(query))
            return await RowsAsync(session, query, Whole(query), cancellationToken);
        var start = Start(query, within);
        return IsWindowFirst(query, start, within)
            ? await WindowsAsync(session, query, start, within, cancellationToken)
            : await RowsAsync(session, query, Page(query, start, within), cancellationToken);
    }

    /// <summary>
    /// Walks ever larger parts of the type in the order asked for, until one of them fills the page or the rows to start from are known
    /// to be fewer than the next part: then those are collected. What a page takes is a few times the smaller of the two, however many
    /// resources have the status and however old they are.
    /// </summary>
    private async Task<List<ResourceRow>> WindowsAsync(
        DbSession session,
        SearchQuery query,
        Start? start,
        SequenceRange within,
        CancellationToken cancellationToken
    )
    {
        if (await IsReferredToByFewAsync(session, start, cancellationToken))
            return await RowsAsync(session, query, Page(query, start, within), cancellationToken);
        for (var size = WindowSize; ; size *= WindowGrowth)
        {
            var rows = await RowsAsync(session, query, Window(query, size, within), cancellationToken);
            if (rows.Count > query.Count)
                return rows;
            if (
                start is null
                || size >= LargestWindow
                || await session.FirstAsync(UpTo(start, size * WindowGrowth), ReadCount, cancellationToken)
                    < size * WindowGrowth
            )
                return await RowsAsync(session, query, Page(query, start, within), cancellationToken);
        }
    }

    /// <summary>
    /// What refers to the matches is so little that it costs less to begin there than to look at all that refers to each resource of a
    /// part of the type: thousands of records may refer to one organization.
    /// </summary>
    private async Task<bool> IsReferredToByFewAsync(
        DbSession session,
        Start? start,
        CancellationToken cancellationToken
    )
    {
        const int Few = WindowSize * WindowGrowth;
        return start?.Criterion is HasCriterion has
            && _criteria.Leaf(has) is { } leaf
            && await session.FirstAsync(UpTo(new Start(null, leaf), Few), ReadCount, cancellationToken) < Few;
    }

    private static Task<List<ResourceRow>> RowsAsync(
        DbSession session,
        SearchQuery query,
        Sql sql,
        CancellationToken cancellationToken
    ) => session.QueryAsync(sql, row => Read(row, query), cancellationToken);

    /// <summary>
    /// As <see cref="PageAsync"/>, where nothing has to be asked but what is asked nearly always: nobody whom a match is about has denied
    /// anything, and whom the caller acts as is as it was. Null: that is not certain.
    /// </summary>
    /// <param name="seen">What the caller sees, by what is remembered.</param>
    public async Task<List<ResourceRow>?> GuessAsync(
        DbSession session,
        SearchQuery query,
        KnownVisibility seen,
        CancellationToken cancellationToken
    )
    {
        var rows = await PageAsync(session, query with { Visibility = seen.Visibility }, cancellationToken);
        if (rows.Exists(row => row.IsDoubted || !seen.Holds(row.ActingChange)))
            return null;
        // A row would have told.
        var isHeld = rows.Count > 0 || seen.Holds(await Standings.ChangeAsync(session, cancellationToken));
        return isHeld ? rows : null;
    }

    /// <summary>How many matches there are, and those of a page with one more where there is a next, of one state of the database.</summary>
    public async Task<(long Total, List<ResourceRow> Rows)> CountAndPageAsync(
        DbSession session,
        SearchQuery query,
        CancellationToken cancellationToken
    )
    {
        var within = await WithinAsync(session, query, cancellationToken);
        var (total, rows) = (0L, new List<ResourceRow>());
        foreach (var page in Pages(query, within))
        {
            (var counted, rows) = await session.QueryBothAsync(
                Count(query, within),
                ReadCount,
                page,
                row => Read(row, query),
                cancellationToken
            );
            total = counted[0];
            if (rows.Count > query.Count)
                break;
        }

        return (total, rows);
    }

    /// <summary>At most two matches, in no order.</summary>
    public async Task<List<StoredResource>> FindAsync(
        DbSession session,
        SearchQuery query,
        CancellationToken cancellationToken
    )
    {
        var page = query with { Count = 1, Sort = [], After = null };
        return (await PageAsync(session, page, cancellationToken)).ConvertAll(row => row.Resource);
    }

    public async Task<long> CountAsync(DbSession session, SearchQuery query, CancellationToken cancellationToken)
    {
        var within = await WithinAsync(session, query, cancellationToken);
        return (await session.QueryAsync(Count(query, within), ReadCount, cancellationToken))[0];
    }

    /// <summary>The statements that a page takes, in their order, where there are few rows to start from: the last one always fills it, where it can be filled.</summary>
    /// <param name="within">The part of the change sequence that the matches were last changed in.</param>
    internal IEnumerable<Sql> Pages(SearchQuery query, SequenceRange within = default)
    {
        if (StatusWalk.IsWhole(query))
        {
            yield return Whole(query);
            yield break;
        }

        var start = Start(query, within);
        // Where it is counted what refers, all of that is known before the page is asked for.
        if (start?.Criterion is not HasCriterion && IsWindowFirst(query, start, within))
            yield return Window(query, WindowSize, within);
        yield return Page(query, start, within);
    }

    private static long ReadCount(DbDataReader row) => Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture);

    private static ResourceRow Read(DbDataReader row, SearchQuery query)
    {
        var resource = ResourceRow.Read(row, 2, new ResourceKey(query.ResourceType, row.GetString(1)));
        var sortValues = query.Sort.Length;
        var read = new ResourceRow(
            row.GetInt64(0),
            resource,
            sortValues == 0 ? null : SortSql.ReadValues(row, FirstSortValue, sortValues)
        );
        var doubt = FirstSortValue + sortValues;
        return row.FieldCount == doubt
            ? read
            : read with
            {
                IsDoubted = row.GetInt32(doubt) != 0,
                ActingChange = row.GetInt64(doubt + 1),
            };
    }

    internal Sql Count(SearchQuery query, SequenceRange within = default)
    {
        var sql = new SqlBuilder(dialect).Add("SELECT COUNT(*)");
        WriteMatches(sql, query, Start(query, within), within);
        return sql.Build();
    }

    /// <summary>The matches of a page among the first resources of the type, or of its statuses asked for, in the order asked for.</summary>
    internal Sql Window(SearchQuery query, int size, SequenceRange within = default) => Page(query, null, within, size);

    /// <summary>A page of nothing but statuses: of each as many resources are read as a page takes.</summary>
    private Sql Whole(SearchQuery query) => Window(query, query.Count + 1);

    /// <summary>How many rows there are to start from, counted no further than to a limit.</summary>
    internal Sql UpTo(Start start, int limit)
    {
        var sql = new SqlBuilder(dialect).Add("SELECT COUNT(*) FROM (");
        // What SQL Server limits it orders, and a union by no more than its columns.
        if (!start.Match.Others.IsEmpty)
            sql.Add("""SELECT k."ResourceKey" FROM (""");
        start.Match.WriteKeys(sql);
        if (!start.Match.Others.IsEmpty)
            sql.Add(") k");
        sql.Add($"{dialect.AnyOrder}");
        dialect.Limit(sql, limit);
        return sql.Add(") w").Build();
    }

    /// <param name="window">How many resources of the type, or of each status, are walked; 0: all.</param>
    private Sql Page(SearchQuery query, Start? start, SequenceRange within, int window = 0)
    {
        var sql = new SqlBuilder(dialect);
        sql.Add($"""SELECT m."Key", m."Id", {new RawSql(ResourceRow.Columns)}""");
        for (var i = 0; i < query.Sort.Length; i++)
            sql.Add(", " + SortSql.Name(i));
        if (guesses)
        {
            _criteria.Access.WriteDoubt(sql.Add(", CASE WHEN "), "m", query.ResourceType, query.Visibility!);
            sql.Add($" THEN 1 ELSE 0 END, {new RawSql(Standings.Change)}");
        }

        sql.Add(" FROM (");
        if (IsInPlace(query))
            WriteInPlace(sql, query, start, within, window);
        else
            WriteSorted(sql, query, start, within);
        dialect.Limit(sql, query.Count + 1);
        sql.Add($""") m {dialect.Join} "ResourceVersion" v ON v."Sequence" = m."Sequence" """);
        SortSql.WriteOrder(sql, query.Sort);
        return sql.Build();
    }

    private RawSql Columns =>
        new(
            guesses
                ? """SELECT h."Key", h."Id", h."Sequence", h."Patient" """
                : """SELECT h."Key", h."Id", h."Sequence" """
        );

    /// <summary>Orders that the tables lie in: by key, and by the change sequence. A page is read from where the last one ended.</summary>
    private void WriteInPlace(SqlBuilder sql, SearchQuery query, Start? start, SequenceRange within, int window)
    {
        sql.Add($"{Columns}");
        if (query.Sort.Length > 0)
            sql.Add(""", h."Sequence" AS "S0" """);
        if (window > 0 || (start is null && query.Sort.IsEmpty && !within.IsAll))
        {
            var walk = window > 0 ? StatusWalk.Of(query) : null;
            sql.Add(" FROM (");
            if (walk is null)
                WriteWalk(sql, query, within, window);
            else
                walk.Write(sql, query.After, within, window);
            sql.Add(""") h WHERE h."IsDeleted" = 0""");
            WriteFilters(sql, query, walk?.Criterion, isOfFew: false);
            WriteOrder(sql, query, Key);
            return;
        }

        var isStreamed = start is { IsUnique: true } && query.Sort.IsEmpty;
        var key = isStreamed ? """x."ResourceKey" """ : Key;
        WriteMatches(sql, query, start, within, isStreamed);
        WriteFrom(sql, query, key);
    }

    private void WriteWalk(SqlBuilder sql, SearchQuery query, SequenceRange within, int window)
    {
        sql.Add($"SELECT {StatusWalk.Columns}");
        WriteType(sql, query, within);
        WriteFrom(sql, query, Key, isOrdered: window > 0);
        if (window > 0)
            dialect.Limit(sql, window);
        else
            sql.Add($"{dialect.ProbeEnd}");
    }

    /// <summary>Writes where the page starts, and the order.</summary>
    private static void WriteFrom(SqlBuilder sql, SearchQuery query, string key, bool isOrdered = true)
    {
        if (query.After is { } after)
        {
            if (query.Sort is [var newest])
                sql.Add(
                    $""" AND h."Sequence" {new RawSql(newest.Descending ? "<" : ">")} {SortSql.ParseSequence(after)}"""
                );
            else
                sql.Add($" AND {new RawSql(key)} > {after.Key}");
        }

        if (isOrdered)
            WriteOrder(sql, query, key);
    }

    private static void WriteOrder(SqlBuilder sql, SearchQuery query, string key) =>
        sql.Add(
            query.Sort is [var newest]
                ? $""" ORDER BY h."Sequence" {(newest.Descending ? "DESC" : "")}"""
                : " ORDER BY " + key
        );

    /// <summary>Other orders: the values are computed for all matches, then sorted.</summary>
    private void WriteSorted(SqlBuilder sql, SearchQuery query, Start? start, SequenceRange within)
    {
        sql.Add($"SELECT m.* FROM ({Columns}");
        for (var i = 0; i < query.Sort.Length; i++)
        {
            sql.Add(", ");
            SortSql.WriteValue(sql, query.Sort[i]);
            sql.Add($""" AS "S{RawSql.Of(i)}" """);
        }

        WriteMatches(sql, query, start, within);
        sql.Add($"{dialect.ProbeEnd}) m");
        if (query.After is { SortValue: not null } after)
        {
            sql.Add(" WHERE ");
            SortSql.WriteAfter(sql, query.Sort, after);
        }

        SortSql.WriteOrder(sql, query.Sort);
    }

    /// <summary>
    /// Writes FROM and WHERE; the resource is <c>h</c>, the index row that a unique start found is <c>x</c>. A page that is read in
    /// the order of the index rows stops early and tells first rows by a probe; where all rows are wanted anyway, DISTINCT over
    /// the sorted index is several times cheaper than probing each.
    /// </summary>
    private void WriteMatches(
        SqlBuilder sql,
        SearchQuery query,
        Start? start,
        SequenceRange within,
        bool isStreamed = false
    )
    {
        var typeId = source.TypeId(query.ResourceType);
        var (low, high) = (SurrogateKey.Start(typeId), SurrogateKey.End(typeId));
        var isOfFew = start is { Match.Selectivity: <= Selectivity.Few };
        var isFenced = start is not null && !isStreamed && !isOfFew && query.Visibility is not null;
        if (isFenced)
            sql.Add(" FROM (SELECT h.*");
        if (start is null)
            WriteType(sql, query, within);
        else if (start.IsUnique && (isStreamed || start.Match.IsFirst is null))
        {
            sql.Add(
                $""" FROM "{new RawSql(start.Match.Table.Name)}" x {dialect.Join} "Resource" h ON h."Key" = x."ResourceKey" WHERE """
            );
            start.Match.Condition(sql);
            start.Match.IsFirst?.Invoke(sql);
            if (start.Criterion is CompartmentCriterion)
                sql.Add($""" AND x."ResourceKey" >= {low} AND x."ResourceKey" < {high}""");
        }
        else
        {
            sql.Add(" FROM (");
            start.Match.WriteKeys(sql, distinct: true);
            sql.Add($""") x {dialect.Join} "Resource" h ON h."Key" = x."ResourceKey" WHERE h."TypeId" = {typeId}""");
        }

        sql.Add(""" AND h."IsDeleted" = 0""");
        if (isFenced)
            // PostgreSQL expects the set of those whom one sees to be made anew for each row that is looked up by its key, and would walk
            // all resources of the type instead. What was found is put together first, and then it is asked who sees it.
            sql.Add($"{dialect.ProbeEnd}) h WHERE 1 = 1");
        WriteFilters(sql, query, start?.Criterion, isOfFew);
    }

    /// <summary>Writes FROM and WHERE of all resources of the type, by the index that has the order asked for.</summary>
    private void WriteType(SqlBuilder sql, SearchQuery query, SequenceRange within)
    {
        var typeId = source.TypeId(query.ResourceType);
        sql.Add(""" FROM "Resource" h WHERE """);
        if (within.IsAll && query.Sort.IsEmpty && !query.Criteria.Any(c => c is IdCriterion))
        {
            // The keys say the type. Said twice, SQLite takes an index of types and sorts what it finds by key.
            sql.Add($"""h."Key" >= {SurrogateKey.Start(typeId)} AND h."Key" < {SurrogateKey.End(typeId)}""");
            return;
        }

        sql.Add($"""h."TypeId" = {typeId}""");
        if (within.From is { } from)
            sql.Add($""" AND h."Sequence" >= {from}""");
        if (within.Before is { } before)
            sql.Add($""" AND h."Sequence" < {before}""");
    }

    /// <param name="met">The criterion that what is filtered meets already.</param>
    /// <param name="isOfFew">Few rows are filtered.</param>
    private void WriteFilters(SqlBuilder sql, SearchQuery query, Criterion? met, bool isOfFew)
    {
        var isNamed = query.Criteria.Any(c => c is IdCriterion);
        // What refers to a resource is asked last: it is the dearest question.
        foreach (var criterion in query.Criteria.OrderBy(c => c is HasCriterion))
        {
            if (ReferenceEquals(criterion, met))
                continue;
            sql.Add(" AND ");
            _criteria.WriteFilter(sql, criterion, query.Visibility, isOfFew || isNamed);
        }

        if (guesses)
            _criteria.Access.WriteGuess(sql, "h", query.ResourceType, query.Visibility!, isOfFew);
        else
            _criteria.Access.WriteOfType(sql, "h", query.ResourceType, query.Visibility);
    }

    /// <summary>The criterion to start from; null to walk the resources of the type.</summary>
    internal Start? Start(SearchQuery query, SequenceRange within) => Search.Start.Of(query, within, _criteria);

    /// <summary>
    /// The part of the change sequence in which resources were last changed that a criterion of <c>_lastUpdated</c> finds: there
    /// is an index by the sequence, and none by the time.
    /// </summary>
    private async Task<SequenceRange> WithinAsync(
        DbSession session,
        SearchQuery query,
        CancellationToken cancellationToken
    )
    {
        var within = default(SequenceRange);
        if (query.Criteria.Any(c => c is IdCriterion))
            return within;
        foreach (var updated in query.Criteria.OfType<LastUpdatedCriterion>())
        {
            var (from, to) = DatePredicate.LastUpdatedWithin(updated.Values);
            within = within.And(await _sequences.WithinAsync(session, from, to, cancellationToken));
        }

        return within;
    }

    /// <summary>
    /// A status may be most of a type or nearly nothing of it, and nobody knows which. So parts of the type are walked in the
    /// order asked for (<see cref="WindowsAsync"/>). The same of a long time in which resources were last changed, where they are
    /// wanted by key.
    /// </summary>
    private static bool IsWindowFirst(SearchQuery query, Start? start, SequenceRange within) =>
        start is null
            ? query.Sort.IsEmpty && !within.IsAll && !within.IsShort
            : start.Match.Selectivity == Selectivity.Many
                && start.Match.Listed is not { Count: > MostProbedValues }
                && IsInPlace(query)
                && !(start.IsUnique && query.Sort.IsEmpty);

    private static bool IsInPlace(SearchQuery query) =>
        query.Sort.IsEmpty || query.Sort is [{ By: SortBy.LastUpdated }];
}
