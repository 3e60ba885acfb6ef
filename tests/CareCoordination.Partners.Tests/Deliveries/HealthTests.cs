using CareCoordination.Partners.Tests.Kit;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;

namespace CareCoordination.Partners.Tests.Deliveries;

/// <summary>What <c>$health</c> says of a partner is how it is now.</summary>
public sealed class HealthTests
{
    [Theory]
    [InlineData("message")]
    [InlineData("poll")]
    [InlineData("refresh")]
    public async Task A_problem_is_over_with_the_next_good_answer(string way)
    {
        await using var ward = await Ward.OpenAsync();
        var before = await ward.ReferAsync();
        ward.Partner.Faults.Next(Fault.Refuse, method: "POST");
        var referral = await ward.DispatchedAsync();
        await Wait.UntilAsync(
            async () => (await ward.DeliveryAsync(referral)).State == MessageState.Parked,
            "it is refused"
        );
        Assert.Contains("refused the content with 400", await ProblemAsync(ward), StringComparison.Ordinal);

        if (way == "message")
            await ward.ReferAsync();
        else if (way == "poll")
            (await ward.Server.AskAsync($"Endpoint/{Ward.Endpoint}/$poll")).ShouldBe(200);
        else
            (await ward.Server.AskAsync($"{before.Request}/$refresh")).ShouldBe(200);

        await Wait.UntilAsync(async () => await ProblemAsync(ward) is null, "the problem is over");
    }

    private static async Task<string?> ProblemAsync(Ward ward) =>
        (await ward.Server.GetAsync($"Endpoint/{Ward.Endpoint}/$health"))
            .ShouldBe(200)
            .Json.GetProperty("parameter")
            .EnumerateArray()
            .Where(p => p.GetProperty("name").GetString() == "problem")
            .Select(p => p.GetProperty("valueString").GetString())
            .FirstOrDefault();
}
