using CareCoordination.Storage.Search;
using Npgsql;

namespace CareCoordination.Storage.Engines;

/// <summary>PostgreSQL through Npgsql.</summary>
internal sealed class PostgreSqlEngine : DatabaseEngine
{
    // Each of our statements has an index for what it asks and is written in the order it should run. Left to itself, the
    // planner would keep a plan made while tables were empty or plan each execution anew, which costs more than the execution.
    private const string SessionSettings =
        "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off; "
        + "SET enable_mergejoin = off; SET jit = off";

    private readonly NpgsqlDataSource _source;

    public PostgreSqlEngine(StorageOptions options)
        : base(options)
    {
        var builder = new NpgsqlDataSourceBuilder(options.ConnectionString);
        builder.ConnectionStringBuilder.MaxAutoPrepare = 256;
        builder.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
        // Sessions are held for their life: nothing of ours is left behind that a reset would have to clear.
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        builder.ConnectionStringBuilder.MaxPoolSize = options.MaxReadConnections + 4;
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(SessionSettings, connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var command = new NpgsqlCommand(SessionSettings, connection);
                await command.ExecuteNonQueryAsync();
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

    public override SqlDialect Dialect { get; } = new PostgreSqlDialect();

    public override Task<DbSession> OpenReaderAsync(CancellationToken cancellationToken) =>
        OpenAsync(_source.CreateConnection(), cancellationToken);

    public override async Task<CommitWriter> OpenWriterAsync(CancellationToken cancellationToken) =>
        new PostgreSqlWriter(await OpenAsync(_source.CreateConnection(), cancellationToken), CommandTimeoutSeconds);

    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    public override Fault Classify(Exception exception) =>
        exception switch
        {
            PostgresException { SqlState: "57014" } => Fault.Timeout,
            PostgresException { SqlState: "53100" } => Fault.DiskFull,
            PostgresException { SqlState: "57P01" or "57P02" or "57P03" } => Fault.ConnectionLost,
            PostgresException { SqlState: "40001" or "40P01" or "55P03" or "53300" or "53200" } => Fault.Transient,
            PostgresException { SqlState: var state } => state.StartsWith("08", StringComparison.Ordinal)
                ? Fault.ConnectionLost
                : Fault.Permanent,
            NpgsqlException { InnerException: TimeoutException } => Fault.Timeout,
            NpgsqlException => Fault.ConnectionLost,
            IOException or System.Net.Sockets.SocketException or ObjectDisposedException => Fault.ConnectionLost,
            InvalidOperationException when exception.Source == "Npgsql" => Fault.ConnectionLost,
            _ => Fault.Permanent,
        };

    public override ValueTask DisposeAsync() => _source.DisposeAsync();
}
