using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Referrals;

/// <summary>What a partner says of a referral, and what follows from it for people here.</summary>
public sealed class PartnerUpdateTests
{
    private const string Output = ",'output':[{'type':{'text':'Result'},'valueReference':{'reference':'Procedure/1'}}]";

    private static readonly ReferralProfile R4 = ReferralProfile.R4;
    private static readonly ReferralProfile Gravity = ReferralProfile.Gravity;
    private static readonly ReferralProfile Bser = ReferralProfile.Bser;

    [Theory]
    [InlineData("requested", "accepted")]
    [InlineData("requested", "in-progress")]
    [InlineData("accepted", "in-progress")]
    [InlineData("in-progress", "on-hold")]
    [InlineData("on-hold", "in-progress")]
    public void A_step_of_the_recipient_is_taken_over_and_nobody_is_told_back(string from, string to)
    {
        var decision = Decide(Referred.Task(Gravity, from), Referred.Copy(to), Gravity).Applied();

        Assert.Equal(to, decision.Status("Task/t"));
        Assert.Empty(decision.Work());
        Assert.Empty(decision.Outgoing);
    }

    [Fact]
    public void Our_own_words_coming_back_are_an_echo()
    {
        Assert.IsType<PartnerVerdict.Echo>(Decide(Referred.Task(R4), Referred.Copy("requested"), R4));
        Assert.IsType<PartnerVerdict.Echo>(
            Decide(Referred.Task(Gravity, "received"), Referred.Copy("requested"), Gravity)
        );
        Assert.IsType<PartnerVerdict.Echo>(
            Decide(Referred.Task(Bser), Referred.Copy("received", Referred.Business("2.0")), Bser)
        );
    }

    [Fact]
    public void An_older_version_is_stale()
    {
        var seen = new SeenCopy("7", "in-progress");

        Assert.IsType<PartnerVerdict.Stale>(
            Decide(Referred.Task(R4, "in-progress"), Referred.Copy("accepted"), R4, seen)
        );
        Assert.IsType<PartnerVerdict.Stale>(
            Decide(
                Referred.Task(R4, "in-progress"),
                Referred.Copy("completed", ",'meta':{'lastUpdated':'2026-11-01T00:00:00Z'}", version: "a"),
                R4,
                new("b", "in-progress") { LastUpdated = Given.Now }
            )
        );
    }

    [Theory]
    [InlineData("in-progress", "requested")]
    [InlineData("completed", "in-progress")]
    [InlineData("rejected", "accepted")]
    [InlineData("accepted", "entered-in-error")]
    [InlineData("accepted", "draft")]
    public void What_the_recipient_may_not_set_is_kept_unapplied(string from, string to) =>
        Assert.Equal("illegal-step", Unapplied(Decide(Referred.Task(Gravity, from), Referred.Copy(to), Gravity)));

    [Theory]
    [InlineData("received")]
    [InlineData("ready")]
    public void Gravity_partners_have_neither_received_nor_ready(string status) =>
        Assert.Equal(
            "status-not-in-profile",
            Unapplied(Decide(Referred.Task(Gravity), Referred.Copy(status), Gravity))
        );

    [Fact]
    public void Another_patient_or_no_task_at_all_is_kept_unapplied()
    {
        var other = Referred.Copy("accepted") with
        {
            Task = Given
                .Resource(
                    "Task",
                    "x",
                    "'status':'accepted','intent':'order','for':{'reference':'http://here/fhir/Patient/q'}"
                )
                .Utf8Json,
        };

        Assert.Equal("other-patient", Unapplied(Decide(Referred.Task(R4), other, R4)));
        Assert.Equal(
            "not-a-task",
            Unapplied(Decide(Referred.Task(R4), other with { Task = Referred.Patient().Utf8Json }, R4))
        );
    }

    [Theory]
    [InlineData("requested", "rejected")]
    [InlineData("accepted", "rejected")]
    [InlineData("in-progress", "failed")]
    [InlineData("in-progress", "cancelled")]
    public void F1_F3_a_decline_or_end_leaves_the_request_active_and_asks_for_another_partner(string from, string to)
    {
        var decision = Decide(
                Referred.Task(Gravity, from),
                Referred.Copy(to, ",'statusReason':{'text':'no staff'}"),
                Gravity
            )
            .Applied();

        Assert.Equal(to, decision.Status("Task/t"));
        Assert.Equal("no staff", decision.Written("Task/t")["statusReason"]!["text"]!.GetValue<string>());
        Assert.Equal(["reroute"], decision.Work());
        Assert.DoesNotContain(decision.Writes, w => w.Key.Type == "ServiceRequest");
        Assert.Equal(
            "PractitionerRole/manager",
            decision.Written("Task/new-1")["owner"]!["reference"]!.GetValue<string>()
        );
    }

    [Fact]
    public void F1_after_several_attempts_the_plan_is_reviewed()
    {
        var third = Referred.Task(Gravity).WithAttempt(3);

        Assert.Equal(["review-plan"], Decide(third, Referred.Copy("rejected"), Gravity).Applied().Work());
    }

    [Theory]
    [InlineData("received", "2.0", true)]
    [InlineData("accepted", "3.0", true)]
    [InlineData("in-progress", "5.1.1", true)]
    [InlineData("in-progress", "5.1.2", true)]
    [InlineData("in-progress", "5.1.3", true)]
    [InlineData("in-progress", "5.1.4", true)]
    [InlineData("in-progress", "5.2", false)] // asked to cancel: it confirms or completes
    public void F1_BSeR_declines_from_every_state_but_a_requested_cancellation(string status, string code, bool isLegal)
    {
        var ours = status == "received" ? "requested" : status;
        var task = Referred.Task(Bser, ours, code == "2.0" ? "" : Referred.Business(code));

        var verdict = Decide(task, Referred.Copy("rejected", Referred.Business("4.0")), Bser);

        Assert.Equal(isLegal, verdict is PartnerVerdict.Applied);
    }

    [Fact]
    public void F2_a_confirmed_cancellation_revokes_the_request()
    {
        var (task, request) = AskedToCancel();

        var decision = Decide(task, Referred.Copy("cancelled", Referred.Business("6.0")), Bser, request: request)
            .Applied();

        Assert.Equal("cancelled", decision.Status("Task/t"));
        Assert.Equal("revoked", decision.Status("ServiceRequest/sr"));
        Assert.Empty(decision.Work());
    }

    [Fact]
    public void F2_a_partner_that_completes_all_the_same_leaves_the_decision_to_the_manager()
    {
        var (task, request) = AskedToCancel();

        var decision = Decide(
                task,
                Referred.Copy("completed", Referred.Business("7.0") + Output),
                Bser,
                request: request
            )
            .Applied();

        Assert.Equal("completed", decision.Status("Task/t"));
        Assert.Equal("active", decision.Status("ServiceRequest/sr"));
        Assert.Equal(["decide-outcome"], decision.Work());
        Assert.Equal(
            "http://there/fhir/Procedure/1",
            decision.Written("Task/t")["output"]![0]!["valueReference"]!["reference"]!.GetValue<string>()
        );
    }

    [Fact]
    public void F2_what_the_partner_did_before_it_heard_of_the_cancellation_does_not_take_it_back()
    {
        var (task, request) = AskedToCancel();

        Assert.IsType<PartnerVerdict.Echo>(
            Decide(
                task,
                Referred.Copy("accepted", Referred.Business("3.0")),
                Bser,
                new("4", "received 2.0"),
                request: request
            )
        );
    }

    [Fact]
    public void F4_a_missed_appointment_is_followed_up_and_the_third_ends_in_a_proposal()
    {
        var scheduled = Referred.Task(Bser, "in-progress", Referred.Business("5.1.1"));
        var missed = Referred.Copy("in-progress", Referred.Business("5.1.2"));

        var first = Decide(scheduled, missed, Bser).Applied();
        var again = Decide(
                first.After("Task/t"),
                Referred.Copy("in-progress", Referred.Business("5.1.1"), version: "6"),
                Bser
            )
            .Applied();
        var second = Decide(again.After("Task/t"), missed, Bser).Applied();
        var third = Decide(
                Decide(second.After("Task/t"), Referred.Copy("in-progress", Referred.Business("5.1.1")), Bser)
                    .Applied()
                    .After("Task/t"),
                missed,
                Bser
            )
            .Applied();

        Assert.Equal("in-progress", first.Status("Task/t"));
        Assert.Equal(["reach-out"], first.Work());
        Assert.Equal(
            "2026-11-24T23:59:59Z",
            first.Written("Task/new-1")["restriction"]!["period"]!["end"]!.GetValue<string>()
        );
        Assert.Empty(again.Work());
        Assert.Equal(["reach-out"], second.Work());
        Assert.Equal(["propose-to-end"], third.Work());
    }

    [Theory]
    [InlineData("no-capacity", "rejected", "reroute")]
    [InlineData("waitlist", "rejected", "review-waitlist")]
    [InlineData("waitlist", "on-hold", "review-waitlist")]
    [InlineData("additional-assessment-required", "rejected", "review-waitlist")]
    public void F11_what_the_partner_says_of_its_capacity_decides_what_follows(string code, string status, string work)
    {
        var output =
            $",'output':[{{'type':{{'text':'Capacity'}},'valueCodeableConcept':{{'coding':[{{'system':'http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes','code':'{code}'}}]}}}}]";

        Assert.Equal(
            [work],
            Decide(Referred.Task(Gravity, "accepted"), Referred.Copy(status, output), Gravity).Applied().Work()
        );
    }

    [Fact]
    public void F17_a_patient_that_is_not_registered_there_yet_is_waited_for()
    {
        var decision = Decide(
                Referred.Task(R4),
                Referred.Copy(
                    "requested",
                    ",'businessStatus':{'text':'Pending: patient not found in receiving system'}"
                ),
                R4
            )
            .Applied();

        Assert.Equal("requested", decision.Status("Task/t"));
        Assert.Equal(
            "pending-registration",
            decision.Written("Task/t")["businessStatus"]!["coding"]![0]!["code"]!.GetValue<string>()
        );
        Assert.Empty(decision.Work());
    }

    [Fact]
    public void F18_completed_without_an_output_is_flagged_and_a_report_is_asked_for()
    {
        var decision = Decide(Referred.Task(Gravity, "in-progress"), Referred.Copy("completed"), Gravity).Applied();

        Assert.Equal("completed", decision.Status("Task/t"));
        Assert.Equal(
            "closed-without-report",
            decision.Written("Task/t")["businessStatus"]!["coding"]![0]!["code"]!.GetValue<string>()
        );
        Assert.Equal(["obtain-report"], decision.Work());
        Assert.Equal("2026-11-23T15:00:00Z", decision.Written("Task/t")["executionPeriod"]!["end"]!.GetValue<string>());
    }

    [Fact]
    public void Completed_with_an_output_is_proposed_to_be_closed_or_closed_where_the_rules_say_so()
    {
        var task = Referred.Task(Gravity, "in-progress");
        var rules = CareRules.Defaults with { Referrals = new() { CloseAutomatically = true } };

        var proposed = Decide(task, Referred.Copy("completed", Output), Gravity).Applied();
        var closed = Decide(task, Referred.Copy("completed", Output), Gravity, rules: rules).Applied();

        Assert.Equal(["close-loop"], proposed.Work());
        Assert.Equal("completed", closed.Status("ServiceRequest/sr"));
        Assert.Equal(["ask-whether-it-helped"], closed.Work());
        Assert.Equal(
            "2026-12-07T23:59:59Z",
            closed.Written("Task/new-1")["restriction"]!["period"]!["end"]!.GetValue<string>()
        );
    }

    [Fact]
    public void F19_a_late_outcome_is_attached_and_the_status_stays_cancelled()
    {
        var cancelled = Referred.Task(Gravity, "cancelled");

        var decision = Decide(cancelled, Referred.Copy("cancelled", Output), Gravity, new("4", "cancelled")).Applied();

        Assert.Equal("cancelled", decision.Status("Task/t"));
        Assert.NotNull(decision.Written("Task/t")["output"]);
        Assert.Equal(["read-late-outcome"], decision.Work());
    }

    [Fact]
    public void F19_a_partner_that_knew_of_the_cancellation_cannot_complete_it()
    {
        var verdict = Decide(
            Referred.Task(Gravity, "cancelled"),
            Referred.Copy("completed", Output),
            Gravity,
            new("4", "cancelled")
        );

        var decision = verdict.Applied();
        Assert.Equal("cancelled", decision.Status("Task/t"));
        Assert.Equal(["read-late-outcome"], decision.Work());
    }

    [Fact]
    public void A_partner_that_completed_before_the_cancellation_reached_it_keeps_completed()
    {
        var decision = Decide(
                Referred.Task(Gravity, "cancelled"),
                Referred.Copy("completed", Output),
                Gravity,
                new("4", "in-progress"),
                Referred.Request(more: CancelRequested)
            )
            .Applied();

        Assert.Equal("completed", decision.Status("Task/t"));
        Assert.Equal("active", decision.Status("ServiceRequest/sr"));
        Assert.Null(decision.Written("ServiceRequest/sr")["extension"]);
        Assert.Equal(["decide-outcome"], decision.Work());
    }

    [Fact]
    public void A_state_from_before_our_cancellation_arrives_is_passed_over()
    {
        Assert.IsType<PartnerVerdict.Echo>(
            Decide(Referred.Task(Gravity, "cancelled"), Referred.Copy("accepted"), Gravity, new("4", "requested"))
        );
        Assert.IsType<PartnerVerdict.Echo>(
            Decide(Referred.Task(Gravity, "on-hold"), Referred.Copy("accepted"), Gravity, new("4", "accepted"))
        );
    }

    [Fact]
    public void Business_codes_that_nobody_knows_are_kept()
    {
        const string Strange =
            ",'businessStatus':{'coding':[{'system':'urn:theirs','code':'phase-9'}],'text':'Phase 9'}";

        var decision = Decide(Referred.Task(R4, "accepted"), Referred.Copy("in-progress", Strange), R4).Applied();

        Given.AssertJson(
            """{"coding":[{"system":"urn:theirs","code":"phase-9"}],"text":"Phase 9"}""",
            decision.Written("Task/t")["businessStatus"]
        );
    }

    [Fact]
    public void Outputs_and_notes_are_taken_over_once_with_the_number_of_the_recipient()
    {
        const string More =
            Output
            + ",'note':[{'text':'called'}],'identifier':[{'type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0203','code':'FILL'}]},'value':'9'}]";

        var first = Decide(Referred.Task(R4, "accepted"), Referred.Copy("accepted", More), R4).Applied();
        var again = Decide(first.After("Task/t"), Referred.Copy("accepted", More, version: "6"), R4);

        Assert.Single(first.Written("Task/t")["output"]!.AsArray());
        Assert.Equal("called", first.Written("Task/t")["note"]![0]!["text"]!.GetValue<string>());
        Assert.Equal("9", first.Written("Task/t")["identifier"]![0]!["value"]!.GetValue<string>());
        Assert.IsType<PartnerVerdict.Echo>(again);
    }

    private const string CancelRequested =
        ",'extension':[{'url':'https://carecoordination.example/fhir/StructureDefinition/cancel-requested','valueDateTime':'2026-11-23T10:00:00Z'}]";

    private static (Snapshot Task, Snapshot Request) AskedToCancel()
    {
        var decision = CancelReferral
            .Cancel(
                Referred.Request(),
                [Referred.Task(Bser, "accepted", Referred.Business("3.0"))],
                _ => true,
                [],
                Referred.Because,
                Referred.Context()
            )
            .Value;
        Assert.Equal("in-progress", decision.Status("Task/t"));
        Assert.Equal("active", decision.Status("ServiceRequest/sr"));
        return (decision.After("Task/t"), decision.After("ServiceRequest/sr"));
    }

    private static PartnerVerdict Decide(
        Snapshot task,
        PartnerTaskVersion received,
        ReferralProfile profile,
        SeenCopy? seen = null,
        Snapshot? request = null,
        CareRules? rules = null
    ) => PartnerUpdate.Decide(task, request ?? Referred.Request(), received, seen, profile, Referred.Context(rules));

    private static string Unapplied(PartnerVerdict verdict) => Assert.IsType<PartnerVerdict.Unapplied>(verdict).Code;
}
