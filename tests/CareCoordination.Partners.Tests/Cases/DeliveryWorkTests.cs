using System.Text.Json;
using CareCoordination.Partners.Tests.Kit;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>What people are asked to do about a delivery follows the delivery.</summary>
public sealed class DeliveryWorkTests
{
    private static readonly string Why = Ask.Text("reason", "The daughter helps");

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task Work_about_a_refusal_says_why_in_the_partners_words_and_ends_when_the_message_arrives(
        Engine engine
    )
    {
        await using var ward = await Ward.OpenAsync(engine, PartnerKind.Community);
        ward.Partner.Faults.Next(Fault.Refuse, times: 2, method: "POST");
        var referral = await ward.DispatchedAsync();
        await StateAsync(ward, referral, MessageState.Parked);
        var work = Assert.Single(await ward.WorkAsync(referral, "correct-data"));
        Assert.Contains(
            "The partner does not take this.",
            work.GetProperty("note")[0].GetProperty("text").GetString(),
            StringComparison.Ordinal
        );

        await ward.ReplayAsync(await ward.DeliveryAsync(referral));
        await Wait.UntilAsync(
            async () => (await ward.DeliveryAsync(referral)) is { Attempts: 2, State: MessageState.Parked },
            "it is refused again"
        );
        Assert.Equal(["correct-data"], await ward.AllWorkAsync(referral));

        await ward.ReplayAsync(await ward.DeliveryAsync(referral));
        await ward.ArrivalAsync(referral);
        await WorkIsAsync(ward, referral, "correct-data", "completed");
        Assert.Equal(["correct-data"], await ward.AllWorkAsync(referral));
    }

    [Fact]
    public async Task A_partner_that_was_down_and_then_refuses_leaves_one_open_work()
    {
        await using var ward = await Ward.OpenAsync();
        ward.Partner.Faults.IsDown = true;
        var referral = await ward.DispatchedAsync();
        await ward.AfterAsync(
            TimeSpan.FromMinutes(50),
            async () => (await ward.WorkAsync(referral, "call-partner")).Count > 0
        );

        ward.Partner.Faults.IsDown = false;
        ward.Partner.Faults.Next(Fault.Refuse, method: "POST");
        await ward.ReplayAsync(await ward.DeliveryAsync(referral));
        await ward.AfterAsync(
            TimeSpan.FromMinutes(2),
            async () => (await ward.WorkAsync(referral, "correct-data")).Count > 0
        );

        await WorkIsAsync(ward, referral, "call-partner", "completed");
        await WorkIsAsync(ward, referral, "correct-data", "requested");
    }

    [Theory]
    [InlineData("end")]
    [InlineData("cancel")]
    [InlineData("redirect")]
    public async Task Work_about_a_message_ends_with_whatever_ends_the_message(string way)
    {
        await using var ward = await Ward.OpenAsync();
        ward.Partner.Faults.Next(Fault.Refuse, method: "POST");
        var referral = await ward.DispatchedAsync();
        await StateAsync(ward, referral, MessageState.Parked);
        await WorkIsAsync(ward, referral, "correct-data", "requested");

        switch (way)
        {
            case "end":
                var id = (await ward.DeliveryAsync(referral)).Id;
                (
                    await ward.Server.AskAsync(
                        $"Endpoint/{Ward.Endpoint}/$end",
                        Ask.Value("delivery", "valueId", $"\"{id}\""),
                        Ask.Text("reason", "told by telephone")
                    )
                ).ShouldBe(200);
                await WorkIsAsync(ward, referral, "correct-data", "completed");
                break;
            case "cancel":
                (await ward.Server.AskAsync($"{referral.Request}/$cancel", Why)).ShouldBe(200);
                await WorkIsAsync(ward, referral, "correct-data", "cancelled");
                break;
            default:
                await ward.StoreAsync(
                    PartnerResources.Organization("others"),
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
                await WorkIsAsync(ward, referral, "correct-data", "completed");
                break;
        }
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task A_refused_cancellation_says_to_call_the_partner(Engine engine)
    {
        await using var ward = await Ward.OpenAsync(engine, PartnerKind.Community);
        var referral = await ward.ReferAsync();
        ward.Partner.Faults.Next(Fault.Refuse, method: "PUT");

        (await ward.Server.AskAsync($"{referral.Request}/$cancel", Why)).ShouldBe(200);

        await WorkIsAsync(ward, referral, "call-partner", "requested");
        var work = Assert.Single(await ward.WorkAsync(referral, "call-partner"));
        Assert.StartsWith(
            "The partner refuses the cancellation: call",
            work.GetProperty("description").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal(["call-partner"], await ward.AllWorkAsync(referral));

        // The partner has changed its mind.
        await ward.ReplayAsync((await ward.DeliveriesAsync(referral))[0]);
        await WorkIsAsync(ward, referral, "call-partner", "completed");
        Assert.Equal("revoked", await ward.Server.StatusOfAsync(referral.Request));
    }

    private static Task StateAsync(Ward ward, Referral referral, MessageState state) =>
        Wait.UntilAsync(async () => (await ward.DeliveryAsync(referral)).State == state, $"it is {state}");

    private static async Task WorkIsAsync(Ward ward, Referral referral, string code, params string[] statuses) =>
        await Wait.UntilAsync(
            async () =>
                (await ward.WorkAsync(referral, code)) is [JsonElement only]
                && statuses.Contains(only.GetProperty("status").GetString()),
            $"the one {code} is {string.Join(" or ", statuses)}"
        );
}
