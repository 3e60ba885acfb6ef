using CareCoordination.Partners.Tests.Kit;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Partners.Tests.Deliveries;

/// <summary>A partner that is away for an hour of the clock that the server goes by.</summary>
public sealed class PartnerDownTests
{
    [Fact]
    public async Task A_partner_that_is_down_for_an_hour_costs_others_nothing_and_its_queue_drains_in_order()
    {
        await using var ward = await Ward.OpenAsync(
            PartnerKind.Community,
            $"--Partners:{Ward.Endpoint}:Concurrency=1",
            $"--Partners:{Ward.Endpoint}:Retries=0"
        );
        await using var other = await SimulatedPartner.StartAsync(new SimulatorOptions { Time = ward.Clock });
        await ward.StoreAsync(PartnerResources.Endpoint("other", other.Base));
        ward.Partner.Faults.IsDown = true;

        var waiting = new List<string>();
        for (var minute = 0; minute < 60; minute += 10)
        {
            waiting.Add((await ward.DispatchedAsync()).Id);
            var elsewhere = await DispatchToOtherAsync(ward);
            await Wait.UntilAsync(
                () => Task.FromResult(other.Effects.Of($"|{elsewhere}").Count == 1),
                "the other partner has its referral"
            );
            ward.Clock.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.Empty(ward.Partner.Effects.All);
        ward.Partner.Faults.IsDown = false;
        await ward.AfterAsync(
            TimeSpan.FromMinutes(1),
            () => Task.FromResult(ward.Partner.Effects.All.Count == waiting.Count)
        );

        Assert.Equal(waiting, ward.Partner.Effects.All.Select(e => e.Referral[(e.Referral.LastIndexOf('|') + 1)..]));
        Assert.All(ward.Partner.Effects.Creations.Values, times => Assert.Equal(1, times));
        Assert.Equal(6, other.Effects.Creations.Count);
    }

    private static async Task<string> DispatchToOtherAsync(Ward ward)
    {
        var task = await ward.Server.AskAsync(
            $"{await ward.RequestAsync()}/$dispatch",
            Ask.Reference("endpoint", "Endpoint/other")
        );
        return task.ShouldBe(201).Id;
    }
}
