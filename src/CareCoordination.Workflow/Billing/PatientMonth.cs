using System.Collections.Immutable;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Billing;

/// <summary>A code with the days of its service and what speaks for it.</summary>
/// <param name="Evidence">References: where the time is told, the consent, the plan.</param>
public sealed record BillingLine(ReadyCode Ready, DayRange Service, ImmutableArray<string> Evidence)
{
    /// <summary>Who did the work.</summary>
    public ImmutableArray<string> Performers { get; init; } = [];
}

/// <summary>A patient's month in one programme.</summary>
/// <param name="Episode">What the month is billed in.</param>
public sealed record ProgramMonth(
    ProgramEpisode Episode,
    string Program,
    ProgramBilling Billing,
    ImmutableArray<BillingLine> Lines,
    BillingFacts Facts
)
{
    /// <summary>Minutes that do not count, by why they do not.</summary>
    public ImmutableSortedDictionary<TimeVerdict, int> LeftOut { get; init; } =
        ImmutableSortedDictionary<TimeVerdict, int>.Empty;
}

/// <summary>A patient's month in all programmes: told from the record, and from nothing that was told before.</summary>
public sealed record PatientMonth(string Patient, BillingMonth Month, ImmutableArray<ProgramMonth> Programs)
{
    /// <param name="until">What is later has not happened.</param>
    public static PatientMonth Of(BillingRecord record, BillingMonth month, CarePolicy policy, DateTimeOffset until)
    {
        var rules = policy.RulesAt(month.Span.Start).Billing;
        var episodes = Episodes(record, month);
        var log = MonthLog.Of(Entries(record, episodes), Scope(record, episodes, month, until), rules);
        var reader = new MonthReader(record, month, log, policy, rules);
        var told = episodes.Values.OrderBy(e => e.Program, StringComparer.Ordinal).SelectMany(reader.Of).ToList();
        if (reader.TransitionIn(episodes.Values) is { } transition)
            told.Add(transition);
        var billed = BillingThresholds.Of(told.Where(t => t.IsFirst).Select(t => t.Facts), rules);
        return new PatientMonth(
            record.Patient,
            month,
            [.. billed.Select(b => reader.Month(b, [.. told.Where(t => t.Facts.Program == b.Program)]))]
        );
    }

    /// <summary>The episode of each programme that the month is of: of several the one that began last.</summary>
    private static Dictionary<string, ProgramEpisode> Episodes(BillingRecord record, BillingMonth month) =>
        record
            .Episodes.Select(e => ProgramEpisode.Of(e, record.Consents, month.Zone))
            .OfType<ProgramEpisode>()
            .Where(e => e.Days.First <= month.Last && e.Days.Last >= month.First)
            .GroupBy(e => e.Program)
            .ToDictionary(
                g => g.Key,
                g =>
                    g.OrderBy(e => e.Days.First)
                        .Aggregate((all, next) => next with { Days = new DayRange(all.Days.First, Later(all, next)) }),
                StringComparer.Ordinal
            );

    private static DateOnly Later(ProgramEpisode one, ProgramEpisode other) =>
        one.Days.Last > other.Days.Last ? one.Days.Last : other.Days.Last;

    private static IEnumerable<TimeEntry> Entries(BillingRecord record, Dictionary<string, ProgramEpisode> episodes)
    {
        // What says nothing of its programme is of the one that the patient is in.
        var only = episodes.Count == 1 ? episodes.Keys.First() : null;
        var programs = episodes.Values.ToDictionary(e => e.Reference, e => e.Program, StringComparer.Ordinal);
        return record
            .Tasks.SelectMany(t => TimeEntries.OfTask(t, only))
            .Concat(record.Encounters.SelectMany(e => TimeEntries.OfEncounter(e, programs, only)));
    }

    private static MonthScope Scope(
        BillingRecord record,
        Dictionary<string, ProgramEpisode> episodes,
        BillingMonth month,
        DateTimeOffset until
    ) =>
        new(month, episodes.ToImmutableDictionary(e => e.Key, e => new ProgramDays(e.Value.Days, e.Value.Consented)))
        {
            Stays =
            [
                .. record
                    .Encounters.Select(e => TimeEntries.StayOf(e, month.Zone))
                    .OfType<DayRange>()
                    .Where(s => s.First <= month.Last && s.Last >= month.First),
            ],
            Visits =
            [
                .. record
                    .Encounters.Select(e => TimeEntries.VisitOf(e, month.Zone))
                    .OfType<TimeSpanOf>()
                    .Where(v => !v.Within(month.Span).IsEmpty),
            ],
            Until = until,
        };
}
