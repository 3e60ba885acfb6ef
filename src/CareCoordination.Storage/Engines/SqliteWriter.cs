using System.Globalization;
using CareCoordination.Storage.Connections;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Tables;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CareCoordination.Storage.Engines;

/// <summary>SQLite has no round trips to save: one prepared statement per table, run once per row.</summary>
internal sealed class SqliteWriter(DbSession session, SqliteCheckpoints checkpoints) : CommitWriter(session)
{
    private static readonly string LockSql = $"""
        UPDATE "ChangeSequence" SET "Sequence" = "Sequence" + @p0,
            "LastUpdated" = {DatabaseClock.Next("\"LastUpdated\"", "@p1")}, "NextKey" = "NextKey" + @p2,
            "PreviousCommitId" = "CommitId", "CommitId" = @p3
        WHERE "Id" = 1 RETURNING "Sequence", "LastUpdated", "NextKey", "PreviousCommitId"
        """;

    private const string HeadSql = """
        SELECT 0, h."Key", h."Version", h."IsDeleted", h."LastUpdated", h."Sequence", h."Patient", h."Labels",
            v."Change", v."Body"
        FROM "Resource" h LEFT JOIN "ResourceVersion" v ON @p2 = 1 AND v."Sequence" = h."Sequence"
        WHERE h."TypeId" = @p0 AND h."Id" = @p1
        """;

    private static readonly Sql BeginSql = new("BEGIN IMMEDIATE", []);
    private static readonly Sql CommitSql = new("COMMIT", []);

    private static readonly Dictionary<TableShape, (string Insert, string Delete)> Statements =
        FhirTables.Written.ToDictionary(t => t, t => (InsertSql(t), DeleteSql(t)));

    private static readonly string UpdateHeadSql =
        $"""UPDATE "Resource" SET {string.Join(", ", ChangingColumns.Select(c => $"\"{c}\" = {Parameter(FhirTables.Resource, c)}"))} """
        + $"""WHERE "Key" = {Parameter(FhirTables.Resource, "Key")}""";

    private readonly FileInfo _log = new(((SqliteConnection)session.Connection).DataSource + "-wal");
    private readonly Dictionary<string, SqliteRowStatement> _statements = new(StringComparer.Ordinal);

    private SqliteConnection Connection => (SqliteConnection)Session.Connection;

    public override async Task<WriteLock> BeginAsync(BeginRequest request, CancellationToken cancellationToken)
    {
        if (SqliteFile.HasMoved(Connection))
            throw new SqliteException("The file was moved away, or another was put in its place.", raw.SQLITE_CANTOPEN);
        await Session.ExecuteAsync(BeginSql, cancellationToken);
        var (sequence, lastUpdated, nextKey, previous) = await Session.FirstAsync(
            new Sql(LockSql, [(long)request.Changes, request.Now, (long)request.Keys, request.CommitId]),
            row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)),
            cancellationToken
        );
        var found = new List<FoundHead>(request.Heads.Count);
        await ReadAsync(request.Heads, 0, found, cancellationToken);
        if (previous != request.LastCommitId)
            await ReadAsync(request.Remembered, request.Heads.Count, found, cancellationToken);
        return new WriteLock(sequence - request.Changes, lastUpdated, nextKey - request.Keys, previous)
        {
            Now = request.Now,
            Heads = found,
        };
    }

    private async Task ReadAsync(
        IReadOnlyList<WantedHead> heads,
        int firstPlace,
        List<FoundHead> found,
        CancellationToken cancellationToken
    )
    {
        var values = new object[3];
        var sql = new Sql(HeadSql, values);
        for (var i = 0; i < heads.Count; i++)
        {
            var wanted = heads[i];
            (values[0], values[1], values[2]) = (wanted.TypeId, wanted.Id, wanted.NeedsBody ? 1 : 0);
            await using var reader = await Session.Command(sql).ExecuteReaderAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
                found.Add(HeadRows.Read(reader, firstPlace + i));
        }
    }

    public override async Task WriteAsync(StagedRows rows, bool commit, CancellationToken cancellationToken)
    {
        foreach (var removed in rows.Removals)
            Run(Statements[removed.Table].Delete, removed);
        Run(Statements[FhirTables.Resource].Insert, rows.NewHeads);
        Run(UpdateHeadSql, rows.ChangedHeads);
        Run(Statements[FhirTables.ResourceVersion].Insert, rows.Versions);
        foreach (var added in rows.Additions)
            Run(Statements[added.Table].Insert, added);
        if (!commit)
            return;
        await Session.ExecuteAsync(CommitSql, cancellationToken);
        checkpoints.After(_log);
    }

    public override ValueTask DisposeAsync()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
        return base.DisposeAsync();
    }

    private void Run(string sql, RowBuffer rows)
    {
        if (rows.Count == 0)
            return;
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = new SqliteRowStatement(Connection.Handle!, sql);
            _statements.Add(sql, statement);
        }

        for (var row = 0; row < rows.Count; row++)
            statement.Run(rows, row);
    }

    private static string Parameter(TableShape table, string column) =>
        string.Create(CultureInfo.InvariantCulture, $"?{table.Ordinal(column) + 1}");

    private static string InsertSql(TableShape table) =>
        $"""INSERT INTO "{table.Name}" ({Columns(table)}) VALUES ({string.Join(", ", table.Columns.Select(c => Parameter(table, c.Name)))})""";

    private static string DeleteSql(TableShape table) =>
        $"""DELETE FROM "{table.Name}" WHERE {string.Join(" AND ", table.Key.Select(c => $"\"{c}\" = {Parameter(table, c)}"))}""";
}
