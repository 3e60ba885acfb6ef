using System.Text.Json.Nodes;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Tests.CarePlans;

public sealed class ReconcilePlansTests
{
    private static readonly Snapshot[] Ours =
    [
        Goal("below130", 130),
        Goal("same", 7, "4548-4"),
        PlanStepTests.Task("call", "ready", Code("call")),
        Request("diet", false),
    ];

    private static readonly Snapshot[] Theirs =
    [
        Goal("below140", 140),
        Goal("equal", 7, "4548-4"),
        PlanStepTests.Goal("walk", "active"),
        PlanStepTests.Task("call2", "ready", Code("call") + ",'basedOn':[{'reference':'CarePlan/q'}]"),
        PlanStepTests.Task("visit", "ready", Code("visit") + ",'basedOn':[{'reference':'CarePlan/q'}]"),
        PlanStepTests.Task("done", "completed", Code("call")),
        Request("nodiet", true),
    ];

    [Fact]
    public void A_dry_run_names_every_conflict_and_changes_nothing()
    {
        var answer = ReconcilePlans
            .DryRun(new(Plan("p", "Patient/1"), new(Ours)), new(Plan("q", "Patient/1"), new(Theirs)))
            .Value;

        var conflicts = JsonNode.Parse(answer.ToUtf8Json())!["parameter"]!.AsArray();
        Assert.Equal(
            [
                "conflicting-target Goal/below130 Goal/below140",
                "duplicate-goal Goal/same Goal/equal",
                "duplicate-task Task/call Task/call2",
                "contradictory-request ServiceRequest/diet ServiceRequest/nodiet",
            ],
            conflicts.Select(c =>
                $"{c!["part"]![0]!["valueCode"]} {c["part"]![1]!["valueReference"]!["reference"]} {c["part"]![2]!["valueReference"]!["reference"]}"
            )
        );
    }

    [Fact]
    public void Conflicts_that_nobody_decides_stop_the_merge()
    {
        var failure = Merge(ReconcileStrategy.Manual).Failure!;

        Assert.Equal((409, 4), (failure.Status, failure.Issues.Length));
        Assert.All(failure.Issues, i => Assert.Equal("unresolved-conflicts", i.Details));
    }

    [Fact]
    public void This_plan_keeps_the_union_and_its_own_side_of_each_conflict()
    {
        var decision = Merge(ReconcileStrategy.PreferThis).Value;

        var plan = decision.Written("CarePlan/p");
        Given.AssertJson("""[{"reference":"Goal/g"},{"reference":"Goal/walk"}]""", plan["goal"]);
        Assert.Equal(["Task/visit"], plan["activity"]!.AsArray().Select(a => (string?)a!["reference"]!["reference"]));
        Given.AssertJson("""[{"reference":"CarePlan/q"}]""", plan["replaces"]);
        Assert.Equal("revoked", decision.Status("CarePlan/q"));
        Assert.Equal(
            ("cancelled", "cancelled", "revoked"),
            (decision.Status("Goal/below140"), decision.Status("Task/call2"), decision.Status("ServiceRequest/nodiet"))
        );
        Assert.Equal(
            "duplicate-task: Task/call stays.",
            (string?)decision.Written("Task/call2")["statusReason"]!["text"]
        );
        Assert.Equal("CarePlan/p", (string?)decision.Written("Task/visit")["basedOn"]![0]!["reference"]);
        Assert.DoesNotContain(decision.Writes, w => w.Key.ToString() is "Goal/below130" or "Task/call");
    }

    [Fact]
    public void The_other_side_may_be_preferred()
    {
        var decision = Merge(ReconcileStrategy.PreferOther).Value;

        Assert.Equal(("cancelled", "cancelled"), (decision.Status("Goal/below130"), decision.Status("Task/call")));
        Assert.Contains(
            "Goal/below140",
            decision.Written("CarePlan/p")["goal"]!.ToJsonString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Plans_of_different_patients_or_that_are_over_are_not_merged()
    {
        Assert.Equal("different-patients", Merge(ReconcileStrategy.PreferThis, Plan("q", "Patient/2")).Rule());
        Assert.Equal(
            "illegal-transition",
            Merge(ReconcileStrategy.PreferThis, Plan("q", "Patient/1", "completed")).Rule()
        );
        Assert.Equal("same-plan", Merge(ReconcileStrategy.PreferThis, Plan("p", "Patient/1")).Rule());
    }

    private static Result<Decision> Merge(ReconcileStrategy strategy, Snapshot? other = null) =>
        ReconcilePlans.Merge(
            new(Plan("p", "Patient/1"), new(Ours)),
            new(other ?? Plan("q", "Patient/1"), new(Theirs)),
            strategy,
            new(Given.Anyone, Given.Now, new DateOnly(2026, 11, 23))
        );

    private static Snapshot Plan(string id, string patient, string status = "active") =>
        Given.Resource(
            "CarePlan",
            id,
            $"'status':'{status}','intent':'plan','subject':{{'reference':'{patient}'}},"
                + (
                    id == "p"
                        ? "'goal':[{'reference':'Goal/g'}]"
                        : "'goal':[{'reference':'Goal/below140'},{'reference':'Goal/equal'},{'reference':'Goal/walk'}]"
                            + PlanStepTests.Activities("Task/call2", "Task/visit", "Task/done", "ServiceRequest/nodiet")
                )
        );

    private static Snapshot Goal(string id, int below, string code = "8480-6") =>
        Given.Resource(
            "Goal",
            id,
            $"'lifecycleStatus':'active','subject':{{'reference':'Patient/1'}},'target':[{{'measure':{{'coding':[{{'system':'http://loinc.org','code':'{code}'}}]}},'detailQuantity':{{'value':{below},'comparator':'<'}}}}]"
        );

    private static Snapshot Request(string id, bool not) =>
        Given.Resource(
            "ServiceRequest",
            id,
            $"'status':'active','doNotPerform':{(not ? "true" : "false")},'subject':{{'reference':'Patient/1'}}{Code("diet")}"
        );

    private static string Code(string code) =>
        $",'code':{{'coding':[{{'system':'http://example.org','code':'{code}'}}]}}";
}
