using System.Text;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;

namespace CareCoordination.Workflow.Tests.Referrals;

/// <summary>What people are asked to do about a delivery, and when it is done.</summary>
public sealed class ReferralDeliveryTests
{
    private static readonly Snapshot Task = Referred.Task(ReferralProfile.Gravity);

    private static readonly DeliveryProblem Refused = new(IsRefused: true, IsCancellation: false, "It answered 422.");
    private static readonly DeliveryProblem Unreached = new(IsRefused: false, IsCancellation: false, "It is silent.");

    public static readonly TheoryData<bool, bool, string, string> Kinds = new()
    {
        { true, false, "correct-data", "The partner refuses what was sent" },
        { false, false, "call-partner", "The partner cannot be reached" },
        { true, true, "call-partner", "The partner refuses the cancellation: call" },
        { false, true, "call-partner", "The partner does not know of the cancellation: call" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_does_not_arrive_is_work_that_says_what_to_do_and_why(
        bool isRefused,
        bool isCancellation,
        string code,
        string begins
    )
    {
        var problem = new DeliveryProblem(isRefused, isCancellation, "It did not go.") { Words = "No such place" };

        var decision = ReferralDelivery.Failed(Task, problem, [], Referred.Context());

        Assert.Equal([code], decision.Work());
        var work = decision.Written(Assert.Single(decision.Writes).Key.ToString());
        Assert.StartsWith(begins, work["description"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(
            "It did not go. The partner says: No such place",
            Assert.Single(work["note"]!.AsArray())!["text"]!.GetValue<string>()
        );
        Assert.Equal("Task/t", work["focus"]!["reference"]!.GetValue<string>());
        Assert.Equal("requested", work["status"]!.GetValue<string>());
    }

    [Fact]
    public void The_same_failure_again_makes_no_second_work_and_no_second_note()
    {
        var first = ReferralDelivery.Failed(Task, Refused, [], Referred.Context());
        var open = Open(first);

        Assert.Empty(ReferralDelivery.Failed(Task, Refused, [open], Referred.Context()).Writes);

        var other = ReferralDelivery.Failed(Task, Refused with { Problem = "It answered 400." }, [open], Later());
        var write = Assert.Single(other.Writes);
        Assert.Equal(open.Key, write.Key);
        Assert.Equal(
            ["It answered 422.", "It answered 400."],
            other.Written(open.Key.ToString())["note"]!.AsArray().Select(n => n!["text"]!.GetValue<string>())
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_two_kinds_the_one_that_is_not_to_be_done_any_more_is_completed(bool isRefusedFirst)
    {
        var (one, two) = isRefusedFirst ? (Refused, Unreached) : (Unreached, Refused);
        var open = Open(ReferralDelivery.Failed(Task, one, [], Referred.Context()));

        var decision = ReferralDelivery.Failed(Task, two, [open], Later());

        Assert.Equal("completed", decision.Status(open.Key.ToString()));
        Assert.Equal([isRefusedFirst ? "call-partner" : "correct-data"], decision.Work());
    }

    [Theory]
    [InlineData(OutgoingKind.Send)]
    [InlineData(OutgoingKind.Update)]
    [InlineData(OutgoingKind.Cancel)]
    public void A_message_that_arrives_ends_what_was_asked_about_it(OutgoingKind kind)
    {
        foreach (var problem in (DeliveryProblem[])[Refused, Unreached])
        {
            var open = Open(ReferralDelivery.Failed(Task, problem, [], Referred.Context()));

            var decision = ReferralDelivery.Delivered(Task, Referred.Request(), [Task], kind, [open], Later());

            Assert.Equal("completed", decision!.Status(open.Key.ToString()));
            Assert.Equal([open.Key], decision!.Writes.Select(w => w.Key));
        }
    }

    [Fact]
    public void A_cancellation_that_arrives_ends_the_work_and_the_request_in_one()
    {
        var cancelled = Referred.Task(ReferralProfile.Gravity, "cancelled");
        var request = Referred.Request(
            more: ",'extension':[{'url':'https://carecoordination.example/fhir/StructureDefinition/cancel-requested','valueDateTime':'2026-11-23T14:00:00Z'}]"
        );
        var open = Open(
            ReferralDelivery.Failed(cancelled, Refused with { IsCancellation = true }, [], Referred.Context())
        );

        var decision = ReferralDelivery.Delivered(
            cancelled,
            request,
            [cancelled],
            OutgoingKind.Cancel,
            [open],
            Later()
        )!;

        Assert.Equal("revoked", decision.Status("ServiceRequest/sr"));
        Assert.Equal("completed", decision.Status(open.Key.ToString()));
        Assert.Equal(2, decision.Writes.Length);
    }

    [Fact]
    public void Work_of_other_kinds_and_about_other_referrals_stays()
    {
        var chase = Given.Resource("Task", "w1", Work("chase", "Task/t"));
        var other = Given.Resource("Task", "w2", Work("correct-data", "Task/other"));
        var over = Given.Resource("Task", "w3", Work("correct-data", "Task/t", "cancelled"));

        Assert.Null(ReferralDelivery.Ended(Task, [chase, other, over], Referred.Context()));
        Assert.Null(
            ReferralDelivery.Delivered(
                Task,
                Referred.Request(),
                [Task],
                OutgoingKind.Update,
                [chase, other, over],
                Referred.Context()
            )
        );
        Assert.Equal(
            ["correct-data"],
            ReferralDelivery.Failed(Task, Refused, [chase, other, over], Referred.Context()).Work()
        );
    }

    [Fact]
    public void A_message_that_is_given_up_or_has_nothing_to_say_ends_what_was_asked_about_it()
    {
        var open = Open(ReferralDelivery.Failed(Task, Unreached, [], Referred.Context()));

        var decision = ReferralDelivery.Ended(Task, [open], Later());

        Assert.Equal("completed", decision!.Status(open.Key.ToString()));
        Assert.Null(ReferralDelivery.Ended(Task, [], Later()));
    }

    [Theory]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid"}]}""", "invalid")]
    [InlineData(
        """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid","diagnostics":"Bad date","expression":["Task.authoredOn"]}]}""",
        "Bad date (Task.authoredOn)"
    )]
    [InlineData(
        """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid","details":{"text":"No"},"diagnostics":"Bad"},{"severity":"error","code":"required","details":{"coding":[{"code":"MSG","display":"Missing"}]},"location":["/f:Task"]}]}""",
        "No: Bad; Missing (/f:Task)"
    )]
    [InlineData("""{"resourceType":"OperationOutcome"}""", null)]
    [InlineData("""{"resourceType":"Patient"}""", null)]
    [InlineData("<html>no</html>", null)]
    [InlineData("", null)]
    public void The_partners_own_words_are_read_from_its_outcome(string outcome, string? words) =>
        Assert.Equal(words, DeliveryProblem.WordsOf(Encoding.UTF8.GetBytes(outcome)));

    [Fact]
    public void Very_many_words_are_cut_between_two_characters()
    {
        var said = string.Concat(Enumerable.Repeat("\U0001F600", 1500));

        var words = DeliveryProblem.WordsOf(
            Encoding.UTF8.GetBytes(
                $$"""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid","diagnostics":"x{{said}}"}]}"""
            )
        )!;

        Assert.InRange(words.Length, 1990, 2000);
        Assert.EndsWith("…", words, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "\uFFFD",
            Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(words)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("cancelled", "revoked")]
    [InlineData("entered-in-error", "entered-in-error")]
    [InlineData("requested", "active")]
    [InlineData("accepted", "active")]
    [InlineData("in-progress", "active")]
    [InlineData("completed", "active")]
    [InlineData("rejected", "active")]
    public void The_order_goes_to_the_partner_as_it_is_after_the_message(string task, string order)
    {
        var told = Referred.Task(ReferralProfile.R4, task);

        var sent = PartnerOrder.Of(Referred.Request(), told, [told]);

        Assert.Equal(order, StatusOf(sent));
        Assert.Equal(order != "active", PartnerOrder.EndsWith(told));
    }

    [Theory]
    [InlineData("completed")]
    [InlineData("revoked")]
    [InlineData("entered-in-error")]
    public void An_order_that_is_over_stays_what_it_became(string status)
    {
        var told = Referred.Task(ReferralProfile.R4, "cancelled");

        Assert.Equal(status, StatusOf(PartnerOrder.Of(Referred.Request(status), told, [told])));
    }

    [Theory]
    [InlineData("cbo", "requested", "active")]
    [InlineData("cbo", "rejected", "revoked")]
    [InlineData("elsewhere", "requested", "revoked")]
    public void An_order_that_goes_on_at_the_same_partner_is_not_revoked_there(
        string endpoint,
        string next,
        string order
    )
    {
        var told = Referred.Task(ReferralProfile.R4, "cancelled");
        var attempt = Referred.Task(ReferralProfile.R4, next);
        var other = attempt with
        {
            Key = new("Task", "next"),
            Utf8Json = Encoding.UTF8.GetBytes(
                Encoding
                    .UTF8.GetString(attempt.Utf8Json.Span)
                    .Replace("\"id\":\"t\"", "\"id\":\"next\"", StringComparison.Ordinal)
                    .Replace("Endpoint/cbo", $"Endpoint/{endpoint}", StringComparison.Ordinal)
            ),
        };

        Assert.Equal(order, StatusOf(PartnerOrder.Of(Referred.Request(), told, [told, other])));
    }

    private static ReferralContext Later() =>
        Referred.Context(now: Given.Now.AddHours(1)) with
        {
            NewId = Given.Ids("later"),
        };

    private static Snapshot Open(Decision failed) => failed.After(Assert.Single(failed.Writes).Key.ToString());

    private static string Work(string code, string focus, string status = "requested") =>
        $"'status':'{status}','intent':'order','code':{{'coding':[{{'system':'https://carecoordination.example/fhir/CodeSystem/referral-work','code':'{code}'}}]}},'focus':{{'reference':'{focus}'}}";

    private static string StatusOf(Snapshot request) =>
        System.Text.Json.Nodes.JsonNode.Parse(request.Utf8Json.Span)!["status"]!.GetValue<string>();
}
