using System.Collections.Immutable;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;

namespace CareCoordination.Workflow.Billing;

/// <summary>A calendar month in the zone that bills it.</summary>
/// <param name="First">Its first day.</param>
public sealed record BillingMonth(DateOnly First, TimeZoneInfo Zone)
{
    public static BillingMonth Of(DateOnly day, TimeZoneInfo zone) => new(new DateOnly(day.Year, day.Month, 1), zone);

    public DateOnly Last => new(First.Year, First.Month, DateTime.DaysInMonth(First.Year, First.Month));

    /// <summary>As <c>2026-11</c>.</summary>
    public string Name => First.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>From its first instant to the first of the next.</summary>
    public TimeSpanOf Span => new(Zone.StartOf(First), EndOf(Last));

    public bool Includes(DateOnly day) => First <= day && day <= Last;

    /// <summary>The first instant after a day.</summary>
    public DateTimeOffset EndOf(DateOnly day) =>
        day.PlusDays(1) is { } next ? Zone.StartOf(next) : DateTimeOffset.MaxValue;

    public DateTimeOffset StartOf(DateOnly day) => Zone.StartOf(day);

    public DateOnly DayOf(DateTimeOffset instant) => Zone.DayOf(instant);
}

/// <summary>Days, both of them inside.</summary>
public readonly record struct DayRange(DateOnly First, DateOnly Last)
{
    public static readonly DayRange Always = new(DateOnly.MinValue, DateOnly.MaxValue);

    public bool Includes(DateOnly day) => First <= day && day <= Last;
}

/// <summary>On which days the work for a programme counts.</summary>
/// <param name="Enrolled">From the beginning of the episode to its end.</param>
/// <param name="Consented">
/// From the consent on; null where there is none on record: the time then counts, and the codes that need the consent are kept away, so that
/// what is lost can be seen.
/// </param>
public readonly record struct ProgramDays(DayRange Enrolled, DayRange? Consented);

/// <summary>What is to be known of a patient and a month to say which time counts.</summary>
/// <param name="Programs">By their codes.</param>
public sealed record MonthScope(BillingMonth Month, ImmutableDictionary<string, ProgramDays> Programs)
{
    /// <summary>Stays in a hospital or nursing facility: from the day of admission to that of discharge.</summary>
    public ImmutableArray<DayRange> Stays { get; init; } = [];

    /// <summary>Visits at a practice, in person or not, that are billed as such.</summary>
    public ImmutableArray<TimeSpanOf> Visits { get; init; } = [];

    /// <summary>What is later has not happened.</summary>
    public DateTimeOffset Until { get; init; } = DateTimeOffset.MaxValue;
}
