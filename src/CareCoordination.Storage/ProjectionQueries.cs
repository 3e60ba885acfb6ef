using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Storage;

/// <summary>
/// A page of the tasks that are not over, the most pressing first: priority, then what was due before <paramref name="Now"/>, then
/// the rank of the patient's latest risk, then due time, then id.
/// </summary>
public sealed record WorklistQuery(DateTimeOffset Now, int Count)
{
    /// <summary>Any of these; empty: whoever it is, or nobody.</summary>
    public ImmutableArray<Party> Owners { get; init; } = [];

    /// <summary>Only what nobody owns.</summary>
    public bool IsUnowned { get; init; }

    public ResourceKey? Patient { get; init; }

    /// <summary>True: only what a Patient or a RelatedPerson owns; false: only what neither does; null: both.</summary>
    public bool? IsOfPatients { get; init; }

    /// <summary>As <see cref="WorkItem.Status"/>; empty: any.</summary>
    public ImmutableArray<short> Statuses { get; init; } = [];

    /// <summary>As <see cref="WorkItem.Priority"/>; empty: any.</summary>
    public ImmutableArray<short> Priorities { get; init; } = [];

    public DateTimeOffset? DueBefore { get; init; }

    /// <summary>What else the search index has to say of the task.</summary>
    public ImmutableArray<Criterion> Criteria { get; init; } = [];

    /// <summary>The place of the last task of the page before.</summary>
    public WorkPlace? After { get; init; }

    /// <summary>What may be seen by whoever asks; null: everything.</summary>
    public Visibility? Visibility { get; init; }
}

/// <summary>The place of a task in a worklist. Id makes it the place of one task only.</summary>
/// <param name="Risk">The rank of the patient's latest risk; 0 where nobody assessed it.</param>
/// <param name="Due">The end of time where nothing is said.</param>
public readonly record struct WorkPlace(int Priority, bool IsOverdue, int Risk, DateTimeOffset Due, string Id);

/// <param name="Next">The place of the last task, where another page follows.</param>
/// <param name="Total">All tasks of the worklist, whatever the page.</param>
public sealed record WorklistPage(ImmutableArray<StoredResource> Tasks, WorkPlace? Next, long Total);

/// <summary>The patients of one who may be named in several ways, and what of the work is late.</summary>
/// <param name="Statuses">Of the tasks that can be late, as <see cref="WorkItem.Status"/>.</param>
public sealed record CaseloadQuery(ImmutableArray<Party> Manager, ImmutableArray<short> Statuses, DateTimeOffset AsOf)
{
    /// <summary>What may be seen by whoever asks; null: everything.</summary>
    public Visibility? Visibility { get; init; }
}

/// <param name="Overdue">Tasks that were due before <see cref="CaseloadQuery.AsOf"/>.</param>
public sealed record Caseload(ImmutableArray<CaseloadShare> Patients, int Overdue);

/// <summary>Patients who weigh the same.</summary>
/// <param name="Tier">The code of the latest risk; null where nobody assessed it.</param>
public readonly record struct CaseloadShare(string? Tier, bool InTransition, int Patients);

/// <summary>The readings of somebody that have a code, in the order in which they were true.</summary>
/// <param name="Count">At most so many.</param>
public sealed record ReadingsQuery(Party Subject, ReadingCode Code, int Count)
{
    /// <summary>The last first; otherwise the first.</summary>
    public bool IsLatestFirst { get; init; }

    /// <summary>What may be seen by whoever asks; null: everything.</summary>
    public Visibility? Visibility { get; init; }

    /// <summary>None that was true before.</summary>
    public DateTimeOffset From { get; init; } = DateTimeOffset.MinValue;

    /// <summary>None that was true after.</summary>
    public DateTimeOffset Until { get; init; } = DateTimeOffset.MaxValue;
}

/// <summary>A resource that is to be looked at since <paramref name="At"/>.</summary>
public readonly record struct DueTimer(ResourceKey Key, DateTimeOffset At);
