using System.Collections.Immutable;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Billing;

/// <summary>Why time counts, or does not.</summary>
public enum TimeVerdict
{
    Counted,

    /// <summary>On a day of a stay: it counts for codes that do not leave such days out.</summary>
    InStay,

    /// <summary>The patient was not in the programme on that day.</summary>
    NotEnrolled,

    /// <summary>The patient had not agreed on that day.</summary>
    NoConsent,

    /// <summary>It is of a visit that is billed as such.</summary>
    WithVisit,

    /// <summary>The same minute counts for another programme already.</summary>
    OtherProgram,
}

/// <summary>A part of an entry on one day.</summary>
public readonly record struct DayTime(TimeEntry Entry, DateOnly Day, TimeSpanOf Span, TimeVerdict Verdict);

/// <summary>Whole minutes, never rounded up: 19 minutes 59 seconds are 19.</summary>
/// <param name="All">Of either kind, a minute of both once.</param>
public readonly record struct RoleMinutes(int Staff, int Practitioner, int All)
{
    public int Of(TimeOf time) =>
        time switch
        {
            TimeOf.ClinicalStaff => Staff,
            TimeOf.Practitioner => Practitioner,
            _ => All,
        };
}

/// <summary>
/// The time of a patient's month: each minute once, for one programme, on the calendar day on which it was worked in the zone that bills it.
/// The entry that began first has a minute that several claim; of those that began together the one that is named first.
/// </summary>
public sealed class MonthLog
{
    private readonly bool _countsParallel;

    private MonthLog(ImmutableArray<DayTime> parts, bool countsParallel) =>
        (Parts, _countsParallel) = (parts, countsParallel);

    /// <summary>In the order of time.</summary>
    public ImmutableArray<DayTime> Parts { get; }

    public static MonthLog Of(IEnumerable<TimeEntry> entries, MonthScope scope, BillingRules rules)
    {
        var all = entries
            .Where(e => e.End > e.Start && e.Program != CarePrograms.None)
            .OrderBy(e => e.Start)
            .ThenBy(e => e.Source, StringComparer.Ordinal)
            .ThenBy(e => e.End)
            .ThenBy(e => e.Performer, StringComparer.Ordinal)
            .ToArray();
        var groups = rules.CountsParallelWork ? all.GroupBy(e => e.Performer) : all.GroupBy(_ => "");
        var parts = groups
            .SelectMany(group => Owned([.. group], scope, rules))
            .OrderBy(p => p.Span.Start)
            .ThenBy(p => p.Entry.Source, StringComparer.Ordinal);
        return new MonthLog([.. parts], rules.CountsParallelWork);
    }

    /// <summary>The minutes that count for a programme.</summary>
    /// <param name="countsStays">Days in a hospital or nursing facility too.</param>
    public RoleMinutes Minutes(string program, bool countsStays)
    {
        var counted = Counted(program, countsStays).ToArray();
        return new RoleMinutes(
            Whole(counted.Where(p => p.Entry.Role == TimeOf.ClinicalStaff)),
            Whole(counted.Where(p => p.Entry.Role == TimeOf.Practitioner)),
            Whole(counted)
        );
    }

    /// <summary>The parts that count for a programme.</summary>
    public IEnumerable<DayTime> Counted(string program, bool countsStays) =>
        Parts.Where(p =>
            p.Entry.Program == program
            && (p.Verdict == TimeVerdict.Counted || (countsStays && p.Verdict == TimeVerdict.InStay))
        );

    /// <summary>Minutes of a programme that do not count, by why they do not.</summary>
    public ImmutableSortedDictionary<TimeVerdict, int> LeftOut(string program) =>
        Parts
            .Where(p => p.Entry.Program == program && p.Verdict != TimeVerdict.Counted)
            .GroupBy(p => p.Verdict)
            .Select(g => KeyValuePair.Create(g.Key, Whole(g)))
            .Where(p => p.Value > 0)
            .ToImmutableSortedDictionary();

    /// <summary>Ticks that count, a moment once; where work in parallel counts, once for each person and once for each contact.</summary>
    public long Ticks(IEnumerable<DayTime> parts) =>
        _countsParallel
            ? parts
                .GroupBy(p => p.Entry.Performer)
                .SelectMany(g => Once(g, p => p.Span).Select(o => (o.Of.Entry.Source, o.Span)))
                .GroupBy(o => o.Source)
                .Sum(g => Once(g, o => o.Span).Sum(o => o.Span.Ticks))
            : Once(parts, p => p.Span).Sum(o => o.Span.Ticks);

    private int Whole(IEnumerable<DayTime> parts) => (int)(Ticks(parts) / TimeSpan.TicksPerMinute);

    /// <summary>Each with what of its time none before it has.</summary>
    private static IEnumerable<(T Of, TimeSpanOf Span)> Once<T>(IEnumerable<T> all, Func<T, TimeSpanOf> spanOf)
    {
        var until = DateTimeOffset.MinValue;
        foreach (var one in all.OrderBy(o => spanOf(o).Start))
        {
            var span = spanOf(one);
            var rest = span with { Start = span.Start > until ? span.Start : until };
            if (rest.IsEmpty)
                continue;
            yield return (one, rest);
            until = rest.End;
        }
    }

    /// <summary>Each entry cut into what is its programme's and what another one has already, and into days.</summary>
    private static IEnumerable<DayTime> Owned(TimeEntry[] sorted, MonthScope scope, BillingRules rules)
    {
        var owners = Owners(sorted);
        foreach (var entry in sorted)
        {
            var span = new TimeSpanOf(entry.Start, entry.End)
                .Within(scope.Month.Span)
                .Within(new TimeSpanOf(DateTimeOffset.MinValue, scope.Until));
            for (var i = FirstAfter(owners, span.Start); i < owners.Count && owners[i].Span.Start < span.End; i++)
            {
                var (owned, program) = owners[i];
                var piece = span.Within(owned);
                if (piece.IsEmpty)
                    continue;
                foreach (var day in Days(piece, scope.Month))
                foreach (var judged in Judge(entry, day, program, scope, rules))
                    yield return judged;
            }
        }
    }

    /// <summary>Whose each moment is: of the entry that covers it and began first.</summary>
    private static List<(TimeSpanOf Span, string Program)> Owners(TimeEntry[] sorted)
    {
        var owners = new List<(TimeSpanOf, string)>();
        foreach (var (entry, span) in Once(sorted, e => new TimeSpanOf(e.Start, e.End)))
            owners.Add((span, entry.Program));
        return owners;
    }

    /// <summary>The first that ends after an instant: they are in order and apart from each other.</summary>
    private static int FirstAfter(List<(TimeSpanOf Span, string Program)> owners, DateTimeOffset instant)
    {
        var (low, high) = (0, owners.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (owners[middle].Span.End > instant)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    private static IEnumerable<(DateOnly Day, TimeSpanOf Span)> Days(TimeSpanOf span, BillingMonth month)
    {
        while (!span.IsEmpty)
        {
            var day = month.DayOf(span.Start);
            var end = month.EndOf(day);
            yield return (day, span.Within(new TimeSpanOf(span.Start, end)));
            span = span with { Start = end };
        }
    }

    private static IEnumerable<DayTime> Judge(
        TimeEntry entry,
        (DateOnly Day, TimeSpanOf Span) part,
        string owner,
        MonthScope scope,
        BillingRules rules
    )
    {
        var verdict =
            owner != entry.Program ? TimeVerdict.OtherProgram
            : !scope.Programs.TryGetValue(entry.Program, out var days) || !days.Enrolled.Includes(part.Day)
                ? TimeVerdict.NotEnrolled
            : days.Consented is { } consented && !consented.Includes(part.Day) ? TimeVerdict.NoConsent
            : scope.Stays.Any(s => IsInside(s, part.Day, rules)) ? TimeVerdict.InStay
            : TimeVerdict.Counted;
        if (verdict is not (TimeVerdict.Counted or TimeVerdict.InStay))
            return [new DayTime(entry, part.Day, part.Span, verdict)];
        var dayOfPart = new TimeSpanOf(scope.Month.StartOf(part.Day), scope.Month.EndOf(part.Day));
        TimeSpanOf[] visits =
        [
            .. scope
                .Visits.Where(v => !v.Within(dayOfPart).IsEmpty)
                .Select(v => rules.CountsVisitDays ? v : dayOfPart)
                .OrderBy(v => v.Start),
        ];
        return Apart(entry, part, visits, verdict);
    }

    /// <summary>What is of the visits of the day, and what is apart from them.</summary>
    private static IEnumerable<DayTime> Apart(
        TimeEntry entry,
        (DateOnly Day, TimeSpanOf Span) part,
        TimeSpanOf[] visits,
        TimeVerdict verdict
    )
    {
        var rest = part.Span;
        foreach (var visit in visits)
        {
            var with = rest.Within(visit);
            if (with.IsEmpty)
                continue;
            var before = rest with { End = with.Start };
            if (!before.IsEmpty)
                yield return new DayTime(entry, part.Day, before, verdict);
            yield return new DayTime(entry, part.Day, with, TimeVerdict.WithVisit);
            rest = rest with { Start = with.End };
        }

        if (!rest.IsEmpty)
            yield return new DayTime(entry, part.Day, rest, verdict);
    }

    private static bool IsInside(DayRange stay, DateOnly day, BillingRules rules) =>
        rules.CountsEndsOfStays ? stay.First < day && day < stay.Last : stay.Includes(day);
}
