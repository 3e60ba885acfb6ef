using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CareCoordination.Storage.Engines;

/// <summary>SQLite in a file, through Microsoft.Data.Sqlite.</summary>
internal sealed class SqliteEngine : DatabaseEngine
{
    // Index rows go to many places of their tables: the writer keeps more pages at hand than a reader needs.
    private const int WriterCache = 64 * 1024;
    private const int ReaderCache = 8 * 1024;

    private static readonly Sql SequenceSql = new("""SELECT "Sequence" FROM "ChangeSequence" WHERE "Id" = 1""", []);

    private readonly SqliteCheckpoints _checkpoints;

    public SqliteEngine(StorageOptions options)
        : base(options) => _checkpoints = new SqliteCheckpoints(OpenAsync, Lanes, ReadTime);

    public override int MaxReaders => Math.Min(Options.MaxReadConnections, 2 * Environment.ProcessorCount);

    public override SqlDialect Dialect { get; } = new SqliteDialect();

    public override (Sql Begin, Sql End)? Snapshot { get; } = (new Sql("BEGIN", []), new Sql("COMMIT", []));

    public override async Task<DbSession> OpenReaderAsync(CancellationToken cancellationToken)
    {
        var session = await OpenAsync(cancellationToken);
        await session.ExecuteAsync(new Sql("PRAGMA query_only = 1", []), cancellationToken);
        await TuneAsync(session, ReaderCache, cancellationToken);
        return session;
    }

    public override async Task<CommitWriter> OpenWriterAsync(CancellationToken cancellationToken)
    {
        var session = await OpenAsync(cancellationToken);
        // With WAL a commit is one append and, with FULL, one fsync: what was acknowledged survives a crash of the process and
        // of the machine. https://sqlite.org/pragma.html#pragma_synchronous
        await session.ExecuteAsync(new Sql("PRAGMA journal_mode = WAL", []), cancellationToken);
        await session.ExecuteAsync(new Sql("PRAGMA synchronous = FULL", []), cancellationToken);
        await session.ExecuteAsync(new Sql("PRAGMA wal_autocheckpoint = 4000", []), cancellationToken);
        await session.ExecuteAsync(new Sql("PRAGMA journal_size_limit = 16777216", []), cancellationToken);
        await TuneAsync(session, WriterCache, cancellationToken);
        return new SqliteWriter(session, _checkpoints);
    }

    public override async Task<bool> CanWriteAsync(DbSession session, CancellationToken cancellationToken)
    {
        // A new connection: what was opened before goes on with the file as it was, whatever became of its name and its rights.
        await using var fresh = await OpenAsync(cancellationToken);
        await fresh.FirstAsync(SequenceSql, row => row.GetInt64(0), cancellationToken);
        return raw.sqlite3_db_readonly(((SqliteConnection)fresh.Connection).Handle!, "main") == 0;
    }

    public override bool IsCurrent(DbSession session) => !SqliteFile.HasMoved((SqliteConnection)session.Connection);

    public override Fault Classify(Exception exception) => SqliteFaults.Classify(exception);

    // What interrupts a change rolls the whole transaction back. https://sqlite.org/c3ref/interrupt.html
    public override bool IsRefusal(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_INTERRUPT } || base.IsRefusal(exception);

    public override ValueTask DisposeAsync() => _checkpoints.DisposeAsync();

    // Only a start makes a file: one that was moved away must not be followed by an empty one.
    private Task<DbSession> OpenAsync(CancellationToken cancellationToken) =>
        OpenAsync(
            new SqliteConnection(
                new SqliteConnectionStringBuilder(ConnectionString) { Mode = SqliteOpenMode.ReadWrite }.ToString()
            ),
            Limit,
            cancellationToken
        );

    // SQLite waits for a locked file, and the driver, which knows seconds only, then tries again for as long as this.
    private StatementLimit Limit => new(Math.Max(1, (int)Options.LockWait.TotalSeconds), Options.CommandTimeout);

    private async Task TuneAsync(DbSession session, int cacheKilobytes, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(
            new Sql($"PRAGMA busy_timeout = {(int)Options.LockWait.TotalMilliseconds}", []),
            cancellationToken
        );
        await session.ExecuteAsync(new Sql($"PRAGMA cache_size = -{cacheKilobytes}", []), cancellationToken);
    }
}
