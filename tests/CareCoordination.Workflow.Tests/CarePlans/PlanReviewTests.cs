using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.CarePlans;

public sealed class PlanReviewTests
{
    private const string ReviewCode =
        ",'code':{'coding':[{'system':'https://carecoordination.example/fhir/CodeSystem/care-command','code':'plan-review'}]}";

    private static readonly DateOnly Today = new(2026, 11, 23);

    [Fact]
    public void A_review_judges_goals_finishes_its_task_and_plans_the_next()
    {
        var decision = Review([
            new("Goal/g", GoalReviewAction.Complete, "achieved", "well done"),
            new("Goal/h", GoalReviewAction.Keep, "no-change", null),
            new("Goal/i", GoalReviewAction.Cancel, null, "moved away"),
        ]).Value;

        Assert.Equal(
            ("completed", "active", "cancelled"),
            (decision.Status("Goal/g"), decision.Status("Goal/h"), decision.Status("Goal/i"))
        );
        Assert.Equal("well done", (string?)decision.Written("Goal/g")["note"]![0]!["text"]);
        Assert.Equal("moved away", (string?)decision.Written("Goal/i")["statusReason"]);
        Assert.Equal("completed", decision.Status("Task/review"));
        Given.AssertJson(
            """{"resourceType":"Task","id":"next","basedOn":[{"reference":"CarePlan/p"}],"status":"ready","intent":"order","code":{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/care-command","code":"plan-review","display":"Review of the care plan"}],"text":"Review of the care plan"},"description":"Review the care plan","focus":{"reference":"CarePlan/p"},"for":{"reference":"Patient/1"},"authoredOn":"2026-11-23T15:00:00Z","requester":{"reference":"Practitioner/1"},"owner":{"reference":"Practitioner/1"},"restriction":{"period":{"end":"2027-02-21T23:59:59-05:00"}},"lastModified":"2026-11-23T15:00:00Z"}""",
            decision.Written("Task/next")
        );
        var plan = decision.Written("CarePlan/p");
        Assert.Equal(
            ["Task/review", "Task/next"],
            plan["activity"]!.AsArray().Select(a => (string?)a!["reference"]!["reference"])
        );
        Assert.Equal("Task/review completed.", (string?)plan["activity"]![0]!["progress"]![0]!["text"]);
        Assert.Equal("2027-02-21", (string?)plan["extension"]![0]!["valueDate"]);
    }

    [Fact]
    public void A_review_that_cannot_be_is_refused_with_its_place()
    {
        var stranger = Review([
            new("Goal/g", GoalReviewAction.Keep, null, null),
            new("Goal/z", GoalReviewAction.Keep, null, null),
        ]);

        Assert.Equal(
            ("goal-not-in-plan", "Parameters.parameter[1].part"),
            (stranger.Rule(), stranger.Failure!.Issues[0].Expression)
        );
        Assert.Equal("achievement-required", Review([new("Goal/h", GoalReviewAction.Complete, null, null)]).Rule());
        Assert.Equal("achievement-unknown", Review([new("Goal/h", GoalReviewAction.Keep, "fine", null)]).Rule());
        Assert.Equal("reason-required", Review([new("Goal/h", GoalReviewAction.Cancel, null, null)]).Rule());
        Assert.Equal("review-date", Review([], next: Today).Rule());
    }

    [Theory]
    [InlineData("9999-12-31", null, "time-range")]
    [InlineData("9999-12-01", null, "time-range")]
    [InlineData("9999-12-30", "9999-12-31", null)]
    [InlineData("0001-01-01", null, null)]
    [InlineData("0001-01-01", "9999-12-31", null)]
    public void Every_date_of_a_review_has_a_next_one_or_is_refused(string date, string? next, string? rule) =>
        Assert.Equal(rule, Review([], next is null ? null : DateOnly.Parse(next), DateOnly.Parse(date)).Rule());

    [Fact]
    public void A_goal_is_cancelled_for_a_reason_and_the_refusal_says_where_to_send_it()
    {
        GoalReview[] cancel = [new("Goal/g", GoalReviewAction.Cancel, null, null)];

        var refused = Review(cancel).Failure!;
        var byReason = Review(cancel, reason: new Reason("moved")).Value;
        var byNote = Review([cancel[0] with { Note = "tired" }], reason: new Reason("moved")).Value;

        Assert.Equal("reason-required", refused.Issues[0].Details);
        Assert.Equal(
            "Goal/g is cancelled for a reason; send it as the part 'note' of this goal, or as 'reason' of the review.",
            refused.Issues[0].Diagnostics
        );
        Assert.Equal(
            ("cancelled", "moved"),
            (byReason.Status("Goal/g"), (string?)byReason.Written("Goal/g")["statusReason"])
        );
        Assert.Equal("tired", (string?)byNote.Written("Goal/g")["statusReason"]);
    }

    private static Result<Decision> Review(
        GoalReview[] goals,
        DateOnly? next = null,
        DateOnly? date = null,
        Reason? reason = null
    ) =>
        PlanReview.Review(
            Given.Resource(
                "CarePlan",
                "p",
                "'status':'active','intent':'plan','subject':{'reference':'Patient/1'},'goal':[{'reference':'Goal/g'},{'reference':'Goal/h'},{'reference':'Goal/i'}]"
                    + PlanStepTests.Activities("Task/review")
            ),
            new PlanMembers([
                PlanStepTests.Goal("g", "active"),
                PlanStepTests.Goal("h", "active"),
                PlanStepTests.Goal("i", "active"),
                PlanStepTests.Task("review", "ready", ReviewCode),
            ]),
            new ReviewFindings("Practitioner/1", date ?? Today, [.. goals], next, null),
            new(Given.Anyone, Given.Now, Today, reason),
            BusinessCalendar.UnitedStates(Given.NewYork),
            CareRules.Defaults,
            "next"
        );
}
