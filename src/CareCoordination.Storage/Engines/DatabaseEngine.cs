using System.Data.Common;
using CareCoordination.Storage.Connections;

namespace CareCoordination.Storage.Engines;

/// <summary>One of the three databases: its connections, its dialect, its way of writing and its errors.</summary>
internal abstract class DatabaseEngine(StorageOptions options) : IAsyncDisposable
{
    private ReadLanes? _lanes;
    private int _era;

    protected StorageOptions Options => options;

    /// <summary>The connection string that the store uses.</summary>
    protected string ConnectionString { get; } = Read(options);

    /// <summary>Sessions that may read at once. SQLite works on the threads of its callers, so more than cores are of no use.</summary>
    public virtual int MaxReaders => options.MaxReadConnections;

    /// <summary>What one read may take, waiting included.</summary>
    public TimeSpan ReadTime => options.CommandTimeout;

    public ReadLanes Lanes => _lanes ??= new ReadLanes(MaxReaders, options.QueuePatience, TimeProvider.System);

    /// <summary>Sessions of an earlier era may be of a server that is not the one to read from any more.</summary>
    public int Era => Volatile.Read(ref _era);

    /// <summary>A connection was found broken, or the writer has opened a new one: all others are opened anew too.</summary>
    public void BeginEra() => Interlocked.Increment(ref _era);

    public abstract SqlDialect Dialect { get; }

    /// <summary>
    /// What statements of a read are given of its time limit: none where the driver's own way of cancelling holds threads up, as
    /// long as <see cref="StopAsync"/> ends them.
    /// </summary>
    public virtual CancellationToken StatementToken(CancellationToken limit) => limit;

    /// <summary>Has the database end the statement that runs on a session; returns when that was asked for.</summary>
    public virtual Task StopAsync(DbSession session) => Task.CompletedTask;

    /// <summary>
    /// Reads the current versions of many resources, given as arrays of type and id, each row led by its place from 1; null
    /// where the engine takes no arrays, or where a round trip costs next to nothing.
    /// </summary>
    public virtual string? CurrentVersionsSql => null;

    /// <summary>How a transaction begins and ends in which several reads see one state; null where there is no such, or not everywhere.</summary>
    public virtual (Sql Begin, Sql End)? Snapshot => null;

    /// <summary>False where what a session reads is not the database any more that a new one would read.</summary>
    public virtual bool IsCurrent(DbSession session) => true;

    /// <summary>What the database's clock says, as <see cref="DatabaseClock"/>; null where it has none of its own.</summary>
    public virtual string? Clock => null;

    /// <summary>Opens a connection that only reads.</summary>
    public abstract Task<DbSession> OpenReaderAsync(CancellationToken cancellationToken);

    /// <summary>Opens the connection of the committer.</summary>
    public abstract Task<CommitWriter> OpenWriterAsync(CancellationToken cancellationToken);

    /// <summary>
    /// False where changes would be refused: on a standby, or where somebody has made the database read only. Throws where it is
    /// not there, or not as it should be.
    /// </summary>
    public virtual Task<bool> CanWriteAsync(DbSession session, CancellationToken cancellationToken) =>
        Task.FromResult(true);

    public abstract Fault Classify(Exception exception);

    /// <summary>
    /// The database itself has said, in answer to the end of a transaction, that it did not happen. Anything else that goes wrong
    /// then leaves it open.
    /// </summary>
    public virtual bool IsRefusal(Exception exception) =>
        exception is DbException && Classify(exception).Traits().IsAnswered;

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected int CommandTimeoutSeconds => Math.Max(1, (int)options.CommandTimeout.TotalSeconds);

    protected Task<DbSession> OpenAsync(DbConnection connection, CancellationToken cancellationToken) =>
        OpenAsync(connection, new StatementLimit(CommandTimeoutSeconds, options.CommandTimeout), cancellationToken);

    protected static async Task<DbSession> OpenAsync(
        DbConnection connection,
        StatementLimit limit,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await connection.OpenAsync(cancellationToken);
            return new DbSession(connection, limit);
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
