using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Goals;

/// <summary>
/// What new Observations make of an active goal: <c>achievementStatus</c> and <c>outcomeReference</c>, to be written in the commit of
/// the Observations. A goal is never closed here: that is for a person.
/// </summary>
/// <remarks>
/// <para>
/// Readings count in the order in which they were true, whenever they arrive, so that what a goal says depends on what is known and
/// not on the order in which it came. The latest few of each measure are enough to tell (<see cref="KnownReadings.Needed"/>): a reading
/// that is older than a full window of them changes nothing but the side on which the patient began.
/// </para>
/// <para>
/// Nothing is written where the achievement stays as it is and no outcome was withdrawn: a goal does not grow with its readings.
/// </para>
/// </remarks>
public static class GoalEvaluation
{
    /// <summary>Null where the goal does not change: it is not active, or the readings say nothing new of it.</summary>
    /// <param name="news">Of the Observations that are being written those that <see cref="MeasuredBy"/> finds.</param>
    public static Decision? Evaluate(
        Snapshot snapshot,
        IReadOnlyCollection<Reading> news,
        KnownReadings known,
        CareRules rules
    ) => Evaluate(snapshot, news, known, rules, recorded: null);

    /// <summary>The readings that say something about a target of the goal.</summary>
    /// <param name="byPatient">By whose they are, so that many goals are asked about many readings.</param>
    public static ImmutableArray<Reading> MeasuredBy(Snapshot goal, ILookup<string, Reading> byPatient)
    {
        var view = GoalView.From(ResourceDocument.Parse(goal.Utf8Json).Value);
        var measures = view.Target.Select(t => t.Measure).ToArray();
        return
        [
            .. byPatient[view.Subject.Target() ?? ""]
                .Where(r => measures.Any(m => r.Of(m) is not null))
                // What a reading is now goes before what it was.
                .DistinctBy(r => r.Reference),
        ];
    }

    /// <summary>
    /// What the readings make of a goal that is sought from now on, or again: those that came since its status before, while nobody
    /// judged it. Null where there are none, and for any other change.
    /// </summary>
    /// <param name="before">The goal that is replaced.</param>
    public static ResourceWrite? OfSought(Snapshot before, ResourceWrite written, KnownReadings known, CareRules rules)
    {
        if (!IsSought(before, written))
            return null;
        var goal = new GoalDraft(new Snapshot(written.Key, written.DecidedFrom, written.Utf8Json));
        var evidence = GoalEvidence.Of(GoalView.From(goal.Original!), [], known, rules);
        if (
            !evidence.SelectMany(e => e.Aims).Any(a => IsSince(before, a.Reading, known.Life))
            || Judge(evidence, novelty: null, goal.Achievement) is not { } achievement
        )
            return null;
        Refer(goal, evidence, [], recorded: null);
        if (achievement != goal.Achievement)
            goal.Achievement = achievement;
        return written with { Utf8Json = goal.ToUtf8Json() };
    }

    /// <summary>True where a write makes a goal active that rested or had not begun: not one that was over, which begins anew.</summary>
    public static bool IsSought(Snapshot before, ResourceWrite written) =>
        written.Key.Type == ResourceTypes.Goal
        && StatusOf(written.Utf8Json) == GoalStatusCodes.Active
        && StatusOf(before.Utf8Json)
            is GoalStatusCodes.OnHold
                or GoalStatusCodes.Accepted
                or GoalStatusCodes.Planned
                or GoalStatusCodes.Proposed;

    private static string? StatusOf(ReadOnlyMemory<byte> goal) =>
        GoalView.From(ResourceDocument.Parse(goal).Value).LifecycleStatus;

    /// <summary>What a person judged before the goal rested holds until the next reading.</summary>
    private static bool IsSince(Snapshot before, Reading reading, GoalLife? life)
    {
        var zone = life?.Zone ?? TimeZoneInfo.Utc;
        return CareDate.Of(GoalView.From(ResourceDocument.Parse(before.Utf8Json).Value).StatusDate) is not { } since
            || reading.When.LastDayIn(zone) >= since.DayIn(zone);
    }

    /// <param name="recorded">A reading that a person names: it is an outcome whatever it changes.</param>
    internal static Decision? Evaluate(
        Snapshot snapshot,
        IReadOnlyCollection<Reading> news,
        KnownReadings known,
        CareRules rules,
        Reading? recorded
    )
    {
        var goal = new GoalDraft(snapshot);
        if (goal.Status != GoalStatusCodes.Active || news.Count == 0)
            return null;
        var evidence = GoalEvidence.Of(GoalView.From(goal.Original!), news, known, rules);
        var withdrawn = news.Where(r => !r.Counts).Select(r => r.Reference).ToHashSet(StringComparer.Ordinal);
        // A reading that is moved out of the goal's days, or has another unit now, tells as little as one that is withdrawn.
        var told = evidence.SelectMany(e => e.Aims).Select(a => a.Reading.Reference).ToHashSet(StringComparer.Ordinal);
        var silent = news.Select(r => r.Reference).Where(r => !told.Contains(r)).ToHashSet(StringComparer.Ordinal);
        var achievement =
            Judge(evidence, Novelty(news, known), goal.Achievement)
            ?? (RestsOn(goal, silent) ? GoalAchievementCodes.InProgress : goal.Achievement);
        if (
            achievement == goal.Achievement
            && recorded is null
            && !RestsOn(goal, silent)
            && !goal.Edit.OutcomeReference.Targets().Any(withdrawn.Contains)
        )
            return null;
        Refer(goal, evidence, withdrawn, recorded);
        if (achievement != goal.Achievement)
            goal.Achievement = achievement;
        var decision = Drafts.Write("evaluate", goal);
        return decision.IsEmpty ? null : decision;
    }

    /// <summary>What was decided last was decided by a reading that is withdrawn.</summary>
    private static bool RestsOn(GoalDraft goal, HashSet<string> withdrawn) =>
        goal.Edit.OutcomeReference.Any(r =>
            r.Extension.With(CareExtensions.DecidedBy) is not null && withdrawn.Contains(r.Target() ?? "")
        );

    /// <summary>The one reading that is written and was not known in another version; null where there are several, or none.</summary>
    private static Reading? Novelty(IReadOnlyCollection<Reading> news, KnownReadings known) =>
        news.Count == 1
        && news.First() is { Counts: true } only
        && known.Windows.All(w => w.Latest.Concat(w.First).All(r => r.Reference != only.Reference))
            ? only
            : null;

    /// <summary>Null where no reading can be compared with any target: then nothing is known, and nothing is said.</summary>
    private static string? Judge(ImmutableArray<TargetEvidence> targets, Reading? novelty, string? before)
    {
        if (targets.All(t => t.Aims.IsEmpty))
            return null;
        var latest = targets
            .Where(t => !t.Aims.IsEmpty)
            .Select(t => t.Aims[^1].Reading)
            .OrderBy(r => r.At)
            .ThenBy(r => r.Reference, StringComparer.Ordinal)
            .Last();
        // What a person judged holds until the next reading; what readings said follows from those before the latest.
        var wasAchieved =
            targets.All(t => t.Without(latest).IsAchieved)
            || (novelty == latest && before is GoalAchievementCodes.Achieved or GoalAchievementCodes.Sustaining);
        // A target nobody measured is not reached: 140 over an unknown is no blood pressure under control.
        return GoalAchievement.Of(
            targets.All(t => t.IsAchieved),
            wasAchieved,
            targets.All(t => t.Aims is [.., { Aim.IsMet: true }]),
            targets.Select(TrendOf).Max()
        );
    }

    /// <summary>A goal of several targets moves as its worst one does: the trends are in that order.</summary>
    private static Trend TrendOf(TargetEvidence target)
    {
        if (target.Aims is not [.., { Aim: var before }, { Aim: var now }])
            return Trend.Unknown;
        // Leaving or reaching the target is a change, however small the step.
        if (before.IsMet != now.IsMet)
            return now.IsMet ? Trend.Nearer : Trend.Farther;
        if (before.Distance is not { } far || now.Distance is not { } near)
            return Trend.Same;
        var gained = far.Minus(near);
        if (Math.Abs(gained) <= target.Test.DeadBand)
            return Trend.Same;
        return gained > 0 ? Trend.Nearer : Trend.Farther;
    }

    /// <summary>
    /// The outcomes are the latest reading of each target, as they were when the achievement changed last, and what a person put there.
    /// What was withdrawn is none any more.
    /// </summary>
    private static void Refer(
        GoalDraft goal,
        ImmutableArray<TargetEvidence> targets,
        HashSet<string> withdrawn,
        Reading? recorded
    )
    {
        goal.Edit.OutcomeReference.RemoveAll(r =>
            r.Extension.With(CareExtensions.DecidedBy) is not null || withdrawn.Contains(r.Target() ?? "")
        );
        var outcomes = goal.Edit.OutcomeReference.Targets().ToHashSet(StringComparer.Ordinal);
        var latest = targets.Where(t => !t.Aims.IsEmpty).Select(t => t.Aims[^1].Reading);
        foreach (var reading in recorded is { Counts: true } ? latest.Prepend(recorded) : latest)
        {
            if (outcomes.Add(reading.Reference))
                goal.Edit.OutcomeReference.Add(
                    new()
                    {
                        Reference = reading.Reference,
                        Extension =
                        {
                            new() { Url = CareExtensions.DecidedBy, ValueBoolean = true },
                        },
                    }
                );
        }
    }
}
