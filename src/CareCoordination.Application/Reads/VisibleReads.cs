using System.Collections.Immutable;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Access;
using CareCoordination.Application.Audit;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;

namespace CareCoordination.Application.Reads;

/// <summary>
/// What the caller of a session reads: of everything that is there, what they may see. It is a part of each question, so that matches,
/// what comes along, counts and pages are those of what may be seen, and what may not is as if it were not there. docs/access.md
/// </summary>
/// <param name="source">What is read from.</param>
/// <param name="rights">Of the caller, who is known by the first read.</param>
public sealed class VisibleReads(IStoreReads source, Func<AccessRights> rights, TimeProvider time) : IStoreReads
{
    public Task<StoredResource?> ReadAsync(ResourceKey key, CancellationToken cancellationToken) =>
        !IsOfTrail(key) && Visible(ScopeRights.Read) is { } visible
            ? source.ReadAsync(key, visible, cancellationToken)
            : source.ReadAsync(key, cancellationToken);

    public Task<StoredResource?> ReadAsync(
        ResourceKey key,
        Visibility visibility,
        CancellationToken cancellationToken
    ) => source.ReadAsync(key, visibility, cancellationToken);

    public Task<StoredResource?> ReadVersionAsync(ResourceKey key, int version, CancellationToken cancellationToken) =>
        !IsOfTrail(key) && Visible(ScopeRights.Read) is { } visible
            ? source.ReadVersionAsync(key, version, visible, cancellationToken)
            : source.ReadVersionAsync(key, version, cancellationToken);

    public Task<StoredResource?> ReadVersionAsync(
        ResourceKey key,
        int version,
        Visibility visibility,
        CancellationToken cancellationToken
    ) => source.ReadVersionAsync(key, version, visibility, cancellationToken);

    public Task<ImmutableArray<ResourceKey>> PartiesAsync(
        Asker asker,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => source.PartiesAsync(asker, now, cancellationToken);

    public Task<SearchPage> SearchAsync(SearchQuery query, CancellationToken cancellationToken) =>
        source.SearchAsync(Seen(query), cancellationToken);

    public Task<ConditionalMatches> FindAsync(SearchQuery query, CancellationToken cancellationToken) =>
        source.FindAsync(Seen(query), cancellationToken);

    public Task<HistoryPage> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        source.HistoryAsync(
            query with
            {
                Visibility = Visible(query.Id is null ? ScopeRights.Search : ScopeRights.Read),
            },
            cancellationToken
        );

    public Task<EverythingPage> EverythingAsync(EverythingQuery query, CancellationToken cancellationToken) =>
        source.EverythingAsync(query with { Visibility = Visible(ScopeRights.Read) }, cancellationToken);

    public Task<WorklistPage> WorklistAsync(WorklistQuery query, CancellationToken cancellationToken) =>
        source.WorklistAsync(query with { Visibility = Visible(ScopeRights.Search) }, cancellationToken);

    public Task<Storage.Caseload> CaseloadAsync(CaseloadQuery query, CancellationToken cancellationToken) =>
        source.CaseloadAsync(query with { Visibility = Visible(ScopeRights.Search) }, cancellationToken);

    public Task<ImmutableArray<StoredResource>> ReadingsAsync(
        ReadingsQuery query,
        CancellationToken cancellationToken
    ) => source.ReadingsAsync(query with { Visibility = Visible(ScopeRights.Search) }, cancellationToken);

    public Task<RememberedAnswer?> AnswerAsync(string key, CancellationToken cancellationToken) =>
        source.AnswerAsync(key, cancellationToken);

    public Task<Job?> JobAsync(string id, CancellationToken cancellationToken) =>
        source.JobAsync(id, cancellationToken);

    public Task<ImmutableArray<JobStep>> StepsAsync(StepRange steps, CancellationToken cancellationToken) =>
        source.StepsAsync(steps, cancellationToken);

    public Task<ImmutableArray<Job>> RunningJobsAsync(string kind, CancellationToken cancellationToken) =>
        source.RunningJobsAsync(kind, cancellationToken);

    public Task<StrayPage> StraysAsync(StrayQuery query, CancellationToken cancellationToken) =>
        source.StraysAsync(query, cancellationToken);

    public Task<SnapshotPoint> PointAsync(CancellationToken cancellationToken) => source.PointAsync(cancellationToken);

    public Task<ImmutableArray<string>> TypesAsync(ImmutableArray<string> types, CancellationToken cancellationToken) =>
        source.TypesAsync(types, cancellationToken);

    public Task<SnapshotPage> SnapshotAsync(SnapshotQuery query, CancellationToken cancellationToken) =>
        source.SnapshotAsync(
            Visible(ScopeRights.Search) is { } visible ? query with { Visibility = visible } : query,
            cancellationToken
        );

    public Task<ImmutableArray<ResourceKey>> AboutAsync(AboutQuery query, CancellationToken cancellationToken) =>
        source.AboutAsync(query, cancellationToken);

    public Task<AuditPage> AuditAsync(AuditQuery query, CancellationToken cancellationToken) =>
        source.AuditAsync(query, cancellationToken);

    public Task<long> AuditSinceAsync(DateTimeOffset instant, CancellationToken cancellationToken) =>
        source.AuditSinceAsync(instant, cancellationToken);

    /// <summary>All changes of whatever there is are for this server alone, which keeps a copy.</summary>
    public Task<ChangesPage> ChangesAsync(ChangesQuery query, CancellationToken cancellationToken) =>
        rights().IsUnlimited
            ? source.ChangesAsync(query, cancellationToken)
            : throw new InvalidOperationException("A caller who does not see everything follows no changes.");

    /// <summary>Rows of the audit trail are about whoever they name, and for those whom the gate lets see them.</summary>
    private static bool IsOfTrail(ResourceKey key) => AuditEvents.SequenceOf(key) is not null;

    private SearchQuery Seen(SearchQuery query) =>
        Visible(ScopeRights.Search) is { } visible ? query with { Visibility = visible } : query;

    private Visibility? Visible(ScopeRights right) => rights().Visible(right)?.At(time.GetUtcNow());
}
