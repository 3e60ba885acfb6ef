using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;

namespace CareCoordination.Workflow.Tests.Lifecycles;

public sealed class LifecycleTableTests
{
    public static TheoryData<string, string, string, char> Cells()
    {
        var data = new TheoryData<string, string, string, char>();
        foreach (var (type, from, to, rule) in Expectations.Cells())
            data.Add(type, from, to, rule);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Every_edge_is_legal_or_illegal_as_the_specification_says(string type, string from, string to, char rule)
    {
        var plain = StatusGuard.Check(new StatusChange(type, from, to));
        var command = StatusGuard.Check(new StatusChange(type, from, to) { Command = "any", HasReason = true });

        Assert.Equal(rule is '-' or 'L' ? 422 : null, plain?.Status);
        Assert.Equal(rule is '-' ? 422 : null, command?.Status);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Every_legal_edge_is_made_only_by_those_who_may(string type, string from, string to, char rule)
    {
        if (rule is '-' or '.')
            return;
        int? Answer(ActorRelation by) =>
            StatusGuard
                .Check(
                    new StatusChange(type, from, to)
                    {
                        Command = "any",
                        HasReason = true,
                        By = by,
                    }
                )
                ?.Status;

        Assert.Equal(rule is 'q' or 'e' ? null : 403, Answer(ActorRelation.Requester));
        Assert.Equal(rule is 'o' or 'e' ? null : 403, Answer(ActorRelation.Owner));
        Assert.Null(Answer(ActorRelation.Lead));
        Assert.Equal(403, Answer(ActorRelation.None));
    }

    [Fact]
    public void Every_guarded_type_has_a_grid_with_all_its_statuses()
    {
        Assert.Equal(Expectations.Grids.Keys.Order(), LifecycleTables.All.Select(t => t.ResourceType).Order());
        foreach (var table in LifecycleTables.All)
            Assert.Equal(
                table.Statuses.Order(),
                Expectations.Cells().Where(c => c.Type == table.ResourceType).Select(c => c.From).Distinct().Order()
            );
    }

    [Theory]
    [InlineData("CarePlan", "cancelled")]
    [InlineData("ServiceRequest", "cancelled")]
    [InlineData("Task", "revoked")]
    [InlineData("Goal", "revoked")]
    [InlineData("EpisodeOfCare", "on-hold")]
    [InlineData("Appointment", "no-show")]
    public void Codes_that_belong_to_other_types_are_no_way_on(string type, string code)
    {
        foreach (var from in LifecycleTables.For(type)!.Statuses)
            Assert.Equal(422, StatusGuard.Check(new StatusChange(type, from, code))?.Status);
    }

    [Fact]
    public void Refuses_with_from_to_and_what_is_allowed()
    {
        var failure = StatusGuard.Check(new StatusChange("Task", "completed", "ready"));

        Assert.Equal(
            [
                Issue.Error(
                    IssueCode.BusinessRule,
                    "Task.status cannot go from 'completed' to 'ready'. From 'completed' it can become 'in-progress' (by $reopen only), 'entered-in-error'.",
                    "Task.status"
                ) with
                {
                    Details = "illegal-transition",
                },
            ],
            failure!.Issues
        );
    }

    [Fact]
    public void Refuses_to_leave_what_was_entered_in_error()
    {
        var failure = StatusGuard.Check(new StatusChange("Goal", "entered-in-error", "active"));

        Assert.Equal(
            "Goal.lifecycleStatus cannot go from 'entered-in-error' to 'active'. Nothing follows 'entered-in-error'.",
            Assert.Single(failure!.Issues).Diagnostics
        );
    }

    [Fact]
    public void Says_who_may_make_the_step()
    {
        var failure = StatusGuard.Check(
            new StatusChange("Task", "requested", "accepted") { By = ActorRelation.Requester }
        );

        Assert.Equal(403, failure!.Status);
        Assert.Equal(
            "Only the owner or a lead may take Task.status from 'requested' to 'accepted'.",
            Assert.Single(failure.Issues).Diagnostics
        );
    }

    [Fact]
    public void A_command_that_needs_a_reason_is_refused_without_one_and_a_plain_write_is_not()
    {
        var byCommand = StatusGuard.Check(new StatusChange("Task", "requested", "rejected") { Command = "reject" });
        var plain = StatusGuard.Check(new StatusChange("Task", "requested", "rejected"));

        Assert.Equal("reason-required", Assert.Single(byCommand!.Issues).Details);
        Assert.Null(plain);
    }

    [Theory]
    [InlineData("draft")]
    [InlineData("requested")]
    [InlineData("received")]
    [InlineData("accepted")]
    [InlineData("ready")]
    [InlineData("in-progress")]
    public void A_task_on_hold_resumes_only_to_where_the_hold_began(string heldFrom)
    {
        foreach (var to in TaskLifecycle.Table.From("on-hold").Where(t => t.Resumes).Select(t => t.To))
        {
            var failure = StatusGuard.Check(new StatusChange("Task", "on-hold", to) { HeldFrom = heldFrom });
            Assert.Equal(to == heldFrom ? null : "illegal-transition", failure?.Issues[0].Details);
        }
    }

    [Fact]
    public void Types_without_a_table_and_statuses_that_stay_are_not_guarded()
    {
        Assert.Null(StatusGuard.Check(new StatusChange("Observation", "final", "registered")));
        Assert.Null(StatusGuard.Check(new StatusChange("Task", "completed", "completed") { By = ActorRelation.None }));
    }
}
