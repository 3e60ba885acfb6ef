using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Goals;

/// <summary>The commands of a Goal. <c>today</c> is the day where the goal is managed: <c>statusDate</c> has no time.</summary>
public static class GoalSteps
{
    /// <summary>The outcomes with which a goal may be completed; a goal that is still in progress is not over.</summary>
    private static readonly string[] Final =
    [
        GoalAchievementCodes.Achieved,
        GoalAchievementCodes.Sustaining,
        GoalAchievementCodes.NotAchieved,
        GoalAchievementCodes.NoProgress,
        GoalAchievementCodes.NotAttainable,
    ];

    /// <summary><c>$accept</c>: somebody, most often the patient, agrees to the goal.</summary>
    /// <param name="individual">Who agrees: a Patient, RelatedPerson or Practitioner.</param>
    public static Result<Decision> Accept(
        Snapshot snapshot,
        string individual,
        Agent by,
        DateOnly today,
        Reason? reason = null
    )
    {
        var goal = new GoalDraft(snapshot);
        // Further people may agree to what is accepted.
        if (goal.Status is not (GoalStatusCodes.Accepted or GoalStatusCodes.Active))
        {
            if (Check(goal, GoalStatusCodes.Accepted, "accept", by, reason) is { } failure)
                return failure;
            goal.Move(GoalStatusCodes.Accepted, today, reason);
        }

        Acceptance(goal, individual, "agree");
        return Drafts.Write("accept", goal);
    }

    /// <summary><c>$reject</c>: the goal is declined before it is sought.</summary>
    public static Result<Decision> Reject(
        Snapshot snapshot,
        string individual,
        Reason? reason,
        Agent by,
        DateOnly today
    )
    {
        var goal = new GoalDraft(snapshot);
        if (Check(goal, GoalStatusCodes.Rejected, "reject", by, reason) is { } failure)
            return failure;
        goal.Move(GoalStatusCodes.Rejected, today, reason);
        goal.Edit.Extension.Put(
            new() { Url = CareExtensions.GoalReasonRejected, ValueCodeableConcept = reason!.ToCodeableConcept() }
        );
        Acceptance(goal, individual, "disagree");
        return Drafts.Write("reject", goal);
    }

    /// <summary><c>$activate</c>, <c>$hold</c>, <c>$resume</c>, <c>$cancel</c>: the steps that change nothing but the status.</summary>
    /// <param name="command">One of these names, without <c>$</c>.</param>
    public static Result<Decision> Step(Snapshot snapshot, string command, Reason? reason, Agent by, DateOnly today)
    {
        var to = command switch
        {
            "activate" or "resume" => GoalStatusCodes.Active,
            "hold" => GoalStatusCodes.OnHold,
            "cancel" => GoalStatusCodes.Cancelled,
            _ => throw new ArgumentOutOfRangeException(
                nameof(command),
                command,
                "This command has more to say than a status."
            ),
        };
        var goal = new GoalDraft(snapshot);
        if (command == "resume" && goal.HeldBy is { } holder)
            return RuleFailure.Of(
                "parent-on-hold",
                $"{goal.Reference} is on hold with {holder}; resume that.",
                GoalView.At.LifecycleStatus
            );
        if (Check(goal, to, command, by, reason) is { } failure)
            return failure;
        goal.Move(to, today, reason);
        return Drafts.Write(command, goal);
    }

    /// <summary><c>$complete</c>: no longer sought, with a final achievement, given or known. 422 <c>achievement-required</c>.</summary>
    public static Result<Decision> Complete(
        Snapshot snapshot,
        string? achievement,
        Agent by,
        DateOnly today,
        Reason? reason = null
    )
    {
        var goal = new GoalDraft(snapshot);
        if (!Final.Contains(achievement ?? goal.Achievement))
            return AchievementRequired(goal);
        if (Check(goal, GoalStatusCodes.Completed, "complete", by, reason) is { } failure)
            return failure;
        goal.Move(GoalStatusCodes.Completed, today, reason);
        goal.Achievement = achievement ?? goal.Achievement;
        return Drafts.Write("complete", goal);
    }

    /// <summary><c>$reopen</c>: sought again, as after a regression.</summary>
    public static Result<Decision> Reopen(Snapshot snapshot, Reason? reason, Agent by, DateOnly today)
    {
        var goal = new GoalDraft(snapshot);
        if (Check(goal, GoalStatusCodes.Active, "reopen", by, reason) is { } failure)
            return failure;
        goal.Move(GoalStatusCodes.Active, today, reason);
        goal.Achievement = GoalAchievementCodes.InProgress;
        return Drafts.Write("reopen", goal);
    }

    /// <summary><c>$set-achievement</c>: what a person judges, over what was computed.</summary>
    public static Result<Decision> SetAchievement(Snapshot snapshot, string achievement)
    {
        var goal = new GoalDraft(snapshot);
        if (!GoalAchievement.All.Contains(achievement))
        {
            return RuleFailure.Of(
                "achievement-unknown",
                $"'{(achievement.Length > 40 ? achievement[..40] : achievement)}' is no achievement; use one of {string.Join(", ", GoalAchievement.All)}.",
                GoalView.At.AchievementStatus
            );
        }

        if (goal.Status is GoalStatusCodes.Rejected or GoalStatusCodes.Cancelled or GoalStatusCodes.EnteredInError)
            return RuleFailure.Of(
                "illegal-transition",
                $"{goal.Reference} is {goal.Status}: it achieves nothing more.",
                GoalView.At.LifecycleStatus
            );
        goal.Achievement = achievement;
        return Drafts.Write("set-achievement", goal);
    }

    internal static Failure AchievementRequired(GoalDraft goal) =>
        RuleFailure.Of(
            "achievement-required",
            $"{goal.Reference} can be completed with a final achievement only: {string.Join(", ", Final)}.",
            GoalView.At.AchievementStatus
        );

    internal static bool IsFinal(string? achievement) => Final.Contains(achievement);

    /// <summary>R4 gives a goal neither a requester nor an owner: who may touch it at all is for access control.</summary>
    private static Failure? Check(GoalDraft goal, string to, string command, Agent by, Reason? reason) =>
        CommandGuard.Check(goal, to, command, reason, by.IsLead ? ActorRelation.Lead : null);

    /// <summary>https://hl7.org/fhir/R4/extension-goal-acceptance.html: one for each individual.</summary>
    internal static void Acceptance(GoalDraft goal, string individual, string status)
    {
        goal.Edit.Extension.RemoveAll(e =>
            e.Url == CareExtensions.GoalAcceptance
            && e.Extension.With("individual")?.ValueReference.Target() == individual
        );
        goal.Edit.Extension.Add(
            new()
            {
                Url = CareExtensions.GoalAcceptance,
                Extension =
                {
                    new() { Url = "individual", ValueReference = References.To(individual) },
                    new() { Url = "status", ValueCode = status },
                },
            }
        );
    }
}
