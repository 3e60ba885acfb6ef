using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.CarePlans;

/// <summary>What a review makes of a goal.</summary>
public enum GoalReviewAction
{
    /// <summary>It is sought as before.</summary>
    Keep,

    /// <summary>It will be changed by <c>$revise</c>; the note says how.</summary>
    Modify,
    Complete,
    Cancel,
}

public sealed record GoalReview(string Goal, GoalReviewAction Action, string? Achievement, string? Note);

/// <param name="NextReview">Null: after the days that the rules say.</param>
public sealed record ReviewFindings(
    string Reviewer,
    DateOnly Date,
    ImmutableArray<GoalReview> Goals,
    DateOnly? NextReview,
    string? Summary
);

/// <summary><c>$review</c>: goals judged, the review's task done, the next one planned.</summary>
public static class PlanReview
{
    public const string TaskCode = "plan-review";

    /// <summary>422 <c>goal-not-in-plan</c>, <c>achievement-required</c>, <c>achievement-unknown</c>, <c>reason-required</c>, <c>review-date</c>.</summary>
    public static Result<Decision> Review(
        Snapshot snapshot,
        PlanMembers members,
        ReviewFindings review,
        CommandContext command,
        BusinessCalendar calendar,
        CareRules rules,
        string newId
    )
    {
        var (by, now) = (command.By, command.Now);
        var plan = new CarePlanDraft(snapshot);
        if (plan.Status is not (RequestStatusCodes.Active or RequestStatusCodes.OnHold))
            return RuleFailure.Of(
                "illegal-transition",
                $"{plan.Reference} is {plan.Status}: a plan is reviewed while it runs.",
                CarePlanView.At.Status
            );
        if ((review.NextReview ?? review.Date.PlusDays(rules.ReviewAfterDays)) is not { } next)
            return RuleFailure.OutOfRange(
                "The parameter 'date' and the days until the next review",
                "Parameters.parameter"
            );
        if (next <= review.Date)
            return RuleFailure.Of("review-date", "The next review is later than this one.", "Parameters.parameter");
        for (var i = 0; i < review.Goals.Length; i++)
        {
            if (Judge(members, plan, review.Goals[i], review, command) is { } failure)
                return failure.Under($"Parameters.parameter[{i}]");
        }

        foreach (var task in members.Tasks.Where(t => !t.IsTerminal && IsReview(t)))
        {
            Held.Clear(task);
            task.Status = TaskStatusCodes.Completed;
            task.Owner ??= review.Reviewer;
            task.ExecutionStart ??= now;
            task.ExecutionEnd = now;
            task.Touch(now);
            plan.ActivityOf(task.Reference)
                ?.Progress.Add(Annotations.Of($"{task.Reference} {task.Status}.", by.Reference, now));
        }

        var following = Next(plan, review, calendar, next, now, newId);
        plan.AddActivity(following.Reference);
        plan.Edit.Extension.Put(new() { Url = CareExtensions.NextReview, ValueDate = next });
        plan.AddNote(review.Summary ?? command.Reason?.AsText ?? "Reviewed.", review.Reviewer, now);
        plan.AddNoteOf(command);
        PlanNarrative.Write(plan, members);
        return Drafts.Write("review", plan, [following, .. members.Drafts]);
    }

    private static Failure? Judge(
        PlanMembers members,
        CarePlanDraft plan,
        GoalReview judged,
        ReviewFindings review,
        CommandContext command
    )
    {
        if (
            !plan.Goals.Contains(judged.Goal)
            || members.Goals.FirstOrDefault(g => g.Reference == judged.Goal) is not { } goal
        )
            return RuleFailure.Of("goal-not-in-plan", $"{judged.Goal} is no goal of {plan.Reference}.", "part");
        if (judged.Achievement is { } achievement)
        {
            if (!GoalAchievement.All.Contains(achievement))
                return RuleFailure.Of(
                    "achievement-unknown",
                    $"Use one of {string.Join(", ", GoalAchievement.All)}.",
                    "part"
                );
            goal.Achievement = achievement;
        }

        if (judged.Note is { } note)
            goal.Edit.Note.Add(Annotations.Of(note, review.Reviewer, command.Now));
        switch (judged.Action)
        {
            case GoalReviewAction.Complete when !GoalSteps.IsFinal(goal.Achievement):
                return GoalSteps.AchievementRequired(goal);
            case GoalReviewAction.Complete:
                return Move(goal, GoalStatusCodes.Completed, "complete", null, command.By, review.Date);
            case GoalReviewAction.Cancel when judged.Note is null && command.Reason is null:
                return RuleFailure.Of(
                    "reason-required",
                    $"{goal.Reference} is cancelled for a reason; send it as the part 'note' of this goal, or as 'reason' of the review.",
                    "part"
                );
            case GoalReviewAction.Cancel:
                return Move(
                    goal,
                    GoalStatusCodes.Cancelled,
                    "cancel",
                    judged.Note is { } why ? new Reason(why) : command.Reason,
                    command.By,
                    review.Date
                );
            default:
                return null;
        }
    }

    private static Failure? Move(GoalDraft goal, string to, string command, Reason? reason, Agent by, DateOnly day)
    {
        if (CommandGuard.Check(goal, to, command, reason, by.IsLead ? ActorRelation.Lead : null) is { } failure)
            return failure;
        goal.Move(to, day, reason);
        return null;
    }

    private static TaskDraft Next(
        CarePlanDraft plan,
        ReviewFindings review,
        BusinessCalendar calendar,
        DateOnly next,
        DateTimeOffset now,
        string id
    )
    {
        var task = new TaskDraft(id)
        {
            Edit =
            {
                BasedOn = { References.To(plan.Reference) },
                Status = TaskStatusCodes.Ready,
                Intent = TaskIntentCodes.Order,
                Code = TaskWords.Code(CareExtensions.CommandSystem, TaskCode, "Review of the care plan"),
                Description = plan.Edit.Title is { } title ? $"Review the care plan: {title}" : "Review the care plan",
                Focus = new() { Reference = plan.Reference, Display = plan.Edit.Title },
                For = TaskWords.Copy(plan.Edit.Subject),
                AuthoredOn = now,
                Requester = References.To(review.Reviewer),
                Owner = References.To(review.Reviewer),
            },
            Due = calendar.EndOf(next),
        };
        task.Touch(now);
        return task;
    }

    private static bool IsReview(TaskDraft task) => task.Edit.Code.Has(CareExtensions.CommandSystem, TaskCode);
}
