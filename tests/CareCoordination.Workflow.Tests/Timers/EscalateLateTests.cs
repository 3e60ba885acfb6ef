using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Timers;

namespace CareCoordination.Workflow.Tests.Timers;

/// <summary>Tasks that get late, by the default rules: the owner at once, a lead after three business days, of urgent ones after one.</summary>
public sealed class EscalateLateTests
{
    private const string Friday = "2026-11-20T12:00:00Z";
    private static readonly CarePolicy Policy = new(BusinessCalendar.UnitedStates(Given.NewYork), []);
    private static readonly CarePolicy Relaxed = new(Policy.Calendar, [new(default) { Lateness = [] }]);

    [Fact]
    public void The_owner_is_told_when_a_task_is_due_and_a_lead_days_later_each_once()
    {
        var task = Late("'owner':{'reference':'Practitioner/1'},'for':{'reference':'Patient/1'}");

        Assert.Equal(DateTimeOffset.Parse(Friday), NextAt(task));
        Assert.Null(Fire(task, DateTimeOffset.Parse(Friday).AddTicks(-1)));
        var first = Fire(task, DateTimeOffset.Parse(Friday))!.Value.Value;
        Given.AssertJson(
            """{"resourceType":"Communication","id":"new-1","status":"completed","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/communication-category","code":"reminder"}]}],"priority":"routine","subject":{"reference":"Patient/1"},"about":[{"reference":"Task/t","display":"Task t"}],"payload":[{"contentString":"Overdue: Task t"}],"sent":"2026-11-20T12:00:00Z","recipient":[{"reference":"Practitioner/1"}],"reasonCode":[{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/lateness-threshold","code":"overdue","display":"Overdue"}],"text":"Overdue"}]}""",
            first.Written("Communication/new-1")
        );
        Assert.Equal(2, first.Writes.Length);

        var told = first.After("Task/t");
        var wednesday = DateTimeOffset.Parse("2026-11-26T04:59:59Z");
        Assert.Equal(wednesday, NextAt(told));
        Assert.Null(Fire(told, wednesday.AddTicks(-1)));
        var second = Fire(told, wednesday)!.Value.Value;
        Given.AssertJson(
            """{"resourceType":"Task","id":"new-1","partOf":[{"reference":"Task/t","display":"Task t"}],"status":"requested","intent":"order","priority":"urgent","code":{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/care-command","code":"escalate","display":"Escalation"}],"text":"Escalation"},"description":"Does not get on: Task t","focus":{"reference":"Task/t","display":"Task t"},"for":{"reference":"Patient/1"},"authoredOn":"2026-11-26T04:59:59Z","lastModified":"2026-11-26T04:59:59Z","requester":{"reference":"Device/care"},"performerType":[{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/care-role","code":"lead","display":"Lead of the care managers"}],"text":"Lead of the care managers"}],"reasonCode":{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/lateness-threshold","code":"overdue-lead","display":"Overdue for 3 business days"}],"text":"Overdue for 3 business days"},"restriction":{"period":{"end":"2026-11-27T23:59:59-05:00"}}}""",
            second.Written("Task/new-1")
        );

        Assert.Null(NextAt(second.After("Task/t")));
        Assert.Null(Fire(second.After("Task/t"), wednesday.AddYears(1)));
    }

    [Fact]
    public void What_was_crossed_while_nobody_looked_is_told_together_and_each_once()
    {
        var task = Late("'priority':'urgent','owner':{'reference':'Practitioner/1'}");

        var decision = Fire(task, DateTimeOffset.Parse(Friday).AddDays(30))!.Value.Value;

        Assert.Equal(["Task/t", "Communication/new-1", "Task/new-2"], decision.Writes.Select(w => w.Key.ToString()));
        Assert.Null(NextAt(decision.After("Task/t")));
    }

    [Theory]
    [InlineData("routine", "overdue-lead")]
    [InlineData("urgent", "overdue-lead")]
    [InlineData("asap", "overdue-lead")]
    [InlineData("stat", "overdue-lead")]
    public void What_was_crossed_at_once_is_one_task_of_the_lead_at_the_highest_threshold(string priority, string level)
    {
        var task = Late($"'priority':'{priority}','description':'Call the patient'");

        var decision = Fire(task, DateTimeOffset.Parse(Friday).AddDays(14))!.Value.Value;

        Assert.Equal(["Task/t", "Task/new-1"], decision.Writes.Select(w => w.Key.ToString()));
        var escalation = decision.Written("Task/new-1");
        Assert.Equal(level, (string?)escalation["reasonCode"]!["coding"]![0]!["code"]);
        Assert.Equal(
            ("Does not get on: Call the patient", "Call the patient"),
            ((string?)escalation["description"], (string?)escalation["focus"]!["display"])
        );
    }

    [Theory]
    [InlineData("requested")]
    [InlineData("accepted")]
    [InlineData("in-progress")]
    [InlineData("on-hold")]
    public void A_further_threshold_raises_the_escalation_that_is_open(string status)
    {
        var due = DateTimeOffset.Parse(Friday);
        var first = Fire(Late("'priority':'routine'"), due)!.Value.Value;
        var open = first.After("Task/new-1");
        open = open with
        {
            Utf8Json = System.Text.Encoding.UTF8.GetBytes(
                System
                    .Text.Encoding.UTF8.GetString(open.Utf8Json.Span)
                    .Replace("\"requested\"", $"\"{status}\"", StringComparison.Ordinal)
            ),
        };

        var second = Fire(first.After("Task/t"), due.AddDays(30), open)!.Value.Value;

        Assert.Equal(["Task/t", "Task/new-1"], second.Writes.Select(w => w.Key.ToString()));
        var raised = second.Written("Task/new-1");
        Assert.Equal(
            (status, "Overdue for 3 business days"),
            ((string?)raised["status"], (string?)raised["reasonCode"]!["text"])
        );
        Assert.Equal("Overdue for 3 business days", (string?)raised["note"]![0]!["text"]);
    }

    [Theory]
    [InlineData("completed")]
    [InlineData("cancelled")]
    [InlineData("rejected")]
    public void After_one_that_is_over_the_lead_gets_another(string status)
    {
        var over = Given.Task(
            "e",
            status,
            "'partOf':[{'reference':'Task/t'}],'code':{'coding':[{'system':'https://carecoordination.example/fhir/CodeSystem/care-command','code':'escalate'}]}"
        );

        var decision = Fire(Late("'priority':'routine'"), DateTimeOffset.Parse(Friday), over)!.Value.Value;

        Assert.Equal(["Task/t", "Task/new-1"], decision.Writes.Select(w => w.Key.ToString()));
    }

    [Fact]
    public void What_a_person_escalated_goes_to_whoever_is_named_next_and_stays_one()
    {
        var task = Late("'owner':{'reference':'Practitioner/1'},'for':{'reference':'Patient/1','display':'P. 1'}");
        var first = TaskEscalation
            .Escalate(task, [], "Practitioner/a", null, new("stuck"), Given.Anyone, Given.Now, "e")
            .Value;

        var second = TaskEscalation
            .Escalate(
                first.After("Task/t"),
                [first.After("Task/e")],
                "Practitioner/b",
                Given.Now.AddDays(1),
                new("still stuck"),
                Given.Anyone,
                Given.Now,
                "f"
            )
            .Value;
        var late = Fire(
            first.After("Task/t"),
            DateTimeOffset.Parse(Friday).AddDays(30),
            second.After("Task/e")
        )!.Value.Value;

        Assert.Equal(["Task/e"], second.Writes.Select(w => w.Key.ToString()));
        Assert.Contains(second.ReliedOn, r => r.Key.ToString() == "Task/t");
        var moved = second.Written("Task/e");
        Assert.Equal("Practitioner/b", (string?)moved["owner"]!["reference"]);
        Assert.Equal("P. 1", (string?)moved["for"]!["display"]);
        Assert.Equal("still stuck", (string?)moved["reasonCode"]!["text"]);
        Assert.Equal("Practitioner/b", (string?)late.Written("Task/e")["owner"]!["reference"]);
        Assert.Equal(["Task/t", "Communication/new-1", "Task/e"], late.Writes.Select(w => w.Key.ToString()));
    }

    [Fact]
    public void What_nobody_owns_is_for_a_lead_from_the_first()
    {
        var decision = Fire(Late("'priority':'routine'"), DateTimeOffset.Parse(Friday))!.Value.Value;

        Assert.Equal(["Task/t", "Task/new-1"], decision.Writes.Select(w => w.Key.ToString()));
    }

    [Fact]
    public void What_only_the_task_can_refer_to_is_not_referred_to_by_others()
    {
        var task = Late(
            "'contained':[{'resourceType':'Patient','id':'p'}],'owner':{'reference':'#p'},'for':{'reference':'#p'}"
        );

        var decision = Fire(task, DateTimeOffset.Parse(Friday))!.Value.Value;

        Assert.Equal(["Task/t", "Task/new-1"], decision.Writes.Select(w => w.Key.ToString()));
        Assert.False(decision.Written("Task/new-1").ContainsKey("for"));
    }

    [Fact]
    public void The_earliest_time_of_all_policies_is_looked_at_and_the_one_that_holds_decides()
    {
        var task = Late("'owner':{'reference':'Practitioner/1'}");

        Assert.Null(NextAt(task, Relaxed));
        Assert.Equal(DateTimeOffset.Parse(Friday), NextAt(task, Relaxed, Policy));
        Assert.Null(EscalateLate.Rule.Fire(task, TimerContext(Relaxed, DateTimeOffset.MaxValue.AddYears(-1))));
    }

    private static Snapshot Late(string elements) =>
        Given.Task("t", "ready", $"{elements},'restriction':{{'period':{{'end':'{Friday}'}}}}");

    private static DateTimeOffset? NextAt(Snapshot task, params ImmutableArray<CarePolicy> policies) =>
        TimerRules.NextAt("Task", ResourceDocument.Parse(task.Utf8Json).Value, policies.IsEmpty ? [Policy] : policies);

    private static Result<Decision>? Fire(Snapshot task, DateTimeOffset now, params ImmutableArray<Snapshot> parts) =>
        EscalateLate.Rule.Fire(task, TimerContext(Policy, now) with { Parts = parts });

    private static TimerContext TimerContext(CarePolicy policy, DateTimeOffset now) =>
        new(policy, new Agent("Device/care") { IsUnchecked = true }, now, Given.Ids());
}
