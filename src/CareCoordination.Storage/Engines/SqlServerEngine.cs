using Microsoft.Data.SqlClient;

namespace CareCoordination.Storage.Engines;

/// <summary>SQL Server through Microsoft.Data.SqlClient.</summary>
internal sealed class SqlServerEngine(StorageOptions options) : DatabaseEngine(options)
{
    public override SqlDialect Dialect { get; } = new SqlServerDialect();

    public override Task<DbSession> OpenReaderAsync(CancellationToken cancellationToken) =>
        OpenAsync(new SqlConnection(ConnectionString), cancellationToken);

    public override async Task<CommitWriter> OpenWriterAsync(CancellationToken cancellationToken) =>
        new SqlServerWriter(
            await OpenAsync(new SqlConnection(ConnectionString), cancellationToken),
            CommandTimeoutSeconds
        );

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
