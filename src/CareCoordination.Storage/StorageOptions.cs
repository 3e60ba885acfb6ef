using Microsoft.Data.Sqlite;

namespace CareCoordination.Storage;

/// <summary>The database engines that hold the resources.</summary>
public enum StorageProvider
{
    Sqlite,
    PostgreSql,
    SqlServer,
}

/// <summary>Where resources are stored and how much at once.</summary>
public sealed record StorageOptions
{
    public StorageProvider Provider { get; init; } = StorageProvider.Sqlite;

    /// <summary>As the operator gave it; what the store makes of it is the one that is read from it.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The file of an embedded database; null: a server keeps it.</summary>
    public string? EmbeddedFile =>
        Provider == StorageProvider.Sqlite ? new SqliteConnectionStringBuilder(ConnectionString).DataSource : null;

    /// <summary>Connections for reads and searches. More than a few per core of the database only queue there instead of here.</summary>
    public int MaxReadConnections { get; init; } = 16;

    /// <summary>Changes that one database transaction may hold: commits that wait together are written together.</summary>
    public int MaxGroupChanges { get; init; } = 512;

    /// <summary>Bytes of resources that one database transaction may hold, unless a single commit is larger.</summary>
    public int MaxGroupBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// Rows that one commit may need, those of the search index counted: a larger one is refused
    /// (<see cref="CommitTooLargeException"/>). Commits that are written together need no more than this together.
    /// </summary>
    public int MaxCommitRows { get; init; } = 200_000;

    /// <summary>Commits that may wait for their turn before callers have to wait to hand in theirs.</summary>
    public int MaxWaitingCommits { get; init; } = 4096;

    /// <summary>
    /// How long one database transaction may spend on decisions that are made inside it, unless a single one takes longer. Those
    /// not reached are the first of the next transaction.
    /// </summary>
    public TimeSpan MaxDecisionTime { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a transaction that met a transient fault is tried before the caller is told to come back later.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>
    /// What one read may take with all its waiting, what one statement of the writer may take, and how long a commit is tried.
    /// The other times of the store are parts of it.
    /// </summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How far ahead of the database's clock a node's may be. Where it is further, the database's time is used. SQLite has no clock
    /// but the node's.
    /// </summary>
    public TimeSpan MaxClockAhead { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Included resources that one page may carry; <see cref="SearchPage.IsIncludedCut"/> says where there were more.</summary>
    public int MaxIncluded { get; init; } = 10_000;

    /// <summary>
    /// How many references what comes along with a page is away from a match, at most, where a search goes on from what comes along;
    /// <see cref="SearchPage.IsIterationCut"/> says where there were more.
    /// </summary>
    public const int MaxIncludeRounds = 10;

    /// <summary>How long the writer waits for another node's transaction before it looks what is the matter.</summary>
    internal TimeSpan LockWait => CommandTimeout / 10;

    /// <summary>What one decision inside a transaction may take: less than what would make it look like a node that stands still.</summary>
    internal TimeSpan DecisionTime => CommandTimeout / 6;

    /// <summary>How long a node may do nothing inside a transaction before its session is ended for the sake of the others.</summary>
    internal TimeSpan LongestPause => CommandTimeout / 3;

    /// <summary>Once the first search in the queue has waited this long, no more are let into it.</summary>
    internal TimeSpan QueuePatience => CommandTimeout / 6;
}
