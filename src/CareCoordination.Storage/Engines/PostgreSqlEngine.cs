using System.Globalization;
using CareCoordination.Storage.Connections;
using Npgsql;

namespace CareCoordination.Storage.Engines;

/// <summary>PostgreSQL through Npgsql.</summary>
internal sealed class PostgreSqlEngine : DatabaseEngine
{
    // Each of our statements has an index for what it asks and is written in the order it should run. Left to itself, the
    // planner would keep a plan made while tables were empty or plan each execution anew, which costs more than the execution.
    internal const string Planning =
        "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off; "
        + "SET enable_mergejoin = off; SET jit = off; ";

    // Whatever the role, the database or the connection string say: the store counts on it. A time limit of the server would also
    // end the wait of a COMMIT for its standby.
    private const string Transactions =
        "SET default_transaction_isolation = 'read committed'; SET statement_timeout = 0; ";

    // The server gives up a node that is gone, and what it holds, within a minute and not within hours.
    private const string Network =
        "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; "
        + "SET tcp_user_timeout = 20000; ";

    private const string InRecovery = "SELECT pg_is_in_recovery(); ";

    // What is long, as the links of the audit trail are, is compressed in a third of the time, to the same size. Servers that were built
    // without it go on as they do. https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-DEFAULT-TOAST-COMPRESSION
    private const string Compression =
        "SELECT set_config(name, 'lz4', false) FROM pg_settings "
        + "WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)";

    // A session that waits for its standby is past what can be undone. Cancelled, it would only stop waiting.
    private const string StopSql =
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND wait_event IS DISTINCT FROM 'SyncRep'";

    // Asked of a table of the store, so that it is this database and this login.
    private const string CanWriteSql = """
        SELECT NOT pg_is_in_recovery() AND NOT current_setting('default_transaction_read_only')::boolean
            AND has_table_privilege(c.tableoid, 'UPDATE')
        FROM "ChangeSequence" c WHERE c."Id" = 1
        """;

    private readonly NpgsqlDataSource _source;
    private readonly bool _isOneHost;
    private readonly string _sessionSql;

    public PostgreSqlEngine(StorageOptions options)
        : base(options)
    {
        var builder = new NpgsqlDataSourceBuilder(ConnectionString);
        _isOneHost = builder.ConnectionStringBuilder.TargetSessionAttributes is null;
        _sessionSql =
            Planning
            + Transactions
            + Network
            + $"SET lock_timeout = {Milliseconds(options.LockWait)}; "
            + $"SET idle_in_transaction_session_timeout = {Milliseconds(options.LongestPause)}; "
            + InRecovery
            + Compression;
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(_sessionSql, connection)
                {
                    CommandTimeout = connection.ConnectionTimeout,
                };
                Check((bool)command.ExecuteScalar()!);
            },
            async connection =>
            {
                await using var command = new NpgsqlCommand(_sessionSql, connection)
                {
                    CommandTimeout = connection.ConnectionTimeout,
                };
                Check((bool)(await command.ExecuteScalarAsync())!);
            }
        );
        _source = builder.Build();
    }

    public override string CurrentVersionsSql { get; } =
        $"""
            SELECT w."Place"::int, {ResourceRow.Columns}
            FROM unnest($1, $2) WITH ORDINALITY AS w("TypeId", "Id", "Place")
            JOIN "Resource" h ON h."TypeId" = w."TypeId" AND h."Id" = w."Id"
            JOIN "ResourceVersion" v ON v."Sequence" = h."Sequence"
            """;

    public override string Clock => DatabaseClock.PostgreSql;

    public override SqlDialect Dialect { get; } = new PostgreSqlDialect();

    // Npgsql cancels by a second connection, and waits for it on the thread that has to cancel. Where the server hangs, all
    // threads of the process soon wait so.
    public override CancellationToken StatementToken(CancellationToken limit) => CancellationToken.None;

    public override async Task<DbSession> OpenReaderAsync(CancellationToken cancellationToken)
    {
        var session = await OpenAsync(
            _source.CreateConnection(),
            new StatementLimit(0, Options.CommandTimeout),
            cancellationToken
        );
        // The time limit is for what a node leaves behind that is killed; while it lives it sees to the time itself. Statements
        // that are sent together are one transaction: with this isolation they see one state, and that costs nothing.
        await session.ExecuteAsync(
            new Sql(
                $"SET statement_timeout = {Milliseconds(Options.CommandTimeout)}; "
                    + "SET default_transaction_isolation = 'repeatable read'",
                []
            ),
            cancellationToken
        );
        return session;
    }

    public override async Task<CommitWriter> OpenWriterAsync(CancellationToken cancellationToken)
    {
        var session = await OpenAsync(
            _source.CreateConnection(),
            new StatementLimit(0, Options.CommandTimeout, StopAsync),
            cancellationToken
        );
        // What ends a transaction may wait for a standby, and the server's own limit would cut that short. We have ours.
        await session.ExecuteAsync(new Sql("SET statement_timeout = 0", []), cancellationToken);
        // Readers go to where the writer is: after a failover that may be another server.
        BeginEra();
        return new PostgreSqlWriter(session, Options.LongestPause);
    }

    public override async Task StopAsync(DbSession session)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(StopSql, connection);
        command.Parameters.Add(
            new NpgsqlParameter<int> { TypedValue = ((NpgsqlConnection)session.Connection).ProcessID }
        );
        await command.ExecuteNonQueryAsync();
    }

    public override async Task<bool> CanWriteAsync(DbSession session, CancellationToken cancellationToken) =>
        await session.FirstAsync(new Sql(CanWriteSql, []), row => row.GetBoolean(0), cancellationToken);

    public override Fault Classify(Exception exception) => PostgreSqlFaults.Classify(exception);

    // A statement that was cancelled is an error before the commit; after it, it is a warning.
    public override bool IsRefusal(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } || base.IsRefusal(exception);

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    private void Check(bool isInRecovery)
    {
        // The driver knows for a second which of several hosts is the primary, and that may be a second too long. Where there is
        // one host it can be read, and what cannot be written says so.
        if (isInRecovery && !_isOneHost)
            throw new NpgsqlException("The server is a standby.");
    }

    private static string Milliseconds(TimeSpan time) =>
        ((int)Math.Ceiling(time.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);
}
