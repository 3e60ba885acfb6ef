using System.Collections.Immutable;

namespace CareCoordination.Workflow.Rules;

/// <summary>Whose time counts.</summary>
public enum TimeOf
{
    /// <summary>Of either kind.</summary>
    Any,

    /// <summary>Of staff who are directed by a practitioner who bills.</summary>
    ClinicalStaff,

    /// <summary>Of the practitioner who bills, in person.</summary>
    Practitioner,
}

/// <summary>What a code is reached by.</summary>
public enum BillingBasis
{
    /// <summary>Minutes of a calendar month.</summary>
    Minutes,

    /// <summary>Days with data among the thirty of a window.</summary>
    DataDays,

    /// <summary>The month itself: no time is asked for.</summary>
    Month,

    /// <summary>The visit after a discharge.</summary>
    Transition,
}

/// <summary>
/// A code that a patient's month can be billed with, as data: the server knows what reaches it and what keeps it away, not what it is worth.
/// The words are this project's own; descriptors of code sets belong to their owners.
/// </summary>
/// <param name="Code">As <c>99490</c>.</param>
/// <param name="Program">The programme whose work it is for, see CarePrograms.</param>
/// <param name="Family">Codes that are kept apart from others together, see <see cref="BillingExclusion"/>.</param>
/// <param name="Words">In a few words of our own.</param>
/// <param name="Source">Where the rule was found, and how sure it is: see docs/billing.md.</param>
public sealed record BillingCode(string Code, string Program, string Family, string Words, string Source)
{
    /// <summary>
    /// Codes of one line are alternatives: the first, in the order of the table, that is reached and has what it needs. A programme may have
    /// several lines. The family where nothing else is said.
    /// </summary>
    public string Line { get; init; } = Family;

    /// <summary>The codes of which it is a part: it is billed beside one of them. Empty: it stands for itself.</summary>
    public ImmutableArray<string> AddsTo { get; init; } = [];

    public BillingBasis Basis { get; init; }

    /// <summary>The least minutes or days; of an addition the minutes of each unit, beyond those of the code that it adds to.</summary>
    public int From { get; init; }

    /// <summary>The most minutes or days; null: no end.</summary>
    public int? To { get; init; }

    /// <summary>The most units of a month; null: no end.</summary>
    public int? MostUnits { get; init; } = 1;

    public TimeOf Time { get; init; }

    /// <summary>What has to be on record: codes of BillingNeeds.</summary>
    public ImmutableArray<string> Needs { get; init; } = [];

    /// <summary>False where days in a hospital or nursing facility do not count.</summary>
    public bool CountsStays { get; init; } = true;

    /// <summary>It is billed once in an episode.</summary>
    public bool IsOnce { get; init; }

    /// <summary>The first day of service.</summary>
    public DateOnly ValidFrom { get; init; } = DateOnly.MinValue;

    /// <summary>The last day of service.</summary>
    public DateOnly ValidTo { get; init; } = DateOnly.MaxValue;

    public bool IsValidOn(DateOnly day) => ValidFrom <= day && day <= ValidTo;
}

/// <summary>Of these families one is billed for a patient and a month.</summary>
public sealed record BillingExclusion(ImmutableArray<string> Families, string Source)
{
    public DateOnly ValidFrom { get; init; } = DateOnly.MinValue;

    public DateOnly ValidTo { get; init; } = DateOnly.MaxValue;

    public bool Excludes(string family, string other, DateOnly day) =>
        family != other && ValidFrom <= day && day <= ValidTo && Families.Contains(family) && Families.Contains(other);
}
