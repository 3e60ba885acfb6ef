using System.Collections.Immutable;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Tests.CarePlans;

public sealed class EndPlanTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);

    private static readonly Snapshot[] Members =
    [
        PlanStepTests.Goal("g", "active", "achieved"),
        PlanStepTests.Goal("h", "active", "improving"),
        PlanStepTests.Goal("i", "proposed"),
        PlanStepTests.Task("a", "ready"),
        PlanStepTests.Task("b", "completed"),
        Given.Resource("ServiceRequest", "s", "'status':'active','subject':{'reference':'Patient/1'}"),
        Given.Resource("RequestGroup", "r", "'status':'active'"),
    ];

    [Fact]
    public void Nothing_is_closed_while_something_is_open_and_nobody_says_what_becomes_of_it()
    {
        var failure = Close(new Unfinished.None()).Failure!;

        Assert.Equal(["open-goals", "open-tasks", "open-referrals"], failure.Issues.Select(i => i.Details));
        Assert.Equal(
            "Goals without a final achievement: Goal/h, Goal/i. Finish them, or send 'unfinished'.",
            failure.Issues[0].Diagnostics
        );
    }

    [Fact]
    public void What_is_unfinished_may_be_cancelled()
    {
        var decision = Close(new Unfinished.Cancel()).Value;

        Assert.Equal("completed", decision.Status("CarePlan/p"));
        Assert.Equal(
            ("completed", "cancelled", "cancelled"),
            (decision.Status("Goal/g"), decision.Status("Goal/h"), decision.Status("Goal/i"))
        );
        Assert.Equal("moved", (string?)decision.Written("Goal/h")["statusReason"]);
        Assert.Equal(
            ("cancelled", "revoked", "completed"),
            (decision.Status("Task/a"), decision.Status("ServiceRequest/s"), decision.Status("RequestGroup/r"))
        );
        Assert.Equal("2026-11-23", (string?)decision.Written("CarePlan/p")["period"]!["end"]);
        Assert.Equal("well", (string?)decision.Written("CarePlan/p")["note"]![0]!["text"]);
        Assert.Equal(["Task/b"], decision.ReliedOn.Select(r => r.Key.ToString()));
    }

    [Fact]
    public void What_is_unfinished_may_go_on_in_another_plan_of_the_patient()
    {
        var other = Given.Resource(
            "CarePlan",
            "q",
            "'status':'active','intent':'plan','subject':{'reference':'Patient/1'}"
        );
        var foreign = Given.Resource(
            "CarePlan",
            "q",
            "'status':'active','intent':'plan','subject':{'reference':'Patient/2'}"
        );

        var decision = Close(new Unfinished.TransferTo(other)).Value;

        Given.AssertJson(
            """[{"reference":{"reference":"Task/a"}},{"reference":{"reference":"ServiceRequest/s"}},{"reference":{"reference":"RequestGroup/r"}}]""",
            decision.Written("CarePlan/q")["activity"]
        );
        Given.AssertJson("""[{"reference":"Goal/h"},{"reference":"Goal/i"}]""", decision.Written("CarePlan/q")["goal"]);
        Assert.Equal("completed", decision.Status("Goal/g"));
        Assert.DoesNotContain(decision.Writes, w => w.Key.ToString() is "Task/a" or "Goal/h" or "ServiceRequest/s");
        Assert.Equal("transfer-target", Close(new Unfinished.TransferTo(foreign)).Rule());
    }

    [Fact]
    public void Achievements_may_be_told_with_the_closing()
    {
        var achievements = ImmutableDictionary<string, string>.Empty.Add("Goal/h", "not-achieved");

        Assert.Equal("completed", Close(new Unfinished.Cancel(), achievements).Value.Status("Goal/h"));
        Assert.Equal("goal-not-in-plan", Close(new Unfinished.Cancel(), achievements.Add("Goal/z", "achieved")).Rule());
    }

    [Theory]
    [InlineData("2026-11-01", "2026-11-23")]
    [InlineData("2026-12-01", "2026-12-01")]
    public void A_period_does_not_end_before_it_starts(string start, string end)
    {
        var plan = PlanStepTests.Plan("active", $",'period':{{'start':'{start}'}}");
        var closing = new PlanClosing(null, null, new Unfinished.Cancel());

        var closed = EndPlan.Close(plan, new PlanMembers([]), closing, new(Given.Anyone, Given.Now, Today)).Value;
        var revoked = EndPlan
            .Revoke(plan, new PlanMembers([]), new(Given.Anyone, Given.Now, Today, new Reason("x")))
            .Value;

        Assert.Equal(end, (string?)closed.Written("CarePlan/p")["period"]!["end"]);
        Assert.Equal(end, (string?)revoked.Written("CarePlan/p")["period"]!["end"]);
    }

    [Fact]
    public void Revoking_cancels_tasks_and_leaves_to_partners_what_they_work_on()
    {
        Snapshot[] members =
        [
            PlanStepTests.Task("a", "in-progress"),
            PlanStepTests.Task("referral", "accepted", ",'focus':{'reference':'ServiceRequest/sent'}"),
            Given.Resource("ServiceRequest", "sent", "'status':'active'"),
            Given.Resource("ServiceRequest", "unsent", "'status':'active'"),
            Given.Resource("RequestGroup", "r", "'status':'on-hold'"),
        ];

        var decision = EndPlan
            .Revoke(
                PlanStepTests.Plan("active"),
                new PlanMembers(members),
                new(Given.Anyone, Given.Now, Today, new Reason("moved"))
            )
            .Value;

        Assert.Equal("revoked", decision.Status("CarePlan/p"));
        Assert.Equal(
            ("cancelled", "revoked", "revoked"),
            (decision.Status("Task/a"), decision.Status("ServiceRequest/unsent"), decision.Status("RequestGroup/r"))
        );
        Assert.Equal(["Task/referral", "ServiceRequest/sent"], decision.ReliedOn.Select(r => r.Key.ToString()));
        Assert.Equal(
            "With a partner, and open until that lets go: ServiceRequest/sent.",
            Assert.Single(decision.Notes).Diagnostics
        );
    }

    [Fact]
    public void Progress_counts_what_is_done_late_and_next()
    {
        Snapshot[] members =
        [
            PlanStepTests.Goal("g", "active", "improving"),
            PlanStepTests.Goal("h", "active"),
            PlanStepTests.Goal("i", "cancelled"),
            PlanStepTests.Task("late", "ready", ",'restriction':{'period':{'end':'2026-11-20'}}"),
            PlanStepTests.Task("next", "ready", ",'restriction':{'period':{'end':'2026-11-25T12:00:00Z'}}"),
            PlanStepTests.Task("done", "completed", ",'restriction':{'period':{'end':'2026-11-01'}}"),
            PlanStepTests.Task("dropped", "cancelled"),
            Given.Resource("ServiceRequest", "s", "'status':'completed'"),
        ];

        var progress = PlanProgress.Of(
            PlanStepTests.Plan("active"),
            new PlanMembers(members),
            Workflow.Calendars.BusinessCalendar.UnitedStates(Given.NewYork),
            Given.Now
        );

        Assert.Equal((4, 2, 50, 1), (progress.Activities, progress.Done, progress.Percent, progress.Overdue));
        Assert.Equal(DateTimeOffset.Parse("2026-11-25T12:00:00Z"), progress.NextDue);
        Given.AssertJson(
            """{"resourceType":"Parameters","parameter":[{"name":"plan","valueReference":{"reference":"CarePlan/p"}},{"name":"activities","valueInteger":4},{"name":"done","valueInteger":2},{"name":"percent","valueInteger":50},{"name":"overdue","valueInteger":1},{"name":"minutes","valueInteger":0},{"name":"nextDue","valueDateTime":"2026-11-25T12:00:00Z"},{"name":"goals","part":[{"name":"achievement","valueCode":"improving"},{"name":"count","valueInteger":1}]},{"name":"goals","part":[{"name":"achievement","valueCode":"unknown"},{"name":"count","valueInteger":1}]}]}""",
            System.Text.Json.Nodes.JsonNode.Parse(progress.ToParameters().ToUtf8Json())
        );
    }

    private static Fhir.Outcomes.Result<Decision> Close(
        Unfinished unfinished,
        ImmutableDictionary<string, string>? achievements = null
    ) =>
        EndPlan.Close(
            Given.Resource(
                "CarePlan",
                "p",
                "'status':'active','intent':'plan','subject':{'reference':'Patient/1'},'goal':[{'reference':'Goal/g'},{'reference':'Goal/h'},{'reference':'Goal/i'}]"
                    + PlanStepTests.Activities("Task/a", "Task/b", "ServiceRequest/s", "RequestGroup/r")
            ),
            new PlanMembers(Members),
            new PlanClosing(new Reason("moved"), "well", unfinished)
            {
                Achievements = achievements ?? ImmutableDictionary<string, string>.Empty,
            },
            new(Given.Anyone, Given.Now, Today)
        );
}
