using CareCoordination.Storage.Connections;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Engines;

/// <summary>A resource that a transaction has to know the state of.</summary>
/// <param name="NeedsBody">It may be changed, so its current bytes are wanted too.</param>
internal readonly record struct WantedHead(short TypeId, string Id, bool NeedsBody);

/// <summary>The state of a wanted resource. Change and Body are there where they were wanted and there is a version.</summary>
/// <param name="Wanted">Its place in the list of wanted ones.</param>
internal readonly record struct FoundHead(
    int Wanted,
    long Key,
    int Version,
    bool IsDeleted,
    long LastUpdated,
    long Sequence,
    ChangeKind Change,
    byte[]? Body
)
{
    /// <summary>As the column of the resource.</summary>
    public long Patient { get; init; }

    /// <summary>As the column of the resource.</summary>
    public long Labels { get; init; }
}

/// <param name="Now">What the node's clock says, in ticks of UTC.</param>
/// <param name="Changes">Places in the change sequence that may be needed.</param>
/// <param name="Keys">Surrogate numbers to hand out.</param>
/// <param name="CommitId">What the transaction is known by.</param>
internal sealed record BeginRequest(long Now, int Changes, int Keys, long CommitId)
{
    public IReadOnlyList<WantedHead> Heads { get; init; } = [];

    /// <summary>How far ahead of the database's clock the node's may be.</summary>
    public TimeSpan MaxAhead { get; init; } = TimeSpan.MaxValue;

    /// <summary>
    /// Resources whose keys the node remembers. They are read, with places after those of <see cref="Heads"/>, where
    /// <see cref="LastCommitId"/> is not the last commit any more: then nothing that is remembered counts.
    /// </summary>
    public IReadOnlyList<WantedHead> Remembered { get; init; } = [];

    /// <summary>The transaction of this node after which what it remembers was true.</summary>
    public long LastCommitId { get; init; }
}

/// <summary>What holding the write lock means: nobody else changes anything until the end of the transaction.</summary>
/// <param name="Sequence">The last change before this transaction; its own are the numbers that follow.</param>
/// <param name="LastUpdated">The time of this transaction's changes, as <see cref="DatabaseClock.Next"/> says.</param>
/// <param name="FirstKey">The first of the surrogate numbers asked for.</param>
/// <param name="PreviousCommitId">The transaction that has committed last.</param>
internal sealed record WriteLock(long Sequence, long LastUpdated, long FirstKey, long PreviousCommitId)
{
    /// <summary>What time it is: the node's, or the database's where the node's clock is too far ahead.</summary>
    public required long Now { get; init; }

    /// <summary>What the database's clock says; null where it has none of its own.</summary>
    public long? Clock { get; init; }

    public required List<FoundHead> Heads { get; init; }
}

/// <summary>The one connection of this process that writes, and how its engine writes many rows at once.</summary>
internal abstract class CommitWriter(DbSession session) : IAsyncDisposable
{
    /// <summary>For searches that have to see what this transaction wrote.</summary>
    public DbSession Session => session;

    /// <summary>Starts a transaction, takes the write lock and reads what will be changed.</summary>
    public abstract Task<WriteLock> BeginAsync(BeginRequest request, CancellationToken cancellationToken);

    /// <summary>Writes the rows; with <paramref name="commit"/> ends the transaction too.</summary>
    public abstract Task WriteAsync(StagedRows rows, bool commit, CancellationToken cancellationToken);

    public virtual Task RollbackAsync(CancellationToken cancellationToken) =>
        session.ExecuteAsync(new Sql("ROLLBACK", []), cancellationToken);

    public virtual ValueTask DisposeAsync() => session.DisposeAsync();

    protected static string Columns(TableShape table, string prefix = "") =>
        string.Join(", ", table.Columns.Select(c => $"{prefix}\"{c.Name}\""));

    protected static string KeyMatches(TableShape table, string left, string right) =>
        string.Join(" AND ", table.Key.Select(c => $"{left}.\"{c}\" = {right}.\"{c}\""));

    /// <summary>The columns of a head that change: all but its identity.</summary>
    protected static IEnumerable<string> ChangingColumns =>
        FhirTables.Resource.Columns.Select(c => c.Name).Where(c => c is not ("Key" or "TypeId" or "Id"));
}
