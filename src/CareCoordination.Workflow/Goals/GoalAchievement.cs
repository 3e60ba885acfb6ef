using System.Collections.Immutable;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Goals;

/// <summary>Where the latest reading stands to the one before, beyond the dead band.</summary>
internal enum Trend
{
    /// <summary>There is no reading before.</summary>
    Unknown,
    Nearer,
    Same,
    Farther,
}

/// <summary>https://hl7.org/fhir/R4/valueset-goal-achievement.html: what readings make of a goal.</summary>
internal static class GoalAchievement
{
    public static readonly ImmutableArray<string> All =
    [
        GoalAchievementCodes.InProgress,
        GoalAchievementCodes.Improving,
        GoalAchievementCodes.Worsening,
        GoalAchievementCodes.NoChange,
        GoalAchievementCodes.Achieved,
        GoalAchievementCodes.Sustaining,
        GoalAchievementCodes.NotAchieved,
        GoalAchievementCodes.NoProgress,
        GoalAchievementCodes.NotAttainable,
    ];

    /// <summary>
    /// The table. A goal is achieved when as many readings in a row as are required meet every target; it is sustained while they
    /// go on to. Otherwise the trend speaks. Where the latest meets the target, and others have to follow before it is achieved, the
    /// goal is in progress: it improved only if the one before was farther away.
    /// </summary>
    public static string Of(bool isAchieved, bool wasAchieved, bool latestMeets, Trend trend) =>
        (isAchieved, wasAchieved, latestMeets, trend) switch
        {
            (true, true, _, _) => GoalAchievementCodes.Sustaining,
            (true, false, _, _) => GoalAchievementCodes.Achieved,
            (false, _, true, Trend.Nearer) => GoalAchievementCodes.Improving,
            (false, _, true, _) => GoalAchievementCodes.InProgress,
            (false, _, false, Trend.Nearer) => GoalAchievementCodes.Improving,
            (false, _, false, Trend.Farther) => GoalAchievementCodes.Worsening,
            (false, _, false, Trend.Same) => GoalAchievementCodes.NoChange,
            // One reading alone that misses a target which was met is a regression.
            (false, true, false, Trend.Unknown) => GoalAchievementCodes.Worsening,
            (false, false, false, Trend.Unknown) => GoalAchievementCodes.InProgress,
            _ => GoalAchievementCodes.InProgress,
        };
}
