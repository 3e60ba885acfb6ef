using System.Data.Common;
using System.Globalization;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search;

/// <summary>Versions by the change sequence, newest first. https://hl7.org/fhir/R4/http.html#history</summary>
internal sealed class HistorySql(SqlDialect dialect, IndexSource source)
{
    private readonly SequenceAt _sequences = new(dialect);
    private readonly AccessSql _access = new CriterionSql(dialect, source).Access;

    public async Task<HistoryPage> PageAsync(DbSession session, HistoryQuery query, CancellationToken cancellationToken)
    {
        var within = await WithinAsync(session, query, cancellationToken);
        if (query.Count == 0)
            return new HistoryPage(
                [],
                null,
                (await session.QueryAsync(Count(query, within), ReadCount, cancellationToken))[0]
            );
        var (counted, rows) = WantsTotal(query)
            ? await session.QueryBothAsync(
                Count(query, within),
                ReadCount,
                Page(query, within),
                Read,
                cancellationToken
            )
            : ([], await session.QueryAsync(Page(query, within), Read, cancellationToken));
        var hasNext = rows.Count > query.Count;
        if (hasNext)
            rows.RemoveAt(rows.Count - 1);
        return new HistoryPage([.. rows], hasNext ? rows[^1].Sequence : null, counted is [var total] ? total : null);
    }

    internal Sql Page(HistoryQuery query, SequenceRange within)
    {
        var sql = new SqlBuilder(dialect);
        sql.Add($"""SELECT v."TypeId", h."Id", {new RawSql(ResourceRow.Columns)}""");
        WriteVersions(sql, query, within.And(new(null, query.Before)));
        sql.Add(
            IsRowRange(query) ? """ ORDER BY v."TypeId" DESC, v."Sequence" DESC""" : """ ORDER BY v."Sequence" DESC"""
        );
        dialect.Limit(sql, query.Count + 1);
        return sql.Build();
    }

    internal Sql Count(HistoryQuery query, SequenceRange within)
    {
        var sql = new SqlBuilder(dialect).Add("SELECT COUNT(*)");
        WriteVersions(sql, query, within);
        return sql.Build();
    }

    /// <summary>Of one resource there are few versions; to count those of a type takes a walk through all of them.</summary>
    private static bool WantsTotal(HistoryQuery query) => query.WantsTotal || query.Id is not null;

    /// <summary>The part of the change sequence that the times asked for leave; all of it for one resource, which has few versions.</summary>
    private Task<SequenceRange> WithinAsync(
        DbSession session,
        HistoryQuery query,
        CancellationToken cancellationToken
    ) =>
        query.Id is null
            ? _sequences.WithinAsync(session, query.Since?.UtcTicks, LastOf(query), cancellationToken)
            : Task.FromResult(default(SequenceRange));

    /// <summary>Where a period has no end there is nothing to look for.</summary>
    private static long? LastOf(HistoryQuery query) => query.At is { End: < DateRange.MaxTicks } at ? at.End - 1 : null;

    private static long ReadCount(DbDataReader row) => Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture);

    private void WriteVersions(SqlBuilder sql, HistoryQuery query, SequenceRange within)
    {
        if (query is { ResourceType: { } type, Id: { } id })
            sql.Add($""" FROM "Resource" h {dialect.Join} "ResourceVersion" v ON v."ResourceKey" = h."Key" """)
                .Add($"""WHERE h."TypeId" = {source.TypeId(type)} AND h."Id" = {id}""");
        else
            sql.Add($""" FROM "ResourceVersion" v {dialect.Join} "Resource" h ON h."Key" = v."ResourceKey" WHERE """);
        WriteRange(sql, query, within);
        WriteTimes(sql, query);
        _access.WriteOfVersions(sql, query.Visibility);
    }

    /// <summary>Writes the versions of which type, or of all, and in which part of the change sequence.</summary>
    private void WriteRange(SqlBuilder sql, HistoryQuery query, SequenceRange within)
    {
        var (from, before) = (within.From ?? 0, within.Before ?? long.MaxValue);
        if (IsRowRange(query))
        {
            var type = sql.Parameter(source.TypeId(query.ResourceType!));
            sql.Add($"""(v."TypeId", v."Sequence") >= ({type}, {from}) """)
                .Add($"""AND (v."TypeId", v."Sequence") < ({type}, {before})""");
            return;
        }

        if (query is { Id: null, ResourceType: { } all })
            sql.Add($"""v."TypeId" = {source.TypeId(all)}""");
        else if (query.Id is null)
            sql.Add("1 = 1");
        if (within.From is not null)
            sql.Add($""" AND v."Sequence" >= {from}""");
        if (within.Before is not null)
            sql.Add($""" AND v."Sequence" < {before}""");
    }

    private bool IsRowRange(HistoryQuery query) =>
        dialect.ComparesRows && query is { Id: null, ResourceType: not null };

    private static void WriteTimes(SqlBuilder sql, HistoryQuery query)
    {
        if (query.Since is { } since)
            sql.Add($""" AND v."LastUpdated" >= {since.UtcTicks}""");
        if (query.At is not { } at)
            return;
        // A version was current from its own time until the next one's.
        sql.Add($""" AND v."LastUpdated" < {at.End} AND NOT EXISTS (SELECT 1 FROM "ResourceVersion" n """)
            .Add($"""WHERE n."ResourceKey" = v."ResourceKey" AND n."Version" = v."Version" + 1 """)
            .Add($"""AND n."LastUpdated" <= {at.Start}{sql.Dialect.ProbeEnd})""");
    }

    private StoredResource Read(DbDataReader row) =>
        ResourceRow.Read(row, 2, new ResourceKey(source.TypeName(row.GetInt16(0)), row.GetString(1)));
}
