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

    [Fact]
    public void By_hand_each_conflict_takes_a_decision()
    {
        var conflicts = PlanConflict.Between(new(Ours), new(Theirs));
        var decisions = conflicts.Select((c, i) => new ReconcileDecision(c.One, c.Other, (KeptSide)(i % 3))).ToArray();

        var undecided = Merge(ReconcileStrategy.Manual, null, decisions[1..]).Failure!;
        var decided = Merge(ReconcileStrategy.Manual, null, decisions).Value;

        Assert.True(conflicts.Length >= 3);
        Assert.Equal(409, undecided.Status);
        Assert.Equal(
            $"{conflicts[0].Code}: {conflicts[0].One} and {conflicts[0].Other}.",
            Assert.Single(undecided.Issues).Diagnostics
        );
        var losers = conflicts
            .Zip(
                decisions,
                (c, d) =>
                    d.Keep switch
                    {
                        KeptSide.This => c.Other,
                        KeptSide.Other => c.One,
                        _ => null,
                    }
            )
            .OfType<string>()
            .Distinct();
        var ended = decided
            .Writes.Select(w => w.Key.ToString())
            .Where(w => w is not "CarePlan/q" && decided.Status(w) is "cancelled" or "revoked");
        Assert.Equal(
            losers.Order(StringComparer.Ordinal),
            ended.Where(w => w != "CarePlan/q").Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_decision_goes_before_the_strategy_and_is_about_a_conflict()
    {
        var conflict = PlanConflict.Between(new(Ours), new(Theirs))[0];

        Assert.Equal(
            "not-a-conflict",
            Merge(
                    ReconcileStrategy.PreferThis,
                    null,
                    new ReconcileDecision(conflict.Other, conflict.One, KeptSide.This)
                )
                .Rule()
        );
        var decision = Merge(
            ReconcileStrategy.PreferThis,
            null,
            new ReconcileDecision(conflict.One, conflict.Other, KeptSide.Other)
        ).Value;
        Assert.Equal("cancelled", decision.Status(conflict.One));
    }

    public static TheoryData<string, string, string, bool> Activities =>
        new()
        {
            {
                "Task",
                "'status':'ready','intent':'order','description':'Call the patient'",
                "'status':'draft','intent':'order','description':' call the patient '",
                true
            },
            {
                "Task",
                "'status':'ready','intent':'order','description':'Call'",
                "'status':'ready','intent':'order','description':'Visit'",
                false
            },
            {
                "Task",
                "'status':'ready','intent':'order','code':{'text':'Call'}",
                "'status':'ready','intent':'order','code':{'text':'call'}",
                true
            },
            {
                "Task",
                "'status':'ready','intent':'order','instantiatesCanonical':'http://a|1'",
                "'status':'ready','intent':'order','instantiatesCanonical':'http://a|1'",
                true
            },
            {
                "Task",
                "'status':'ready','intent':'order','instantiatesCanonical':'http://a'",
                "'status':'ready','intent':'order','instantiatesCanonical':'http://b'",
                false
            },
            { "Task", "'status':'ready','intent':'order'", "'status':'ready','intent':'order'", false },
            {
                "Task",
                "'status':'completed','intent':'order','description':'Call'",
                "'status':'ready','intent':'order','description':'Call'",
                false
            },
            {
                "ServiceRequest",
                "'status':'active','code':{'text':'Meals'}",
                "'status':'draft','code':{'text':'meals'}",
                true
            },
            {
                "ServiceRequest",
                "'status':'active','code':{'text':'Meals'}",
                "'status':'active','code':{'text':'Ride'}",
                false
            },
            {
                "ServiceRequest",
                "'status':'active','instantiatesCanonical':['http://a']",
                "'status':'active','instantiatesCanonical':['http://b','http://a']",
                true
            },
            {
                "CommunicationRequest",
                "'status':'active','authoredOn':'2026-01-01','payload':[{'contentString':'Hello'}]",
                "'status':'draft','authoredOn':'2026-02-02','basedOn':[{'reference':'CarePlan/q'}],'payload':[{'contentString':'Hello'}]",
                true
            },
            {
                "CommunicationRequest",
                "'status':'active','payload':[{'contentString':'Hello'}]",
                "'status':'active','payload':[{'contentString':'Bye'}]",
                false
            },
            {
                "DeviceRequest",
                "'status':'active','codeCodeableConcept':{'text':'Cuff'}",
                "'status':'active','codeCodeableConcept':{'text':'Cuff'}",
                true
            },
            {
                "NutritionOrder",
                "'status':'active','oralDiet':{'instruction':'Low salt'}",
                "'status':'completed','oralDiet':{'instruction':'Low salt'}",
                false
            },
        };

    [Theory, MemberData(nameof(Activities))]
    public void Activities_that_are_the_same_are_a_conflict(string type, string one, string other, bool isConflict)
    {
        var conflicts = PlanConflict.Between(
            new([Given.Resource(type, "one", one)]),
            new([Given.Resource(type, "other", other)])
        );

        Assert.Equal(isConflict ? [($"{type}/one", $"{type}/other")] : [], conflicts.Select(c => (c.One, c.Other)));
        Assert.All(conflicts, c => Assert.StartsWith("duplicate-", c.Code, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("active", "requested", "active", "active", "active")]
    [InlineData("draft", "draft", "draft", "accepted", "draft")]
    [InlineData("on-hold", "on-hold", "draft", "accepted", "draft")]
    public void What_the_other_plan_had_not_begun_begins_where_this_plan_has(
        string status,
        string task,
        string request,
        string goal,
        string message
    )
    {
        Snapshot[] theirs =
        [
            PlanStepTests.Task("t", "draft"),
            Given.Resource("ServiceRequest", "s", "'status':'draft','subject':{'reference':'Patient/1'}"),
            PlanStepTests.Goal("mine", "accepted"),
            Given.Resource("CommunicationRequest", "c", "'status':'draft','basedOn':[{'reference':'CarePlan/q'}]"),
        ];
        var other = Given.Resource(
            "CarePlan",
            "q",
            "'status':'draft','intent':'plan','subject':{'reference':'Patient/1'},'goal':[{'reference':'Goal/mine'}]"
                + PlanStepTests.Activities("Task/t", "ServiceRequest/s", "CommunicationRequest/c")
        );

        var decision = ReconcilePlans
            .Merge(
                new(Plan("p", "Patient/1", status), new([])),
                new(other, new(theirs)),
                new ReconcileChoices(ReconcileStrategy.Manual, []),
                new(Given.Anyone, Given.Now, new DateOnly(2026, 11, 23))
            )
            .Value;

        string? Now(string reference) =>
            decision.Writes.Any(w => w.Key.ToString() == reference) ? decision.Status(reference)
            : reference.StartsWith("Goal", StringComparison.Ordinal) ? "accepted"
            : "draft";
        Assert.Equal("revoked", decision.Status("CarePlan/q"));
        Assert.Equal(
            (task, request, goal, message),
            (Now("Task/t"), Now("ServiceRequest/s"), Now("Goal/mine"), Now("CommunicationRequest/c"))
        );
        Assert.Equal("CarePlan/p", (string?)decision.Written("CommunicationRequest/c")["basedOn"]![0]!["reference"]);
    }

    [Fact]
    public void What_goes_on_in_a_plan_on_hold_is_on_hold_with_it()
    {
        var decision = ReconcilePlans
            .Merge(
                new(Plan("p", "Patient/1", "on-hold"), new([])),
                new(
                    Plan("q", "Patient/1"),
                    new([PlanStepTests.Goal("walk", "active"), PlanStepTests.Task("visit", "ready")])
                ),
                new ReconcileChoices(ReconcileStrategy.Manual, []),
                new(Given.Anyone, Given.Now, new DateOnly(2026, 11, 23))
            )
            .Value;

        Assert.Equal(("on-hold", "on-hold"), (decision.Status("Goal/walk"), decision.Status("Task/visit")));
        Assert.Contains(
            "CarePlan/p",
            decision.Written("Task/visit")["extension"]!.ToJsonString(),
            StringComparison.Ordinal
        );
    }

    private static Result<Decision> Merge(
        ReconcileStrategy strategy,
        Snapshot? other = null,
        params ReconcileDecision[] decisions
    ) =>
        ReconcilePlans.Merge(
            new(Plan("p", "Patient/1"), new(Ours)),
            new(other ?? Plan("q", "Patient/1"), new(Theirs)),
            new ReconcileChoices(strategy, [.. decisions]),
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
