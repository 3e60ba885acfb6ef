using System.Text.Json.Nodes;
using CareCoordination.Fhir.Json;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Tests.Referrals;

/// <summary>Which change is told to a partner, and how the partner sees the Task.</summary>
public sealed class ReferralMessagesTests
{
    [Theory]
    [InlineData(null, "requested", "Send")]
    [InlineData("draft", "requested", "Send")]
    [InlineData(null, "draft", null)]
    [InlineData(null, "completed", null)] // came from elsewhere as it is
    [InlineData("requested", "accepted", "Update")]
    [InlineData("requested", "cancelled", "Cancel")]
    [InlineData("in-progress", "entered-in-error", "Cancel")]
    [InlineData("requested", "requested", null)]
    [InlineData("draft", "cancelled", null)] // never left
    public void A_change_of_the_status_has_its_message(string? before, string after, string? kind) =>
        Assert.Equal(kind, Message(before is null ? null : Task(before), Task(after))?.Kind.ToString());

    [Fact]
    public void A_requested_cancellation_is_one() =>
        Assert.Equal(
            OutgoingKind.Cancel,
            Message(
                Referred.Task(ReferralProfile.Bser, "accepted"),
                Referred.Task(ReferralProfile.Bser, "in-progress", Referred.Business("5.2"))
            )!.Value.Kind
        );

    [Fact]
    public void What_the_partner_would_not_notice_is_not_told()
    {
        const string Escalated =
            "'extension':[{'url':'https://carecoordination.example/fhir/StructureDefinition/escalated','valueCode':'stalled'},";
        var before = Task("accepted");
        var text = System.Text.Encoding.UTF8.GetString(before.Utf8Json.Span);
        var after = before with
        {
            Utf8Json = System.Text.Encoding.UTF8.GetBytes(
                text.Replace("\"extension\":[", Escalated.Replace('\'', '"'), StringComparison.Ordinal)
                    .Replace("\"lastModified\":\"2026-11-20", "\"lastModified\":\"2026-11-21", StringComparison.Ordinal)
            ),
        };

        Assert.Null(Message(before, after));
    }

    [Fact]
    public void Another_change_of_the_task_is_an_update() =>
        Assert.Equal(
            OutgoingKind.Update,
            Message(Task("accepted"), Referred.Task(ReferralProfile.R4, "accepted", ",'priority':'urgent'"))!.Value.Kind
        );

    [Fact]
    public void A_task_that_goes_to_nobody_is_told_to_nobody() =>
        Assert.Null(Message(null, Given.Task("t", "requested", "'focus':{'reference':'ServiceRequest/sr'}")));

    [Fact]
    public void Commands_and_holds_tell_the_partner_too()
    {
        var held = HoldTask.Hold(Task("requested"), [], Referred.Because, Given.Anyone, Given.Now).Value;

        Assert.Equal(
            [new Outgoing("cbo", new("Task", "t"), new("ServiceRequest", "sr"), OutgoingKind.Update)],
            held.Outgoing
        );
    }

    [Fact]
    public void The_partner_sees_its_own_words_and_nothing_that_only_this_server_needs()
    {
        var task = Referred.Task(
            ReferralProfile.Bser,
            "requested",
            ",'statusReason':{'coding':[{'code':'x','display':'Why'}]},'businessStatus':{'coding':[{'system':'https://carecoordination.example/fhir/CodeSystem/referral-status','code':'overdue-ack'},{'system':'urn:theirs','code':'9'}]}"
        );

        var seen = JsonNode.Parse(PartnerView.Of(task, ReferralProfile.Bser))!;

        Assert.Equal("received", seen["status"]!.GetValue<string>());
        Assert.Null(seen["extension"]);
        Assert.Equal("Why", seen["statusReason"]!["text"]!.GetValue<string>());
        Assert.Equal(
            ["9", "2.0"],
            seen["businessStatus"]!["coding"]!.AsArray().Select(c => c!["code"]!.GetValue<string>())
        );
    }

    [Fact]
    public void A_Gravity_partner_sees_received_as_requested() =>
        Assert.Equal(
            "requested",
            JsonNode.Parse(
                PartnerView.Of(Referred.Task(ReferralProfile.Gravity, "received"), ReferralProfile.Gravity)
            )!["status"]!.GetValue<string>()
        );

    private static Snapshot Task(string status) => Referred.Task(ReferralProfile.R4, status);

    private static Outgoing? Message(Snapshot? before, Snapshot after) =>
        ReferralMessages.Of(
            before is { } read ? ResourceDocument.Parse(read.Utf8Json).Value : null,
            ResourceDocument.Parse(after.Utf8Json).Value
        );
}
