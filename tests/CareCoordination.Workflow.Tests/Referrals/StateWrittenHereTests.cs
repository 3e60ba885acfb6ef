using System.Text.Json.Nodes;
using CareCoordination.Fhir.Json;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Workflow.Tests.Referrals;

/// <summary>How a referral goes is the partner's to say: what is written here by a plain write is not told as if it had.</summary>
public sealed class StateWrittenHereTests
{
    private static readonly ReferralProfile Gravity = ReferralProfile.Gravity;

    [Theory]
    [InlineData("requested", "accepted")]
    [InlineData("requested", "rejected")]
    [InlineData("accepted", "in-progress")]
    [InlineData("accepted", "on-hold")]
    [InlineData("in-progress", "completed")]
    [InlineData("in-progress", "failed")]
    public void A_status_of_the_partners_that_is_written_here_is_remembered_and_not_told(string from, string to)
    {
        var before = Referred.Task(Gravity, from);

        var after = Written(
            before,
            Referred.Task(
                Gravity,
                to,
                ",'statusReason':{'text':'said by telephone'},'executionPeriod':{'start':'2026-11-23'},'output':[{'type':{'text':'r'},'valueString':'x'}]"
            )
        );

        Assert.Equal(from, new Workflow.Resources.TaskDraft(after).StateBefore()?.ToString());
        Assert.Null(Message(before, after));
        var shown = Shown(after, last: null);
        Assert.Equal(from, shown["status"]!.GetValue<string>());
        Assert.Null(shown["statusReason"]);
        Assert.Null(shown["output"]);
        Assert.Null(shown["executionPeriod"]);
    }

    [Theory]
    [InlineData("cancelled", "Cancel")]
    [InlineData("entered-in-error", "Cancel")]
    public void What_is_ours_to_say_is_told_whatever_was_written_before(string to, string kind)
    {
        var accepted = Written(Referred.Task(Gravity), Referred.Task(Gravity, "accepted"));

        var after = Written(accepted, Referred.Task(Gravity, to));

        Assert.Null(new Workflow.Resources.TaskDraft(after).StateBefore());
        Assert.Equal(kind, Message(accepted, after)?.Kind.ToString());
        Assert.Equal(to, Shown(after, "accepted")["status"]!.GetValue<string>());
    }

    [Fact]
    public void What_else_changes_with_it_is_told_with_the_status_that_the_partner_has()
    {
        var before = Referred.Task(Gravity);

        var after = Written(before, Referred.Task(Gravity, "in-progress", ",'priority':'stat'"));

        Assert.Equal(OutgoingKind.Update, Message(before, after)?.Kind);
        var shown = Shown(after, "accepted");
        Assert.Equal(("accepted", "stat"), (Text(shown, "status"), Text(shown, "priority")));
    }

    [Fact]
    public void The_state_of_before_is_that_of_the_first_of_several_writes()
    {
        var first = Written(Referred.Task(Gravity), Referred.Task(Gravity, "accepted"));
        var second = Written(first, Referred.Task(Gravity, "in-progress"));
        var same = Written(second, Referred.Task(Gravity, "in-progress", ",'description':'x'"));

        Assert.Equal("requested", new Workflow.Resources.TaskDraft(second).StateBefore()?.ToString());
        Assert.Equal("requested", new Workflow.Resources.TaskDraft(same).StateBefore()?.ToString());
    }

    [Fact]
    public void A_command_says_it_itself()
    {
        var held = HoldTask
            .Hold(Referred.Task(Gravity, "accepted"), [], Referred.Because, Given.Anyone, Given.Now)
            .Value;
        Assert.Equal(OutgoingKind.Update, Assert.Single(held.Outgoing).Kind);

        var written = Written(Referred.Task(Gravity), Referred.Task(Gravity, "accepted"));
        var cancelled = FinishTask
            .Cancel(written, TaskSurroundings.None, Referred.Because, Given.Anyone, Given.Now)
            .Value;
        Assert.Null(new Workflow.Resources.TaskDraft(cancelled.After("Task/t")).StateBefore());
        Assert.Equal(OutgoingKind.Cancel, Assert.Single(cancelled.Outgoing).Kind);
    }

    [Fact]
    public void The_partners_own_word_takes_the_place_of_what_was_written_here()
    {
        var written = Written(Referred.Task(Gravity), Referred.Task(Gravity, "accepted"));

        var told = Decide(written, Referred.Copy("in-progress"), new("4", "requested"));

        var applied = told.Applied();
        Assert.Equal("in-progress", applied.Status("Task/t"));
        Assert.Null(new Workflow.Resources.TaskDraft(applied.After("Task/t")).StateBefore());
    }

    [Theory]
    [InlineData("requested", "in-progress", "accepted")]
    [InlineData("requested", "completed", "accepted")]
    [InlineData("accepted", "completed", "in-progress")]
    public void A_partner_that_has_not_come_so_far_makes_no_mistake_and_changes_nothing(
        string from,
        string written,
        string told
    )
    {
        var task = Written(Referred.Task(Gravity, from), Referred.Task(Gravity, written));

        Assert.IsType<PartnerVerdict.Echo>(Decide(task, Referred.Copy(told), new("4", from)));
    }

    [Theory]
    [InlineData("completed", "rejected")]
    [InlineData("completed", "failed")]
    public void A_partner_that_says_the_opposite_of_what_was_written_here_is_for_people(string written, string told)
    {
        var task = Written(Referred.Task(Gravity, "accepted"), Referred.Task(Gravity, written));

        Assert.Equal(
            "illegal-step",
            Assert.IsType<PartnerVerdict.Unapplied>(Decide(task, Referred.Copy(told), new("4", "accepted"))).Code
        );
    }

    [Fact]
    public void A_client_cannot_make_it_up()
    {
        const string Made =
            ",'extension':[{'url':'https://carecoordination.example/fhir/StructureDefinition/state-before-written-here','valueString':'completed'}]";
        var before = Referred.Task(Gravity);
        var json = JsonNode.Parse(before.Utf8Json.Span)!;
        json["extension"]!.AsArray().Add(JsonNode.Parse(Made[14..^1].Replace('\'', '"')));

        var after = Written(before, before with { Utf8Json = System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()) });

        Assert.Null(new Workflow.Resources.TaskDraft(after).StateBefore());
    }

    /// <summary>What is stored where a client puts this in the place of that.</summary>
    private static Snapshot Written(Snapshot before, Snapshot after)
    {
        var write = new RestWrite(before.Key, before.Version, Parse(before), Parse(after));
        var outcome = RestWrites.Apply([write], WriteSurroundings.None, Given.Now);
        return before with { Utf8Json = outcome.Written[0].Utf8, Version = before.Version + 1 };
    }

    private static Outgoing? Message(Snapshot before, Snapshot after) =>
        ReferralMessages.Of(Parse(before), Parse(after));

    private static JsonNode Shown(Snapshot task, string? last) =>
        JsonNode.Parse(PartnerView.Of(task, Gravity, last is null ? null : ReferralState.Parse(last)))!;

    private static string? Text(JsonNode node, string name) => node[name]?.GetValue<string>();

    private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;

    private static PartnerVerdict Decide(Snapshot task, PartnerTaskVersion received, SeenCopy seen) =>
        PartnerUpdate.Decide(task, Referred.Request(), received, seen, Gravity, Referred.Context());
}
