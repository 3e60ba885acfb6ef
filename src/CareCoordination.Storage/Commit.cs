using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Storage;

/// <summary>
/// A set of changes that happens as a whole or not at all, with the conditions under which it was decided. It is a value:
/// deciding it again from fresh reads is all that a retry needs.
/// </summary>
/// <param name="Changes">On distinct resources.</param>
/// <param name="Preconditions">Checked under the write lock, before anything is written.</param>
public sealed record Commit(ImmutableArray<Change> Changes, ImmutableArray<Precondition> Preconditions)
{
    /// <summary>
    /// The state of the database in which the searches behind <see cref="SearchFinds"/> preconditions were made. Where nothing was
    /// committed since, they need not be made again.
    /// </summary>
    public StorePoint? AsOf { get; init; }

    /// <summary>What has to be told to others, and what became of it.</summary>
    public ImmutableArray<OutboxChange> Outbox { get; init; } = [];

    /// <summary>What the request is answered with when it comes again; goes with <see cref="NotRemembered"/>.</summary>
    public RememberedAnswer? Remembered { get; init; }

    /// <summary>Work that goes on after the request, and what became of it.</summary>
    public ImmutableArray<JobChange> Jobs { get; init; } = [];

    /// <summary>The lines that the commit leaves in the audit trail: stored with it or not at all.</summary>
    public ImmutableArray<AuditLine> Audit { get; init; } = [];

    internal ImmutableArray<Expired> Expired { get; init; } = [];

    /// <summary>There is nothing to write, whatever it is made to depend on.</summary>
    public bool IsEmpty =>
        Changes.IsEmpty && Outbox.IsEmpty && Remembered is null && Jobs.IsEmpty && Audit.IsEmpty && Expired.IsEmpty;
}

public abstract record Change(ResourceKey Key);

/// <summary>
/// A new version of a resource, its first one where the resource does not exist or is deleted. Where the stored version has the
/// same content nothing is written and the current version is the answer.
/// </summary>
/// <param name="Projection">Null: resources of this type keep no rows beside the index.</param>
public sealed record PutResource(
    ResourceKey Key,
    VersionTemplate Content,
    IndexEntries Index,
    ProjectionRows? Projection = null
) : Change(Key);

/// <summary>
/// Keeps other rows of a resource than its last write did, without a new version: an timer that is moved on. Does nothing where
/// the resource is not present.
/// </summary>
public sealed record Project(ResourceKey Key, ProjectionRows Projection) : Change(Key);

/// <summary>
/// Writes all index rows of a resource anew, without a new version, whatever rows it has: <see cref="Index"/> where the resource still is
/// the version that was read, else what its bytes say by now. Of a resource that is not present only <see cref="Strays"/> go.
/// </summary>
/// <param name="Version">The version that <paramref name="Index"/> and <paramref name="Projection"/> were made of.</param>
/// <param name="Projection">Null: what is kept beside the index stays. Without effect where another version is current: its write kept its own.</param>
public sealed record IndexAnew(ResourceKey Key, int Version, IndexEntries Index, ProjectionRows? Projection = null)
    : Change(Key)
{
    /// <summary>Rows in tables that cannot be asked for the rows of one resource.</summary>
    public ImmutableArray<StrayRow> Strays { get; init; } = [];
}

/// <summary>A deletion; does nothing where the resource is deleted already or never was.</summary>
public sealed record DeleteResource(ResourceKey Key) : Change(Key);

public abstract record Precondition;

/// <summary>The resource's current version, deletions counted; 0 where it never existed.</summary>
public sealed record VersionIs(ResourceKey Key, int Version) : Precondition;

/// <summary>The resource's current version, deletions counted, is one of these; where there are none, it exists and is not deleted.</summary>
public sealed record VersionIsAny(ResourceKey Key, ImmutableArray<int> Versions) : Precondition;

/// <summary>The resource does not exist, or is deleted.</summary>
public sealed record NotPresent(ResourceKey Key) : Precondition;

/// <summary>
/// The current content of the resource meets the condition, or it is not present. Decided on what the transaction reads anyway, or
/// still knows of its last one: that spares the read before.
/// </summary>
public sealed record ContentIs(ResourceKey Key, ContentCondition Condition) : Precondition;

/// <summary>A question to the content of a resource. The same object is the same question: what it was answered is remembered.</summary>
/// <param name="isMetBy">Of the resource as JSON; pure.</param>
public sealed class ContentCondition(Func<ReadOnlyMemory<byte>, bool> isMetBy)
{
    public bool IsMetBy(ReadOnlyMemory<byte> utf8Json) => isMetBy(utf8Json);
}

/// <summary>Never holds: what is decided rests on a search that finds more than can be named, and is decided again inside the transaction.</summary>
public sealed record DecidedInTurn : Precondition;

/// <summary>The criteria find exactly this resource, or none.</summary>
public sealed record SearchFinds(SearchQuery Query, ResourceKey? Only) : Precondition;

public enum ChangeOutcome
{
    Created,
    Updated,
    Unchanged,
    Deleted,

    /// <summary>There was nothing to delete.</summary>
    NothingToDelete,
}

/// <summary>What became of one change. For <see cref="ChangeOutcome.NothingToDelete"/> of a resource that never was, the version is 0.</summary>
public readonly record struct ChangeResult(ChangeOutcome Outcome, StoredResource Resource);

/// <summary>
/// What became of a <see cref="Storage.Commit"/>: done with one result per change, refused because of one precondition, or, where
/// its decision withdrew it, none of the two.
/// </summary>
/// <param name="Commit">
/// What was stored, whose changes the results stand for: the commit handed in, or the one decided again in its place. Null
/// where nothing was.
/// </param>
public sealed record CommitResult(Commit? Commit, ImmutableArray<ChangeResult> Changes, Precondition? Failed)
{
    /// <summary>The decision found that nothing is to be written after all.</summary>
    public static readonly CommitResult Withdrawn = new(null, [], null);

    public static CommitResult Refused(Precondition failed) => new(null, [], failed);

    public bool IsCommitted => Commit is not null;

    public bool IsWithdrawn => Commit is null && Failed is null;

    /// <summary>
    /// For each of <see cref="Storage.Commit.Outbox"/> the message as it is now; null where the change had no effect or is not of
    /// one message.
    /// </summary>
    public ImmutableArray<OutboxMessage?> Outbox { get; init; } = [];

    /// <summary>The partners whose <see cref="ChangePartnerStatus"/> had an effect.</summary>
    public ImmutableArray<string> ChangedPartners { get; init; } = [];
}
