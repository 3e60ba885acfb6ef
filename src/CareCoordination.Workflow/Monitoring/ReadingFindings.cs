using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Monitoring;

/// <summary>Which of the readings that are being written are beyond a threshold of a goal, and which are not any more.</summary>
/// <param name="Found">Each reading once, with what is most pressing of it, in the order in which they were true.</param>
/// <param name="Gone">References of readings that were written before and ask for nothing now.</param>
/// <param name="MayBeRun">
/// A reading is beyond a threshold that waits for several in a row: what it asks for rests on the others, those that are written at this moment too.
/// </param>
internal sealed record ReadingFindings(
    ImmutableArray<ReadingFinding> Found,
    ImmutableHashSet<string> Gone,
    bool MayBeRun
)
{
    public bool IsEmpty => Found.IsEmpty && Gone.IsEmpty && !MayBeRun;

    public static ReadingFindings Of(
        Snapshot goal,
        KnownReadings known,
        IReadOnlyCollection<WatchedReading> written,
        CarePolicy policy,
        DateTimeOffset now
    )
    {
        var view = GoalView.From(ResourceDocument.Parse(goal.Utf8Json).Value);
        var patient = view.Subject.Target();
        ImmutableArray<WatchedReading> news = [.. written.Where(w => w.After?.Patient == patient && w.After!.Counts)];
        var found = new Dictionary<string, ReadingFinding>(StringComparer.Ordinal);
        foreach (var target in view.Target)
        {
            foreach (var finding in OfTarget(target, known, news))
            {
                if (!found.TryGetValue(finding.Reading.Reference, out var other) || other.Rank < finding.Rank)
                    found[finding.Reading.Reference] = finding;
            }
        }

        var before = written
            .Where(w => w.Before?.Patient == patient)
            .ToDictionary(w => w.Reference, w => w.Before!, StringComparer.Ordinal);
        return new(
            [
                .. found
                    .Values.Where(f => IsFresh(f.Reading) && f.Rank > RankBefore(f.Reading.Reference))
                    .OrderBy(f => f.Reading.At)
                    .ThenBy(f => f.Reading.Reference, StringComparer.Ordinal),
            ],
            // What is beyond a threshold by itself stays, whether its run is still known or not.
            [.. written.Where(w => before.ContainsKey(w.Reference) && RankNow(w) < 0).Select(w => w.Reference)],
            news.Any(n => IsFresh(n.After!) && MayBeInRun(view, n.After!))
        );

        bool IsFresh(Reading reading) =>
            (known.Life?.Has(reading) ?? true)
            && reading.When.LastDayIn(policy.TimeZone)
                >= policy.Today(now).PlusDays(-policy.RulesAt(now).Monitoring.FreshDays);

        int RankNow(WatchedReading reading) =>
            reading.After is { Counts: true } now && now.Patient == patient ? RankOf(view, now) : -1;

        int RankBefore(string reference) =>
            before.TryGetValue(reference, out var was) && was.Counts && IsFresh(was) ? RankOf(view, was) : -1;
    }

    private static bool MayBeInRun(GoalView goal, Reading reading)
    {
        foreach (var target in goal.Target)
        {
            if (
                reading.Of(target.Measure) is { } value
                && ReadingThreshold.Of(target).Any(t => t.Readings > 1 && t.FitOf(value) == ThresholdFit.Beyond)
            )
                return true;
        }

        return false;
    }

    /// <summary>What a reading asks for by itself: the most pressing threshold that it is beyond, or cannot be compared with. -1 for nothing.</summary>
    private static int RankOf(GoalView goal, Reading reading)
    {
        var rank = -1;
        foreach (var target in goal.Target)
        {
            if (reading.Of(target.Measure) is not { } value)
                continue;
            foreach (var threshold in ReadingThreshold.Of(target))
            {
                var here = threshold.FitOf(value) switch
                {
                    ThresholdFit.Beyond => Priorities.Rank(threshold.Priority),
                    ThresholdFit.Unknown => 0,
                    _ => -1,
                };
                rank = Math.Max(rank, here);
            }
        }

        return rank;
    }

    private static IEnumerable<ReadingFinding> OfTarget(
        GoalTargetView target,
        KnownReadings known,
        ImmutableArray<WatchedReading> news
    )
    {
        var thresholds = ReadingThreshold.Of(target);
        if (thresholds.IsEmpty || news.All(n => n.After!.Of(target.Measure) is null))
            yield break;
        var readings = InOrder(target, known, news);
        var words = WordsOf(target.Measure);
        foreach (var written in news)
        {
            var reading = written.After!;
            if (reading.Of(target.Measure) is not { } value)
                continue;
            var worst = thresholds
                .Where(t => IsInRun(reading, t, target.Measure, readings))
                .OrderByDescending(t => Priorities.Rank(t.Priority))
                .FirstOrDefault();
            if (worst is not null)
                yield return new(reading, Priorities.Rank(worst.Priority), $"{words}: {worst.Words}");
            else if (thresholds.Any(t => t.FitOf(value) == ThresholdFit.Unknown))
                yield return new(
                    reading,
                    Priorities.Rank(RequestPriorityCodes.Routine),
                    $"{words}: cannot be compared with the threshold, {thresholds[0].Words}"
                );
        }
    }

    /// <summary>What is known and what is written, each once as it is now; what has no number is no reading.</summary>
    private static ImmutableArray<Reading> InOrder(
        GoalTargetView target,
        KnownReadings known,
        ImmutableArray<WatchedReading> news
    )
    {
        var written = news.Select(n => n.Reference).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. (known.Of(target.Measure)?.Latest ?? [])
                .Where(r => r.Counts && !written.Contains(r.Reference))
                .Concat(news.Select(n => n.After!))
                .Where(r => r.Of(target.Measure) is not null && (known.Life?.Has(r) ?? true))
                .OrderBy(r => r.At)
                .ThenBy(r => r.Reference, StringComparer.Ordinal),
        ];
    }

    /// <summary>True where the reading is one of as many in a row beyond the threshold as it waits for.</summary>
    private static bool IsInRun(
        Reading reading,
        ReadingThreshold threshold,
        CodeableConceptView measure,
        ImmutableArray<Reading> readings
    )
    {
        var run = 0;
        var hasIt = false;
        foreach (var one in readings)
        {
            switch (threshold.FitOf(one.Of(measure)!.Value))
            {
                case ThresholdFit.Beyond:
                    run++;
                    hasIt |= one.Reference == reading.Reference;
                    break;
                case ThresholdFit.Within:
                    (run, hasIt) = (0, false);
                    break;
            }

            if (hasIt && run >= threshold.Readings)
                return true;
        }

        return false;
    }

    /// <summary>What is measured, in the words of the goal.</summary>
    private static string WordsOf(CodeableConceptView measure)
    {
        if (measure.Text is { } text)
            return text;
        foreach (var coding in measure.Coding)
        {
            if ((coding.Display ?? coding.Code) is { } words)
                return words;
        }

        return "Reading";
    }
}
