using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Storage;

/// <summary>
/// Reads that a decision is made from: on the pool of readers (<c>ResourceStore</c>), or inside the transaction that will
/// write what is decided.
/// </summary>
public interface IStoreReads
{
    /// <summary>The current version, deletions included; null where the resource never existed.</summary>
    Task<StoredResource?> ReadAsync(ResourceKey key, CancellationToken cancellationToken);

    /// <summary>The current version, deletions included; null where the resource never existed, or is not seen.</summary>
    Task<StoredResource?> ReadAsync(ResourceKey key, Visibility visibility, CancellationToken cancellationToken);

    /// <summary>A version, deletions included; null where there is no such version.</summary>
    Task<StoredResource?> ReadVersionAsync(ResourceKey key, int version, CancellationToken cancellationToken);

    /// <summary>A version, deletions included; null where there is no such version, or it is not seen.</summary>
    Task<StoredResource?> ReadVersionAsync(
        ResourceKey key,
        int version,
        Visibility visibility,
        CancellationToken cancellationToken
    );

    /// <summary>Who somebody is, and all whom they act as.</summary>
    Task<ImmutableArray<ResourceKey>> PartiesAsync(
        Asker asker,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );

    Task<SearchPage> SearchAsync(SearchQuery query, CancellationToken cancellationToken);

    Task<ConditionalMatches> FindAsync(SearchQuery query, CancellationToken cancellationToken);

    Task<HistoryPage> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken);

    Task<EverythingPage> EverythingAsync(EverythingQuery query, CancellationToken cancellationToken);

    Task<WorklistPage> WorklistAsync(WorklistQuery query, CancellationToken cancellationToken);

    Task<Caseload> CaseloadAsync(CaseloadQuery query, CancellationToken cancellationToken);

    /// <summary>Of what <see cref="ProjectedReading"/> was kept.</summary>
    Task<ImmutableArray<StoredResource>> ReadingsAsync(ReadingsQuery query, CancellationToken cancellationToken);

    /// <summary>What is remembered under a key, expired or not.</summary>
    Task<RememberedAnswer?> AnswerAsync(string key, CancellationToken cancellationToken);

    Task<Job?> JobAsync(string id, CancellationToken cancellationToken);

    /// <summary>Those steps of a job that are done, in their order.</summary>
    Task<ImmutableArray<JobStep>> StepsAsync(StepRange steps, CancellationToken cancellationToken);

    /// <summary>The jobs of a kind that have not ended, the oldest first.</summary>
    Task<ImmutableArray<Job>> RunningJobsAsync(string kind, CancellationToken cancellationToken);

    /// <summary>A page of the audit trail.</summary>
    Task<AuditPage> AuditAsync(AuditQuery query, CancellationToken cancellationToken);

    /// <summary>The first row of the audit trail that was recorded at or after an instant; one behind the last where there is none.</summary>
    Task<long> AuditSinceAsync(DateTimeOffset instant, CancellationToken cancellationToken);

    /// <summary>The last change that was committed: what a snapshot is as of.</summary>
    Task<SnapshotPoint> PointAsync(CancellationToken cancellationToken);

    /// <summary>Those of the types that have resources, deleted ones included.</summary>
    Task<ImmutableArray<string>> TypesAsync(ImmutableArray<string> types, CancellationToken cancellationToken);

    /// <summary>A page of what was there at a place of the change sequence.</summary>
    Task<SnapshotPage> SnapshotAsync(SnapshotQuery query, CancellationToken cancellationToken);

    /// <summary>The next changes of whatever there is.</summary>
    Task<ChangesPage> ChangesAsync(ChangesQuery query, CancellationToken cancellationToken);

    /// <summary>Those of some resources that are about patients, in whatever order.</summary>
    Task<ImmutableArray<ResourceKey>> AboutAsync(AboutQuery query, CancellationToken cancellationToken);

    /// <summary>The next rows of an index table, and what they show to be wrong.</summary>
    Task<StrayPage> StraysAsync(StrayQuery query, CancellationToken cancellationToken);
}

/// <summary>
/// Makes a commit from what is stored now. Null: nothing is to be written after all; whoever decides keeps the reason. It may be
/// called more than once, each time on other reads, and the last call counts: a decision that lost a race is made again inside
/// the transaction that writes it, and all decisions of a transaction are made again where the transaction has to be.
/// <para>
/// Inside a transaction it holds the write lock of all nodes: it reads through <paramref name="reads"/> alone, which end with the
/// call, and waits for nothing else.
/// </para>
/// </summary>
public delegate ValueTask<Commit?> Decide(IStoreReads reads, CancellationToken cancellationToken);
