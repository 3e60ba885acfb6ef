using System.Collections.Immutable;
using System.Data.Common;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Audit;

/// <summary>A row as it lies in the table, for whoever verifies it.</summary>
internal readonly record struct ChainRow(long Sequence, long Recorded, byte[] Content, byte[] Hash);

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

    /// <summary>When the first row at or after a place was recorded; null: there is none.</summary>
    public async Task<long?> RecordedAsync(DbSession session, long sequence, CancellationToken token)
    {
        var sql = new SqlBuilder(dialect).Add(
            $"""SELECT "Recorded" FROM "AuditRow" WHERE "Sequence" >= {sequence} ORDER BY "Sequence" """
        );
        dialect.Limit(sql, 1);
        return await session.QueryAsync(sql.Build(), row => row.GetInt64(0), token) is [var recorded] ? recorded : null;
    }

    /// <summary>Rows with their lines; those that somebody has made unreadable are left out.</summary>
    public async Task<ImmutableArray<AuditRow>> ReadAsync(DbSession session, AuditQuery query, CancellationToken token)
    {
        var rows = await RowsAsync(session, query, token);
        var read = ImmutableArray.CreateBuilder<AuditRow>(rows.Count);
        foreach (var row in rows)
        {
            if (AuditContent.Read(row.Content) is { } line)
                read.Add(new AuditRow(row.Sequence, new DateTimeOffset(row.Recorded, TimeSpan.Zero), line));
        }

        return read.DrainToImmutable();
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

    /// <summary>As they lie, in their order.</summary>
    public Task<List<ChainRow>> RowsAsync(DbSession session, AuditQuery query, CancellationToken token) =>
        session.QueryAsync(Rows(query), ReadRow, token);

    /// <summary>Those of the keys that no row has.</summary>
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

    private Sql Rows(AuditQuery query)
    {
        var order = new RawSql(query.IsDescending ? "DESC" : "ASC");
        var sql = new SqlBuilder(dialect).Add(
            """SELECT r."Sequence", r."Recorded", r."Content", r."Hash" FROM "AuditRow" r """
        );
        if (query.References.IsEmpty)
        {
            sql.Add($"""WHERE r."Sequence" >= {query.First} AND r."Sequence" <= {query.Last} """);
        }
        else
        {
            sql.Add("""JOIN (SELECT DISTINCT k."Sequence" FROM "AuditKey" k WHERE """);
            dialect.AnyOf(sql, "k.\"Key\"", [.. query.References.Select(AuditChain.KeyOf)]);
            sql.Add($""" AND k."Sequence" >= {query.First} AND k."Sequence" <= {query.Last} """)
                .Add($"""ORDER BY k."Sequence" {order}""");
            dialect.Limit(sql, query.Count);
            sql.Add(""") f ON f."Sequence" = r."Sequence" """);
        }

        sql.Add($"""ORDER BY r."Sequence" {order}""");
        dialect.Limit(sql, query.Count);
        return sql.Build();
    }

    private static AuditHead ReadHead(DbDataReader row) => new(row.GetInt64(0), Bytes(row, 1));

    private static ChainRow ReadRow(DbDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), Bytes(row, 2), Bytes(row, 3));

    private static byte[] Bytes(DbDataReader row, int column) =>
        row.IsDBNull(column) ? [] : row.GetFieldValue<byte[]>(column);
}
