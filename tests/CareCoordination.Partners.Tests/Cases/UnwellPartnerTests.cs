using CareCoordination.Partners.Tests.Kit;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>What is not about the referral but about the partner does not become people's work at once.</summary>
public sealed class UnwellPartnerTests
{
    [Theory]
    [InlineData(Engine.Sqlite, PartnerKind.Community, "POST")]
    [InlineData(Engine.PostgreSql, PartnerKind.Community, "POST")]
    [InlineData(Engine.Sqlite, PartnerKind.Bser, "POST")]
    public async Task A_conflict_that_is_not_about_this_Task_is_tried_again_soon(
        Engine engine,
        PartnerKind kind,
        string method
    )
    {
        await using var ward = await Ward.OpenAsync(engine, kind);
        ward.Partner.Faults.Next(Fault.Busy, times: 3, method: method);

        var referral = await ward.DispatchedAsync();
        // Half a minute would be the first wait after a failure.
        await ward.AfterAsync(
            TimeSpan.FromSeconds(2),
            async () => (await ward.DeliveryAsync(referral)).State == MessageState.Delivered
        );

        var message = await ward.DeliveryAsync(referral);
        Assert.Equal(4, message.Attempts);
        Assert.InRange(message.ChangedAt - message.QueuedAt, TimeSpan.Zero, TimeSpan.FromSeconds(29));
        Assert.Empty(await ward.AllWorkAsync(referral));
        Assert.Equal(1, ward.Partner.Effects.Creations.Values.Single());
    }

    [Fact]
    public async Task A_conflict_while_it_is_called_off_is_tried_again_soon()
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();
        ward.Partner.Faults.Next(Fault.Busy, times: 2, method: "PUT");

        (await ward.Server.AskAsync($"{referral.Request}/$cancel", Ask.Text("reason", "Moved"))).ShouldBe(200);

        await ward.AfterAsync(
            TimeSpan.FromSeconds(2),
            () => Task.FromResult(ward.Partner.Effects.Of($"|{referral.Id}")[^1].Status == "cancelled")
        );
        Assert.Empty(await ward.AllWorkAsync(referral));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task Many_refusals_in_a_row_have_a_late_second_try_before_people_are_asked(Engine engine)
    {
        await using var ward = await Ward.OpenAsync(
            engine,
            PartnerKind.Community,
            $"--Partners:{Ward.Endpoint}:Concurrency=1"
        );
        ward.Partner.Faults.Next(Fault.Refuse, times: 6, method: "POST");
        await ward.DrainAsync();
        var referrals = new List<Referral>();
        for (var i = 0; i < 5; i++)
            referrals.Add(await ward.DispatchedAsync());
        await ward.ResumeAsync();
        await Wait.UntilAsync(
            async () => (await StatesAsync(ward, referrals)).All(s => s is MessageState.Parked or MessageState.Retry),
            "all are refused"
        );

        Assert.Equal(2, (await StatesAsync(ward, referrals)).Count(s => s == MessageState.Parked));
        Assert.Equal(["correct-data"], await ward.AllWorkAsync(referrals[0]));
        Assert.Equal(["correct-data"], await ward.AllWorkAsync(referrals[1]));
        foreach (var referral in referrals.Skip(2))
        {
            Assert.Empty(await ward.AllWorkAsync(referral));
            var waiting = await ward.DeliveryAsync(referral);
            Assert.Equal(400, waiting.LastStatus);
            Assert.InRange(
                waiting.NextAt!.Value - ward.Clock.GetUtcNow(),
                TimeSpan.FromMinutes(25),
                TimeSpan.FromMinutes(33)
            );
        }

        ward.Clock.Advance(TimeSpan.FromMinutes(34));
        // The first of them is refused once more: now somebody is asked. The others arrive.
        await Wait.UntilAsync(
            async () =>
                (await StatesAsync(ward, referrals.Skip(2)))
                    .Order()
                    .SequenceEqual([MessageState.Delivered, MessageState.Delivered, MessageState.Parked]),
            "the second try has ended"
        );
        var work = await Task.WhenAll(referrals.Skip(2).Select(ward.AllWorkAsync));
        Assert.Equal(["correct-data"], work.SelectMany(w => w));
    }

    [Fact]
    public async Task Health_tells_how_much_the_partner_bears()
    {
        await using var ward = await Ward.OpenAsync();
        await ward.ReferAsync();
        Assert.Equal(4, await ConcurrencyAsync(ward));

        ward.Partner.Faults.Next(Fault.Busy, method: "POST");
        var referral = await ward.DispatchedAsync();
        await Wait.UntilAsync(async () => (await ward.DeliveryAsync(referral)).Attempts > 0, "it was tried");
        await Wait.UntilAsync(async () => await ConcurrencyAsync(ward) == 2, "half as many");
    }

    private static async Task<int> ConcurrencyAsync(Ward ward) =>
        (await ward.Server.GetAsync($"Endpoint/{Ward.Endpoint}/$health"))
            .ShouldBe(200)
            .Json.GetProperty("parameter")
            .EnumerateArray()
            .Single(p => p.GetProperty("name").GetString() == "concurrency")
            .GetProperty("valueInteger")
            .GetInt32();

    private static async Task<IReadOnlyList<MessageState>> StatesAsync(Ward ward, IEnumerable<Referral> referrals)
    {
        var states = new List<MessageState>();
        foreach (var referral in referrals)
            states.Add((await ward.DeliveryAsync(referral)).State);
        return states;
    }
}
