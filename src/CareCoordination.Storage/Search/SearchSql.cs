using System.Data.Common;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Commits;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search;

/// <summary>
/// A search as one statement: it starts from the index rows of the most selective criterion, or walks the type in the order
/// asked for, probes each resource for the other criteria, stops after a page, and only then fetches the bytes.
/// </summary>
internal sealed class SearchSql(SqlDialect dialect, IndexSource source)
{
    private const string Key = """h."Key" """;
    private readonly CriterionSql _criteria = new(source);

    /// <summary>The matches of a page, and one more where there is a next page.</summary>
    public Task<List<ResourceRow>> PageAsync(DbSession session, SearchQuery query, CancellationToken cancellationToken)
    {
        var sortValues = query.Sort.Length;
        ResourceRow Map(DbDataReader row)
        {
            var resource = ResourceRow.Read(row, 2, new ResourceKey(query.ResourceType, row.GetString(1)));
            return new(row.GetInt64(0), resource, sortValues == 0 ? null : SortSql.ReadValues(row, 7, sortValues));
        }

        return session.QueryAsync(Page(query), Map, cancellationToken);
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

    public async Task<long> CountAsync(DbSession session, SearchQuery query, CancellationToken cancellationToken) =>
        (await session.QueryAsync(Count(query), row => Convert.ToInt64(row.GetValue(0)), cancellationToken))[0];

    internal Sql Page(SearchQuery query)
    {
        var sql = new SqlBuilder(dialect);
        sql.Add($"""SELECT m."Key", m."Id", {new RawSql(ResourceRow.Columns)}""");
        for (var i = 0; i < query.Sort.Length; i++)
            sql.Add(", " + SortSql.Name(i));
        sql.Add(" FROM (");
        if (query.Sort.IsEmpty || query.Sort is [{ By: SortBy.LastUpdated }])
            WriteInPlace(sql, query);
        else
            WriteSorted(sql, query);
        dialect.Limit(sql, query.Count + 1);
        sql.Add($""") m {dialect.Join} "ResourceVersion" v ON v."Sequence" = m."Sequence" """);
        SortSql.WriteOrder(sql, query.Sort);
        return sql.Build();
    }

    internal Sql Count(SearchQuery query)
    {
        var sql = new SqlBuilder(dialect).Add("SELECT COUNT(*)");
        WriteMatches(sql, query, Start(query));
        return sql.Build();
    }

    /// <summary>Orders that the tables lie in: by key, and by the change sequence. A page is read from where the last one ended.</summary>
    private void WriteInPlace(SqlBuilder sql, SearchQuery query)
    {
        var start = Start(query);
        sql.Add("""SELECT h."Key", h."Id", h."Sequence" """);
        if (query.Sort.Length > 0)
            sql.Add(""", h."Sequence" AS "S0" """);
        WriteMatches(sql, query, start);
        if (query.Sort is [var newest])
        {
            if (query.After is { } after)
                sql.Add(
                    $""" AND h."Sequence" {new RawSql(newest.Descending ? "<" : ">")} {SortSql.ParseSequence(after)}"""
                );
            sql.Add($""" ORDER BY h."Sequence" {new RawSql(newest.Descending ? "DESC" : "")}""");
            return;
        }

        var key = start is { IsUnique: true } ? """x."ResourceKey" """ : Key;
        if (query.After is { } last)
            sql.Add($" AND {new RawSql(key)} > {last.Key}");
        sql.Add(" ORDER BY " + key);
    }

    /// <summary>Other orders: the values are computed for all matches, then sorted.</summary>
    private void WriteSorted(SqlBuilder sql, SearchQuery query)
    {
        sql.Add("""SELECT m.* FROM (SELECT h."Key", h."Id", h."Sequence" """);
        for (var i = 0; i < query.Sort.Length; i++)
        {
            sql.Add(", ");
            SortSql.WriteValue(sql, query.Sort[i]);
            sql.Add($""" AS "S{RawSql.Of(i)}" """);
        }

        WriteMatches(sql, query, Start(query));
        sql.Add($"{dialect.ProbeEnd}) m");
        if (query.After is { SortValue: not null } after)
        {
            sql.Add(" WHERE ");
            SortSql.WriteAfter(sql, query.Sort, after);
        }

        SortSql.WriteOrder(sql, query.Sort);
    }

    /// <summary>Writes FROM and WHERE; the resource is <c>h</c>, the index row that a unique start found is <c>x</c>.</summary>
    private void WriteMatches(SqlBuilder sql, SearchQuery query, Start? start)
    {
        var typeId = source.TypeId(query.ResourceType);
        var (low, high) = (SurrogateKey.Start(typeId), SurrogateKey.End(typeId));
        if (start is null)
        {
            sql.Add($""" FROM "Resource" h WHERE h."TypeId" = {typeId}""");
            if (query.Sort.IsEmpty && !query.Criteria.Any(c => c is IdCriterion))
                sql.Add($""" AND h."Key" >= {low} AND h."Key" < {high}""");
        }
        else if (start.IsUnique)
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
        foreach (var criterion in query.Criteria)
        {
            if (ReferenceEquals(criterion, start?.Criterion))
                continue;
            sql.Add(" AND ");
            _criteria.WriteFilter(sql, criterion);
        }
    }

    /// <summary>The criterion to start from; null to walk the resources of the type.</summary>
    private Start? Start(SearchQuery query)
    {
        if (query.Criteria.Any(c => c is IdCriterion))
            return null;
        Start? best = null;
        foreach (var criterion in query.Criteria)
        {
            if (_criteria.Match(criterion) is { } match && (best is null || match.Selectivity < best.Match.Selectivity))
                best = new Start(criterion, match);
        }

        // What may be most of the type is quicker walked in the order asked for than collected and sorted, unless the rows of the
        // criterion lie in that order themselves.
        return best is { Match: { Selectivity: Selectivity.Many } match2 } && !(match2.IsUnique && IsNotByTime(query))
            ? null
            : best;
    }

    private static bool IsNotByTime(SearchQuery query) => query.Sort is not [{ By: SortBy.LastUpdated }, ..];
}

/// <summary>Where a search starts.</summary>
internal sealed record Start(Criterion Criterion, IndexMatch Match)
{
    public bool IsUnique => Match.IsUnique;
}
