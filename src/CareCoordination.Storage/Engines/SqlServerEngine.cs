using System.Data.Common;
using CareCoordination.Storage.Connections;
using Microsoft.Data.SqlClient;

namespace CareCoordination.Storage.Engines;

/// <summary>SQL Server through Microsoft.Data.SqlClient.</summary>
/// <param name="connect">Makes a connection of a connection string.</param>
internal sealed class SqlServerEngine(StorageOptions options, Func<string, DbConnection> connect)
    : DatabaseEngine(options)
{
    public SqlServerEngine(StorageOptions options)
        : this(options, text => new SqlConnection(text)) { }

    public override string Clock => DatabaseClock.SqlServer;

    public override SqlDialect Dialect { get; } = new SqlServerDialect();

    public override Task<DbSession> OpenReaderAsync(CancellationToken cancellationToken) =>
        OpenAsync(connect(ConnectionString), cancellationToken);

    public override async Task<CommitWriter> OpenWriterAsync(CancellationToken cancellationToken)
    {
        var session = await OpenAsync(connect(ConnectionString), cancellationToken);
        try
        {
            await session.ExecuteAsync(SqlServerWriter.SessionSql(Options.CommandTimeout), cancellationToken);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }

        // Readers go to where the writer is: after a failover that may be another server.
        BeginEra();
        return new SqlServerWriter(session, CommandTimeoutSeconds);
    }

    // https://learn.microsoft.com/sql/t-sql/functions/databasepropertyex-transact-sql
    public override Task<bool> CanWriteAsync(DbSession session, CancellationToken cancellationToken) =>
        session.FirstAsync(
            new Sql(
                """
                SELECT CASE WHEN DATABASEPROPERTYEX(DB_NAME(), 'Updateability') = 'READ_WRITE' THEN 1 ELSE 0 END
                FROM "ChangeSequence" WHERE "Id" = 1
                """,
                []
            ),
            row => row.GetInt32(0) == 1,
            cancellationToken
        );

    public override Fault Classify(Exception exception) => SqlServerFaults.Classify(exception);
}
