using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Tests.Tasks;

public sealed class FinishTaskTests
{
    private const string Series = "https://carecoordination.example/fhir/StructureDefinition/series";
    private const string Occurrence = "https://carecoordination.example/fhir/StructureDefinition/occurrence";

    private static readonly Agent Nurse = new("Practitioner/nurse");

    [Fact]
    public void Completing_keeps_outputs_and_minutes_and_tells_the_plan()
    {
        var output = new TaskOutputEditor
        {
            Type = { Text = "note" },
            ValueReference = { Reference = "DocumentReference/d" },
        };
        var outputs = TaskView.From(new TaskEditor { Output = { output } }.ToDocument()).Output;
        var plan = Given.Resource(
            "CarePlan",
            "p",
            "'status':'active','activity':[{'reference':{'reference':'Task/t'}},{'reference':{'reference':'Task/u'}}]"
        );

        var decision = Complete(
            Given.Task(
                "t",
                "in-progress",
                "'owner':{'reference':'Practitioner/nurse'},'executionPeriod':{'start':'2026-11-23T14:30:00Z'}"
            ),
            new TaskSurroundings([], plan),
            new TaskResult([.. outputs])
            {
                Outcome = new Reason("reached"),
                Work = new() { Minutes = 20 },
            }
        ).Value;

        Given.AssertJson(
            """{"resourceType":"Task","id":"t","status":"completed","intent":"order","owner":{"reference":"Practitioner/nurse"},"executionPeriod":{"start":"2026-11-23T14:30:00Z","end":"2026-11-23T15:00:00Z"},"statusReason":{"text":"reached"},"output":[{"type":{"text":"note"},"valueReference":{"reference":"DocumentReference/d"}}],"extension":[{"url":"https://carecoordination.example/fhir/StructureDefinition/time-spent","extension":[{"url":"performer","valueReference":{"reference":"Practitioner/nurse"}},{"url":"minutes","valueDecimal":20},{"url":"period","valuePeriod":{"start":"2026-11-23T14:40:00Z","end":"2026-11-23T15:00:00Z"}}]}],"lastModified":"2026-11-23T15:00:00Z"}""",
            decision.Written("Task/t")
        );
        Given.AssertJson(
            """[{"reference":{"reference":"Task/t"},"progress":[{"authorReference":{"reference":"Practitioner/nurse"},"time":"2026-11-23T15:00:00Z","text":"Task/t completed."}],"outcomeReference":[{"reference":"DocumentReference/d"}],"outcomeCodeableConcept":[{"text":"reached"}]},{"reference":{"reference":"Task/u"}}]""",
            decision.Written("CarePlan/p")["activity"]
        );
    }

    [Fact]
    public void Open_parts_keep_a_task_from_completion_but_an_escalation_does_not()
    {
        var escalation = Given.Task(
            "e",
            "requested",
            "'code':{'coding':[{'system':'https://carecoordination.example/fhir/CodeSystem/care-command','code':'escalate'}]}"
        );

        var blocked = Complete(
            Given.Task("t", "in-progress"),
            new([Given.Task("a", "ready"), Given.Task("b", "completed")]),
            new([])
        );
        var done = Complete(Given.Task("t", "in-progress"), new([escalation]), new([])).Value;

        Assert.Equal("open-tasks", blocked.Rule());
        Assert.Equal(
            "Task/t has open parts; finish or cancel them first: Task/a.",
            blocked.Failure!.Issues[0].Diagnostics
        );
        Assert.Equal("cancelled", done.Status("Task/e"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("1441")]
    public void Minutes_are_those_of_at_most_one_day(string minutes) =>
        Assert.Equal(
            "minutes-range",
            Complete(
                    Given.Task("t", "in-progress"),
                    TaskSurroundings.None,
                    Worked(new() { Minutes = decimal.Parse(minutes) })
                )
                .Rule()
        );

    [Fact]
    public void Work_does_not_end_in_the_future_or_before_it_began()
    {
        var task = Given.Task("t", "in-progress", "'executionPeriod':{'start':'2026-11-23T14:30:00Z'}");

        Assert.Equal(
            "end-range",
            Complete(task, TaskSurroundings.None, Worked(new() { End = Given.Now.AddSeconds(1) })).Rule()
        );
        Assert.Equal(
            "end-range",
            Complete(task, TaskSurroundings.None, Worked(new() { End = Given.Now.AddHours(-1) })).Rule()
        );
    }

    [Fact]
    public void Cancelling_or_failing_cancels_the_open_parts()
    {
        Snapshot[] children = [Given.Task("a", "ready"), Given.Task("b", "completed"), Given.Task("c", "on-hold")];

        var cancelled = FinishTask
            .Cancel(Given.Task("t", "ready"), new([.. children]), new Reason("x"), Nurse, Given.Now)
            .Value;
        var failed = FinishTask
            .Fail(
                Given.Task("t", "in-progress"),
                new([.. children]),
                new Reason("x"),
                Nurse,
                Given.Now,
                Given.Ids(),
                WorkReport.None
            )
            .Value;

        foreach (var decision in new[] { cancelled, failed })
        {
            Assert.Equal("cancelled", decision.Status("Task/a"));
            Assert.Equal("cancelled", decision.Status("Task/c"));
            Assert.Equal(["Task/b"], decision.ReliedOn.Select(r => r.Key.ToString()));
        }
    }

    [Fact]
    public void The_end_of_an_occurrence_makes_the_next_one()
    {
        var plan = Given.Resource(
            "CarePlan",
            "p",
            "'status':'active','activity':[{'reference':{'reference':'Task/t'}}]"
        );

        var decision = Complete(Weekly(occurrence: 1), new([], plan), new([])).Value;

        // At nine in New York, one week later, with the same two days to do it.
        var next = decision.Written("Task/new-1");
        Assert.Equal("ready", (string?)next["status"]);
        Given.AssertJson(
            """{"period":{"start":"2026-11-30T09:00:00-05:00","end":"2026-12-02T09:00:00-05:00"}}""",
            next["restriction"]
        );
        Assert.Equal("Practitioner/nurse", (string?)next["owner"]!["reference"]);
        Assert.Equal(2, (int?)new TaskDraft(decision.After("Task/new-1")).Occurrence);
        Assert.Null(next["executionPeriod"]);
        Assert.Equal(
            ["Task/t", "Task/new-1"],
            decision.Written("CarePlan/p")["activity"]!.AsArray().Select(a => (string?)a!["reference"]!["reference"])
        );
    }

    [Fact]
    public void A_series_ends_with_its_count_and_with_a_cancelled_task()
    {
        var last = Complete(Weekly(occurrence: 4), TaskSurroundings.None, new([])).Value;
        var cancelled = FinishTask
            .Cancel(Weekly(occurrence: 1), TaskSurroundings.None, new Reason("x"), Nurse, Given.Now)
            .Value;
        var failed = FinishTask
            .Fail(
                Weekly(occurrence: 1),
                TaskSurroundings.None,
                new Reason("x"),
                Nurse,
                Given.Now,
                Given.Ids(),
                new() { Zone = Given.NewYork }
            )
            .Value;

        Assert.Single(last.Writes);
        Assert.Single(cancelled.Writes);
        Assert.Equal(2, failed.Writes.Length);
    }

    [Fact]
    public void A_neglected_series_goes_on_with_what_lies_ahead()
    {
        var decision = FinishTask
            .Complete(
                Weekly(occurrence: 1),
                TaskSurroundings.None,
                Worked(new()),
                Nurse,
                Given.Now.AddDays(9),
                Given.Ids()
            )
            .Value;

        var next = new TaskDraft(decision.After("Task/new-1"));
        Assert.Equal(
            (3, DateTimeOffset.Parse("2026-12-07T14:00:00Z")),
            (next.Occurrence, next.RestrictionStart?.StartIn(TimeZoneInfo.Utc))
        );
    }

    private static Snapshot Weekly(int occurrence) =>
        Given.Task(
            "t",
            "in-progress",
            $"'extension':[{{'url':'{Series}','valueTiming':{{'repeat':{{'boundsPeriod':{{'start':'2026-11-23T09:00:00-05:00'}},'count':4,'frequency':1,'period':1,'periodUnit':'wk'}}}}}},"
                + $"{{'url':'{Occurrence}','valuePositiveInt':{occurrence}}}],"
                + "'owner':{'reference':'Practitioner/nurse'},'restriction':{'period':{'start':'2026-11-23T09:00:00-05:00','end':'2026-11-25T09:00:00-05:00'}}"
        );

    private static Fhir.Outcomes.Result<Decision> Complete(Snapshot task, TaskSurroundings around, TaskResult result) =>
        FinishTask.Complete(
            task,
            around,
            result with
            {
                Work = result.Work with { Zone = Given.NewYork },
            },
            Nurse,
            Given.Now,
            Given.Ids()
        );

    private static TaskResult Worked(WorkReport work) => new([]) { Work = work with { Zone = Given.NewYork } };
}
