using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Tests.Tasks;

/// <summary>What is told of work with a command: it is the same for each, and lies within the execution of the task.</summary>
public sealed class WorkReportTests
{
    private static readonly Agent Nurse = new("Practitioner/nurse") { IsUnchecked = true };
    private static readonly Reason Because = new("no answer");

    public static TheoryData<string> Commands =>
        ["stop", "hold", "complete", "fail", "cancel", "reassign", "snooze", "escalate", "record-attempt"];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_after_which_somebody_may_have_worked_keeps_minutes_and_note(string command)
    {
        var task = new TaskDraft(
            Ask(command, Started, new() { Minutes = 10, Note = "rang twice" }).Value.After("Task/t")
        );

        Assert.Equal([new WorkedTime("Practitioner/nurse", Given.Now.AddMinutes(-10), Given.Now)], TimeLog.Of(task));
        Assert.Equal("rang twice", task.Edit.Note.First().Text);
        Assert.Equal(Given.Now.AddMinutes(-30), task.ExecutionStart?.StartIn(TimeZoneInfo.Utc));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Minutes_move_a_start_back_that_only_a_command_left(string command)
    {
        var task = new TaskDraft(Ask(command, Started, new() { Minutes = 45 }).Value.After("Task/t"));

        Assert.Equal(Given.Now.AddMinutes(-45), task.ExecutionStart?.StartIn(TimeZoneInfo.Utc));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Minutes_that_contradict_the_times_that_are_named_are_refused(string command)
    {
        Assert.Equal(
            "minutes-range",
            Ask(command, Started, new() { Minutes = 21, Start = Given.Now.AddMinutes(-20) }).Rule()
        );
        Assert.Equal(
            "minutes-range",
            Ask(command, Started, new() { Minutes = 26, End = Given.Now.AddMinutes(-5) }).Rule()
        );
        Assert.Equal("minutes-range", Ask(command, Started, new() { Minutes = 0 }).Rule());
        Assert.Equal("end-range", Ask(command, Started, new() { Minutes = 1, End = Given.Now.AddMinutes(1) }).Rule());
        Assert.True(Ask(command, Started, new() { Minutes = 20, Start = Given.Now.AddMinutes(-20) }).IsSuccess);
        Assert.True(Ask(command, Started, new() { Minutes = 25, End = Given.Now.AddMinutes(-5) }).IsSuccess);
    }

    [Theory]
    [InlineData("Asia/Tokyo", "2026-11-23", null)]
    [InlineData("Asia/Tokyo", "2026-11-24", null)]
    [InlineData("America/New_York", "2026-11-24", "end-range")]
    [InlineData("Pacific/Kiritimati", "2026-11-24", null)]
    [InlineData("Pacific/Pago_Pago", "2026-11-23", null)]
    [InlineData("Pacific/Pago_Pago", "2026-11-24", "end-range")]
    public void A_day_on_which_work_ended_is_one_of_the_organisation(string zone, string day, string? rule)
    {
        var report = new WorkReport
        {
            Minutes = 5,
            End = DateOnly.Parse(day),
            Zone = TimeZoneInfo.FindSystemTimeZoneById(zone),
        };

        // 15:00 in UTC is midnight in Tokyo: the next day has begun there.
        Assert.Equal(rule, Ask("complete", Given.Task("t", "in-progress"), report).Rule());
    }

    [Fact]
    public void What_is_ready_is_completed_or_fails_in_one_call()
    {
        var ready = Given.Task("t", "ready");

        var done = new TaskDraft(Ask("complete", ready, new() { Minutes = 20 }).Value.After("Task/t"));
        var failed = new TaskDraft(Ask("fail", ready, WorkReport.None).Value.After("Task/t"));

        Assert.Equal(("completed", "Practitioner/nurse"), (done.Status, done.Owner));
        Assert.Equal(Given.Now.AddMinutes(-20), done.ExecutionStart?.StartIn(TimeZoneInfo.Utc));
        Assert.Equal(Given.Now, done.ExecutionEnd?.StartIn(TimeZoneInfo.Utc));
        Assert.Equal("failed", failed.Status);
    }

    [Theory]
    [InlineData("ready", null)]
    [InlineData("in-progress", null)]
    [InlineData("on-hold", "waits for the daughter")]
    public void A_snooze_is_no_change_of_the_status_and_leaves_no_reason_of_one(string status, string? left)
    {
        var task = Given.Task("t", status, "'statusReason':{'text':'waits for the daughter'}");

        var snoozed = Ask("snooze", task, WorkReport.None).Value.Written("Task/t");

        Assert.Equal(left, (string?)snoozed["statusReason"]?["text"]);
        Assert.Equal("no answer", (string?)snoozed["note"]![0]!["text"]);
    }

    [Fact]
    public void Resuming_moves_what_is_due_and_begins_its_lateness_anew()
    {
        var held = HoldTask.Hold(
            Given.Task(
                "t",
                "ready",
                "'extension':[{'url':'https://carecoordination.example/fhir/StructureDefinition/escalated','valueCode':'overdue'}],'restriction':{'period':{'end':'2026-11-20'}}"
            ),
            [],
            Because,
            Nurse,
            Given.Now
        );
        var task = held.Value.After("Task/t");

        var resumed = HoldTask.Resume(task, [], Nurse, Given.Now, new("back home"), Given.Now.AddDays(2)).Value;
        var late = HoldTask.Resume(task, [], Nurse, Given.Now, null, Given.Now);

        var written = resumed.Written("Task/t");
        Assert.Equal("ready", (string?)written["status"]);
        Given.AssertJson("""{"period":{"end":"2026-11-25T15:00:00Z"}}""", written["restriction"]);
        Given.AssertJson("""{"text":"back home"}""", written["statusReason"]);
        Assert.Null(written["extension"]);
        Assert.Equal("due-in-past", late.Rule());
    }

    [Fact]
    public void Attempts_are_kept_each_with_its_date_way_and_outcome()
    {
        var first = Ask("record-attempt", Given.Task("t", "ready"), WorkReport.None).Value;
        var second = AttemptLog
            .Record(
                first.After("Task/t"),
                new(new DateOnly(2026, 11, 22), new("Letter"), new(null, "urn:x", "sent")),
                Given.Now.AddDays(1),
                WorkReport.None,
                Nurse,
                Given.Now
            )
            .Value.Written("Task/t");

        Assert.Equal("ready", (string?)second["status"]);
        Given.AssertJson(
            """[{"url":"https://carecoordination.example/fhir/StructureDefinition/contact-attempt","extension":[{"url":"date","valueDateTime":"2026-11-23T15:00:00Z"},{"url":"medium","valueCodeableConcept":{"text":"phone"}},{"url":"outcome","valueCodeableConcept":{"text":"no answer"}},{"url":"performer","valueReference":{"reference":"Practitioner/nurse"}}]},{"url":"https://carecoordination.example/fhir/StructureDefinition/contact-attempt","extension":[{"url":"date","valueDateTime":"2026-11-22"},{"url":"medium","valueCodeableConcept":{"text":"Letter"}},{"url":"outcome","valueCodeableConcept":{"coding":[{"system":"urn:x","code":"sent"}]}},{"url":"performer","valueReference":{"reference":"Practitioner/nurse"}}]}]""",
            second["extension"]
        );
        Given.AssertJson("""{"period":{"end":"2026-11-24T15:00:00Z"}}""", second["restriction"]);
    }

    [Theory]
    [InlineData("draft", "illegal-transition")]
    [InlineData("completed", "illegal-transition")]
    [InlineData("cancelled", "illegal-transition")]
    [InlineData("requested", null)]
    [InlineData("in-progress", null)]
    [InlineData("on-hold", null)]
    public void Attempts_are_recorded_while_a_task_is_open(string status, string? rule) =>
        Assert.Equal(rule, Ask("record-attempt", Given.Task("t", status), WorkReport.None).Rule());

    [Fact]
    public void An_attempt_was_made_in_the_past_by_who_may_touch_the_task()
    {
        var attempt = new ContactAttempt(Given.Now.AddMinutes(1), new("phone"), Because);
        var owned = Given.Task("t", "ready", "'owner':{'reference':'Practitioner/1'}");

        Assert.Equal("attempt-date", AttemptLog.Record(owned, attempt, null, WorkReport.None, Nurse, Given.Now).Rule());
        Assert.Equal(
            403,
            AttemptLog
                .Record(owned, attempt with { At = null }, null, WorkReport.None, new("Practitioner/2"), Given.Now)
                .Failure?.Status
        );
    }

    [Fact]
    public void Neither_time_nor_attempts_go_into_the_next_task_of_a_series()
    {
        const string Extension = "https://carecoordination.example/fhir/StructureDefinition/";
        var task = Given.Task(
            "t",
            "ready",
            $"'extension':[{{'url':'{Extension}series','valueTiming':{{'repeat':{{'boundsPeriod':{{'start':'2026-11-02T15:30:00Z'}},'frequency':1,'period':1,'periodUnit':'wk'}}}}}},{{'url':'{Extension}occurrence','valuePositiveInt':1}}]"
        );
        var tried = Ask("record-attempt", task, new() { Minutes = 3, Note = "rang" }).Value.After("Task/t");

        var next = Ask("complete", tried, new() { Minutes = 4 }).Value.Written("Task/new-1");

        Assert.Equal(
            ["series", "occurrence", "missed-occurrences"],
            next["extension"]!.AsArray().Select(e => ((string?)e!["url"])![Extension.Length..])
        );
        Assert.Equal(2, (int?)next["extension"]![2]!["valuePositiveInt"]);
        Assert.Null(next["executionPeriod"]);
        Assert.Equal(
            "2 occurrences of the series before this one were missed.",
            (string?)next["note"]!.AsArray().Single()!["text"]
        );
    }

    private static Snapshot Started =>
        Given.Task(
            "t",
            "in-progress",
            "'owner':{'reference':'Practitioner/nurse'},'executionPeriod':{'start':'2026-11-23T14:30:00Z'}"
        );

    private static Result<Decision> Ask(string command, Snapshot task, WorkReport work) =>
        command switch
        {
            "stop" => TaskSteps.Stop(task, release: true, Because, Nurse, Given.Now, work),
            "hold" => HoldTask.Hold(task, [], Because, Nurse, Given.Now, work),
            "complete" => FinishTask.Complete(
                task,
                TaskSurroundings.None,
                new([]) { Work = work },
                Nurse,
                Given.Now,
                Given.Ids()
            ),
            "fail" => FinishTask.Fail(task, TaskSurroundings.None, Because, Nurse, Given.Now, Given.Ids(), work),
            "cancel" => FinishTask.Cancel(task, TaskSurroundings.None, Because, Nurse, Given.Now, work),
            "reassign" => TaskSteps.Reassign(task, "Practitioner/other", Because, Nurse, Given.Now, work),
            "snooze" => TaskSteps.Snooze(task, Given.Now.AddDays(1), Because, Nurse, Given.Now, work),
            "escalate" => TaskEscalation.Escalate(
                task,
                [],
                "Practitioner/lead",
                null,
                Because,
                Nurse,
                Given.Now,
                "e",
                work
            ),
            _ => AttemptLog.Record(task, new(null, new("phone"), Because), null, work, Nurse, Given.Now),
        };
}
