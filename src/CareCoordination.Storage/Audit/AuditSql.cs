using System.Collections.Immutable;
using System.Data.Common;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Audit;

/// <summary>What is asked of the tables of <see cref="AuditTables"/>, on whichever session.</summary>
internal sealed class AuditSql(SqlDialect dialect)
{
    /// <summary>The keys that a part of the trail should have.</summary>
    private static readonly TableShape Wanted = AuditTables.Key with { Name = "w" };

    public async Task<AuditHead> HeadAsync(DbSession session, CancellationToken token)
    {
        var sql = new SqlBuilder(dialect).Add("""SELECT "Sequence", "Hash" FROM "AuditRow" ORDER BY "Sequence" DESC""");
        dialect.Limit(sql, 1);
        var found = await session.QueryAsync(sql.Build(), ReadHead, token);
        return found is [var head] ? head : await CutAsync(session, token);
    }

    /// <summary>The last row that was removed; <see cref="AuditHead.None"/> where none was.</summary>
    public async Task<AuditHead> CutAsync(DbSession session, CancellationToken token) =>
        await session.QueryAsync(
            new SqlBuilder(dialect).Add("""SELECT "Sequence", "Hash" FROM "AuditCut" WHERE "Id" = 1""").Build(),
            ReadHead,
            token
        )
            is [var cut]
            ? cut
            : AuditHead.None;

    /// <summary>When the row at a place, or the first after it, was recorded; null: there is none.</summary>
    public async Task<long?> RecordedAsync(DbSession session, long sequence, CancellationToken token)
    {
        var sql = new SqlBuilder(dialect).Add(
            $"""SELECT "Recorded" FROM "AuditRow" WHERE "Sequence" >= {sequence} ORDER BY "Sequence" """
        );
        dialect.Limit(sql, 1);
        return await session.QueryAsync(sql.Build(), row => row.GetInt64(0), token) is [var recorded] ? recorded : null;
    }

    /// <summary>The rows of some links; those that somebody has made unreadable are left out.</summary>
    public async Task<AuditPage> ReadAsync(DbSession session, AuditQuery query, CancellationToken token)
    {
        var links = await LinksAsync(session, query, token);
        var names = new AuditNames(query.References);
        var read = ImmutableArray.CreateBuilder<AuditRow>();
        foreach (var link in links)
        {
            var rows = link.Lines(names.MayBeIn)
                .Where(row => row.Sequence >= query.First && row.Sequence <= query.Last && names.AreIn(row.Line));
            read.AddRange(query.IsDescending ? rows.Reverse() : rows);
        }

        long? next =
            links.Count < query.Links ? null
            : query.IsDescending ? links[^1].First - 1
            : links[^1].Sequence + 1;
        return new AuditPage(read.DrainToImmutable(), next);
    }

    /// <summary>The first row that was recorded at or after an instant: times go the way of the sequence, so that a few rows tell its place.</summary>
    public async Task<long> FirstSinceAsync(DbSession session, DateTimeOffset instant, CancellationToken token)
    {
        var low = (await CutAsync(session, token)).Sequence + 1;
        var high = (await HeadAsync(session, token)).Sequence + 1;
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (await RecordedAsync(session, middle, token) is { } recorded && recorded < instant.UtcTicks)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>The links that the rows are in, as they lie, in their order.</summary>
    public Task<List<ChainLink>> LinksAsync(DbSession session, AuditQuery query, CancellationToken token) =>
        session.QueryAsync(Links(query), ReadLink, token);

    /// <summary>Those of the keys that no link is found by.</summary>
    public Task<List<(long Key, long Sequence)>> MissingKeysAsync(
        DbSession session,
        RowBuffer keys,
        CancellationToken token
    )
    {
        var sql = new SqlBuilder(dialect).Add("""SELECT w."Key", w."Sequence" FROM """);
        dialect.AddRows(sql, keys);
        sql.Add(
            """ WHERE NOT EXISTS (SELECT 1 FROM "AuditKey" k WHERE k."Key" = w."Key" AND k."Sequence" = w."Sequence")"""
        );
        return session.QueryAsync(sql.Build(), row => (row.GetInt64(0), row.GetInt64(1)), token);
    }

    public static RowBuffer NewKeys() => new(Wanted);

    private Sql Links(AuditQuery query)
    {
        var order = new RawSql(query.IsDescending ? "DESC" : "ASC");
        var sql = new SqlBuilder(dialect).Add(
            """SELECT r."Sequence", r."Recorded", r."Content", r."Hash" FROM "AuditRow" r """
        );
        if (query.References.IsEmpty)
        {
            WriteRange(sql.Add("WHERE "), "r", query);
        }
        else
        {
            sql.Add("""JOIN (SELECT DISTINCT k."Sequence" FROM "AuditKey" k WHERE """);
            dialect.AnyOf(sql, "k.\"Key\"", [.. query.References.Select(AuditChain.KeyOf)]);
            WriteRange(sql.Add(" AND "), "k", query);
            sql.Add($""" ORDER BY k."Sequence" {order}""");
            dialect.Limit(sql, query.Links);
            sql.Add(""") f ON f."Sequence" = r."Sequence" """);
        }

        sql.Add($""" ORDER BY r."Sequence" {order}""");
        dialect.Limit(sql, query.Links);
        return sql.Build();
    }

    /// <summary>From the link that has the first row on, to the one that has the last.</summary>
    private static void WriteRange(SqlBuilder sql, string alias, AuditQuery query)
    {
        var a = new RawSql(alias);
        sql.Add($"""{a}."Sequence" >= {query.First}""");
        if (query.Last < long.MaxValue)
            sql.Add($""" AND {a}."Sequence" <= COALESCE((SELECT MIN(l."Sequence") FROM "AuditRow" l """)
                .Add($"""WHERE l."Sequence" >= {query.Last}), {query.Last})""");
    }

    private static AuditHead ReadHead(DbDataReader row) => new(row.GetInt64(0), Bytes(row, 1));

    private static ChainLink ReadLink(DbDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), Bytes(row, 2), Bytes(row, 3));

    private static byte[] Bytes(DbDataReader row, int column) =>
        row.IsDBNull(column) ? [] : row.GetFieldValue<byte[]>(column);
}
