using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Storage;

/// <summary>One page of a search.</summary>
/// <param name="Next">Where the next page starts; null on the last page.</param>
/// <param name="Total">All matches, where the query asked for them.</param>
public sealed record SearchPage(
    ImmutableArray<StoredResource> Matches,
    ImmutableArray<StoredResource> Included,
    PageCursor? Next,
    long? Total
)
{
    /// <summary>There is more to include than a page may carry (<see cref="StorageOptions.MaxIncluded"/>): clients have to be told.</summary>
    public bool IsIncludedCut { get; init; }

    /// <summary>
    /// There is more to include that is further away from the matches than is followed (<see cref="StorageOptions.MaxIncludeRounds"/>).
    /// </summary>
    public bool IsIterationCut { get; init; }
}

/// <summary>What a conditional interaction needs of a search: at most two matches, and the sequence it was made at.</summary>
public sealed record ConditionalMatches(ImmutableArray<StoredResource> Matches, StorePoint AsOf);

/// <summary>A state of the database.</summary>
/// <param name="CommitId">Of the transaction that made it: a database that went back comes to the same change a second time.</param>
public readonly record struct StorePoint(long Sequence, long CommitId);

/// <summary>Versions of one resource, one type or all, newest first. https://hl7.org/fhir/R4/http.html#history</summary>
/// <param name="ResourceType">Null: all types.</param>
/// <param name="Id">Null: all resources of the type.</param>
/// <param name="Since">Only versions last updated at or after this instant.</param>
/// <param name="At">Only versions that were current at some time in this range.</param>
/// <param name="Before">Only changes before this sequence: the next page.</param>
public sealed record HistoryQuery(string? ResourceType, string? Id, int Count)
{
    public DateTimeOffset? Since { get; init; }

    public DateRange? At { get; init; }

    public long? Before { get; init; }

    /// <summary>What may be seen by whoever asks; null: everything.</summary>
    public Visibility? Visibility { get; init; }

    /// <summary>All versions are to be counted, which of a type, or of all, takes a walk through them.</summary>
    public bool WantsTotal { get; init; }
}

/// <param name="Next">The <see cref="HistoryQuery.Before"/> of the next page; null on the last.</param>
/// <param name="Total">
/// All versions that the query finds, whatever the page: of one resource always, else where <see cref="HistoryQuery.WantsTotal"/>
/// asks for it or no page is asked for.
/// </param>
public sealed record HistoryPage(ImmutableArray<StoredResource> Versions, long? Next, long? Total);

/// <summary>The resources of a patient's compartment, the patient first.</summary>
/// <param name="Types">Empty: all types.</param>
/// <param name="After">The <see cref="EverythingPage.Next"/> of the page before.</param>
public sealed record EverythingQuery(ResourceKey Patient, int Count)
{
    public ImmutableArray<string> Types { get; init; } = [];

    public DateTimeOffset? Since { get; init; }

    public long? After { get; init; }

    /// <summary>What may be seen by whoever asks; null: everything.</summary>
    public Visibility? Visibility { get; init; }
}

public sealed record EverythingPage(ImmutableArray<StoredResource> Resources, long? Next);
