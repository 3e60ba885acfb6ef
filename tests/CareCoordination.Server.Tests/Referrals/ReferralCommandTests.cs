using System.Globalization;
using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Referrals;

/// <summary>The commands of a request that goes to a partner.</summary>
public sealed class ReferralCommandTests(SqliteServer shared) : ServerTests(shared)
{
    private ReferralWard? _ward;

    private ReferralWard Ward => _ward ??= new ReferralWard(Server);

    [Fact]
    public async Task An_endpoint_with_an_address_and_nothing_else_is_dispatched_to()
    {
        await Ward.PutAllAsync();

        var task = (
            await Server.AskAsync($"{Ward.Request}/$dispatch", Ask.Reference("endpoint", Ward.Endpoint))
        ).ShouldBe(201);

        Assert.Equal("requested", task.Status());
        Assert.Equal($"{Server.Base}/Task/{task.Id}/_history/1", task.Location);
        Assert.Equal(Ward.Request, task.At("focus", "reference"));
        Assert.Equal(Ward.Patient, task.At("for", "reference"));
        Assert.Equal("Organization/cbo", task.At("owner", "reference"));
        var request = (await Server.GetAsync(Ward.Request)).ShouldBe(200);
        var placer = request.Json.GetProperty("identifier")[0];
        Assert.Equal(
            ("PLAC", $"{Server.Base}/ServiceRequest", Ward.Request["ServiceRequest/".Length..]),
            (
                placer.GetProperty("type").GetProperty("coding")[0].GetProperty("code").GetString(),
                placer.GetProperty("system").GetString(),
                placer.GetProperty("value").GetString()
            )
        );
        Assert.Single(await Server.ProvenanceOfAsync($"Task/{task.Id}", 1));
        Assert.Single(await Server.AuditEventsOfAsync($"Task/{task.Id}", 1));
    }

    [Fact]
    public async Task Without_an_endpoint_that_of_the_performer_is_used()
    {
        await Ward.PutAllAsync();
        var organization = $"Organization/{Given.Id("o")}";
        await Ward.PutAsync(organization, $$"""{"name":"Pantry","endpoint":[{"reference":"{{Ward.Endpoint}}"}]}""");

        var task = (
            await Server.AskAsync($"{Ward.Request}/$dispatch", Ask.Reference("performer", organization))
        ).ShouldBe(201);

        Assert.Equal(organization, task.At("owner", "reference"));
        Assert.Contains(Ward.Endpoint, task.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_to_send_it_to_changes_nothing()
    {
        await Ward.PutAllAsync();

        (await Server.AskAsync($"{Ward.Request}/$dispatch")).ShouldRefuse(
            422,
            "error not-found Parameters.parameter.where(name = 'endpoint'): Nobody knows where to send it: name an Endpoint with 'endpoint', or a performer that has an active one."
        );
        (await Server.AskAsync($"{Ward.Request}/$dispatch", Ask.Reference("endpoint", "Endpoint/none"))).ShouldRefuse(
            422,
            "error not-found Parameters.parameter.where(name = 'endpoint'): The Endpoint that 'endpoint' refers to is not here."
        );
        Assert.Empty((await Server.GetAsync($"Task?focus={Ward.Request}")).ShouldBe(200).Entries);
    }

    [Fact]
    public async Task Nothing_is_sent_to_a_host_that_is_not_on_the_list()
    {
        await Ward.PutAllAsync();
        await Ward.PutEndpointAsync(Ward.Endpoint, "https://ehr.example.org/fhir");

        (await Server.AskAsync($"{Ward.Request}/$dispatch", Ask.Reference("endpoint", Ward.Endpoint))).ShouldRefuse(
            422,
            "error business-rule Endpoint.address: The host ehr.example.org is not on the list Connectors:AllowedHosts: add it there if referrals may go to it."
        );
        Assert.Empty((await Server.GetAsync($"Task?focus={Ward.Request}")).ShouldBe(200).Entries);
    }

    [Fact]
    public async Task A_draft_goes_nowhere()
    {
        await Ward.PutAllAsync("draft");

        (await Server.AskAsync($"{Ward.Request}/$dispatch", Ask.Reference("endpoint", Ward.Endpoint))).ShouldRefuse(
            422,
            $"error business-rule ServiceRequest.status: {Ward.Request} is draft: only an active request goes to a partner."
        );
    }

    [Fact]
    public async Task A_second_request_for_the_same_is_a_duplicate_unless_it_is_meant()
    {
        await Ward.PutAllAsync();
        var first = await Ward.DispatchAsync();
        var other = $"ServiceRequest/{Given.Id("sr")}";
        await Ward.PutAsync(other, Ward.RequestJson("active"));

        (await Server.AskAsync($"{other}/$dispatch", Ask.Reference("endpoint", Ward.Endpoint))).ShouldRefuse(
            409,
            $"error duplicate ServiceRequest.code: The patient is referred for the same with Task/{first.Id}. Send 'override' as true where both are meant."
        );
        (
            await Server.AskAsync(
                $"{other}/$dispatch",
                Ask.Reference("endpoint", Ward.Endpoint),
                Ask.Value("override", "valueBoolean", "true")
            )
        ).ShouldBe(201);
    }

    [Fact]
    public async Task A_replay_answers_the_first_task_and_makes_no_second()
    {
        await Ward.PutAllAsync();
        var body = Ask.Parameters(Ask.Reference("endpoint", Ward.Endpoint));
        var key = $"Idempotency-Key: {Given.Id("k")}";

        var first = (await Server.PostAsync($"{Ward.Request}/$dispatch", body, key)).ShouldBe(201);
        var again = (await Server.PostAsync($"{Ward.Request}/$dispatch", body, key)).ShouldBe(201);

        Assert.Equal(first.Location, again.Location);
        Assert.Single((await Server.GetAsync($"Task?focus={Ward.Request}")).Entries);
    }

    [Fact]
    public async Task Many_who_dispatch_at_once_send_it_once()
    {
        await Ward.PutAllAsync();

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => Server.AskAsync($"{Ward.Request}/$dispatch", Ask.Reference("endpoint", Ward.Endpoint)))
        );

        Assert.Single(answers, a => a.Status == 201);
        Assert.All(answers.Where(a => a.Status != 201), a => Assert.Equal(409, a.Status));
        Assert.Single((await Server.GetAsync($"Task?focus={Ward.Request}")).Entries);
    }

    [Fact]
    public async Task A_redirect_calls_off_what_is_under_way_and_counts_the_attempt()
    {
        await Ward.PutAllAsync();
        var first = await Ward.DispatchAsync();
        var other = $"Endpoint/{Given.Id("e")}";
        await Ward.PutEndpointAsync(other);

        (await Server.AskAsync($"{Ward.Request}/$redirect", Ask.Reference("endpoint", other))).ShouldRefuse(
            422,
            "error business-rule Parameters.parameter.where(name = 'reason'): What is under way is called off with a reason; send the parameter 'reason'."
        );
        var second = (
            await Server.AskAsync(
                $"{Ward.Request}/$redirect",
                Ask.Reference("endpoint", other),
                Ask.Text("reason", "too slow")
            )
        ).ShouldBe(201);

        Assert.Equal("cancelled", await Server.StatusOfAsync($"Task/{first.Id}"));
        Assert.Equal("active", await Server.StatusOfAsync(Ward.Request));
        Assert.Equal(first.At("groupIdentifier"), second.At("groupIdentifier"));
        Assert.Contains("\"valuePositiveInt\":2", second.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_loop_closes_on_evidence_and_somebody_asks_later_whether_it_helped()
    {
        await Ward.PutAllAsync();
        var task = await Ward.DispatchAsync();
        (await Server.AskAsync($"{Ward.Request}/$close-loop")).ShouldRefuse(
            422,
            $"error business-rule ServiceRequest.status: Task/{task.Id} is requested: the partner still works on it. Wait, or call it off with $cancel."
        );
        (await Server.AskAsync($"Task/{task.Id}/$accept")).ShouldBe(200);
        (await Server.AskAsync($"Task/{task.Id}/$complete")).ShouldBe(200);
        (await Server.AskAsync($"{Ward.Request}/$close-loop")).ShouldRefuse(
            422,
            "error business-rule Task.output: Completed without an output: name a report with 'report', or send 'waive' as true with a reason."
        );

        var closed = (
            await Server.AskAsync($"{Ward.Request}/$close-loop", Ask.Reference("report", "DocumentReference/r"))
        ).ShouldBe(200);

        Assert.Equal("completed", closed.Status());
        var ask = Assert.Single(
            (await Server.GetAsync($"Task?based-on={Ward.Request}&code=ask-whether-it-helped")).Resources
        );
        Assert.Equal("requested", ask.GetProperty("status").GetString());
        var done = await Server.GetAsync($"Task/{task.Id}");
        Assert.Equal(
            "DocumentReference/r",
            done.Json.GetProperty("output")[0].GetProperty("valueReference").GetProperty("reference").GetString()
        );
    }

    [Fact]
    public async Task A_decline_that_came_by_telephone_asks_for_another_partner_too()
    {
        await Ward.PutAllAsync();
        var task = await Ward.DispatchAsync();

        (await Server.AskAsync($"Task/{task.Id}/$reject", Ask.Text("reason", "no staff"))).ShouldBe(200);

        Assert.Equal(["reroute"], await Ward.WorkAsync());
        Assert.Equal("active", await Server.StatusOfAsync(Ward.Request));
        Assert.Single(await Server.ProvenanceOfAsync($"Task/{task.Id}", 2));
    }

    [Fact]
    public async Task Calling_off_needs_a_reason_and_cancels_the_task()
    {
        await Ward.PutAllAsync();
        var task = await Ward.DispatchAsync();

        (await Server.AskAsync($"{Ward.Request}/$cancel")).ShouldRefuse(
            422,
            "error business-rule Parameters.parameter: $cancel needs a reason; send the parameter 'reason'."
        );
        (await Server.AskAsync($"{Ward.Request}/$cancel", Ask.Text("reason", "moved"))).ShouldBe(200);

        Assert.Equal("cancelled", await Server.StatusOfAsync($"Task/{task.Id}"));
    }

    [Fact]
    public async Task A_request_that_went_to_nobody_is_revoked_at_once()
    {
        await Ward.PutAllAsync();

        var cancelled = (await Server.AskAsync($"{Ward.Request}/$cancel", Ask.Text("reason", "moved"))).ShouldBe(200);

        Assert.Equal("revoked", cancelled.Status());
    }

    [Fact]
    public async Task The_status_tells_both_axes_in_the_order_of_time()
    {
        await Ward.PutAllAsync();
        var task = await Ward.DispatchAsync();
        (await Server.AskAsync($"Task/{task.Id}/$accept")).ShouldBe(200);

        var status = (await Server.GetAsync($"{Ward.Request}/$status")).ShouldBe(200);

        var parameters = status.Json.GetProperty("parameter").EnumerateArray().ToArray();
        Assert.Equal(
            ["request", "status", "attempts", "loopClosed", "attempt"],
            parameters.Select(p => p.GetProperty("name").GetString()!).Where(n => n != "event")
        );
        var events = parameters
            .Where(p => p.GetProperty("name").GetString() == "event")
            .Select(e => e.GetProperty("part").EnumerateArray().ToArray())
            .ToArray();
        Assert.Equal(
            ["active", "requested", "accepted"],
            events.Where(e => Part(e, "axis") == "business").Select(e => Part(e, "status"))
        );
        Assert.Contains(
            events,
            e => Part(e, "axis") == "delivery" && Part(e, "message") == "send" && Part(e, "state") == "queued"
        );
        var times = events.Select(e => DateTimeOffset.Parse(Part(e, "at")!, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(times.Order(), times);

        static string? Part(JsonElement[] parts, string name) =>
            parts
                .Where(p => p.GetProperty("name").GetString() == name)
                .Select(p => p.EnumerateObject().First(v => v.Name.StartsWith("value", StringComparison.Ordinal)).Value)
                .Select(v => v.ToString())
                .FirstOrDefault();
    }
}
