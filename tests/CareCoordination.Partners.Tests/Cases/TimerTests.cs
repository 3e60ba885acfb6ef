using CareCoordination.Partners.Tests.Kit;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>Partners that do not move: F5, F6, F20, and the traps 14 and 17.</summary>
public sealed class TimerTests
{
    [Theory]
    [InlineData("routine", 5)]
    [InlineData("urgent", 2)]
    public async Task F5_A_partner_that_does_not_answer_in_time_is_reminded_once_then_the_lead_is_told_once(
        string priority,
        int businessDays
    )
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync(priority);

        // From Monday: five business days are the next Monday, two are Wednesday; half a day before it is quiet.
        var due = TimeSpan.FromDays(businessDays == 5 ? 7 : 2);
        ward.Clock.Advance(due - TimeSpan.FromHours(12));
        await Wait.AMomentAsync();
        Assert.Empty(await ward.AllWorkAsync(referral));

        ward.Clock.Advance(TimeSpan.FromDays(1));
        await Wait.UntilAsync(async () => (await ward.WorkAsync(referral, "chase")).Count == 1, "it is chased");
        Assert.True(await ward.BusinessStatusAsync(referral, "overdue-ack"));
        Assert.Equal("requested", await ward.Server.StatusOfAsync(referral.Task));
        await Wait.AMomentAsync();
        Assert.Equal(["chase"], await ward.AllWorkAsync(referral));

        ward.Clock.Advance(TimeSpan.FromDays(5));
        await Wait.UntilAsync(async () => (await ward.WorkAsync(referral, "chase-lead")).Count == 1, "the lead knows");
        ward.Clock.Advance(TimeSpan.FromDays(30));
        await Wait.AMomentAsync();
        Assert.Equal(["chase", "chase-lead"], await ward.AllWorkAsync(referral));
    }

    [Fact]
    public async Task F6_Accepted_work_that_stands_still_is_asked_about_once_and_again_after_the_partner_moved()
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();
        await ward.AnswerAsync(referral, "accept", "accepted");

        ward.Clock.Advance(TimeSpan.FromDays(15));
        await Wait.UntilAsync(async () => (await ward.WorkAsync(referral, "stalled")).Count == 1, "it is asked about");
        await Wait.AMomentAsync();
        Assert.Equal(["stalled"], await ward.AllWorkAsync(referral));
        Assert.Equal("accepted", await ward.Server.StatusOfAsync(referral.Task));

        await ward.AnswerAsync(referral, "start", "in-progress");
        ward.Clock.Advance(TimeSpan.FromDays(15));
        await Wait.UntilAsync(async () => (await ward.WorkAsync(referral, "stalled")).Count == 2, "it is asked again");
        ward.Clock.Advance(TimeSpan.FromDays(8));
        await Wait.UntilAsync(
            async () => (await ward.WorkAsync(referral, "stalled-lead")).Count == 1,
            "the lead knows"
        );
    }

    [Fact]
    public async Task Trap_14_A_partner_that_takes_everything_and_does_nothing_crosses_each_threshold_once()
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();

        for (var day = 0; day < 40; day++)
        {
            ward.Clock.Advance(TimeSpan.FromDays(1));
            await Wait.AMomentAsync();
        }

        Assert.Equal(["chase", "chase-lead"], await ward.AllWorkAsync(referral));
        Assert.Single(ward.Partner.Effects.Of($"|{referral.Id}"));
    }

    [Fact]
    public async Task F20_What_a_partner_did_while_nobody_listened_is_caught_up_by_the_next_poll()
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();
        ward.Partner.Faults.Next(Fault.ServerError, times: 10, method: "GET");
        ward.Partner.Recipient.Do("accept", referral.Id);
        ward.NextPoll();
        await Wait.AMomentAsync();
        Assert.Equal("requested", await ward.Server.StatusOfAsync(referral.Task));

        ward.Partner.Faults.Clear();
        ward.Partner.Recipient.Do("start", referral.Id);
        await ward.AnswerAsync(referral, "complete", "completed");
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task Trap_17_Changes_of_the_same_instant_are_all_seen_and_none_twice(Engine engine)
    {
        await using var ward = await Ward.OpenAsync(engine, PartnerKind.Community);
        var referrals = new List<Referral>();
        for (var i = 0; i < 5; i++)
            referrals.Add(await ward.ReferAsync());

        // Three change in one instant, are seen, and two more change in that same instant.
        using (ward.Partner.Store.Freeze())
        {
            foreach (var referral in referrals[..3])
                ward.Partner.Recipient.Do("accept", referral.Id);
            ward.NextPoll();
            await Wait.UntilAsync(async () => await ward.AllAreAsync(referrals[..3], "accepted"), "three are accepted");
            foreach (var referral in referrals[3..])
                ward.Partner.Recipient.Do("accept", referral.Id);
        }

        ward.NextPoll();
        await Wait.UntilAsync(async () => await ward.AllAreAsync(referrals, "accepted"), "all are accepted");
        ward.NextPoll();
        await Wait.AMomentAsync();
        foreach (var referral in referrals)
            Assert.Equal("2", (await ward.Server.GetAsync(referral.Task)).At("meta", "versionId"));
    }
}
