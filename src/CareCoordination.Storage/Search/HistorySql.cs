using System.Data.Common;
using System.Globalization;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Commits;
using CareCoordination.Storage.Engines;

namespace CareCoordination.Storage.Search;

/// <summary>Versions by the change sequence, newest first. https://hl7.org/fhir/R4/http.html#history</summary>
internal sealed class HistorySql(SqlDialect dialect, IndexSource source)
{
    public async Task<HistoryPage> PageAsync(DbSession session, HistoryQuery query, CancellationToken cancellationToken)
    {
        var total = await session.QueryAsync(
            Count(query),
            row => Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture),
            cancellationToken
        );
        var rows = query.Count == 0 ? [] : await session.QueryAsync(Page(query), Read, cancellationToken);
        var hasNext = rows.Count > query.Count;
        if (hasNext)
            rows.RemoveAt(rows.Count - 1);
        return new HistoryPage([.. rows], hasNext ? rows[^1].Sequence : null, total[0]);
    }

    internal Sql Page(HistoryQuery query)
    {
        var sql = new SqlBuilder(dialect);
        sql.Add($"""SELECT v."TypeId", h."Id", {new RawSql(ResourceRow.Columns)}""");
        WriteVersions(sql, query);
        if (query.Before is { } before)
            sql.Add($""" AND v."Sequence" < {before}""");
        sql.Add(""" ORDER BY v."Sequence" DESC""");
        dialect.Limit(sql, query.Count + 1);
        return sql.Build();
    }

    internal Sql Count(HistoryQuery query)
    {
        var sql = new SqlBuilder(dialect).Add("SELECT COUNT(*)");
        WriteVersions(sql, query);
        return sql.Build();
    }

    private void WriteVersions(SqlBuilder sql, HistoryQuery query)
    {
        if (query is { ResourceType: { } type, Id: { } id })
            sql.Add($""" FROM "Resource" h {dialect.Join} "ResourceVersion" v ON v."ResourceKey" = h."Key" """)
                .Add($"""WHERE h."TypeId" = {source.TypeId(type)} AND h."Id" = {id}""");
        else
        {
            sql.Add($""" FROM "ResourceVersion" v {dialect.Join} "Resource" h ON h."Key" = v."ResourceKey" WHERE """);
            if (query.ResourceType is { } all)
                sql.Add($"""v."TypeId" = {source.TypeId(all)}""");
            else
                sql.Add("1 = 1");
        }

        if (query.Since is { } since)
            sql.Add($""" AND v."LastUpdated" >= {since.UtcTicks}""");
        if (query.At is { } at)
        {
            // A version was current from its own time until the next one's.
            sql.Add($""" AND v."LastUpdated" < {at.End} AND NOT EXISTS (SELECT 1 FROM "ResourceVersion" n """)
                .Add(
                    $"""WHERE n."ResourceKey" = v."ResourceKey" AND n."Version" = v."Version" + 1 AND n."LastUpdated" <= {at.Start})"""
                );
        }
    }

    private StoredResource Read(DbDataReader row) =>
        ResourceRow.Read(row, 2, new ResourceKey(source.TypeName(row.GetInt16(0)), row.GetString(1)));
}
