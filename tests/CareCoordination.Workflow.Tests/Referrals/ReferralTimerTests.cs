using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;

namespace CareCoordination.Workflow.Tests.Referrals;

/// <summary>A partner that is late: each threshold is crossed once.</summary>
public sealed class ReferralTimerTests
{
    // Sent on Friday the 20th, to be answered until Monday the 30th.
    private static readonly DateTimeOffset Due = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void F5_no_answer_is_chased_once_and_then_shown_to_the_lead_once()
    {
        var task = Referred.Task(ReferralProfile.Gravity);

        Assert.Null(Cross(task, Due.AddSeconds(-2)));
        var chased = Cross(task, Due)!;
        Assert.Equal(["chase"], chased.Work());
        Assert.Equal("requested", chased.Status("Task/t"));
        Assert.Equal(
            "overdue-ack",
            chased.Written("Task/t")["businessStatus"]!["coding"]![0]!["code"]!.GetValue<string>()
        );
        Assert.Empty(chased.Outgoing);
        Assert.Null(Cross(chased.After("Task/t"), Due));

        var lead = Cross(chased.After("Task/t"), Due.AddDays(2))!;
        Assert.Equal(["chase-lead"], lead.Work());
        Assert.Null(Cross(lead.After("Task/t"), Due.AddDays(60)));
    }

    [Fact]
    public void Two_thresholds_that_passed_while_nothing_ran_are_crossed_together() =>
        Assert.Equal(["chase", "chase-lead"], Cross(Referred.Task(ReferralProfile.R4), Due.AddDays(30))!.Work());

    [Theory]
    [InlineData("accepted")]
    [InlineData("in-progress")]
    public void F6_work_that_stands_still_for_14_days_is_asked_about_and_begins_anew_when_the_partner_moves(
        string status
    )
    {
        var task = Referred.Task(ReferralProfile.R4, status);
        var late = new DateTimeOffset(2026, 12, 4, 15, 0, 0, TimeSpan.Zero);

        Assert.Null(Cross(task, late.AddSeconds(-1)));
        var stalled = Cross(task, late)!;
        Assert.Equal(["stalled"], stalled.Work());
        Assert.Null(Cross(stalled.After("Task/t"), late.AddDays(6)));
        Assert.Equal(["stalled-lead"], Cross(stalled.After("Task/t"), late.AddDays(7))!.Work());

        var moved = PartnerUpdate
            .Decide(
                stalled.After("Task/t"),
                Referred.Request(),
                Referred.Copy(status, ",'note':[{'text':'still at it'}]"),
                null,
                ReferralProfile.R4,
                Referred.Context(now: late.AddDays(1))
            )
            .Applied();
        Assert.Null(Cross(moved.After("Task/t"), late.AddDays(14)));
        Assert.Equal(["stalled"], Cross(moved.After("Task/t"), late.AddDays(15))!.Work());
    }

    [Theory]
    [InlineData("draft")]
    [InlineData("on-hold")]
    [InlineData("rejected")]
    [InlineData("completed")]
    [InlineData("cancelled")]
    public void What_is_over_or_waits_is_late_for_nobody(string status) =>
        Assert.Null(Cross(Referred.Task(ReferralProfile.R4, status), Due.AddYears(1)));

    private static Decision? Cross(Snapshot task, DateTimeOffset now) =>
        ReferralTimers.Cross(task, Referred.Request(), Referred.Context(now: now));
}
