using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Timers;

namespace CareCoordination.Workflow.Tests.Referrals;

public sealed class CancelReferralTests
{
    private static readonly ReferralProfile Gravity = ReferralProfile.Gravity;
    private static readonly ReferralProfile Bser = ReferralProfile.Bser;

    [Fact]
    public void A_direct_cancellation_ends_the_task_and_the_request_waits_for_its_delivery()
    {
        var decision = Cancel(Referred.Task(Gravity, "accepted"));

        Assert.Equal("cancelled", decision.Status("Task/t"));
        Assert.Equal("because", decision.Written("Task/t")["statusReason"]!["text"]!.GetValue<string>());
        Assert.Equal("active", decision.Status("ServiceRequest/sr"));
        Assert.Equal(OutgoingKind.Cancel, Assert.Single(decision.Outgoing).Kind);

        var delivered = ReferralDelivery.Delivered(
            decision.After("Task/t"),
            decision.After("ServiceRequest/sr"),
            [decision.After("Task/t")],
            OutgoingKind.Cancel,
            [],
            Referred.Context()
        );
        Assert.Equal("revoked", delivered!.Status("ServiceRequest/sr"));
    }

    [Fact]
    public void A_handshake_asks_and_the_task_is_in_progress_until_the_partner_answers()
    {
        var decision = Cancel(Referred.Task(Bser));

        Assert.Equal("in-progress", decision.Status("Task/t"));
        Assert.Equal("5.2", decision.Written("Task/t")["businessStatus"]!["coding"]![0]!["code"]!.GetValue<string>());
        Assert.Equal("active", decision.Status("ServiceRequest/sr"));
        Assert.Equal(OutgoingKind.Cancel, Assert.Single(decision.Outgoing).Kind);
        Assert.Null(
            ReferralDelivery.Delivered(
                decision.After("Task/t"),
                decision.After("ServiceRequest/sr"),
                [decision.After("Task/t")],
                OutgoingKind.Cancel,
                [],
                Referred.Context()
            )
        );
    }

    [Fact]
    public void What_never_left_ends_at_once_whatever_the_partner_is()
    {
        var decision = Cancel(Referred.Task(Bser), isKnown: false);

        Assert.Equal("cancelled", decision.Status("Task/t"));
        Assert.Equal("revoked", decision.Status("ServiceRequest/sr"));
    }

    [Fact]
    public void A_handshake_that_nobody_confirms_ends_the_request_after_five_business_days()
    {
        var asked = Cancel(Referred.Task(Bser));
        var late = Referred.Context(now: new(2026, 12, 2, 0, 0, 0, TimeSpan.Zero));

        Assert.Null(
            ReferralTimers.Cross(
                asked.After("Task/t"),
                asked.After("ServiceRequest/sr"),
                Referred.Context(now: new(2026, 12, 1, 23, 0, 0, TimeSpan.Zero))
            )
        );
        var ended = ReferralTimers.Cross(asked.After("Task/t"), asked.After("ServiceRequest/sr"), late)!;

        Assert.Equal("revoked", ended.Status("ServiceRequest/sr"));
        Assert.Equal(["confirm-cancel"], ended.Work());
        Assert.Null(ReferralTimers.Cross(ended.After("Task/t"), ended.After("ServiceRequest/sr"), late));
    }

    [Fact]
    public void A_cancellation_that_could_not_be_told_ends_the_request_after_five_business_days_too()
    {
        var request = Cancel(Referred.Task(Gravity, "accepted")).After("ServiceRequest/sr");
        var policy = new CarePolicy(Referred.Context().Calendar, []);
        var document = ResourceDocument.Parse(request.Utf8Json).Value;

        var at = TimerRules.NextAt("ServiceRequest", document, [policy])!.Value;

        Assert.Equal(new(2026, 12, 1, 23, 59, 59, TimeSpan.Zero), at);
        Assert.Null(Fire(at.AddSeconds(-1)));
        Assert.Equal("revoked", Fire(at)!.Value.Value.Status("ServiceRequest/sr"));
        Assert.Null(
            TimerRules.NextAt(
                "ServiceRequest",
                ResourceDocument.Parse(Fire(at)!.Value.Value.After("ServiceRequest/sr").Utf8Json).Value,
                [policy]
            )
        );

        Fhir.Outcomes.Result<Decision>? Fire(DateTimeOffset now) =>
            UnconfirmedCancellation.Rule.Fire(request, new TimerContext(policy, Given.Anyone, now, Given.Ids()));
    }

    [Theory]
    [InlineData("gravity", "cancelled")]
    [InlineData("bser", "in-progress")]
    public void Cancelling_the_task_itself_goes_the_way_of_its_partner(string profile, string status)
    {
        var task = Referred.Task(ReferralProfile.Find(profile)!, "accepted");

        var decision = FinishTask.Cancel(task, TaskSurroundings.None, Referred.Because, Given.Anyone, Given.Now).Value;

        Assert.Equal(status, decision.Status("Task/t"));
        Assert.Equal(OutgoingKind.Cancel, Assert.Single(decision.Outgoing).Kind);
    }

    [Fact]
    public void Open_work_of_a_referral_that_is_called_off_is_cancelled()
    {
        var work = Given.Task("w", "requested");

        var decision = CancelReferral
            .Cancel(Referred.Request(), [], _ => true, [work], Referred.Because, Referred.Context())
            .Value;

        Assert.Equal("revoked", decision.Status("ServiceRequest/sr"));
        Assert.Equal("cancelled", decision.Status("Task/w"));
    }

    [Fact]
    public void A_withheld_message_ends_the_referral_without_a_word_to_a_partner_that_knows_nothing()
    {
        var verdict = new DisclosureVerdict("consent-denies", null);
        var never = ReferralDelivery.Withheld(
            Referred.Task(Gravity),
            Referred.Request(),
            verdict,
            isKnownThere: false,
            Referred.Context()
        );
        var known = ReferralDelivery.Withheld(
            Referred.Task(Gravity, "accepted"),
            Referred.Request(),
            verdict,
            isKnownThere: true,
            Referred.Context()
        );

        Assert.Equal("cancelled", never.Status("Task/t"));
        Assert.Equal("revoked", never.Status("ServiceRequest/sr"));
        Assert.Empty(never.Outgoing);
        Assert.Equal(OutgoingKind.Cancel, Assert.Single(known.Outgoing).Kind);
    }

    private static Decision Cancel(Snapshot task, bool isKnown = true) =>
        CancelReferral
            .Cancel(Referred.Request(), [task], (ResourceKey _) => isKnown, [], Referred.Because, Referred.Context())
            .Value;
}
