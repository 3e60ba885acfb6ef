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

    // https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors
    public override Fault Classify(Exception exception)
    {
        if (exception is not SqlException e)
            return exception is IOException or ObjectDisposedException ? Fault.ConnectionLost : Fault.Permanent;
        return e.Number switch
        {
            1105 or 9002 => Fault.DiskFull,
            // Deadlock, lock timeout, snapshot conflict, resource limits, and a key that another node wrote first.
            1205 or 1222 or 3960 or 10928 or 10929 or 2601 or 2627 => Fault.Transient,
            -2 => Fault.Timeout,
            _ => e.Class >= 20
            || e.Number is -1 or 0 or 2 or 53 or 64 or 121 or 233 or 10053 or 10054 or 10060 or 4060 or 40613
                ? Fault.ConnectionLost
                : Fault.Permanent,
        };
    }
}
