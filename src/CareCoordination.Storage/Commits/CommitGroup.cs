using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Audit;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Outbox;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.ServerState;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Commits;

/// <summary>
/// The commits of one transaction, decided in order on an in-memory copy of the resources they touch: each sees what the ones
/// before it did. Only the difference between the first and the last state becomes rows.
/// </summary>
/// <param name="commitId">What the transaction is known by.</param>
internal sealed class CommitGroup(GroupHeads heads, WriteLock writeLock, long commitId, OutboxGroup outbox)
{
    private const string PatientType = "Patient";
    private readonly GroupHeads _heads = heads;
    private readonly List<NewVersion> _versions = [];
    private readonly List<StrayRow> _strays = [];
    private readonly long _lastUpdated = writeLock.LastUpdated;

    // Rows that take no place in the change sequence.
    private bool _keepsOthers;

    /// <summary>What the server remembers for itself.</summary>
    public StateGroup State { get; } = new(new DateTimeOffset(writeLock.Now, TimeSpan.Zero));

    /// <summary>What the transaction leaves in the audit trail.</summary>
    public AuditGroup Audit { get; } = new(writeLock.LastUpdated);

    public GroupHeads Heads => _heads;

    public OutboxGroup Outbox => outbox;

    /// <summary>The last change so far: of this transaction, or before it.</summary>
    public long Sequence { get; private set; } = writeLock.Sequence;

    /// <summary>The state of the database that a search finds now, with what is decided so far.</summary>
    public StorePoint Point => new(Sequence, Sequence == writeLock.Sequence ? writeLock.PreviousCommitId : commitId);

    /// <summary>A commit of this group has changed something.</summary>
    public bool HasChanges => Sequence > writeLock.Sequence || _keepsOthers;

    /// <summary>Something is decided that was not staged yet.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Rows were staged that say who acts as whom.</summary>
    public bool ChangesActing { get; private set; }

    /// <summary>The heads whose keys others may remember once the transaction has committed.</summary>
    public IEnumerable<HeadState> StoredHeads => _heads.All.Where(h => h.IsStored);

    /// <summary>A row written: that it is in the database shows that the transaction has committed.</summary>
    public CommitEvidence? Evidence { get; private set; }

    /// <summary>The first precondition that can be decided without a search and does not hold.</summary>
    public Precondition? FirstFailed(Commit commit)
    {
        foreach (var precondition in commit.Preconditions)
        {
            var holds = precondition switch
            {
                VersionIs version => _heads[version.Key].Version == version.Version,
                VersionIsAny any => any.Versions.IsEmpty
                    ? _heads[any.Key].IsPresent
                    : any.Versions.Contains(_heads[any.Key].Version),
                NotPresent absent => !_heads[absent.Key].IsPresent,
                ContentIs content => Meets(_heads[content.Key], content.Condition),
                DecidedInTurn => false,
                NotRemembered unused => State.Holds(unused),
                _ => true,
            };
            if (!holds)
                return precondition;
        }

        return outbox.FirstRefused(commit);
    }

    public CommitResult Apply(Commit commit)
    {
        var results = ImmutableArray.CreateBuilder<ChangeResult>(commit.Changes.Length);
        foreach (var change in commit.Changes)
        {
            var head = _heads[change.Key];
            results.Add(
                change switch
                {
                    PutResource put => Put(head, put),
                    DeleteResource => Delete(head),
                    Project keep => Keep(head, keep.Projection),
                    IndexAnew anew => Index(head, anew),
                    _ => throw new ArgumentException(
                        $"{change.GetType().Name} is no change this store knows.",
                        nameof(commit)
                    ),
                }
            );
        }

        if (State.TryApply(commit))
            _keepsOthers = IsDirty = true;
        var changes = results.MoveToImmutable();
        if (Audit.TryApply(commit, changes))
            _keepsOthers = IsDirty = true;
        var result = new CommitResult(commit, changes, null);
        return commit.Outbox.IsEmpty ? result : Apply(result, commit.Outbox);
    }

    private CommitResult Apply(CommitResult result, ImmutableArray<OutboxChange> changes)
    {
        var changed = ImmutableArray.CreateBuilder<OutboxMessage?>(changes.Length);
        var changedPartners = ImmutableArray.CreateBuilder<string>();
        foreach (var change in changes)
        {
            var hasEffect = outbox.TryApply(change, Sequence + 1);
            if (hasEffect)
            {
                Sequence++;
                IsDirty = true;
            }

            changed.Add(hasEffect && change is IOfOneMessage { Id: var id } ? outbox.Find(id) : null);
            if (hasEffect && change is ChangePartnerStatus status)
                changedPartners.Add(status.Partner);
        }

        return result with
        {
            Outbox = changed.MoveToImmutable(),
            ChangedPartners = changedPartners.ToImmutable(),
        };
    }

    /// <summary>Moves everything that is decided and not yet written into rows.</summary>
    public void Stage(StagedRows rows)
    {
        IsDirty = false;
        foreach (var stray in _strays)
            rows.Remove(stray);
        _strays.Clear();
        foreach (var head in _heads.All.Where(h => h.IsChanged).ToList())
            StageIndex(rows, head);
        foreach (var head in _heads.All.Where(h => h.IsProjectionChanged).ToList())
        {
            ChangesActing |= ProjectionWriter.ChangesActing(head);
            ProjectionWriter.Stage(rows, head, _heads);
            head.IsProjectionChanged = false;
        }

        foreach (var head in _heads.All)
        {
            if (head.IsChanged || (head.IsUsed && !head.IsStored))
                StageHead(head.IsStored ? rows.ChangedHeads : rows.NewHeads, head);
            head.IsStored |= head.IsChanged || head.IsUsed;
            head.IsChanged = false;
        }

        outbox.Stage(rows);
        State.Stage(rows);
        Audit.Stage(rows);
        KeepEvidence();
        foreach (var version in _versions)
            StageVersion(rows, version);
        _versions.Clear();
    }

    private void KeepEvidence()
    {
        if (Evidence is VersionEvidence)
            return;
        if (_versions is [var first, ..])
            Evidence = new VersionEvidence(first.Sequence, first.Head.Key, first.Number, _lastUpdated, first.Body);
        else if (outbox.Evidence is { } message)
            Evidence = new OutboxEvidence(message.Id, message.Sequence);
        else if (Audit.Written is { } last)
            Evidence = new AuditEvidence(last);
    }

    private static bool Meets(HeadState head, ContentCondition condition)
    {
        if (head.Met == condition || !head.IsPresent)
            return true;
        if (!condition.IsMetBy(head.Body))
            return false;
        head.Met = condition;
        return true;
    }

    private ChangeResult Put(HeadState head, PutResource put)
    {
        if (head.IsPresent && IsSameContent(put.Content, head))
            return new(ChangeOutcome.Unchanged, head.ToResource());
        var outcome = head.IsPresent ? ChangeOutcome.Updated : ChangeOutcome.Created;
        var body = put.Content.Stamp(head.Version + 1, new DateTimeOffset(_lastUpdated, TimeSpan.Zero));
        Describe(head, put.Index);
        NextVersion(head, head.IsPresent ? ChangeKind.Update : ChangeKind.Create, body);
        head.Index = put.Index;
        (head.Presence, head.Status) = (put.Index.Presence, put.Index.Status);
        if (put.Projection is not null)
            (head.Projection, head.IsProjectionChanged) = (put.Projection, true);
        return new(outcome, head.ToResource());
    }

    private ChangeResult Delete(HeadState head)
    {
        if (!head.IsPresent)
            return new(ChangeOutcome.NothingToDelete, head.ToResource());
        // Who might see it before it was deleted may see that it was.
        Describe(head, head.Index ?? (head.IndexedEntries ??= _heads.Extract(head)));
        Audit.Deletes(head.ResourceKey, head.Body);
        NextVersion(head, ChangeKind.Delete, null);
        head.Index = null;
        (head.Presence, head.Status) = (0, 0);
        (head.Projection, head.IsProjectionChanged) = (null, true);
        return new(ChangeOutcome.Deleted, head.ToResource());
    }

    private ChangeResult Keep(HeadState head, ProjectionRows kept)
    {
        if (head.IsPresent)
            (head.Projection, head.IsProjectionChanged, _keepsOthers, IsDirty) = (kept, true, true, true);
        return new(ChangeOutcome.Unchanged, head.ToResource());
    }

    private ChangeResult Index(HeadState head, IndexAnew anew)
    {
        _strays.AddRange(anew.Strays);
        if (head.IsPresent)
        {
            var isCurrent = head.Version == anew.Version;
            // A version that this transaction wrote has its entries at hand.
            head.Index ??= isCurrent ? anew.Index : _heads.Extract(head);
            head.IndexedEntries ??= head.Index;
            (head.Presence, head.Status) = (head.Index.Presence, head.Index.Status);
            Describe(head, head.Index);
            head.IsChanged = head.IsIndexedAnew = true;
            if (isCurrent && anew.Projection is { } kept)
                (head.Projection, head.IsProjectionChanged) = (kept, true);
        }
        else if (head.IsStored)
        {
            // What is deleted has no rows.
            head.Index = new IndexEntries();
            head.IsChanged = head.IsIndexedAnew = true;
        }

        _keepsOthers = IsDirty = true;
        return new(ChangeOutcome.Unchanged, head.ToResource());
    }

    private void NextVersion(HeadState head, ChangeKind change, byte[]? body)
    {
        _heads.GiveKey(head);
        head.Version++;
        head.IsDeleted = change == ChangeKind.Delete;
        head.LastUpdated = _lastUpdated;
        head.Sequence = ++Sequence;
        head.Change = change;
        head.Body = body;
        head.Met = null;
        head.IsChanged = IsDirty = true;
        _versions.Add(
            new(head, head.Sequence, head.Version, change, body) { Patients = head.Patients!, Labels = head.Labels }
        );
    }

    /// <summary>Says who the current version is about, and how sensitive it is.</summary>
    private static void Describe(HeadState head, IndexEntries index)
    {
        // A record of a patient is about that patient, whomever it is linked with.
        head.Patients = head.ResourceKey.Type == PatientType ? [head.ResourceKey] : index.Patients;
        head.Labels = index.Labels;
    }

    /// <summary>The stored bytes are the content with the stored version and time in it.</summary>
    private static bool IsSameContent(VersionTemplate content, HeadState head)
    {
        var before = content.Before.Span;
        var after = content.After.Span;
        ReadOnlySpan<byte> stored = head.Body;
        return stored.Length > before.Length + after.Length
            && stored.StartsWith(before)
            && stored.EndsWith(after)
            && content
                .Stamp(head.Version, new DateTimeOffset(head.LastUpdated, TimeSpan.Zero))
                .AsSpan()
                .SequenceEqual(stored);
    }

    private void StageIndex(StagedRows rows, HeadState head)
    {
        if (head is { IsIndexedAnew: true, Index: { } index })
        {
            IndexWriter.StageAnew(rows, head.Key, head.IndexedEntries, index, _heads.KeyOf);
            StageSharedAnew(rows, head);
        }
        else
            IndexWriter.Stage(rows, head.Key, head.IndexedEntries, head.Index, _heads.KeyOf);
        head.IsIndexedAnew = false;
        head.IndexedEntries = head.Index;
        head.IndexedBody = head.Index is null ? null : head.Body;
    }

    private void StageVersion(StagedRows rows, NewVersion version)
    {
        var head = version.Head;
        rows.Versions.Add(version.Sequence)
            .Add(head.Key)
            .Add(version.Number)
            .Add(head.TypeId)
            .Add(_lastUpdated)
            .Add((short)version.Change)
            .Add(version.Body)
            .Add(NumberOf(version.Patients))
            .Add(version.Labels);
        StageShared(rows, version.Sequence, version.Patients);
    }

    /// <summary>Of a version that is in the table already; what comes as a new one brings its patients itself.</summary>
    private void StageSharedAnew(StagedRows rows, HeadState head)
    {
        if (head.Patients is not { } patients || _versions.Exists(version => version.Sequence == head.Sequence))
            return;
        rows.RemovedSharedPatients.Add(head.Sequence);
        StageShared(rows, head.Sequence, patients);
    }

    private void StageShared(StagedRows rows, long sequence, IReadOnlyList<ResourceKey> patients)
    {
        if (patients.Count < 2)
            return;
        foreach (var patient in patients)
            rows.SharedPatients.Add(sequence).Add(_heads.KeyOf(patient));
    }

    private long NumberOf(IReadOnlyList<ResourceKey> patients) =>
        patients.Count switch
        {
            0 => AboutPatient.Nobody,
            1 => _heads.KeyOf(patients[0]),
            _ => AboutPatient.Several,
        };

    private void StageHead(RowBuffer rows, HeadState head) =>
        rows.Add(head.Key)
            .Add(head.TypeId)
            .Add(head.ResourceKey.Id)
            .Add(head.Version)
            .Add(head.LastUpdated)
            .Add((short)(head.IsDeleted ? 1 : 0))
            .Add(head.Sequence)
            .Add((long)head.Presence)
            .Add(head.Status)
            .Add(head.Patients is { } patients ? NumberOf(patients) : head.KnownPatient)
            .Add(head.Labels);

    /// <summary>A version that is decided and not yet written.</summary>
    private sealed record NewVersion(HeadState Head, long Sequence, int Number, ChangeKind Change, byte[]? Body)
    {
        public required IReadOnlyList<ResourceKey> Patients { get; init; }

        public required long Labels { get; init; }
    }
}
