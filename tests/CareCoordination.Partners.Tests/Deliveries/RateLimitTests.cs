using CareCoordination.Partners.Tests.Kit;
using CareCoordination.PartnerSimulator;
using CareCoordination.Storage;

namespace CareCoordination.Partners.Tests.Deliveries;

/// <summary>A limit of requests per second is ours: what waits for its turn is sent, and nobody takes the partner for away.</summary>
public sealed class RateLimitTests
{
    [Theory]
    [InlineData(PartnerKind.Community, 20, 16)]
    [InlineData(PartnerKind.Community, 20, 1)]
    [InlineData(PartnerKind.Bser, 20, 4)]
    public async Task Many_referrals_at_a_low_rate_arrive_with_one_attempt_each(
        PartnerKind kind,
        int rate,
        int concurrency
    )
    {
        await using var ward = await Ward.OpenAsync(
            kind,
            $"--Partners:{Ward.Endpoint}:RequestsPerSecond={rate}",
            $"--Partners:{Ward.Endpoint}:Concurrency={concurrency}",
            $"--Partners:{Ward.Endpoint}:TotalTimeoutSeconds=1"
        );
        await ward.DrainAsync();
        var referrals = new List<Referral>();
        for (var i = 0; i < 60; i++)
            referrals.Add(await ward.DispatchedAsync());
        await ward.ResumeAsync();

        foreach (var referral in referrals)
            await ward.ArrivalAsync(referral);

        foreach (var referral in referrals)
        {
            var message = await ward.DeliveryAsync(referral);
            Assert.Equal((MessageState.Delivered, 1, null), (message.State, message.Attempts, message.Problem));
            Assert.Single(ward.Partner.Effects.Of($"|{referral.Id}"));
        }
    }

    [Fact]
    public async Task No_more_is_held_than_can_be_sent_while_it_is_held()
    {
        await using var ward = await Ward.OpenAsync(
            PartnerKind.Community,
            $"--Partners:{Ward.Endpoint}:RequestsPerSecond=1",
            "--Deliveries:LeaseSeconds=6"
        );
        await ward.DrainAsync();
        var referrals = new List<Referral>();
        for (var i = 0; i < 12; i++)
            referrals.Add(await ward.DispatchedAsync());
        await ward.ResumeAsync();

        var most = 0;
        await Wait.UntilAsync(
            async () =>
            {
                var states = new List<MessageState>();
                foreach (var referral in referrals)
                    states.Add((await ward.DeliveryAsync(referral)).State);
                most = Math.Max(most, states.Count(s => s == MessageState.Sending));
                return states.Count(s => s == MessageState.Delivered) >= 4;
            },
            "four have arrived"
        );

        Assert.InRange(most, 1, 2);
    }
}
