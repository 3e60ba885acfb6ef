using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>Nobody is told of changes yet, and whoever asks to be is told so.</summary>
public sealed class SubscriptionTests(SqliteServer server) : ServerTests(server)
{
    private const string Refusal =
        "error not-supported Subscription.status: This server tells nobody of changes yet, so that a Subscription would wait in vain: store it with the status off, and ask for changes by _lastUpdated or _history.";

    [Theory]
    [InlineData("requested")]
    [InlineData("active")]
    public async Task One_that_would_wait_in_vain_is_refused_by_every_door(string status)
    {
        var id = Given.Id("s");

        (await Server.PostAsync("Subscription", Subscription(id, status))).ShouldRefuse(422, Refusal);
        (await Server.PutAsync($"Subscription/{id}", Subscription(id, status))).ShouldRefuse(422, Refusal);
        (await Server.PutAsync($"Subscription?_id={id}", Subscription(id, status))).ShouldRefuse(422, Refusal);
        var transaction = await Server.PostAsync(
            "",
            Given.Transaction(Given.Entry("PUT", $"Subscription/{id}", Subscription(id, status)))
        );
        Assert.Equal(422, transaction.Status);
        (await Server.GetAsync($"Subscription/{id}")).ShouldBe(404);
    }

    [Fact]
    public async Task One_that_is_off_is_kept_and_cannot_be_turned_on()
    {
        var id = Given.Id("s");
        (await Server.PutAsync($"Subscription/{id}", Subscription(id, "off"))).ShouldBe(201);

        (
            await Server.PatchAsync($"Subscription/{id}", """[{"op":"replace","path":"/status","value":"active"}]""")
        ).ShouldRefuse(422, Refusal);
        Assert.Equal("off", (await Server.GetAsync($"Subscription/{id}")).Text("status"));
    }

    private static string Subscription(string id, string status) =>
        $$$"""{"resourceType":"Subscription","id":"{{{id}}}","status":"{{{status}}}","reason":"Tasks","criteria":"Task?status=ready","channel":{"type":"rest-hook","endpoint":"https://ehr.invalid/hook"}}""";
}
