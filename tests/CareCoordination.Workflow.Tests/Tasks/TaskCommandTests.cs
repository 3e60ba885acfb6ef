using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Tests.Tasks;

public sealed class TaskCommandTests
{
    private static readonly Reason Because = new("because");

    /// <summary>Where each command leads from, and to; every other pair is refused. Written independently of the table.</summary>
    private static readonly Dictionary<(string Command, string From), string> Legal = new()
    {
        [("claim", "requested")] = "received",
        [("claim", "ready")] = "ready",
        [("accept", "requested")] = "accepted",
        [("accept", "received")] = "accepted",
        [("reject", "requested")] = "rejected",
        [("reject", "received")] = "rejected",
        [("reject", "accepted")] = "rejected",
        [("start", "accepted")] = "in-progress",
        [("start", "ready")] = "in-progress",
        [("hold", "draft")] = "on-hold",
        [("hold", "requested")] = "on-hold",
        [("hold", "received")] = "on-hold",
        [("hold", "accepted")] = "on-hold",
        [("hold", "ready")] = "on-hold",
        [("hold", "in-progress")] = "on-hold",
        [("resume", "on-hold")] = "in-progress",
        [("stop", "in-progress")] = "ready",
        [("complete", "ready")] = "completed",
        [("complete", "accepted")] = "completed",
        [("complete", "in-progress")] = "completed",
        [("complete", "on-hold")] = "completed",
        [("fail", "ready")] = "failed",
        [("fail", "accepted")] = "failed",
        [("fail", "in-progress")] = "failed",
        [("fail", "on-hold")] = "failed",
        [("cancel", "draft")] = "cancelled",
        [("cancel", "requested")] = "cancelled",
        [("cancel", "received")] = "cancelled",
        [("cancel", "accepted")] = "cancelled",
        [("cancel", "ready")] = "cancelled",
        [("cancel", "in-progress")] = "cancelled",
        [("cancel", "on-hold")] = "cancelled",
        [("reopen", "completed")] = "in-progress",
        [("reopen", "failed")] = "in-progress",
    };

    private static readonly string[] Commands =
    [
        "claim",
        "accept",
        "reject",
        "start",
        "hold",
        "resume",
        "stop",
        "complete",
        "fail",
        "cancel",
        "reopen",
    ];

    public static TheoryData<string, string> CommandsAndStatuses()
    {
        var data = new TheoryData<string, string>();
        foreach (var command in Commands)
        foreach (var status in TaskLifecycle.Table.Statuses)
            data.Add(command, status);
        return data;
    }

    [Theory]
    [MemberData(nameof(CommandsAndStatuses))]
    public void Every_command_goes_where_it_may_and_nowhere_else(string command, string from)
    {
        var result = Ask(command, Given.Task("t", from), Given.Anyone, Because);

        if (Legal.TryGetValue((command, from), out var to))
            Assert.Equal(to, result.Value.Status("Task/t"));
        else
            Assert.Equal((422, "illegal-transition"), (result.Failure?.Status, result.Rule()));
    }

    [Theory]
    [InlineData("reject", "requested")]
    [InlineData("hold", "ready")]
    [InlineData("fail", "in-progress")]
    [InlineData("cancel", "draft")]
    [InlineData("reopen", "completed")]
    public void Asks_for_a_reason(string command, string from) =>
        Assert.Equal("reason-required", Ask(command, Given.Task("t", from), Given.Anyone, null).Rule());

    [Theory]
    [InlineData("accept", "requested", "Practitioner/requester", 403)]
    [InlineData("accept", "requested", "Practitioner/owner", null)]
    [InlineData("accept", "requested", "Practitioner/stranger", 403)]
    [InlineData("cancel", "in-progress", "Practitioner/requester", null)]
    [InlineData("cancel", "in-progress", "Practitioner/owner", null)]
    [InlineData("cancel", "in-progress", "Practitioner/stranger", 403)]
    [InlineData("complete", "in-progress", "Practitioner/requester", 403)]
    [InlineData("complete", "in-progress", "Practitioner/lead", null)]
    [InlineData("reopen", "completed", "Practitioner/owner", 403)]
    [InlineData("reopen", "completed", "Practitioner/lead", null)]
    public void Only_those_who_may_make_a_step(string command, string from, string agent, int? status)
    {
        var task = Given.Task(
            "t",
            from,
            "'requester':{'reference':'Practitioner/requester'},'owner':{'reference':'Practitioner/owner'}"
        );

        var result = Ask(
            command,
            task,
            new Agent(agent) { IsLead = agent.EndsWith("lead", StringComparison.Ordinal) },
            Because
        );

        Assert.Equal(status, result.Failure?.Status);
    }

    [Fact]
    public void An_agent_may_act_as_its_role_or_organisation()
    {
        var task = Given.Task("t", "requested", "'owner':{'reference':'Organization/home-care'}");

        Assert.True(
            TaskSteps
                .Accept(task, new Agent("Practitioner/1") { ActsAs = ["Organization/home-care"] }, Given.Now)
                .IsSuccess
        );
    }

    [Fact]
    public void The_first_claim_takes_the_task_and_the_second_conflicts()
    {
        var task = Given.Task("t", "ready");

        var first = TaskSteps.Claim(task, null, new Agent("Practitioner/1"), Given.Now).Value;
        var second = TaskSteps.Claim(first.After("Task/t"), null, new Agent("Practitioner/2"), Given.Now);

        Given.AssertJson(
            """{"resourceType":"Task","id":"t","status":"ready","intent":"order","owner":{"reference":"Practitioner/1"},"lastModified":"2026-11-23T15:00:00Z"}""",
            first.Written("Task/t")
        );
        Assert.Equal(3, first.Writes[0].DecidedFrom);
        Assert.Equal((409, "already-claimed"), (second.Failure!.Status, second.Rule()));
    }

    [Fact]
    public void A_task_offered_to_some_is_not_claimed_by_others()
    {
        var task = Given.Task("t", "requested", "'restriction':{'recipient':[{'reference':'CareTeam/a'}]}");

        Assert.Equal(403, TaskSteps.Claim(task, null, new Agent("Practitioner/1"), Given.Now).Failure?.Status);
        Assert.True(
            TaskSteps.Claim(task, null, new Agent("Practitioner/1") { ActsAs = ["CareTeam/a"] }, Given.Now).IsSuccess
        );
    }

    [Fact]
    public void A_reason_is_kept_as_the_status_reason_and_leaves_with_the_next_step()
    {
        var held = HoldTask
            .Hold(
                Given.Task("t", "ready"),
                [],
                new Reason("away", "http://example.org", "vacation"),
                Given.Anyone,
                Given.Now
            )
            .Value;
        var resumed = HoldTask.Resume(held.After("Task/t"), [], Given.Anyone, Given.Now).Value;

        Given.AssertJson(
            """{"coding":[{"system":"http://example.org","code":"vacation"}],"text":"away"}""",
            held.Written("Task/t")["statusReason"]
        );
        Assert.Null(resumed.Written("Task/t")["statusReason"]);
    }

    [Fact]
    public void Starting_and_stopping_tell_the_execution_period_and_release_the_owner()
    {
        var started = TaskSteps.Start(Given.Task("t", "ready"), new Agent("Practitioner/1"), Given.Now).Value;
        var stopped = TaskSteps
            .Stop(started.After("Task/t"), release: true, null, new Agent("Practitioner/1"), Given.Now)
            .Value;

        Given.AssertJson("""{"start":"2026-11-23T15:00:00Z"}""", started.Written("Task/t")["executionPeriod"]);
        Assert.Equal("ready", stopped.Status("Task/t"));
        Assert.Null(stopped.Written("Task/t")["owner"]);
    }

    [Theory]
    [InlineData("draft", "draft")]
    [InlineData("requested", "requested")]
    [InlineData("received", "requested")]
    [InlineData("accepted", "accepted")]
    [InlineData("ready", "ready")]
    [InlineData("in-progress", "ready")]
    [InlineData("completed", null)]
    [InlineData("cancelled", null)]
    public void Reassigning_stops_work_and_unclaims(string from, string? to)
    {
        var task = Given.Task("t", from, "'owner':{'reference':'Practitioner/1'}");

        var result = TaskSteps.Reassign(task, "Practitioner/2", null, new Agent("Practitioner/1"), Given.Now);

        if (to is null)
            Assert.Equal("illegal-transition", result.Rule());
        else
            Assert.Equal(
                (to, "Practitioner/2"),
                (result.Value.Status("Task/t"), (string?)result.Value.Written("Task/t")["owner"]!["reference"])
            );
    }

    [Fact]
    public void Snoozing_moves_the_due_time_and_lets_thresholds_count_again()
    {
        var task = Given.Task(
            "t",
            "ready",
            "'extension':[{'url':'https://carecoordination.example/fhir/StructureDefinition/escalated','valueCode':'overdue'}],'restriction':{'period':{'end':'2026-11-20'}}"
        );

        var snoozed = TaskSteps
            .Snooze(task, Given.Now.AddDays(1), null, Given.Anyone, Given.Now, new() { Zone = Given.NewYork })
            .Value.Written("Task/t");

        Given.AssertJson("""{"period":{"end":"2026-11-24T15:00:00Z"}}""", snoozed["restriction"]);
        Assert.Null(snoozed["extension"]);
        Assert.Equal(
            "due-in-past",
            TaskSteps.Snooze(task, Given.Now, null, Given.Anyone, Given.Now, new() { Zone = Given.NewYork }).Rule()
        );
    }

    [Fact]
    public void Escalating_makes_a_task_for_whoever_is_to_look_at_it()
    {
        var task = Given.Task(
            "t",
            "ready",
            "'priority':'asap','for':{'reference':'Patient/1'},'owner':{'reference':'Practitioner/1'}"
        );

        var decision = TaskEscalation
            .Escalate(
                task,
                [],
                "Practitioner/lead",
                Given.Now.AddHours(4),
                new Reason("late"),
                Given.Anyone,
                Given.Now,
                "e"
            )
            .Value;

        Given.AssertJson(
            """{"resourceType":"Task","id":"e","partOf":[{"reference":"Task/t","display":"Task t"}],"status":"requested","intent":"order","priority":"asap","code":{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/care-command","code":"escalate","display":"Escalation"}],"text":"Escalation"},"description":"Does not get on: Task t","focus":{"reference":"Task/t","display":"Task t"},"for":{"reference":"Patient/1"},"authoredOn":"2026-11-23T15:00:00Z","requester":{"reference":"Practitioner/any"},"owner":{"reference":"Practitioner/lead"},"restriction":{"period":{"end":"2026-11-23T19:00:00Z"}},"reasonCode":{"text":"late"},"lastModified":"2026-11-23T15:00:00Z"}""",
            decision.Written("Task/e")
        );
    }

    private static Result<Decision> Ask(string command, Snapshot task, Agent by, Reason? reason) =>
        command switch
        {
            "claim" => TaskSteps.Claim(task, null, by, Given.Now),
            "accept" => TaskSteps.Accept(task, by, Given.Now),
            "reject" => TaskSteps.Reject(task, reason, by, Given.Now),
            "start" => TaskSteps.Start(task, by, Given.Now),
            "hold" => HoldTask.Hold(task, [], reason, by, Given.Now),
            "resume" => HoldTask.Resume(task, [], by, Given.Now),
            "stop" => TaskSteps.Stop(task, false, reason, by, Given.Now),
            "complete" => FinishTask.Complete(
                task,
                TaskSurroundings.None,
                new TaskResult([]),
                by,
                Given.Now,
                Given.Ids()
            ),
            "fail" => FinishTask.Fail(task, TaskSurroundings.None, reason, by, Given.Now, Given.Ids(), WorkReport.None),
            "cancel" => FinishTask.Cancel(task, TaskSurroundings.None, reason, by, Given.Now),
            _ => TaskSteps.Reopen(task, reason, by, Given.Now),
        };
}
