using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Tests.Tasks;

public sealed class HoldTaskTests
{
    private static readonly Reason Because = new("because");

    [Fact]
    public void Holding_a_parent_holds_its_children_and_resuming_restores_each()
    {
        string[] statuses = ["draft", "requested", "received", "accepted", "ready", "in-progress"];
        Snapshot[] children =
        [
            .. statuses.Select(s => Given.Task(s, s)),
            Given.Task("done", "completed"),
            Given.Task("resting", "on-hold"),
        ];

        var held = HoldTask.Hold(Given.Task("p", "in-progress"), children, Because, Given.Anyone, Given.Now).Value;
        Snapshot[] heldChildren = [.. statuses.Select(s => held.After($"Task/{s}")), children[6], children[7]];
        var resumed = HoldTask.Resume(held.After("Task/p"), heldChildren, Given.Anyone, Given.Now).Value;

        Assert.Equal("on-hold", held.Status("Task/p"));
        Assert.Equal("in-progress", resumed.Status("Task/p"));
        foreach (var status in statuses)
        {
            Assert.Equal("on-hold", held.Status($"Task/{status}"));
            Assert.Equal(status, resumed.Status($"Task/{status}"));
            Assert.Null(resumed.Written($"Task/{status}")["extension"]);
        }

        // What was over or on hold before is only relied on.
        Assert.Equal(["Task/done", "Task/resting"], held.ReliedOn.Select(r => r.Key.ToString()));
        Assert.Equal(["Task/done", "Task/resting"], resumed.ReliedOn.Select(r => r.Key.ToString()));
    }

    [Fact]
    public void Remembers_where_it_was_since_when_and_by_what()
    {
        var held = HoldTask
            .Hold(Given.Task("p", "ready"), [Given.Task("c", "requested")], Because, Given.Anyone, Given.Now)
            .Value;

        Given.AssertJson(
            """[{"url":"https://carecoordination.example/fhir/StructureDefinition/held-from","valueCode":"requested"},{"url":"https://carecoordination.example/fhir/StructureDefinition/held-since","valueDateTime":"2026-11-23T15:00:00Z"},{"url":"https://carecoordination.example/fhir/StructureDefinition/held-by","valueReference":{"reference":"Task/p"}}]""",
            held.Written("Task/c")["extension"]
        );
        Given.AssertJson(
            """[{"url":"https://carecoordination.example/fhir/StructureDefinition/held-from","valueCode":"ready"},{"url":"https://carecoordination.example/fhir/StructureDefinition/held-since","valueDateTime":"2026-11-23T15:00:00Z"}]""",
            held.Written("Task/p")["extension"]
        );
    }

    [Fact]
    public void A_child_is_resumed_with_its_parent_not_alone()
    {
        var held = HoldTask
            .Hold(Given.Task("p", "ready"), [Given.Task("c", "ready")], Because, Given.Anyone, Given.Now)
            .Value;

        var alone = HoldTask.Resume(held.After("Task/c"), [], Given.Anyone, Given.Now);

        Assert.Equal("parent-on-hold", alone.Rule());
        Assert.Equal("Task/c is on hold with Task/p; resume that.", alone.Failure!.Issues[0].Diagnostics);
    }

    [Theory]
    [InlineData("draft")]
    [InlineData("requested")]
    [InlineData("received")]
    [InlineData("accepted")]
    [InlineData("ready")]
    [InlineData("in-progress")]
    public void What_was_held_by_command_is_guarded_in_plain_writes_too(string from)
    {
        var held = HoldTask.Hold(Given.Task("t", from), [], Because, Given.Anyone, Given.Now).Value.After("Task/t");
        var before = Fhir.Json.ResourceDocument.Parse(held.Utf8Json).Value;

        foreach (var to in TaskLifecycle.Table.Statuses.Where(s => s is not "on-hold"))
        {
            var after = Fhir.Json.ResourceDocument.Parse(Given.Task("t", to).Utf8Json).Value;
            var legal = to == from || to is "completed" or "failed" or "cancelled" or "entered-in-error";
            Assert.Equal(legal ? null : 422, StatusGuard.Check(before, after)?.Status);
        }
    }
}
