using System.Collections.Immutable;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Audit;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;

namespace CareCoordination.Application.Reads;

/// <summary>
/// What the caller of a session reads: of everything that is there, what they may see. It is a part of each question, so that matches,
/// what comes along, counts and pages are those of what may be seen, and what may not is as if it were not there. docs/access.md
/// </summary>
public sealed class VisibleReads(ReadGate gate, TimeProvider time) : IStoreReads
{
    public Task<StoredResource?> ReadAsync(ResourceKey key, CancellationToken cancellationToken) =>
        !IsOfTrail(key) && Visible(ScopeRights.Read) is { } visible
            ? gate.ReadAsync(key, visible, cancellationToken)
            : gate.ReadAsync(key, cancellationToken);

    public Task<StoredResource?> ReadAsync(
        ResourceKey key,
        Visibility visibility,
        CancellationToken cancellationToken
    ) => gate.ReadAsync(key, visibility, cancellationToken);

    public Task<StoredResource?> ReadVersionAsync(ResourceKey key, int version, CancellationToken cancellationToken) =>
        !IsOfTrail(key) && Visible(ScopeRights.Read) is { } visible
            ? gate.ReadVersionAsync(key, version, visible, cancellationToken)
            : gate.ReadVersionAsync(key, version, cancellationToken);

    public Task<StoredResource?> ReadVersionAsync(
        ResourceKey key,
        int version,
        Visibility visibility,
        CancellationToken cancellationToken
    ) => gate.ReadVersionAsync(key, version, visibility, cancellationToken);

    public Task<ImmutableArray<ResourceKey>> PartiesAsync(
        Relations relations,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => gate.PartiesAsync(relations, now, cancellationToken);

    public Task<SearchPage> SearchAsync(SearchQuery query, CancellationToken cancellationToken) =>
        gate.SearchAsync(Seen(query), cancellationToken);

    public Task<ConditionalMatches> FindAsync(SearchQuery query, CancellationToken cancellationToken) =>
        gate.FindAsync(Seen(query), cancellationToken);

    public Task<HistoryPage> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        gate.HistoryAsync(
            query with
            {
                Visibility = Visible(query.Id is null ? ScopeRights.Search : ScopeRights.Read),
            },
            cancellationToken
        );

    public Task<EverythingPage> EverythingAsync(EverythingQuery query, CancellationToken cancellationToken) =>
        gate.EverythingAsync(query with { Visibility = Visible(ScopeRights.Read) }, cancellationToken);

    public Task<WorklistPage> WorklistAsync(WorklistQuery query, CancellationToken cancellationToken) =>
        gate.WorklistAsync(query with { Visibility = Visible(ScopeRights.Search) }, cancellationToken);

    public Task<Storage.Caseload> CaseloadAsync(CaseloadQuery query, CancellationToken cancellationToken) =>
        gate.CaseloadAsync(query with { Visibility = Visible(ScopeRights.Search) }, cancellationToken);

    public Task<ImmutableArray<StoredResource>> ReadingsAsync(
        ReadingsQuery query,
        CancellationToken cancellationToken
    ) =>
        gate.Rights.IsUnlimited
            ? gate.ReadingsAsync(query, cancellationToken)
            : throw new NotSupportedException("Readings are for decisions, which this server makes: ask the gate.");

    public Task<RememberedAnswer?> AnswerAsync(string key, CancellationToken cancellationToken) =>
        gate.AnswerAsync(key, cancellationToken);

    public Task<Job?> JobAsync(string id, CancellationToken cancellationToken) => gate.JobAsync(id, cancellationToken);

    public Task<ImmutableArray<JobStep>> StepsAsync(StepRange steps, CancellationToken cancellationToken) =>
        gate.StepsAsync(steps, cancellationToken);

    public Task<ImmutableArray<Job>> RunningJobsAsync(string kind, CancellationToken cancellationToken) =>
        gate.RunningJobsAsync(kind, cancellationToken);

    public Task<StrayPage> StraysAsync(StrayQuery query, CancellationToken cancellationToken) =>
        gate.StraysAsync(query, cancellationToken);

    public Task<ImmutableArray<AuditRow>> AuditAsync(AuditQuery query, CancellationToken cancellationToken) =>
        gate.AuditAsync(query, cancellationToken);

    public Task<long> AuditSinceAsync(DateTimeOffset instant, CancellationToken cancellationToken) =>
        gate.AuditSinceAsync(instant, cancellationToken);

    /// <summary>Rows of the audit trail are about whoever they name, and for those whom the gate lets see them.</summary>
    private static bool IsOfTrail(ResourceKey key) => AuditEvents.SequenceOf(key) is not null;

    private SearchQuery Seen(SearchQuery query) =>
        Visible(ScopeRights.Search) is { } visible ? query with { Visibility = visible } : query;

    private Visibility? Visible(ScopeRights right) => gate.Rights.Visible(right)?.At(time.GetUtcNow());
}
