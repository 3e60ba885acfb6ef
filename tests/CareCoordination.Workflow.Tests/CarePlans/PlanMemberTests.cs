using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.CarePlans;

/// <summary>What goes along with a plan, and what another plan keeps.</summary>
public sealed class PlanMemberTests
{
    private const string HeldBy = "https://carecoordination.example/fhir/StructureDefinition/held-by";
    private static readonly DateOnly Today = new(2026, 11, 23);
    private static readonly CommandContext Command = new(Given.Anyone, Given.Now, Today, new Reason("away"))
    {
        Note = "Call the daughter.",
    };

    private static readonly string[] GoalStatuses =
    [
        "proposed",
        "planned",
        "accepted",
        "active",
        "on-hold",
        "completed",
        "cancelled",
        "rejected",
        "entered-in-error",
    ];

    public static TheoryData<string> Followers =>
        ["RequestGroup", "CommunicationRequest", "DeviceRequest", "NutritionOrder"];

    [Theory, MemberData(nameof(Followers))]
    public void Requests_that_follow_a_plan_begin_rest_go_on_and_end_with_it(string type)
    {
        var reference = $"{type}/r";
        var draft = Plan("draft", reference);
        var goal = PlanStepTests.Goal("g", "accepted");

        var begun = Activate(draft, [goal, Given.Resource(type, "r", "'status':'draft'")]).Value;
        var held = PlanSteps
            .Hold(begun.After("CarePlan/p"), new([begun.After("Goal/g"), begun.After(reference)]), Command)
            .Value;
        var resumed = Resume(held.After("CarePlan/p"), [held.After("Goal/g"), held.After(reference)]).Value;
        var revoked = EndPlan
            .Revoke(resumed.After("CarePlan/p"), new([resumed.After("Goal/g"), resumed.After(reference)]), Command)
            .Value;
        var closed = EndPlan
            .Close(
                resumed.After("CarePlan/p"),
                new([resumed.After("Goal/g"), resumed.After(reference)]),
                new(null, null, new Unfinished.Cancel()),
                Command
            )
            .Value;

        Assert.Equal("active", begun.Status(reference));
        Assert.Equal("on-hold", held.Status(reference));
        Assert.Contains(HeldBy, held.Written(reference).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("active", resumed.Status(reference));
        Assert.DoesNotContain(HeldBy, resumed.Written(reference).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(("revoked", "completed"), (revoked.Status(reference), closed.Status(reference)));
    }

    [Fact]
    public void Goals_that_are_sought_rest_with_their_plan_and_come_back_with_it_and_others_stay()
    {
        var goals = GoalStatuses.Select(s => PlanStepTests.Goal(s, s)).ToArray();

        var held = PlanSteps.Hold(Plan("active"), new(goals), Command).Value;

        Assert.Equal(["CarePlan/p", "Goal/active"], held.Writes.Select(w => w.Key.ToString()));
        var goal = held.Written("Goal/active");
        Assert.Equal(
            ("on-hold", "2026-11-23", "away"),
            ((string?)goal["lifecycleStatus"], (string?)goal["statusDate"], (string?)goal["statusReason"])
        );
        Given.AssertJson(
            """
            [{"url":"https://carecoordination.example/fhir/StructureDefinition/held-from","valueCode":"active"},
             {"url":"https://carecoordination.example/fhir/StructureDefinition/held-since","valueDateTime":"2026-11-23T15:00:00Z"},
             {"url":"https://carecoordination.example/fhir/StructureDefinition/held-by","valueReference":{"reference":"CarePlan/p"}}]
            """,
            goal["extension"]
        );
        var resumed = Resume(
            held.After("CarePlan/p"),
            [.. goals.Where(g => g.Key.Id != "active"), held.After("Goal/active")]
        ).Value;
        Assert.Equal(["CarePlan/p", "Goal/active"], resumed.Writes.Select(w => w.Key.ToString()));
        Assert.Equal("active", resumed.Status("Goal/active"));
        Assert.Null(resumed.Written("Goal/active")["extension"]);
    }

    [Theory]
    [InlineData("resume", "parent-on-hold")]
    [InlineData("cancel", null)]
    public void A_goal_that_its_plan_holds_goes_on_with_the_plan_and_ends_by_itself(string command, string? rule)
    {
        var held = PlanSteps.Hold(Plan("active"), new([PlanStepTests.Goal("g", "active")]), Command).Value;

        var stepped = GoalSteps.Step(held.After("Goal/g"), command, Command.Reason, Given.Anyone, Today);

        Assert.Equal(rule, stepped.Rule());
        if (rule is null)
            Assert.Null(stepped.Value.Written("Goal/g")["extension"]);
        else
            Assert.Equal("Goal/g is on hold with CarePlan/p; resume that.", stepped.Failure!.Issues[0].Diagnostics);
    }

    [Fact]
    public void The_note_of_a_command_stays_with_the_plan()
    {
        string[] Notes(Result<Decision> decision) =>
            [.. decision.Value.Written("CarePlan/p")["note"]!.AsArray().Select(n => (string)n!["text"]!)];
        var members = new PlanMembers([PlanStepTests.Goal("g", "accepted", "achieved")]);

        Assert.Equal(["On hold: away", "Call the daughter."], Notes(PlanSteps.Hold(Plan("active"), members, Command)));
        Assert.Equal(["Resumed: away", "Call the daughter."], Notes(Resume(Plan("on-hold"), [])));
        Assert.Equal(
            ["Activated: away", "Call the daughter."],
            Notes(Activate(Plan("draft"), [PlanStepTests.Goal("g", "accepted")]))
        );
        Assert.Equal(["Revoked: away", "Call the daughter."], Notes(EndPlan.Revoke(Plan("active"), new([]), Command)));
        Assert.Equal(
            ["Reopened: away", "Call the daughter."],
            Notes(PlanSteps.Reopen(Plan("completed"), new([], []), CareRules.Defaults, Command))
        );
        Assert.Equal(
            ["Call the daughter."],
            Notes(EndPlan.Close(Plan("active"), new([]), new(null, null, new Unfinished.None()), Command))
        );
    }

    [Theory]
    [InlineData("hold")]
    [InlineData("revoke")]
    [InlineData("close")]
    public void What_another_plan_has_too_goes_on_with_that(string command)
    {
        var members = new PlanMembers([
            PlanStepTests.Goal("own", "active"),
            PlanStepTests.Goal("shared", "active"),
            PlanStepTests.Task("own", "ready"),
            PlanStepTests.Task("shared", "ready"),
            PlanStepTests.Task("part", "ready", ",'partOf':[{'reference':'Task/shared'}]"),
        ])
        {
            OtherPlans =
            [
                Given.Resource(
                    "CarePlan",
                    "other",
                    "'status':'active','goal':[{'reference':'Goal/shared'}]" + PlanStepTests.Activities("Task/shared")
                ),
            ],
        };

        var decision = command switch
        {
            "hold" => PlanSteps.Hold(Plan("active"), members, Command),
            "revoke" => EndPlan.Revoke(Plan("active"), members, Command),
            _ => EndPlan.Close(Plan("active"), members, new(null, null, new Unfinished.Cancel()), Command),
        };

        Assert.Equal(
            ["CarePlan/p", "Goal/own", "Task/own"],
            decision.Value.Writes.Select(w => w.Key.ToString()).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_plan_whose_open_members_go_on_elsewhere_closes()
    {
        var members = new PlanMembers([PlanStepTests.Goal("shared", "active"), PlanStepTests.Task("shared", "ready")])
        {
            OtherPlans =
            [
                Given.Resource(
                    "CarePlan",
                    "other",
                    "'status':'active','goal':[{'reference':'Goal/shared'}]" + PlanStepTests.Activities("Task/shared")
                ),
            ],
        };

        Assert.Equal(
            "completed",
            EndPlan
                .Close(Plan("active"), members, new(null, null, new Unfinished.None()), Command)
                .Value.Status("CarePlan/p")
        );
    }

    [Fact]
    public void What_a_plan_held_goes_on_in_the_plan_that_it_is_handed_to()
    {
        var plan = Given.Resource(
            "CarePlan",
            "p",
            "'status':'active','intent':'plan','subject':{'reference':'Patient/1'},'goal':[{'reference':'Goal/g'}],'activity':[{'reference':{'reference':'Task/t'}},{'detail':{'status':'in-progress','description':'Walk'}},{'detail':{'status':'not-started','description':'Swim'}},{'reference':{'reference':'Appointment/a'}}]"
        );
        var held = PlanSteps
            .Hold(plan, new([PlanStepTests.Goal("g", "active"), PlanStepTests.Task("t", "ready")]), Command)
            .Value;
        var target = Given.Resource(
            "CarePlan",
            "q",
            "'status':'active','intent':'plan','subject':{'reference':'Patient/1'},'activity':[{'detail':{'status':'in-progress','description':' walk'}}]"
        );

        var closed = EndPlan
            .Close(
                held.After("CarePlan/p"),
                new([held.After("Goal/g"), held.After("Task/t")]),
                new(null, null, new Unfinished.TransferTo(target)),
                Command
            )
            .Value;

        Assert.Equal(("active", "ready"), (closed.Status("Goal/g"), closed.Status("Task/t")));
        Given.AssertJson(
            """[{"detail":{"status":"in-progress","description":" walk"}},{"reference":{"reference":"Task/t"}},{"reference":{"reference":"Appointment/a"}},{"detail":{"status":"not-started","description":"Swim"}}]""",
            closed.Written("CarePlan/q")["activity"]
        );
        Given.AssertJson("""[{"reference":"Goal/g"}]""", closed.Written("CarePlan/q")["goal"]);
    }

    [Theory]
    [InlineData(false, "business-rule goals-not-accepted", "proposed")]
    [InlineData(true, null, "active")]
    public void A_plan_without_an_accepted_goal_begins_with_a_warning_or_accepts(
        bool accepts,
        string? note,
        string status
    )
    {
        var decision = Activate(Plan("draft"), [PlanStepTests.Goal("g", "proposed")], accepts).Value;

        var told = decision.Notes.Select(n =>
            $"{(n.Code == IssueCode.BusinessRule ? "business-rule" : "")} {n.Details}"
        );
        Assert.Equal(note is null ? [] : [note], told);
        Assert.Equal(
            accepts ? ["CarePlan/p", "Goal/g"] : ["CarePlan/p"],
            decision.Writes.Select(w => w.Key.ToString())
        );
        if (!accepts)
            return;
        Assert.Equal(status, decision.Status("Goal/g"));
        Assert.Contains(
            """{"url":"individual","valueReference":{"reference":"Patient/1"}},{"url":"status","valueCode":"agree"}""",
            decision.Written("Goal/g").ToJsonString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("resume", "on-hold")]
    [InlineData("reopen", "completed")]
    [InlineData("reopen", "revoked")]
    public void What_keeps_a_plan_from_beginning_keeps_it_from_going_on(string command, string from)
    {
        var plan = Given.Resource(
            "CarePlan",
            "p",
            $"'status':'{from}','intent':'plan','subject':{{'reference':'Patient/1'}},'instantiatesCanonical':['http://t'],'category':[{{'coding':[{{'code':'ccm'}}]}}]"
        );
        var twin = Given.Resource(
            "CarePlan",
            "q",
            "'status':'active','instantiatesCanonical':['http://t'],'subject':{'reference':'Patient/1'}"
        );
        var dead = Given.Resource("Patient", "1", "'deceasedBoolean':true");
        var asking = CareRules.Defaults with { ConsentCategories = ["ccm"] };
        Result<Decision> Run(ActivationContext context, CareRules? rules = null) =>
            command == "resume"
                ? PlanSteps.Resume(plan, new([]), context, rules ?? CareRules.Defaults, Command)
                : PlanSteps.Reopen(plan, context, rules ?? CareRules.Defaults, Command);

        Assert.Equal("patient-deceased", Run(new([], []) { Patient = dead }).Rule());
        Assert.Equal("duplicate", Run(new([], [twin])).Rule());
        Assert.Equal("consent-missing", Run(new([], []), asking).Rule());
        Assert.Equal("active", Run(new([], [twin], AllowConcurrent: true)).Value.Status("CarePlan/p"));
        Assert.Equal(
            "subject=Patient%2F1&status=active&instantiates-canonical=http%3A%2F%2Ft",
            Assert.Single(Run(new([], [])).Value.Finds).Query
        );
    }

    private static Snapshot Plan(string status, params string[] activities) =>
        PlanStepTests.Plan(status, activities.Length == 0 ? "" : PlanStepTests.Activities(activities));

    private static Result<Decision> Activate(Snapshot plan, Snapshot[] members, bool acceptGoals = false) =>
        PlanSteps.Activate(plan, new(members), new([], []) { AcceptGoals = acceptGoals }, CareRules.Defaults, Command);

    private static Result<Decision> Resume(Snapshot plan, Snapshot[] members) =>
        PlanSteps.Resume(plan, new(members), new([], []), CareRules.Defaults, Command);
}
