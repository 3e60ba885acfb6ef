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
        var builder = new NpgsqlDataSourceBuilder(ConnectionString);
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

    public override Fault Classify(Exception exception) => PostgreSqlFaults.Classify(exception);

    // A statement that was cancelled is an error before the commit; after it, it is a warning.
    public override bool IsRefusal(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } || base.IsRefusal(exception);

    public override ValueTask DisposeAsync() => _source.DisposeAsync();
}
