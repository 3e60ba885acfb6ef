using System.Collections.Immutable;
using System.Data.Common;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Audit;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.ServerState;

namespace CareCoordination.Storage.Commits;

/// <summary>
/// The reads of one decision inside a transaction: of resources from memory where they are there, of everything else on the
/// connection that holds the write lock, after what is decided so far has been written to it. They end with the decision.
/// </summary>
internal sealed class DecisionReads(OpenTransaction transaction, DatabaseEngine engine) : IStoreReads
{
    // The connection does one thing at a time, and a decision may ask for several.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly StateSql _state = new(engine.Dialect);
    private readonly AuditSql _audit = new(engine.Dialect);
    private bool _isOver;

    /// <summary>
    /// What a read met in the database. The transaction cannot go on after it, whatever the decision makes of the exception.
    /// </summary>
    public Exception? Fault { get; private set; }

    /// <summary><see cref="Fault"/> came of a question of this decision, and of nothing that others decided.</summary>
    public bool IsFaultOwn { get; private set; }

    public Task<StoredResource?> ReadAsync(ResourceKey key, CancellationToken cancellationToken) =>
        InTurnAsync(
            async () =>
                await transaction.HeadAsync(key) is { Version: > 0 } head ? head.ToResource() : (StoredResource?)null,
            cancellationToken
        );

    public async Task<StoredResource?> ReadVersionAsync(
        ResourceKey key,
        int version,
        CancellationToken cancellationToken
    )
    {
        var current = await ReadAsync(key, cancellationToken);
        if (current is null || version > current.Value.Version)
            return null;
        return current.Value.Version == version
            ? current
            : await AskAsync((key, version), transaction.Queries.ReadVersionAsync, cancellationToken);
    }

    public Task<StoredResource?> ReadAsync(
        ResourceKey key,
        Visibility visibility,
        CancellationToken cancellationToken
    ) => AskAsync((key, visibility), transaction.Queries.ReadVisibleAsync, cancellationToken);

    public Task<StoredResource?> ReadVersionAsync(
        ResourceKey key,
        int version,
        Visibility visibility,
        CancellationToken cancellationToken
    ) => AskAsync((key, version, visibility), transaction.Queries.ReadVisibleVersionAsync, cancellationToken);

    public Task<ImmutableArray<ResourceKey>> PartiesAsync(
        Asker asker,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => AskAsync((asker, now), transaction.Queries.PartiesAsync, cancellationToken);

    public Task<SearchPage> SearchAsync(SearchQuery query, CancellationToken cancellationToken) =>
        AskAsync(query, transaction.Queries.SearchAsync, cancellationToken);

    public Task<ConditionalMatches> FindAsync(SearchQuery query, CancellationToken cancellationToken) =>
        AskAsync(
            query,
            async (session, asked, token) =>
            {
                var matches = await transaction.Queries.MatchesAsync(session, asked, token);
                return new ConditionalMatches([.. matches], transaction.Decisions.Point);
            },
            cancellationToken
        );

    public Task<HistoryPage> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        AskAsync(query, transaction.Queries.HistoryAsync, cancellationToken);

    public Task<EverythingPage> EverythingAsync(EverythingQuery query, CancellationToken cancellationToken) =>
        AskAsync(query, transaction.Queries.EverythingAsync, cancellationToken);

    public Task<WorklistPage> WorklistAsync(WorklistQuery query, CancellationToken cancellationToken) =>
        AskAsync(query, transaction.Queries.WorklistAsync, cancellationToken);

    public Task<Caseload> CaseloadAsync(CaseloadQuery query, CancellationToken cancellationToken) =>
        AskAsync(query, transaction.Queries.CaseloadAsync, cancellationToken);

    public Task<ImmutableArray<StoredResource>> ReadingsAsync(
        ReadingsQuery query,
        CancellationToken cancellationToken
    ) => AskAsync(query, transaction.Queries.ReadingsAsync, cancellationToken);

    public Task<RememberedAnswer?> AnswerAsync(string key, CancellationToken cancellationToken) =>
        AskAsync(key, _state.AnswerAsync, cancellationToken);

    public Task<Job?> JobAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(id, _state.JobAsync, cancellationToken);

    public Task<ImmutableArray<JobStep>> StepsAsync(StepRange steps, CancellationToken cancellationToken) =>
        AskAsync(steps, _state.StepsAsync, cancellationToken);

    public Task<ImmutableArray<Job>> RunningJobsAsync(string kind, CancellationToken cancellationToken) =>
        AskAsync(kind, _state.RunningJobsAsync, cancellationToken);

    public Task<AuditPage> AuditAsync(AuditQuery query, CancellationToken cancellationToken) =>
        AskAsync(query, _audit.ReadAsync, cancellationToken);

    public Task<long> AuditSinceAsync(DateTimeOffset instant, CancellationToken cancellationToken) =>
        AskAsync(instant, _audit.FirstSinceAsync, cancellationToken);

    public Task<StrayPage> StraysAsync(StrayQuery query, CancellationToken cancellationToken) =>
        AskAsync(query, transaction.Queries.StraysAsync, cancellationToken);

    public Task<SnapshotPoint> PointAsync(CancellationToken cancellationToken) =>
        AskAsync(0, transaction.Queries.PointAsync, cancellationToken);

    public Task<ImmutableArray<string>> TypesAsync(ImmutableArray<string> types, CancellationToken cancellationToken) =>
        AskAsync(types, transaction.Queries.TypesAsync, cancellationToken);

    public Task<SnapshotPage> SnapshotAsync(SnapshotQuery query, CancellationToken cancellationToken) =>
        AskAsync(query, transaction.Queries.SnapshotAsync, cancellationToken);

    public Task<ChangesPage> ChangesAsync(ChangesQuery query, CancellationToken cancellationToken) =>
        AskAsync(query, transaction.Queries.ChangesAsync, cancellationToken);

    public Task<ImmutableArray<ResourceKey>> AboutAsync(AboutQuery query, CancellationToken cancellationToken) =>
        AskAsync(query, transaction.Queries.AboutAsync, cancellationToken);

    /// <summary>Waits for the read that is under way, and lets no other begin: a decision may have been left in the middle.</summary>
    public async Task EndAsync()
    {
        await _turn.WaitAsync(CancellationToken.None);
        _isOver = true;
        _turn.Release();
    }

    private Task<T> AskAsync<TQuery, T>(
        TQuery query,
        Func<DbSession, TQuery, CancellationToken, Task<T>> ask,
        CancellationToken cancellationToken
    ) =>
        InTurnAsync(
            async () =>
            {
                await FlushAsync();
                // Not cancelled: a statement that is broken off takes the transaction with it, and with it everybody else's commits.
                return await ask(transaction.Session, query, CancellationToken.None);
            },
            cancellationToken
        );

    private async Task<T> InTurnAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_isOver)
                throw new InvalidOperationException("The decision has ended, and its reads with it.");
            return await read();
        }
        catch (Exception e) when (Fault is null && (e is DbException || engine.Classify(e) != Engines.Fault.Permanent))
        {
            (Fault, IsFaultOwn) = (e, true);
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task FlushAsync()
    {
        try
        {
            await transaction.FlushAsync();
        }
        catch (Exception e)
        {
            Fault = e;
            throw;
        }
    }
}
