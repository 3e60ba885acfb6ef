using System.Data.Common;

namespace CareCoordination.Storage.Engines;

/// <summary>One of the three databases: its connections, its dialect, its way of writing and its errors.</summary>
internal abstract class DatabaseEngine(StorageOptions options) : IAsyncDisposable
{
    protected StorageOptions Options => options;

    /// <summary>The connection string that the store uses.</summary>
    protected string ConnectionString { get; } = Read(options);

    /// <summary>Sessions that may read at once. SQLite works on the threads of its callers, so more than cores are of no use.</summary>
    public virtual int MaxReaders => options.MaxReadConnections;

    public abstract SqlDialect Dialect { get; }

    /// <summary>
    /// Reads the current versions of many resources, given as arrays of type and id, each row led by its place from 1; null
    /// where the engine takes no arrays, or where a round trip costs next to nothing.
    /// </summary>
    public virtual string? CurrentVersionsSql => null;

    /// <summary>Opens a connection that only reads.</summary>
    public abstract Task<DbSession> OpenReaderAsync(CancellationToken cancellationToken);

    /// <summary>Opens the connection of the committer.</summary>
    public abstract Task<CommitWriter> OpenWriterAsync(CancellationToken cancellationToken);

    public abstract Fault Classify(Exception exception);

    /// <summary>
    /// The database itself has said, in answer to the end of a transaction, that it did not happen. Anything else that goes wrong
    /// then leaves it open.
    /// </summary>
    public virtual bool IsRefusal(Exception exception) =>
        exception is DbException && Classify(exception).Traits().IsAnswered;

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected int CommandTimeoutSeconds => Math.Max(1, (int)options.CommandTimeout.TotalSeconds);

    protected async Task<DbSession> OpenAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.OpenAsync(cancellationToken);
            return new DbSession(connection, CommandTimeoutSeconds);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static string Read(StorageOptions options)
    {
        var reading = options.ReadConnection();
        return reading.Problem is { } problem
            ? throw new StorageProblemException($"The connection string {problem}")
            : reading.Text;
    }

    public static DatabaseEngine Create(StorageOptions options) =>
        options.Provider switch
        {
            StorageProvider.Sqlite => new SqliteEngine(options),
            StorageProvider.PostgreSql => new PostgreSqlEngine(options),
            StorageProvider.SqlServer => new SqlServerEngine(options),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Provider, "Unknown storage provider."),
        };
}
