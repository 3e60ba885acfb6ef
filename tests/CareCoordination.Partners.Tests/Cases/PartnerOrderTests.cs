using System.Text.Json.Nodes;
using CareCoordination.Partners.Tests.Kit;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>A partner that has a copy of the order is not left with one that is active when its Task was called off.</summary>
public sealed class PartnerOrderTests : IDisposable
{
    private readonly OracleKey _oracle = new();

    private static readonly string Why = Ask.Text("reason", "The daughter helps");

    public void Dispose() => _oracle.Dispose();

    [Theory]
    [InlineData("cancel")]
    [InlineData("redirect")]
    [InlineData("error")]
    public async Task The_partners_copy_of_the_order_ends_with_the_Task_that_is_called_off(string way)
    {
        await using var ward = await _oracle.OpenAsync("--Partners:second:Strategy=DirectLight");
        var referral = await ward.ReferAsync();
        Assert.Equal("active", OrderThere(ward));

        if (way == "cancel")
            (await ward.Server.AskAsync($"{referral.Request}/$cancel", Why)).ShouldBe(200);
        else if (way == "redirect")
            await RedirectAsync(ward, referral);
        else
            await VoidAsync(ward, referral);

        await Wait.UntilAsync(
            () => Task.FromResult(OrderThere(ward) == (way == "error" ? "entered-in-error" : "revoked")),
            "the partner's order has ended"
        );
        Assert.Equal(
            way == "error" ? "entered-in-error" : "cancelled",
            (string?)Assert.Single(ward.Partner.Store.All("Task")).Parse()["status"]
        );
        if (way == "redirect")
            Assert.Equal("active", await ward.Server.StatusOfAsync(referral.Request));
    }

    [Fact]
    public async Task A_message_that_calls_off_carries_the_order_as_revoked()
    {
        await using var ward = await Ward.OpenAsync(PartnerKind.Bser, $"--Partners:{Ward.Endpoint}:Profile=r4");
        var referral = await ward.ReferAsync();
        Assert.Equal("active", OrderThere(ward));

        (await ward.Server.AskAsync($"{referral.Request}/$cancel", Why)).ShouldBe(200);

        await Wait.UntilAsync(() => Task.FromResult(OrderThere(ward) == "revoked"), "the message said so");
    }

    private static string? OrderThere(Ward ward) =>
        (string?)ward.Partner.Store.All("ServiceRequest").Select(r => r.Parse()).LastOrDefault()?["status"];

    private static async Task RedirectAsync(Ward ward, Referral referral)
    {
        await ward.StoreAsync(
            PartnerResources.Organization("others"),
            // Direct light: nothing leaves for it.
            PartnerResources.Endpoint("second", ward.Partner.Base)
        );
        (
            await ward.Server.AskAsync(
                $"{referral.Request}/$redirect",
                Ask.Reference("endpoint", "Endpoint/second"),
                Ask.Reference("performer", "Organization/others"),
                Why
            )
        ).ShouldBe(201);
    }

    private static async Task VoidAsync(Ward ward, Referral referral)
    {
        var task = JsonNode.Parse((await ward.Server.GetAsync(referral.Task)).Body)!;
        task["status"] = "entered-in-error";
        (await ward.Server.PutAsync(referral.Task, task.ToJsonString())).ShouldBe(200);
    }
}
