using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Goals;

/// <summary>
/// What a new Observation makes of the patient's active goals: <c>achievementStatus</c> and <c>outcomeReference</c>, to be written in the
/// commit of the Observation. A goal is never closed here: that is for a person.
/// </summary>
public static class GoalEvaluation
{
    /// <summary>Null where the goal is not active, or the reading is of another patient or measures none of its targets.</summary>
    /// <param name="news">The Observation that is being written.</param>
    /// <param name="known">Earlier ones of the patient with the same codes; <paramref name="news"/> may be among them in an older version.</param>
    public static Decision? Evaluate(Snapshot snapshot, Reading news, IEnumerable<Reading> known, CareRules rules)
    {
        var goal = new GoalDraft(snapshot);
        if (goal.Status != GoalStatusCodes.Active || goal.Subject != news.Patient)
            return null;
        var view = GoalView.From(goal.Original!);
        var readings = known
            .Where(r => r.Reference != news.Reference && r.Patient == news.Patient)
            .Append(news)
            .Where(r => r.Counts)
            .OrderBy(r => r.At)
            .ThenBy(r => r.Reference, StringComparer.Ordinal)
            .ToImmutableArray();
        var targets = new List<TargetTest>();
        foreach (var target in view.Target)
        {
            if (TargetTest.Of(target, measure => First(readings, measure), rules) is { } test)
                targets.Add(test);
        }

        if (!targets.Exists(t => news.Of(t.Measure) is not null))
            return null;
        Refer(goal, news);
        if (Judge(targets, readings, goal.Achievement) is { } achievement && achievement != goal.Achievement)
            goal.Achievement = achievement;
        var decision = Drafts.Write("evaluate", goal);
        return decision.IsEmpty ? null : decision;
    }

    /// <summary>
    /// The goal after several Observations, as if they were written one after the other, in the order in which they were true. Null
    /// where it does not change.
    /// </summary>
    public static ResourceWrite? Evaluate(
        Snapshot snapshot,
        IReadOnlyCollection<Reading> news,
        IEnumerable<Reading> known,
        CareRules rules
    )
    {
        var written = news.Select(n => n.Reference).ToHashSet(StringComparer.Ordinal);
        var seen = known.Where(r => !written.Contains(r.Reference)).ToList();
        ResourceWrite? write = null;
        foreach (var reading in news.OrderBy(n => n.At).ThenBy(n => n.Reference, StringComparer.Ordinal))
        {
            if (Evaluate(snapshot, reading, seen, rules) is { } decision)
            {
                write = decision.Writes[0];
                snapshot = snapshot with { Utf8Json = write.Utf8Json };
            }

            seen.Add(reading);
        }

        return write;
    }

    /// <summary>True where the Observation says something about a target of the goal.</summary>
    public static bool IsMeasuredBy(Snapshot goal, Reading reading) =>
        GoalView.From(new GoalDraft(goal).Original!).Target.Any(t => reading.Of(t.Measure) is not null);

    /// <summary>
    /// How much of the way from the first reading to the target is done, in whole percent: of several targets the least. 100 where all
    /// are met; null where nothing can be compared, or a target has no distance and is not met.
    /// </summary>
    public static int? Percent(Snapshot snapshot, IEnumerable<Reading> known, CareRules rules)
    {
        var view = GoalView.From(new GoalDraft(snapshot).Original!);
        var readings = known
            .Where(r => r.Counts)
            .OrderBy(r => r.At)
            .ThenBy(r => r.Reference, StringComparer.Ordinal)
            .ToImmutableArray();
        int? least = null;
        foreach (var target in view.Target)
        {
            if (TargetTest.Of(target, measure => First(readings, measure), rules) is not { } test)
                continue;
            var aims = Aims(test, readings);
            if (aims.Length == 0 || PercentOf(aims[0], aims[^1]) is not { } percent)
                return null;
            least = Math.Min(least ?? 100, percent);
        }

        return least;
    }

    private static int? PercentOf(Aim first, Aim last)
    {
        if (last.IsMet)
            return 100;
        if (last.Distance is not { } now || first.Distance is not { } began)
            return null;
        return now >= began ? 0 : (int)Math.Clamp((began - now) / began * 100, 0, 99);
    }

    private static Aim[] Aims(TargetTest target, ImmutableArray<Reading> readings) =>
        [.. readings.Select(r => r.Of(target.Measure) is { } value ? target.Aim(value) : null).OfType<Aim>()];

    /// <summary>Null where no reading can be compared with any target: then nothing is known, and nothing is said.</summary>
    private static string? Judge(List<TargetTest> targets, ImmutableArray<Reading> readings, string? before)
    {
        var achieved = true;
        var latestMeets = true;
        var trend = Trend.Unknown;
        var any = false;
        foreach (var target in targets)
        {
            var aims = Aims(target, readings);
            if (aims.Length == 0)
            {
                // A target nobody measured is not reached: 140 over an unknown is no blood pressure under control.
                achieved = latestMeets = false;
                continue;
            }

            any = true;
            achieved &= aims.Length >= target.RequiredReadings && aims[^target.RequiredReadings..].All(a => a.IsMet);
            latestMeets &= aims[^1].IsMet;
            trend = Worse(trend, TrendOf(aims, target.DeadBand));
        }

        var wasAchieved = before is GoalAchievementCodes.Achieved or GoalAchievementCodes.Sustaining;
        return any ? GoalAchievement.Of(achieved, wasAchieved, latestMeets, trend) : null;
    }

    private static Trend TrendOf(Aim[] aims, decimal deadBand)
    {
        if (aims.Length < 2)
            return Trend.Unknown;
        var (before, now) = (aims[^2], aims[^1]);
        if (before.Distance is not { } far || now.Distance is not { } near)
        {
            return (before.IsMet, now.IsMet) switch
            {
                (false, true) => Trend.Nearer,
                (true, false) => Trend.Farther,
                _ => Trend.Same,
            };
        }

        // Leaving or reaching the target is a change, however small the step.
        if (before.IsMet != now.IsMet)
            return now.IsMet ? Trend.Nearer : Trend.Farther;
        var gained = far.Minus(near);
        if (Math.Abs(gained) <= deadBand)
            return Trend.Same;
        return gained > 0 ? Trend.Nearer : Trend.Farther;
    }

    /// <summary>A goal of several targets moves as its worst one does.</summary>
    private static Trend Worse(Trend one, Trend other) => (Trend)Math.Max((int)one, (int)other);

    private static MeasuredValue? First(ImmutableArray<Reading> readings, CodeableConceptView measure)
    {
        foreach (var reading in readings)
        {
            if (reading.Of(measure) is { } value)
                return value;
        }

        return null;
    }

    /// <summary>What counts is an outcome; what was withdrawn is none any more.</summary>
    private static void Refer(GoalDraft goal, Reading reading)
    {
        if (!reading.Counts)
            goal.Edit.OutcomeReference.RemoveAll(r => r.Target() == reading.Reference);
        else if (!goal.Edit.OutcomeReference.Targets().Contains(reading.Reference))
            goal.Edit.OutcomeReference.Add(References.To(reading.Reference));
    }
}
