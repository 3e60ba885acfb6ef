using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.CarePlans;

public sealed class PlanRevisionTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);
    private static readonly Reason Because = new("weight gain");

    [Fact]
    public void In_place_adds_and_cancels_members_and_keeps_what_is_cancelled_named()
    {
        var plan = PlanStepTests.Plan("active", PlanStepTests.Activities("Task/a", "Task/b", "ServiceRequest/s"));
        Snapshot[] members =
        [
            PlanStepTests.Goal("g", "active"),
            PlanStepTests.Task("a", "ready"),
            PlanStepTests.Task("b", "ready"),
            PlanStepTests.Task("known", "ready"),
            Given.Resource("ServiceRequest", "s", "'status':'active','subject':{'reference':'Patient/1'}"),
        ];
        var news = PlanStepTests.Goal("n", "proposed") with { Version = 0 };

        var decision = PlanRevision
            .InPlace(
                plan,
                members,
                new(["Task/known"], ["Goal/g", "Task/a", "ServiceRequest/s"], [news]) { Title = "New" },
                new(Given.Anyone, Given.Now, Today, Because)
            )
            .Value;

        Assert.Equal(
            ("cancelled", "cancelled", "revoked"),
            (decision.Status("Goal/g"), decision.Status("Task/a"), decision.Status("ServiceRequest/s"))
        );
        Assert.Equal("weight gain", (string?)decision.Written("Goal/g")["statusReason"]);
        var revised = decision.Written("CarePlan/p");
        Given.AssertJson("""[{"reference":"Goal/g"},{"reference":"Goal/n"}]""", revised["goal"]);
        Assert.Equal(
            ["Task/a", "Task/b", "ServiceRequest/s", "Task/known"],
            revised["activity"]!.AsArray().Select(a => (string?)a!["reference"]!["reference"])
        );
        Assert.Equal("New", (string?)revised["title"]);
        Assert.Equal("active", decision.Status("CarePlan/p"));
        Assert.Equal(0, decision.Writes.Single(w => w.Key.ToString() == "Goal/n").DecidedFrom);
        Assert.Equal(["Task/b", "Task/known"], decision.ReliedOn.Select(r => r.Key.ToString()));
    }

    [Fact]
    public void A_member_that_vanished_is_taken_out()
    {
        var plan = PlanStepTests.Plan("active", PlanStepTests.Activities("Task/gone", "Task/a"));
        Snapshot[] members = [PlanStepTests.Goal("g", "active"), PlanStepTests.Task("a", "ready")];

        var kept = PlanRevision.InPlace(plan, members, new([], [], []), new(Given.Anyone, Given.Now, Today, Because));
        var revised = PlanRevision
            .InPlace(plan, members, new([], ["Task/gone"], []), new(Given.Anyone, Given.Now, Today, Because))
            .Value;

        Assert.Equal(
            ("member-missing", "CarePlan.activity[0].reference"),
            (kept.Rule(), kept.Failure!.Issues[0].Expression)
        );
        Assert.Equal(
            "Task/a",
            (string?)Assert.Single(revised.Written("CarePlan/p")["activity"]!.AsArray())!["reference"]!["reference"]
        );
    }

    [Fact]
    public void Members_of_another_patient_strangers_and_plans_that_are_over_are_refused()
    {
        Snapshot[] members =
        [
            PlanStepTests.Goal("g", "active"),
            PlanStepTests.Task("x", "ready", patient: "Patient/2"),
        ];
        Result<Decision> Revise(string status, RevisedMembers revision, Reason? reason) =>
            PlanRevision.InPlace(
                PlanStepTests.Plan(status),
                members,
                revision,
                new(Given.Anyone, Given.Now, Today, reason)
            );

        Assert.Equal("member-patient", Revise("active", new(["Task/x"], [], []), Because).Rule());
        Assert.Equal("not-in-plan", Revise("active", new([], ["Task/x"], []), Because).Rule());
        Assert.Equal("reason-required", Revise("active", new([], [], []), null).Rule());
        Assert.Equal("illegal-transition", Revise("completed", new([], [], []), Because).Rule());
    }

    [Fact]
    public void A_new_plan_takes_over_what_is_open()
    {
        var old = PlanStepTests.Plan("active", PlanStepTests.Activities("Task/a", "Task/done"));
        var members = new PlanMembers([
            PlanStepTests.Goal("g", "active"),
            PlanStepTests.Task("a", "ready"),
            PlanStepTests.Task("done", "completed"),
        ]);

        var draft = Replace(old, members, Document("'title':'Better'")).Value;
        var active = Replace(old, members, Document("'title':'Better'") with { Activation = new([], []) }).Value;

        foreach (var decision in new[] { draft, active })
        {
            Assert.Equal("revoked", decision.Status("CarePlan/p"));
            Given.AssertJson("""[{"reference":"CarePlan/p"}]""", decision.Written("CarePlan/n")["replaces"]);
            Given.AssertJson("""[{"reference":"Goal/g"}]""", decision.Written("CarePlan/n")["goal"]);
            Given.AssertJson("""[{"reference":{"reference":"Task/a"}}]""", decision.Written("CarePlan/n")["activity"]);
            Assert.Equal(
                ("plan", "Patient/1"),
                (
                    (string?)decision.Written("CarePlan/n")["intent"],
                    (string?)decision.Written("CarePlan/n")["subject"]!["reference"]
                )
            );
        }

        Assert.Equal("draft", draft.Status("CarePlan/n"));
        Assert.Equal("active", active.Status("CarePlan/n"));
        Assert.Equal(
            "completed",
            Replace(old, members, Document("'title':'Next'") with { Complete = true }).Value.Status("CarePlan/p")
        );
    }

    [Fact]
    public void A_plan_is_replaced_once_by_one_of_its_kind()
    {
        var old = PlanStepTests.Plan("active");
        var members = new PlanMembers([PlanStepTests.Goal("g", "active")]);

        Assert.Equal(409, Replace(old, members, Document("'title':'x'") with { IsReplaced = true }).Failure!.Status);
        Assert.Equal("intent-differs", Replace(old, members, Document("'intent':'proposal'")).Rule());
        Assert.Equal("member-patient", Replace(old, members, Document("'subject':{'reference':'Patient/2'}")).Rule());
        Assert.Equal(
            "illegal-transition",
            Replace(PlanStepTests.Plan("on-hold"), members, Document("'title':'x'")).Rule()
        );
    }

    private static PlanReplacement Document(string elements) =>
        new(
            ResourceDocument.Parse(Given.Resource("CarePlan", "ignored", elements).Utf8Json).Value,
            Complete: false,
            IsReplaced: false
        );

    private static Result<Decision> Replace(Snapshot old, PlanMembers members, PlanReplacement replacement) =>
        PlanRevision.Replace(
            old,
            Fresh(members),
            replacement,
            CareRules.Defaults,
            new(Given.Anyone, Given.Now, Today, Because),
            "n"
        );

    /// <summary>Members are drafts of one decision: each decision gets its own.</summary>
    private static PlanMembers Fresh(PlanMembers members) =>
        new(
            members
                .Goals.Select(g => new Snapshot(g.Key, g.Version, g.ToUtf8Json()))
                .Concat(members.Tasks.Select(t => new Snapshot(t.Key, t.Version, t.ToUtf8Json())))
        );
}
