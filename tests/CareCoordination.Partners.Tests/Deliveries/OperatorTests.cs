using System.Text.Json;
using CareCoordination.Partners.Tests.Kit;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Partners.Tests.Deliveries;

/// <summary>What operators see of messages to a partner, and do about them. docs/partner-operations.md</summary>
public sealed class OperatorTests
{
    private const string Partner = $"Endpoint/{Ward.Endpoint}";

    [Fact]
    public async Task A_drained_partner_gets_nothing_until_it_is_resumed()
    {
        await using var ward = await Ward.OpenAsync();

        await ward.DrainAsync();
        var referral = await ward.DispatchedAsync();
        await Wait.AMomentAsync();

        Assert.Empty(ward.Partner.Effects.All);
        var health = (await ward.Server.GetAsync($"{Partner}/$health")).ShouldBe(200);
        Assert.Equal("true", Value(health, "paused"));
        Assert.Equal("1", Value(health, "queued"));
        Assert.Equal("closed", Value(health, "breaker"));
        var queued = Assert.Single(await ListAsync(ward, $"{Partner}/$deliveries?state=queued"));
        Assert.Equal("queued", Part(queued, "state"));
        Assert.Single(
            (await ward.Server.GetAsync($"AuditEvent?entity={Partner}&subtype=operation")).ShouldBe(200).Entries
        );

        await ward.ResumeAsync();
        await ward.ArrivalAsync(referral);
        health = (await ward.Server.GetAsync($"{Partner}/$health")).ShouldBe(200);
        Assert.Equal("false", Value(health, "paused"));
        Assert.Equal("0", Value(health, "queued"));
    }

    [Fact]
    public async Task What_is_refused_is_parked_with_the_partners_words_and_replayed_together()
    {
        await using var ward = await Ward.OpenAsync();
        ward.Partner.Faults.Next(Fault.Refuse, times: 2, method: "POST");
        var referrals = new[] { await ward.DispatchedAsync(), await ward.DispatchedAsync() };
        await Wait.UntilAsync(
            async () => (await ListAsync(ward, $"{Partner}/$deliveries?state=parked")).Count == 2,
            "both are parked"
        );

        var parked = (await ListAsync(ward, $"Endpoint/$deliveries?state=parked&task={referrals[0].Task}"))[0];
        Assert.Equal("400", Part(parked, "status"));
        Assert.Equal(
            "OperationOutcome",
            Find(parked, "outcome").GetProperty("resource").GetProperty("resourceType").GetString()
        );
        (
            await ward.Server.AskAsync(
                $"{Partner}/$park",
                Ask.Value("delivery", "valueId", $"\"{Part(parked, "id")}\"")
            )
        ).ShouldRefuse(
            422,
            $"error business-rule Parameters.parameter.where(name = 'delivery'): Delivery {Part(parked, "id")} is 'parked': $park does not apply to it. {Partner}/$deliveries tells how messages stand."
        );

        (await ward.Server.AskAsync($"{Partner}/$replay")).ShouldBe(200);
        foreach (var referral in referrals)
            await ward.ArrivalAsync(referral);
    }

    [Fact]
    public async Task A_message_that_waits_is_held_back_given_up_or_not_found()
    {
        await using var ward = await Ward.OpenAsync();
        await ward.DrainAsync();
        await ward.DispatchedAsync();
        var id = Part(Assert.Single(await ListAsync(ward, $"{Partner}/$deliveries")), "id");
        var delivery = Ask.Value("delivery", "valueId", $"\"{id}\"");

        (await ward.Server.AskAsync($"{Partner}/$park", delivery)).ShouldBe(200);
        Assert.Single(await ListAsync(ward, $"{Partner}/$deliveries?state=parked"));
        (await ward.Server.AskAsync($"{Partner}/$end", delivery)).ShouldBe(200);
        Assert.Single(await ListAsync(ward, $"{Partner}/$deliveries?state=dead"));
        await ward.ResumeAsync();
        await Wait.AMomentAsync();
        Assert.Empty(ward.Partner.Effects.All);
        (await ward.Server.AskAsync($"{Partner}/$replay", Ask.Value("delivery", "valueId", "\"none\""))).ShouldRefuse(
            404,
            $"error not-found: {Partner} has no delivery none."
        );
        (await ward.Server.AskAsync("Endpoint/none/$drain")).ShouldRefuse(
            404,
            "error not-found: There is no Endpoint/none."
        );
    }

    /// <summary>Nobody is told that others write too: what is asked is done, or it is said how the message stands.</summary>
    [Fact]
    public async Task Operators_who_ask_at_once_hear_how_the_message_stands()
    {
        await using var ward = await Ward.OpenAsync();
        await ward.DrainAsync();
        await ward.DispatchedAsync();
        await ward.DispatchedAsync();
        var deliveries = await ListAsync(ward, $"{Partner}/$deliveries");
        Assert.Equal(2, deliveries.Count);

        foreach (var delivery in deliveries)
        {
            var asked = Ask.Value("delivery", "valueId", $"\"{Part(delivery, "id")}\"");
            var parked = await Task.WhenAll(
                Enumerable.Range(0, 12).Select(_ => ward.Server.AskAsync($"{Partner}/$park", asked))
            );
            Assert.Single(parked, a => a.Status == 200);
            Assert.All(
                parked.Where(a => a.Status != 200),
                a =>
                    Assert.Contains(
                        "is 'parked': $park does not apply to it.",
                        a.ShouldBe(422).Body,
                        StringComparison.Ordinal
                    )
            );
        }

        var replayed = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => ward.Server.AskAsync($"{Partner}/$replay"))
        );

        Assert.All(replayed, a => a.ShouldBe(200));
        Assert.Equal(2, (await ListAsync(ward, $"{Partner}/$deliveries?state=queued")).Count);
    }

    [Fact]
    public async Task A_request_that_comes_again_or_was_meant_for_another_version_changes_nothing()
    {
        await using var ward = await Ward.OpenAsync();
        await ward.DrainAsync();
        await ward.DispatchedAsync();
        var id = Part(Assert.Single(await ListAsync(ward, $"{Partner}/$deliveries")), "id");
        var delivery = Ask.Parameters(Ask.Value("delivery", "valueId", $"\"{id}\""));
        const string Key = "Idempotency-Key: operator-1";

        (await ward.Server.PostAsync($"{Partner}/$park", delivery, Key)).ShouldBe(200);
        (await ward.Server.PostAsync($"{Partner}/$park", delivery, Key)).ShouldBe(200);
        (await ward.Server.PostAsync($"{Partner}/$end", delivery, Key)).ShouldRefuse(
            422,
            "error business-rule: This Idempotency-Key was used for another request: give every request a key of its own."
        );
        Assert.Equal(412, (await ward.Server.PostAsync($"{Partner}/$end", delivery, "If-Match: W/\"99\"")).Status);

        Assert.Single(await ListAsync(ward, $"{Partner}/$deliveries?state=parked"));
        // Of $drain and of the first $park.
        Assert.Equal(
            2,
            (await ward.Server.GetAsync($"AuditEvent?entity={Partner}&subtype=operation")).ShouldBe(200).Entries.Count()
        );
    }

    [Fact]
    public async Task The_list_is_paged_and_says_which_states_there_are()
    {
        await using var ward = await Ward.OpenAsync();
        await ward.DrainAsync();
        var tasks = new List<string>();
        for (var i = 0; i < 3; i++)
            tasks.Add((await ward.DispatchedAsync()).Task);

        var seen = new List<string>();
        for (string? next = $"{Partner}/$deliveries?count=2"; next is not null; )
        {
            var page = (await ward.Server.GetAsync(next)).ShouldBe(200);
            seen.AddRange(
                Deliveries(page)
                    .Select(d => Find(d, "task").GetProperty("valueReference").GetProperty("reference").GetString()!)
            );
            next = Value(page, "next");
        }

        Assert.Equal(Enumerable.Reverse(tasks), seen);
        (await ward.Server.GetAsync("Endpoint/$deliveries?state=lost")).ShouldRefuse(
            400,
            "error value Parameters.parameter.where(name = 'state'): A delivery is one of queued, sending, delivered, acknowledged, retry, parked, dead, superseded."
        );
    }

    [Fact]
    public async Task A_word_that_cannot_be_applied_is_listed_and_tried_again()
    {
        await using var ward = await Ward.OpenAsync();
        var referral = await ward.ReferAsync();
        ward.Partner.Recipient.Do("accept", referral.Id, null);
        var copy = ward.Partner.Effects.Of($"|{referral.Id}")[0].Copy;
        await ward.Server.PutAsync($"{Partner}", PartnerResources.Endpoint(Ward.Endpoint, ward.Partner.Base));
        ward.NextPoll();
        await Wait.UntilAsync(
            async () => await ward.Server.StatusOfAsync(referral.Task) == "accepted",
            "the answer is taken"
        );

        Assert.Empty(await ListAsync(ward, "Endpoint/$inbound"));
        var applied = (await ward.Server.GetAsync($"{Partner}/$inbound?state=applied")).ShouldBe(200);
        Assert.Contains($"\"valueString\":\"{copy}\"", applied.Body, StringComparison.Ordinal);
        (await ward.Server.AskAsync($"{Partner}/$reapply", Ask.Value("update", "valueId", "\"0\""))).ShouldRefuse(
            404,
            $"error not-found: Nothing with the id 0 came from {Partner}."
        );
    }

    [Fact]
    public async Task A_probe_says_what_was_found_without_sending_a_referral()
    {
        await using var ward = await Ward.OpenAsync();

        var report = (await ward.Server.AskAsync($"{Partner}/$probe")).ShouldBe(200);

        Assert.Equal("true", Value(report, "ready"));
        Assert.Contains("\"valueString\":\"metadata\"", report.Body, StringComparison.Ordinal);
        Assert.Empty(ward.Partner.Effects.All);
    }

    private static async Task<IReadOnlyList<JsonElement>> ListAsync(Ward ward, string path) =>
        Deliveries((await ward.Server.GetAsync(path)).ShouldBe(200));

    private static IReadOnlyList<JsonElement> Deliveries(Answer answer) =>
        answer.Json.TryGetProperty("parameter", out var parameters)
            ? [.. parameters.EnumerateArray().Where(p => p.GetProperty("name").GetString() is "delivery" or "update")]
            : [];

    private static string? Value(Answer answer, string name) =>
        answer.Json.TryGetProperty("parameter", out var parameters)
            ? parameters
                .EnumerateArray()
                .Where(p => p.GetProperty("name").GetString() == name)
                .Select(ValueOf)
                .FirstOrDefault()
            : null;

    private static JsonElement Find(JsonElement delivery, string part) =>
        delivery.GetProperty("part").EnumerateArray().First(p => p.GetProperty("name").GetString() == part);

    private static string Part(JsonElement delivery, string part) => ValueOf(Find(delivery, part));

    private static string ValueOf(JsonElement parameter)
    {
        var value = parameter.EnumerateObject().First(p => p.Name.StartsWith("value", StringComparison.Ordinal)).Value;
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
    }
}
