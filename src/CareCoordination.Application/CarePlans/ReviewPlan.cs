using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.CarePlans;
using MediatR;

namespace CareCoordination.Application.CarePlans;

/// <summary>A plan is looked at as a whole, and the next time is set.</summary>
/// <param name="Reviewer">Null: whoever acts.</param>
/// <param name="Date">Null: today.</param>
public sealed record ReviewPlan(
    CommandCall Call,
    string? Reviewer,
    CareDate? Date,
    ImmutableArray<GoalReview> Goals,
    CareDate? NextReview,
    string? Summary
) : Command(Call)
{
    private static readonly string[] Actions = ["keep", "modify", "complete", "cancel"];

    public static readonly Operation Operation = new(
        ResourceTypes.CarePlan,
        "review",
        "Judges the plan's goals, completes the task of the review and makes that of the next.",
        Read
    )
    {
        Parameters =
        [
            new("date", Take.Time, "The day of the review; today where it is left out."),
            new("reviewer", ["Reference"], "Who reviews; whoever acts where it is left out.") { Names = Naming.Worker },
            new("goal", [], "What is found about a goal.")
            {
                IsRepeatable = true,
                Parts =
                [
                    new("goal", ["Reference"], "A goal of the plan.") { IsRequired = true },
                    new("achievementStatus", ["code", "string"], "A code of goal-achievement."),
                    new("note", ["string", "markdown"], "What is found."),
                    new(
                        "action",
                        ["code", "string"],
                        "keep, modify, complete or cancel; keep where it is left out. cancel needs the part 'note', as why."
                    ),
                ],
            },
            new("nextReview", Take.Time, "The day of the next review."),
            new("summary", ["string", "markdown"], "What the review found as a whole."),
            Take.Reason,
            Take.Note,
            Take.Practitioner,
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        var goals = ImmutableArray.CreateBuilder<GoalReview>();
        foreach (var goal in input.All("goal"))
        {
            var action = goal.Text("action") ?? "keep";
            if (!Actions.Contains(action))
                return Failure.Invalid(
                    IssueCode.Value,
                    "'action' is keep, modify, complete or cancel.",
                    "Parameters.parameter"
                );
            goals.Add(
                new GoalReview(
                    input.ReferenceOf(goal.Part.First(p => p.Name == "goal"))!,
                    (GoalReviewAction)Actions.IndexOf(action),
                    goal.Text("achievementStatus"),
                    goal.Text("note")
                )
            );
        }

        return input.Command(call => new ReviewPlan(
            call,
            input.Reference("reviewer"),
            input.Date("date"),
            goals.ToImmutable(),
            input.Date("nextReview"),
            input.Text("summary")
        ));
    }
}

internal sealed class ReviewPlanHandler(CommandRunner runner, CareReads reads)
    : IRequestHandler<ReviewPlan, FhirResponse>
{
    public Task<FhirResponse> Handle(ReviewPlan command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            async (plan, now, policy) =>
                PlanReview.Review(
                    plan,
                    new PlanMembers(await reads.MembersOfAsync(plan, cancellationToken)),
                    new ReviewFindings(
                        command.Reviewer ?? command.Call.By.Reference,
                        policy.Calendar.DayOf(command.Date ?? now),
                        command.Goals,
                        command.NextReview is { } next ? policy.Calendar.DayOf(next) : null,
                        command.Summary
                    ),
                    command.Call.At(now, policy),
                    policy.Calendar,
                    policy.RulesAt(now),
                    runner.NewId()
                ),
            cancellationToken
        );
}
