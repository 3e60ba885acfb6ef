using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;

namespace CareCoordination.Workflow.Tests.Referrals;

/// <summary>Closing a loop on evidence, and asking somebody else.</summary>
public sealed class CloseLoopTests
{
    private const string Output = ",'output':[{'type':{'text':'x'},'valueReference':{'reference':'Procedure/1'}}]";

    private static readonly ReferralProfile R4 = ReferralProfile.R4;

    [Fact]
    public void An_output_is_evidence_and_somebody_asks_two_weeks_later_whether_it_helped()
    {
        var decision = Close(new([]), Referred.Task(R4, "completed", Output)).Value;

        Assert.Equal("completed", decision.Status("ServiceRequest/sr"));
        Assert.Equal(["ask-whether-it-helped"], decision.Work());
        Assert.Equal(
            "2026-12-07T23:59:59Z",
            decision.Written("Task/new-1")["restriction"]!["period"]!["end"]!.GetValue<string>()
        );
    }

    [Theory]
    [InlineData("requested", false, "loop-open")]
    [InlineData("in-progress", true, "loop-open")]
    [InlineData("rejected", false, "loop-open")]
    [InlineData("completed", false, "evidence-missing")]
    public void Is_refused_while_it_is_open_or_without_evidence(string status, bool hasOutput, string rule) =>
        Assert.Equal(rule, Close(new([]), Referred.Task(R4, status, hasOutput ? Output : "")).Rule());

    [Fact]
    public void A_report_is_evidence_too_and_lifts_the_flag()
    {
        var flagged = Referred.Task(
            R4,
            "completed",
            ",'businessStatus':{'coding':[{'system':'https://carecoordination.example/fhir/CodeSystem/referral-status','code':'closed-without-report'}]}"
        );

        var decision = Close(new(["DocumentReference/r"]), flagged).Value;

        Assert.Null(decision.Written("Task/t")["businessStatus"]);
        Assert.Single(decision.Written("Task/t")["output"]!.AsArray());
    }

    [Fact]
    public void A_report_that_is_waived_needs_a_reason()
    {
        var closing = new LoopClosing([]) { WaivesReport = true };

        Assert.Equal("reason-required", Close(closing, Referred.Task(R4, "completed")).Rule());
        Assert.True(Close(closing, Referred.Task(R4, "completed"), Referred.Because).IsSuccess);
    }

    [Fact]
    public void Closing_answers_the_work_that_asked_for_it()
    {
        var work = Given.Task(
            "w",
            "requested",
            "'code':{'coding':[{'system':'https://carecoordination.example/fhir/CodeSystem/referral-work','code':'close-loop'}]}"
        );

        var decision = CloseLoop
            .Close(
                Referred.Request(),
                [Referred.Task(R4, "completed", Output)],
                [work],
                new([]),
                null,
                Referred.Context()
            )
            .Value;

        Assert.Equal("completed", decision.Status("Task/w"));
    }

    [Theory]
    [InlineData("draft")]
    [InlineData("revoked")]
    [InlineData("completed")]
    public void Only_an_open_request_is_completed(string status) =>
        Assert.Equal(
            "illegal-transition",
            CloseLoop
                .Close(Referred.Request(status), [], [], new(["DocumentReference/r"]), null, Referred.Context())
                .Rule()
        );

    [Fact]
    public void A_redirect_makes_the_next_attempt_and_calls_off_the_one_before()
    {
        var decision = Redirect([Referred.Task(R4, "accepted")], Referred.Because).Value;

        Assert.Equal("cancelled", decision.Status("Task/t"));
        Assert.Equal("requested", decision.Status("Task/new-1"));
        Assert.Equal(2, decision.Written("Task/new-1")["extension"]![2]!["valuePositiveInt"]!.GetValue<int>());
        Assert.Equal(
            [("elsewhere", OutgoingKind.Send), ("cbo", OutgoingKind.Cancel)],
            decision.Outgoing.Select(o => (o.Partner, o.Kind))
        );
    }

    [Fact]
    public void A_redirect_needs_something_to_redirect_and_a_reason_while_that_is_open()
    {
        Assert.Equal("not-dispatched", Redirect([], Referred.Because).Rule());
        Assert.Equal("reason-required", Redirect([Referred.Task(R4)], null).Rule());
        Assert.True(Redirect([Referred.Task(R4, "rejected")], null).IsSuccess);
    }

    [Fact]
    public void A_redirect_to_the_partner_that_has_it_is_refused() =>
        Assert.Equal(
            "same-partner",
            RedirectReferral
                .Redirect(
                    Referred.Request(),
                    Referred.Order(),
                    Referred.Reads() with
                    {
                        Attempts = [Referred.Task(R4)],
                    },
                    _ => true,
                    [],
                    Referred.Because,
                    Referred.Context()
                )
                .Rule()
        );

    private static Fhir.Outcomes.Result<Decision> Redirect(Snapshot[] attempts, Reason? reason) =>
        RedirectReferral.Redirect(
            Referred.Request(),
            new(
                Given.Resource("Endpoint", "elsewhere", "'status':'active','address':'http://elsewhere/fhir'"),
                R4,
                Referred.Base
            ),
            Referred.Reads() with
            {
                Attempts = [.. attempts],
            },
            _ => true,
            [],
            reason,
            Referred.Context()
        );

    private static Fhir.Outcomes.Result<Decision> Close(LoopClosing closing, Snapshot task, Reason? reason = null) =>
        CloseLoop.Close(Referred.Request(), [task], [], closing, reason, Referred.Context());
}
