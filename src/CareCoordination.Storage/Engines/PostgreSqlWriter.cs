using System.Collections;
using System.Globalization;
using CareCoordination.Storage.Connections;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Tables;
using Npgsql;
using NpgsqlTypes;

namespace CareCoordination.Storage.Engines;

/// <summary>
/// Two round trips per transaction, however many commits are in it: one that starts it, locks and reads, one that writes
/// everything and commits. Rows travel as one array per column.
/// </summary>
internal sealed class PostgreSqlWriter : CommitWriter
{
    // Where the server gives up waiting for its standby it says so in a warning, and that all went well. The text depends on the
    // language of the server, the name of its function does not.
    private const string WaitForStandby = "SyncRepWaitForLSN";

    /// <summary>
    /// Ends the sessions of nodes that stand still with the lock in their hands: a process that is stopped, a machine that is
    /// frozen. Their transactions are rolled back, and they find out when they go on. The server ends those by itself that wait
    /// for their next statement (idle_in_transaction_session_timeout), but not those that sent half of one, nor where a proxy
    /// took the setting away. A node that works is silent only while it decides, which is far shorter; one on a slow line sends
    /// its rows in more time than that.
    /// </summary>
    private const string EndSilentSql = """
        SELECT pg_terminate_backend(a.pid)
        FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.relation = '"ChangeSequence"'::regclass AND l.mode = 'RowExclusiveLock' AND l.granted
            AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
            AND a.pid <> pg_backend_pid() AND a.wait_event = 'ClientRead'
            AND clock_timestamp() - a.state_change > $1 * CASE WHEN a.state = 'active' THEN 2 ELSE 1 END
        """;

    private static readonly string Now = DatabaseClock.Bounded("$2", DatabaseClock.PostgreSql, "$5");

    private static readonly string LockSql = $"""
        UPDATE "ChangeSequence" SET "Sequence" = "Sequence" + $1,
            "LastUpdated" = {DatabaseClock.Next("\"LastUpdated\"", $"({Now})")}, "NextKey" = "NextKey" + $3,
            "PreviousCommitId" = "CommitId", "CommitId" = $4
        WHERE "Id" = 1 RETURNING "Sequence", "LastUpdated", "NextKey", "PreviousCommitId",
            {Now}, {DatabaseClock.PostgreSql}
        """;

    private const string HeadsSql = """
        SELECT w."Place"::int, h."Key", h."Version", h."IsDeleted", h."LastUpdated", h."Sequence", h."Patient", h."Labels",
            v."Change", v."Body"
        FROM unnest($1, $2, $3) WITH ORDINALITY AS w("TypeId", "Id", "NeedsBody", "Place")
        JOIN "Resource" h ON h."TypeId" = w."TypeId" AND h."Id" = w."Id"
        LEFT JOIN "ResourceVersion" v ON w."NeedsBody" AND v."Sequence" = h."Sequence"
        WHERE w."Place" <= $4 OR (SELECT c."PreviousCommitId" <> $5 FROM "ChangeSequence" c WHERE c."Id" = 1)
        """;

    private static readonly Dictionary<TableShape, (string Insert, string Delete)> Statements =
        FhirTables.Written.ToDictionary(t => t, t => (InsertSql(t), DeleteSql(t)));

    private static readonly string UpdateHeadsSql =
        $"""UPDATE "Resource" h SET {string.Join(", ", ChangingColumns.Select(c => $"\"{c}\" = d.\"{c}\""))} """
        + $"""FROM unnest({Parameters(FhirTables.Resource)}) AS d({Columns(FhirTables.Resource)}) WHERE h."Key" = d."Key" """;

    private readonly TimeSpan _patience;
    private bool _wasStandbyLeftBehind;

    /// <param name="patience">After which a client that says nothing inside a transaction is taken for one that stands still.</param>
    public PostgreSqlWriter(DbSession session, TimeSpan patience)
        : base(session)
    {
        _patience = patience;
        Connection.Notice += (_, notice) => _wasStandbyLeftBehind |= notice.Notice.Routine == WaitForStandby;
    }

    private NpgsqlConnection Connection => (NpgsqlConnection)Session.Connection;

    public override async Task<WriteLock> BeginAsync(BeginRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await Session.LimitAsync(TryBeginAsync(request, cancellationToken));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await RollbackAsync(cancellationToken);
            await Session.ExecuteAsync(new Sql(EndSilentSql, [_patience]), cancellationToken);
            throw;
        }
    }

    private async Task<WriteLock> TryBeginAsync(BeginRequest request, CancellationToken cancellationToken)
    {
        await using var batch = NewBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN"));
        var locking = new NpgsqlBatchCommand(LockSql);
        locking.Parameters.Add(new NpgsqlParameter<long> { TypedValue = request.Changes });
        locking.Parameters.Add(new NpgsqlParameter<long> { TypedValue = request.Now });
        locking.Parameters.Add(new NpgsqlParameter<long> { TypedValue = request.Keys });
        locking.Parameters.Add(new NpgsqlParameter<long> { TypedValue = request.CommitId });
        locking.Parameters.Add(new NpgsqlParameter<long> { TypedValue = request.MaxAhead.Ticks });
        batch.BatchCommands.Add(locking);
        batch.BatchCommands.Add(HeadsCommand(request));

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw new InvalidOperationException("The ChangeSequence row is missing: run the migrate command.");
        var (sequence, lastUpdated, nextKey) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
        var (previous, now, clock) = (reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5));
        await reader.NextResultAsync(cancellationToken);
        var found = new List<FoundHead>(request.Heads.Count);
        while (await reader.ReadAsync(cancellationToken))
            found.Add(HeadRows.Read(reader, reader.GetInt32(0) - 1));
        return new WriteLock(sequence - request.Changes, lastUpdated, nextKey - request.Keys, previous)
        {
            Now = now,
            Clock = clock,
            Heads = found,
        };
    }

    private static NpgsqlBatchCommand HeadsCommand(BeginRequest request)
    {
        WantedHead[] wanted = [.. request.Heads, .. request.Remembered];
        var heads = new NpgsqlBatchCommand(HeadsSql);
        heads.Parameters.Add(new NpgsqlParameter<short[]> { TypedValue = [.. wanted.Select(w => w.TypeId)] });
        heads.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. wanted.Select(w => w.Id)] });
        heads.Parameters.Add(new NpgsqlParameter<bool[]> { TypedValue = [.. wanted.Select(w => w.NeedsBody)] });
        heads.Parameters.Add(new NpgsqlParameter<long> { TypedValue = request.Heads.Count });
        heads.Parameters.Add(new NpgsqlParameter<long> { TypedValue = request.LastCommitId });
        return heads;
    }

    public override Task WriteAsync(StagedRows rows, bool commit, CancellationToken cancellationToken) =>
        Session.LimitAsync(TryWriteAsync(rows, commit, cancellationToken));

    private async Task<int> TryWriteAsync(StagedRows rows, bool commit, CancellationToken cancellationToken)
    {
        await using var batch = NewBatch();
        foreach (var removed in rows.Removals)
            Add(batch, Statements[removed.Table].Delete, removed);
        Add(batch, Statements[FhirTables.Resource].Insert, rows.NewHeads);
        Add(batch, UpdateHeadsSql, rows.ChangedHeads);
        Add(batch, Statements[FhirTables.ResourceVersion].Insert, rows.Versions);
        foreach (var added in rows.Additions)
            Add(batch, Statements[added.Table].Insert, added);
        if (commit)
            batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        if (batch.BatchCommands.Count == 0)
            return 0;
        _wasStandbyLeftBehind = false;
        var written = await batch.ExecuteNonQueryAsync(cancellationToken);
        return _wasStandbyLeftBehind
            ? throw new TimeoutException(
                "A transaction has committed on the primary, and its wait for the standby was ended."
            )
            : written;
    }

    private NpgsqlBatch NewBatch() => new(Connection) { Timeout = 0 };

    private static void Add(NpgsqlBatch batch, string sql, RowBuffer rows)
    {
        if (rows.Count == 0)
            return;
        var command = new NpgsqlBatchCommand(sql);
        for (var i = 0; i < rows.Table.Columns.Length; i++)
            command.Parameters.Add(Array(rows.Table.Columns[i].Type, rows.Column(i)));
        batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter Array(ColumnType type, IList values) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | DbType(type), Value = values };

    private static NpgsqlDbType DbType(ColumnType type) =>
        type switch
        {
            ColumnType.Short => NpgsqlDbType.Smallint,
            ColumnType.Int => NpgsqlDbType.Integer,
            ColumnType.Long => NpgsqlDbType.Bigint,
            ColumnType.Real => NpgsqlDbType.Double,
            ColumnType.Text => NpgsqlDbType.Text,
            _ => NpgsqlDbType.Bytea,
        };

    private static string Parameters(TableShape table) =>
        string.Join(
            ", ",
            Enumerable.Range(1, table.Columns.Length).Select(i => string.Create(CultureInfo.InvariantCulture, $"${i}"))
        );

    private static string InsertSql(TableShape table) =>
        $"""INSERT INTO "{table.Name}" ({Columns(table)}) SELECT * FROM unnest({Parameters(table)})""";

    private static string DeleteSql(TableShape table) =>
        $"""DELETE FROM "{table.Name}" t USING unnest({Parameters(table)}) AS d({Columns(table)}) WHERE {KeyMatches(table, "t", "d")}""";
}
