using CareCoordination.PartnerSimulator;

namespace CareCoordination.Partners.Tests.Simulator;

/// <summary>The simulator is honest FHIR: what is tested against it holds for a real server.</summary>
public sealed class FhirPartnerTests
{
    private static Task<SimulatedPartner> StartAsync(PartnerKind kind = PartnerKind.Community) =>
        SimulatedPartner.StartAsync(new SimulatorOptions { Kind = kind, Silence = TimeSpan.FromMilliseconds(50) });

    [Fact]
    public async Task A_created_Task_has_a_version_an_entity_tag_and_a_location()
    {
        await using var partner = await StartAsync();

        var created = (await partner.SendAsync("POST", "Task", PartnerClient.Task("a"))).ShouldBe(201);

        Assert.Equal("W/\"1\"", created.ETag);
        Assert.Equal($"{partner.Base}/Task/{created.Id}/_history/1", created.Location);
        var read = (await partner.SendAsync("GET", $"Task/{created.Id}")).ShouldBe(200);
        Assert.Equal(created.Body, read.Body);
    }

    [Fact]
    public async Task A_repeated_conditional_create_is_answered_with_the_first_and_has_no_second_effect()
    {
        await using var partner = await StartAsync();
        const string Once = "If-None-Exist: identifier=http%3A%2F%2Fus%2FTask%7Ca";

        var first = (await partner.SendAsync("POST", "Task", PartnerClient.Task("a"), Once)).ShouldBe(201);
        var second = (await partner.SendAsync("POST", "Task", PartnerClient.Task("a"), Once)).ShouldBe(200);

        Assert.Equal(first.Id, second.Id);
        Assert.Equal(1, partner.Effects.Creations["http://us/Task|a"]);
        Assert.Equal(["created", "repeated"], partner.Effects.Of("|a").Select(e => e.Kind));
    }

    [Fact]
    public async Task An_update_of_another_version_is_refused_with_412()
    {
        await using var partner = await StartAsync();
        var id = (await partner.SendAsync("POST", "Task", PartnerClient.Task("a"))).Id;
        var changed = PartnerClient.Task("a", "cancelled", $",\"id\":\"{id}\"");

        (await partner.SendAsync("PUT", $"Task/{id}", changed, "If-Match: W/\"2\"")).ShouldBe(412);
        var updated = (await partner.SendAsync("PUT", $"Task/{id}", changed, "If-Match: W/\"1\"")).ShouldBe(200);

        Assert.Equal("W/\"2\"", updated.ETag);
        Assert.Equal(["requested", "cancelled"], partner.Effects.Of("|a").Select(e => e.Status));
    }

    [Fact]
    public async Task A_search_is_paged_by_next_links_and_knows_time_and_requester()
    {
        await using var partner = await StartAsync();
        foreach (var id in (string[])["a", "b", "c"])
            await partner.SendAsync("POST", "Task", PartnerClient.Task(id));
        var since = PartnerStore.Instant(partner.Store.All("Task")[0].LastUpdated);

        var page = await partner.SendAsync(
            "GET",
            $"Task?requester=http://us/Organization/clinic&_lastUpdated=ge{since}&_count=2"
        );
        var rest = await PartnerClient.SendToAsync(page.Link("next")!, "GET", null, "");

        Assert.Equal("3", page.Text("total"));
        Assert.Equal(3, page.Ids.Concat(rest.Ids).Distinct().Count());
        Assert.Null(rest.Link("next"));
        Assert.Equal("0", (await partner.SendAsync("GET", "Task?requester=Organization/other")).Text("total"));
    }

    [Theory]
    [InlineData("received")]
    [InlineData("ready")]
    public async Task A_community_organisation_refuses_the_statuses_that_Gravity_leaves_out(string status)
    {
        await using var partner = await StartAsync();

        var refused = await partner.SendAsync("POST", "Task", PartnerClient.Task("a", status));

        refused.ShouldRefuse(
            422,
            $"error business-rule: Task.status '{status}' is not in the value set of referral tasks."
        );
        Assert.Empty(partner.Effects.All);
    }

    [Fact]
    public async Task An_Epic_like_EHR_updates_Tasks_but_takes_no_new_Task_no_order_and_no_transaction()
    {
        await using var partner = await StartAsync(PartnerKind.Epic);

        foreach (var path in (string[])["Task", "ServiceRequest", ""])
            (await partner.SendAsync("POST", path, PartnerClient.Task("a"))).ShouldBe(405);
        var metadata = (await partner.SendAsync("GET", "metadata")).Json.GetProperty("rest")[0];
        var task = metadata
            .GetProperty("resource")
            .EnumerateArray()
            .First(r => r.GetProperty("type").GetString() == "Task");
        Assert.Equal(
            ["read", "search-type", "update"],
            task.GetProperty("interaction").EnumerateArray().Select(i => i.GetProperty("code").GetString())
        );
    }

    [Fact]
    public async Task A_message_that_comes_twice_is_answered_twice_and_counts_once()
    {
        await using var partner = await StartAsync(PartnerKind.Bser);
        var message =
            $$$$"""{"resourceType":"Bundle","id":"b","type":"message","entry":[{"resource":{"resourceType":"MessageHeader","id":"m1","eventCoding":{"system":"http://terminology.hl7.org/CodeSystem/v2-0003","code":"I12"},"source":{"endpoint":"http://us"}}},{"resource":{{{{PartnerClient.Task("a", "received")}}}}},{"resource":{"resourceType":"ServiceRequest","id":"a"}}]}""";

        var first = (await partner.SendAsync("POST", "$process-message", message)).ShouldBe(200);
        var second = (await partner.SendAsync("POST", "$process-message", message)).ShouldBe(200);

        Assert.Equal(first.Body, second.Body);
        Assert.Equal("m1", first.Resources.First().GetProperty("response").GetProperty("identifier").GetString());
        Assert.Equal(["created"], partner.Effects.Of("|a").Select(e => e.Kind));
    }
}
