using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Tests.Tasks;

public sealed class WorklistAndLatenessTests
{
    private static readonly ImmutableArray<LatenessThreshold> Thresholds =
    [
        new("overdue", 0, ToLead: false),
        new("overdue-lead", 2, ToLead: true),
        new("overdue-urgent", 1, ToLead: true, LeastPriority: "urgent"),
    ];

    private static readonly BusinessCalendar Calendar = BusinessCalendar.UnitedStates(Given.NewYork);

    [Fact]
    public void A_worklist_is_ordered_by_priority_then_lateness_then_risk_then_due_time_then_id()
    {
        var now = Given.Now;
        WorklistKey[] expected =
        [
            WorklistKey.Of("stat", null, 0, "z", now),
            WorklistKey.Of("asap", now.AddDays(9), 0, "a", now),
            WorklistKey.Of("urgent", now.AddDays(-1), 1, "a", now),
            WorklistKey.Of("urgent", now.AddDays(1), 9, "a", now),
            WorklistKey.Of("routine", now.AddSeconds(-1), 2, "a", now),
            WorklistKey.Of("routine", now.AddDays(-9), 1, "a", now),
            WorklistKey.Of(null, now.AddDays(-9), 1, "b", now),
            WorklistKey.Of("routine", now, 3, "a", now),
            WorklistKey.Of("routine", now.AddDays(2), 3, "a", now),
            WorklistKey.Of("routine", null, 3, "a", now),
        ];

        Assert.Equal(expected, expected.Reverse().Order());
        Assert.Equal(expected, expected[5..].Concat(expected[..5]).Order());
    }

    [Theory]
    [InlineData("routine", "2026-11-24T12:00:00Z", "", "2026-11-24T12:00:00Z")]
    [InlineData("routine", "2026-11-23T12:00:00Z", "overdue", "2026-11-23T12:00:00Z")]
    [InlineData("urgent", "2026-11-20T12:00:00Z", "overdue", "2026-11-20T12:00:00Z")] // Friday: one business day after is tonight
    [InlineData("urgent", "2026-11-18T12:00:00Z", "overdue,overdue-lead,overdue-urgent", "2026-11-18T12:00:00Z")]
    public void Thresholds_are_crossed_in_business_days(string priority, string due, string crossed, string next)
    {
        var task = Task("ready", due, $"'priority':'{priority}'");

        Assert.Equal(
            crossed.Split(',', StringSplitOptions.RemoveEmptyEntries),
            Lateness.Crossed(task, Thresholds, Calendar, Given.Now).Select(t => t.Code)
        );
        Assert.Equal(DateTimeOffset.Parse(next), Lateness.NextAt(task, Thresholds, Calendar));
    }

    [Theory]
    [InlineData("overdue", "2026-11-26T04:59:59Z")] // two business days after Monday is Wednesday night
    [InlineData("overdue-lead", "2026-11-23T12:00:00Z")]
    [InlineData("overdue,overdue-lead", null)]
    public void A_threshold_that_the_task_remembers_is_not_crossed_again(string remembered, string? next)
    {
        var extensions = remembered
            .Split(',')
            .Select(code => $"{{'url':'{CareExtensions.Escalated}','valueCode':'{code}'}}");
        var task = Task("ready", "2026-11-23T12:00:00Z", $"'extension':[{string.Join(',', extensions)}]");

        Assert.Equal(next is null ? null : DateTimeOffset.Parse(next), Lateness.NextAt(task, Thresholds, Calendar));
    }

    [Theory]
    [InlineData("on-hold")]
    [InlineData("completed")]
    [InlineData("draft")]
    [InlineData("cancelled")]
    public void What_is_on_hold_or_over_is_never_late(string status)
    {
        var task = Task(status, "2020-01-01");

        Assert.Empty(Lateness.Crossed(task, Thresholds, Calendar, Given.Now));
        Assert.Null(Lateness.NextAt(task, Thresholds, Calendar));
    }

    [Fact]
    public void An_escalation_is_not_escalated()
    {
        var late = Given.Task("t", "ready", "'restriction':{'period':{'end':'2026-11-01'}}");

        var escalation = TaskEscalation
            .Escalate(late, [], "Practitioner/1", Given.Now.AddDays(-2), null, Given.Anyone, Given.Now, "e")
            .Value.After("Task/e");

        Assert.Null(Lateness.NextAt(View(escalation), Thresholds, Calendar));
    }

    [Fact]
    public void A_due_day_is_over_when_the_day_is()
    {
        var task = new TaskDraft(Given.Task("t", "ready", "'restriction':{'period':{'end':'2026-11-23'}}"));

        Assert.Equal(DateTimeOffset.Parse("2026-11-24T04:59:59Z"), task.Due?.EndIn(Given.NewYork));
        Assert.Equal(DateTimeOffset.Parse("2026-11-23T09:59:59Z"), task.Due?.EndIn(Kiritimati));
    }

    private static readonly TimeZoneInfo Kiritimati = TimeZoneInfo.FindSystemTimeZoneById("Pacific/Kiritimati");

    private static TaskView Task(string status, string due, string more = "'description':'x'") =>
        View(Given.Task("t", status, $"'restriction':{{'period':{{'end':'{due}'}}}},{more}"));

    private static TaskView View(Snapshot snapshot) => TaskView.From(ResourceDocument.Parse(snapshot.Utf8Json).Value);
}
