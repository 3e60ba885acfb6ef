using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.CarePlans;

public sealed class PlanStepTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);
    private static readonly Reason Because = new("because");
    private static readonly ActivationContext Consenting = new([], []);

    private static readonly Dictionary<(string Command, string From), string> Legal = new()
    {
        [("activate", "draft")] = "active",
        [("activate", "on-hold")] = "active",
        [("hold", "active")] = "on-hold",
        [("resume", "on-hold")] = "active",
        [("close", "active")] = "completed",
        [("close", "on-hold")] = "completed",
        [("revoke", "draft")] = "revoked",
        [("revoke", "active")] = "revoked",
        [("revoke", "on-hold")] = "revoked",
        [("reopen", "completed")] = "active",
        [("reopen", "revoked")] = "active",
    };

    public static TheoryData<string, string> CommandsAndStatuses()
    {
        var data = new TheoryData<string, string>();
        foreach (var command in Legal.Keys.Select(k => k.Command).Distinct())
        foreach (var status in CarePlanLifecycle.Table.Statuses)
            data.Add(command, status);
        return data;
    }

    [Theory]
    [MemberData(nameof(CommandsAndStatuses))]
    public void Every_command_goes_where_it_may_and_nowhere_else(string command, string from)
    {
        var plan = Plan(from);
        var members = new PlanMembers([Goal("g", "accepted", "achieved")]);
        var result = command switch
        {
            "activate" => PlanSteps.Activate(
                plan,
                members,
                Consenting,
                CareRules.Defaults,
                new(Given.Anyone, Given.Now, Today)
            ),
            "hold" => PlanSteps.Hold(plan, members, new(Given.Anyone, Given.Now, Today, Because)),
            "resume" => PlanSteps.Resume(
                plan,
                members,
                Consenting,
                CareRules.Defaults,
                new(Given.Anyone, Given.Now, Today)
            ),
            "close" => EndPlan.Close(
                plan,
                members,
                new(null, null, new Unfinished.Cancel()),
                new(Given.Anyone, Given.Now, Today)
            ),
            "revoke" => EndPlan.Revoke(plan, members, new(Given.Anyone, Given.Now, Today, Because)),
            _ => PlanSteps.Reopen(plan, Consenting, CareRules.Defaults, new(Given.Anyone, Given.Now, Today, Because)),
        };

        if (Legal.TryGetValue((command, from), out var to))
            Assert.Equal(to, result.Value.Status("CarePlan/p"));
        else
            Assert.Equal((422, "illegal-transition"), (result.Failure?.Status, result.Rule()));
    }

    [Fact]
    public void Activation_carries_the_members_along()
    {
        var members = new PlanMembers([
            Goal("g", "accepted"),
            Goal("asked", "proposed"),
            Task("owned", "draft", ",'owner':{'reference':'Practitioner/1'}"),
            Task("open", "draft"),
            Task("done", "completed"),
            Given.Resource("ServiceRequest", "s", "'status':'draft','subject':{'reference':'Patient/1'}"),
            Given.Resource("RequestGroup", "r", "'status':'draft','subject':{'reference':'Patient/1'}"),
        ]);

        var decision = Activate(
            Plan("draft", Activities("Task/owned", "Task/open", "Task/done", "ServiceRequest/s", "RequestGroup/r")),
            members
        ).Value;

        Assert.Equal("active", decision.Status("CarePlan/p"));
        Assert.Equal("active", decision.Status("Goal/g"));
        Assert.Equal("ready", decision.Status("Task/owned"));
        Assert.Equal("requested", decision.Status("Task/open"));
        Assert.Equal("active", decision.Status("ServiceRequest/s"));
        Assert.Equal("active", decision.Status("RequestGroup/r"));
        Assert.Equal(["Goal/asked", "Task/done"], decision.ReliedOn.Select(r => r.Key.ToString()));
        Assert.Equal("Not sought until somebody accepts them: Goal/asked.", Assert.Single(decision.Notes).Diagnostics);
    }

    [Fact]
    public void Activation_completes_what_us_core_requires()
    {
        var plan = Activate(Plan("draft"), new PlanMembers([Goal("g", "accepted")])).Value.Written("CarePlan/p");

        Given.AssertJson(
            """[{"coding":[{"system":"http://hl7.org/fhir/us/core/CodeSystem/careplan-category","code":"assess-plan"}]},{"coding":[{"system":"http://snomed.info/sct","code":"734163000"}]}]""",
            plan["category"]
        );
        Given.AssertJson(
            """{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Care plan</p><p>Goals</p><ul><li>Walk &lt;daily&gt;: active</li></ul></div>"}""",
            plan["text"]
        );
        Given.AssertJson("""{"start":"2026-11-23"}""", plan["period"]);
        Given.AssertJson("""[{"reference":"Practitioner/any"}]""", plan["contributor"]);
    }

    [Fact]
    public void A_narrative_that_somebody_wrote_is_left_alone()
    {
        var plan = Plan("draft", ",'text':{'status':'additional','div':'<div>mine</div>'}");

        Assert.Equal(
            "<div>mine</div>",
            (string?)
                Activate(plan, new PlanMembers([Goal("g", "accepted")])).Value.Written("CarePlan/p")["text"]!["div"]
        );
    }

    [Fact]
    public void Everything_in_the_way_is_told_at_once_with_its_place()
    {
        var members = new PlanMembers([Goal("g", "rejected"), Task("other", "draft", patient: "Patient/2")]);
        var rules = CareRules.Defaults with { ConsentCategories = ["ccm"] };
        var plan = Given.Resource(
            "CarePlan",
            "p",
            "'status':'draft','intent':'proposal','subject':{'reference':'Patient/1'},'category':[{'coding':[{'code':'ccm'}]}],'goal':[{'reference':'Goal/g'}]"
                + Activities("Task/gone", "Task/other", "https://partner.example/fhir/Task/9")
        );

        var failure = PlanSteps
            .Activate(plan, members, new([], []), rules, new(Given.Anyone, Given.Now, Today))
            .Failure!;

        Assert.Equal(422, failure.Status);
        Assert.Equal(
            [
                ("plan-intent", "CarePlan.intent"),
                ("no-goals", "CarePlan.goal"),
                ("member-missing", "CarePlan.activity[0].reference"),
                ("member-patient", "CarePlan.activity[1].reference"),
                ("consent-missing", "CarePlan.category"),
            ],
            failure.Issues.Select(i => (i.Details, i.Expression))
        );
    }

    [Theory]
    [InlineData("Patient/2")]
    [InlineData("Group/1")]
    [InlineData("Organization/1")]
    public void A_goal_of_another_patient_is_no_member(string subject)
    {
        var failure = Activate(Plan("draft"), new PlanMembers([Goal("g", "accepted", patient: subject)])).Failure!;

        Assert.Equal(("member-patient", "CarePlan.goal[0]"), (failure.Issues[0].Details, failure.Issues[0].Expression));
    }

    [Fact]
    public void A_second_active_plan_of_one_template_conflicts_unless_it_is_meant()
    {
        const string template = ",'instantiatesCanonical':['http://example.org/PlanDefinition/chf']";
        var members = new PlanMembers([Goal("g", "accepted")]);
        var other = Given.Resource(
            "CarePlan",
            "q",
            "'status':'active','intent':'plan','subject':{'reference':'Patient/1'}" + template
        );

        Result<Decision> With(bool concurrent, string more) =>
            PlanSteps.Activate(
                Plan("draft", more),
                members,
                new([], [other], concurrent),
                CareRules.Defaults,
                new(Given.Anyone, Given.Now, Today)
            );

        Assert.Equal((409, "duplicate"), (With(false, template).Failure!.Status, With(false, template).Rule()));
        Assert.True(With(true, template).IsSuccess);
        Assert.True(With(false, "").IsSuccess);
    }

    [Fact]
    public void A_plan_holds_its_tasks_and_resumes_each_to_where_it_was()
    {
        Snapshot[] members =
        [
            Goal("g", "active"),
            Task("a", "ready"),
            Task("b", "in-progress"),
            Task("resting", "on-hold"),
            Given.Resource("RequestGroup", "r", "'status':'active'"),
        ];

        var held = PlanSteps
            .Hold(Plan("active"), new PlanMembers(members), new(Given.Anyone, Given.Now, Today, Because))
            .Value;
        var resumed = PlanSteps
            .Resume(
                held.After("CarePlan/p"),
                new PlanMembers([
                    held.After("Goal/g"),
                    held.After("Task/a"),
                    held.After("Task/b"),
                    members[3],
                    held.After("RequestGroup/r"),
                ]),
                Consenting,
                CareRules.Defaults,
                new(Given.Anyone, Given.Now, Today)
            )
            .Value;

        Assert.Equal(
            ("on-hold", "on-hold", "on-hold", "on-hold"),
            (held.Status("Goal/g"), held.Status("Task/a"), held.Status("Task/b"), held.Status("RequestGroup/r"))
        );
        Assert.Equal(
            ("active", "ready", "in-progress", "active"),
            (
                resumed.Status("Goal/g"),
                resumed.Status("Task/a"),
                resumed.Status("Task/b"),
                resumed.Status("RequestGroup/r")
            )
        );
        Assert.Equal(["Task/resting"], resumed.ReliedOn.Select(r => r.Key.ToString()));
    }

    [Fact]
    public void Only_a_lead_reopens()
    {
        var plan = Plan("completed", ",'author':{'reference':'Practitioner/1'}");

        Assert.Equal(
            403,
            PlanSteps
                .Reopen(
                    plan,
                    Consenting,
                    CareRules.Defaults,
                    new(new Agent("Practitioner/1"), Given.Now, Today, Because)
                )
                .Failure?.Status
        );
        Assert.Equal(
            "active",
            PlanSteps
                .Reopen(
                    plan,
                    Consenting,
                    CareRules.Defaults,
                    new(new Agent("Practitioner/2") { IsLead = true }, Given.Now, Today, Because)
                )
                .Value.Status("CarePlan/p")
        );
    }

    [Fact]
    public void A_stranger_does_not_hold_a_plan_that_names_its_people()
    {
        var plan = Plan("active", ",'careTeam':[{'reference':'CareTeam/1'}]");

        Assert.Equal(
            403,
            PlanSteps.Hold(plan, new([]), new(new Agent("Practitioner/1"), Given.Now, Today, Because)).Failure?.Status
        );
        Assert.True(
            PlanSteps
                .Hold(
                    plan,
                    new([]),
                    new(new Agent("Practitioner/1") { ActsAs = ["CareTeam/1"] }, Given.Now, Today, Because)
                )
                .IsSuccess
        );
        Assert.True(
            PlanSteps
                .Hold(Plan("active"), new([]), new(new Agent("Practitioner/1"), Given.Now, Today, Because))
                .IsSuccess
        );
    }

    internal static Snapshot Plan(string status, string more = "") =>
        Given.Resource(
            "CarePlan",
            "p",
            $"'status':'{status}','intent':'plan','subject':{{'reference':'Patient/1'}},'goal':[{{'reference':'Goal/g'}}]{more}"
        );

    internal static string Activities(params string[] references) =>
        $",'activity':[{string.Join(',', references.Select(r => $"{{'reference':{{'reference':'{r}'}}}}"))}]";

    internal static Snapshot Goal(string id, string status, string? achievement = null, string patient = "Patient/1") =>
        Given.Resource(
            "Goal",
            id,
            $"'lifecycleStatus':'{status}','description':{{'text':'Walk <daily>'}},'subject':{{'reference':'{patient}'}}"
                + (
                    achievement is null
                        ? ""
                        : $",'achievementStatus':{{'coding':[{{'system':'http://terminology.hl7.org/CodeSystem/goal-achievement','code':'{achievement}'}}]}}"
                )
        );

    internal static Snapshot Task(string id, string status, string more = "", string patient = "Patient/1") =>
        Given.Task(id, status, $"'for':{{'reference':'{patient}'}}{more}");

    private static Result<Decision> Activate(Snapshot plan, PlanMembers members) =>
        PlanSteps.Activate(plan, members, Consenting, CareRules.Defaults, new(Given.Anyone, Given.Now, Today));
}
