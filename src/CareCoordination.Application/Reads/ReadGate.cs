using System.Collections.Immutable;
using CareCoordination.Access.Roles;
using CareCoordination.Application.Access;
using CareCoordination.Application.Audit;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Application.Reads;

/// <summary>
/// The reads of one session, and the only ones. Of themselves they are this server's, which sees everything: a decision is made by what
/// is there. What goes to the caller is read through <see cref="VisibleReads"/>. While a decision is made again inside the transaction
/// that will write it, the reads are those of the transaction.
/// </summary>
public sealed class ReadGate : IStoreReads
{
    private Caller? _caller;
    private AccessRights? _rights;
    private readonly IStoreReads _store;
    private IStoreReads _source;

    internal ReadGate(ResourceStore store) => _source = _store = store;

    /// <summary>Who reads.</summary>
    public Caller Caller =>
        _caller ?? throw new InvalidOperationException("Nothing is read before it is known who asks.");

    /// <summary>The reads are those of the transaction that will write what is decided.</summary>
    public bool IsInTransaction => _source != _store;

    public Task<StoredResource?> ReadAsync(ResourceKey key, CancellationToken cancellationToken) =>
        AuditEvents.SequenceOf(key) is { } row
            ? ReadRowAsync(row, cancellationToken)
            : Source.ReadAsync(key, cancellationToken);

    public Task<StoredResource?> ReadAsync(
        ResourceKey key,
        Visibility visibility,
        CancellationToken cancellationToken
    ) => Source.ReadAsync(key, visibility, cancellationToken);

    public Task<StoredResource?> ReadVersionAsync(ResourceKey key, int version, CancellationToken cancellationToken) =>
        AuditEvents.SequenceOf(key) is { } row
            ? ReadRowAsync(version == 1 ? row : 0, cancellationToken)
            : Source.ReadVersionAsync(key, version, cancellationToken);

    public Task<StoredResource?> ReadVersionAsync(
        ResourceKey key,
        int version,
        Visibility visibility,
        CancellationToken cancellationToken
    ) => Source.ReadVersionAsync(key, version, visibility, cancellationToken);

    public Task<ImmutableArray<ResourceKey>> PartiesAsync(
        Asker asker,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => Source.PartiesAsync(asker, now, cancellationToken);

    public Task<SearchPage> SearchAsync(SearchQuery query, CancellationToken cancellationToken) =>
        Source.SearchAsync(query, cancellationToken);

    public Task<ConditionalMatches> FindAsync(SearchQuery query, CancellationToken cancellationToken) =>
        Source.FindAsync(query, cancellationToken);

    public Task<HistoryPage> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        query is { ResourceType: { } type, Id: { } id } && AuditEvents.SequenceOf(new(type, id)) is { } row
            ? HistoryOfRowAsync(row, cancellationToken)
            : Source.HistoryAsync(query, cancellationToken);

    public Task<EverythingPage> EverythingAsync(EverythingQuery query, CancellationToken cancellationToken) =>
        Source.EverythingAsync(query, cancellationToken);

    public Task<WorklistPage> WorklistAsync(WorklistQuery query, CancellationToken cancellationToken) =>
        Source.WorklistAsync(query, cancellationToken);

    public Task<Storage.Caseload> CaseloadAsync(CaseloadQuery query, CancellationToken cancellationToken) =>
        Source.CaseloadAsync(query, cancellationToken);

    public Task<ImmutableArray<StoredResource>> ReadingsAsync(
        ReadingsQuery query,
        CancellationToken cancellationToken
    ) => Source.ReadingsAsync(query, cancellationToken);

    public Task<RememberedAnswer?> AnswerAsync(string key, CancellationToken cancellationToken) =>
        Source.AnswerAsync(key, cancellationToken);

    public Task<Job?> JobAsync(string id, CancellationToken cancellationToken) =>
        Source.JobAsync(id, cancellationToken);

    public Task<ImmutableArray<JobStep>> StepsAsync(StepRange steps, CancellationToken cancellationToken) =>
        Source.StepsAsync(steps, cancellationToken);

    public Task<ImmutableArray<Job>> RunningJobsAsync(string kind, CancellationToken cancellationToken) =>
        Source.RunningJobsAsync(kind, cancellationToken);

    private async Task<HistoryPage> HistoryOfRowAsync(long sequence, CancellationToken cancellationToken) =>
        await ReadRowAsync(sequence, cancellationToken) is { } version
            ? new HistoryPage([version], null, 1)
            : new HistoryPage([], null, 0);

    /// <summary>A row of the audit trail as the one version of a resource.</summary>
    private async Task<StoredResource?> ReadRowAsync(long sequence, CancellationToken cancellationToken) =>
        await AuditAsync(
            new AuditQuery
            {
                Links = 1,
                First = sequence,
                Last = sequence,
            },
            cancellationToken
        )
            is { Rows: [var row] }
            ? AuditEvents.Of(row)
            : null;

    /// <summary>Rows of the audit trail: of all, for those who examine them; of themselves, for patients. Others find none.</summary>
    public async Task<AuditPage> AuditAsync(AuditQuery query, CancellationToken cancellationToken) =>
        MayReadTrail || IsOfCaller(query) ? await Source.AuditAsync(query, cancellationToken) : AuditPage.Empty;

    public Task<long> AuditSinceAsync(DateTimeOffset instant, CancellationToken cancellationToken) =>
        Source.AuditSinceAsync(instant, cancellationToken);

    /// <summary>The audit trail is read by auditors; while nobody is asked who they are, by whoever is on this machine.</summary>
    public bool MayReadTrail =>
        Caller.Kind is CallerKind.Open or CallerKind.Operator || Caller.Roles.Contains(CareRole.Auditor);

    /// <summary>Patients are told who saw what of them. https://www.ecfr.gov/current/title-45/section-164.528</summary>
    public bool IsOfCaller(AuditQuery query) =>
        query.References is [var only] && Caller.Roles.Contains(CareRole.Patient) && Caller.Person?.ToString() == only;

    public Task<StrayPage> StraysAsync(StrayQuery query, CancellationToken cancellationToken) =>
        Source.StraysAsync(query, cancellationToken);

    public Task<SnapshotPoint> PointAsync(CancellationToken cancellationToken) => Source.PointAsync(cancellationToken);

    public Task<ImmutableArray<string>> TypesAsync(ImmutableArray<string> types, CancellationToken cancellationToken) =>
        Source.TypesAsync(types, cancellationToken);

    public Task<SnapshotPage> SnapshotAsync(SnapshotQuery query, CancellationToken cancellationToken) =>
        Source.SnapshotAsync(query, cancellationToken);

    public Task<ChangesPage> ChangesAsync(ChangesQuery query, CancellationToken cancellationToken) =>
        Source.ChangesAsync(query, cancellationToken);

    public Task<ImmutableArray<ResourceKey>> AboutAsync(AboutQuery query, CancellationToken cancellationToken) =>
        Source.AboutAsync(query, cancellationToken);

    /// <summary>What whoever reads may see and do.</summary>
    public AccessRights Rights =>
        _rights ?? throw new InvalidOperationException("Nothing is read before it is known who asks.");

    /// <summary>Says who asks; once, before anything is read.</summary>
    internal void Open(Caller caller, AccessRights rights)
    {
        if (_caller is not null)
            throw new InvalidOperationException("A session has one caller.");
        (_caller, _rights) = (caller, rights);
    }

    /// <summary>
    /// From here on the reads are those of the caller: what is asked is answered from what they see, however it is put together.
    /// </summary>
    internal void AnswerFromWhatIsSeen(TimeProvider time) => _source = new VisibleReads(_source, () => Rights, time);

    /// <summary>Reads from elsewhere until the scope ends: inside a transaction.</summary>
    internal Scope Within(IStoreReads reads)
    {
        var before = _source;
        _source = reads;
        return new Scope(this, before);
    }

    /// <summary>Nobody reads without having said who they are.</summary>
    private IStoreReads Source =>
        _caller is null ? throw new InvalidOperationException("Nobody has said who reads.") : _source;

    internal readonly struct Scope(ReadGate gate, IStoreReads before) : IDisposable
    {
        public void Dispose() => gate._source = before;
    }
}
