using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Referrals;

/// <summary>The commands of a request that goes to a partner.</summary>
public sealed class ReferralCommandTests(SqliteServer shared) : ServerTests(shared)
{
    private readonly string _patient = $"Patient/{Given.Id("p")}";
    private readonly string _request = $"ServiceRequest/{Given.Id("sr")}";
    private readonly string _endpoint = $"Endpoint/{Given.Id("e")}";

    [Fact]
    public async Task An_endpoint_with_an_address_and_nothing_else_is_dispatched_to()
    {
        await PutAllAsync();

        var task = (await Server.AskAsync($"{_request}/$dispatch", Ask.Reference("endpoint", _endpoint))).ShouldBe(201);

        Assert.Equal("requested", task.Status());
        Assert.Equal($"{Server.Base}/Task/{task.Id}/_history/1", task.Location);
        Assert.Equal(_request, task.At("focus", "reference"));
        Assert.Equal(_patient, task.At("for", "reference"));
        Assert.Equal("Organization/cbo", task.At("owner", "reference"));
        var request = (await Server.GetAsync(_request)).ShouldBe(200);
        var placer = request.Json.GetProperty("identifier")[0];
        Assert.Equal(
            ("PLAC", $"{Server.Base}/ServiceRequest", _request["ServiceRequest/".Length..]),
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
        await PutAllAsync();
        var organization = $"Organization/{Given.Id("o")}";
        await PutAsync(organization, $$"""{"name":"Pantry","endpoint":[{"reference":"{{_endpoint}}"}]}""");

        var task = (await Server.AskAsync($"{_request}/$dispatch", Ask.Reference("performer", organization))).ShouldBe(
            201
        );

        Assert.Equal(organization, task.At("owner", "reference"));
        Assert.Contains(_endpoint, task.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_to_send_it_to_changes_nothing()
    {
        await PutAllAsync();

        (await Server.AskAsync($"{_request}/$dispatch")).ShouldRefuse(
            422,
            "error not-found Parameters.parameter: Nobody knows where to send it: name an Endpoint with 'endpoint', or a performer that has an active one."
        );
        (await Server.AskAsync($"{_request}/$dispatch", Ask.Reference("endpoint", "Endpoint/none"))).ShouldRefuse(
            422,
            "error not-found Parameters.parameter: The Endpoint that 'endpoint' refers to is not here."
        );
        Assert.Empty((await Server.GetAsync($"Task?focus={_request}")).ShouldBe(200).Entries);
    }

    [Fact]
    public async Task A_draft_goes_nowhere()
    {
        await PutAllAsync("draft");

        (await Server.AskAsync($"{_request}/$dispatch", Ask.Reference("endpoint", _endpoint))).ShouldRefuse(
            422,
            $"error business-rule ServiceRequest.status: {_request} is draft: only an active request goes to a partner."
        );
    }

    [Fact]
    public async Task A_second_request_for_the_same_is_a_duplicate_unless_it_is_meant()
    {
        await PutAllAsync();
        var first = await DispatchAsync();
        var other = $"ServiceRequest/{Given.Id("sr")}";
        await PutAsync(other, RequestJson("active"));

        (await Server.AskAsync($"{other}/$dispatch", Ask.Reference("endpoint", _endpoint))).ShouldRefuse(
            409,
            $"error duplicate ServiceRequest.code: The patient is referred for the same with Task/{first.Id}. Send 'override' as true where both are meant."
        );
        (
            await Server.AskAsync(
                $"{other}/$dispatch",
                Ask.Reference("endpoint", _endpoint),
                Ask.Value("override", "valueBoolean", "true")
            )
        ).ShouldBe(201);
    }

    [Fact]
    public async Task A_replay_answers_the_first_task_and_makes_no_second()
    {
        await PutAllAsync();
        var body = Ask.Parameters(Ask.Reference("endpoint", _endpoint));
        var key = $"Idempotency-Key: {Given.Id("k")}";

        var first = (await Server.PostAsync($"{_request}/$dispatch", body, key)).ShouldBe(201);
        var again = (await Server.PostAsync($"{_request}/$dispatch", body, key)).ShouldBe(201);

        Assert.Equal(first.Location, again.Location);
        Assert.Single((await Server.GetAsync($"Task?focus={_request}")).Entries);
    }

    [Fact]
    public async Task Many_who_dispatch_at_once_send_it_once()
    {
        await PutAllAsync();

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => Server.AskAsync($"{_request}/$dispatch", Ask.Reference("endpoint", _endpoint)))
        );

        Assert.Single(answers, a => a.Status == 201);
        Assert.All(answers.Where(a => a.Status != 201), a => Assert.Equal(409, a.Status));
        Assert.Single((await Server.GetAsync($"Task?focus={_request}")).Entries);
    }

    [Fact]
    public async Task A_redirect_calls_off_what_is_under_way_and_counts_the_attempt()
    {
        await PutAllAsync();
        var first = await DispatchAsync();
        var other = $"Endpoint/{Given.Id("e")}";
        await PutEndpointAsync(other);

        (await Server.AskAsync($"{_request}/$redirect", Ask.Reference("endpoint", other))).ShouldRefuse(
            422,
            "error business-rule Parameters.parameter: What is under way is called off with a reason; send the parameter 'reason'."
        );
        var second = (
            await Server.AskAsync(
                $"{_request}/$redirect",
                Ask.Reference("endpoint", other),
                Ask.Text("reason", "too slow")
            )
        ).ShouldBe(201);

        Assert.Equal("cancelled", await Server.StatusOfAsync($"Task/{first.Id}"));
        Assert.Equal("active", await Server.StatusOfAsync(_request));
        Assert.Equal(first.At("groupIdentifier"), second.At("groupIdentifier"));
        Assert.Contains("\"valuePositiveInt\":2", second.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_loop_closes_on_evidence_and_somebody_asks_later_whether_it_helped()
    {
        await PutAllAsync();
        var task = await DispatchAsync();
        (await Server.AskAsync($"{_request}/$close-loop")).ShouldRefuse(
            422,
            $"error business-rule ServiceRequest.status: Task/{task.Id} is requested: the partner still works on it. Wait, or call it off with $cancel."
        );
        (await Server.AskAsync($"Task/{task.Id}/$accept")).ShouldBe(200);
        (await Server.AskAsync($"Task/{task.Id}/$complete")).ShouldBe(200);
        (await Server.AskAsync($"{_request}/$close-loop")).ShouldRefuse(
            422,
            "error business-rule Task.output: Completed without an output: name a report with 'report', or send 'waive' as true with a reason."
        );

        var closed = (
            await Server.AskAsync($"{_request}/$close-loop", Ask.Reference("report", "DocumentReference/r"))
        ).ShouldBe(200);

        Assert.Equal("completed", closed.Status());
        var ask = Assert.Single(
            (await Server.GetAsync($"Task?based-on={_request}&code=ask-whether-it-helped")).Resources
        );
        Assert.Equal("requested", ask.GetProperty("status").GetString());
        var done = await Server.GetAsync($"Task/{task.Id}");
        Assert.Equal(
            "DocumentReference/r",
            done.Json.GetProperty("output")[0].GetProperty("valueReference").GetProperty("reference").GetString()
        );
    }

    [Fact]
    public async Task Calling_off_needs_a_reason_and_cancels_the_task()
    {
        await PutAllAsync();
        var task = await DispatchAsync();

        (await Server.AskAsync($"{_request}/$cancel")).ShouldRefuse(
            422,
            "error business-rule Parameters.parameter: $cancel needs a reason; send the parameter 'reason'."
        );
        (await Server.AskAsync($"{_request}/$cancel", Ask.Text("reason", "moved"))).ShouldBe(200);

        Assert.Equal("cancelled", await Server.StatusOfAsync($"Task/{task.Id}"));
    }

    [Fact]
    public async Task A_request_that_went_to_nobody_is_revoked_at_once()
    {
        await PutAllAsync();

        var cancelled = (await Server.AskAsync($"{_request}/$cancel", Ask.Text("reason", "moved"))).ShouldBe(200);

        Assert.Equal("revoked", cancelled.Status());
    }

    private async Task<Answer> DispatchAsync() =>
        (await Server.AskAsync($"{_request}/$dispatch", Ask.Reference("endpoint", _endpoint))).ShouldBe(201);

    private async Task PutAllAsync(string status = "active")
    {
        await PutAsync(_patient, """{"name":[{"family":"Lindqvist"}]}""");
        await PutAsync(_request, RequestJson(status));
        await PutEndpointAsync(_endpoint);
    }

    private Task PutEndpointAsync(string endpoint) =>
        PutAsync(
            endpoint,
            """{"status":"active","connectionType":{"system":"http://terminology.hl7.org/CodeSystem/endpoint-connection-type","code":"hl7-fhir-rest"},"payloadType":[{"text":"any"}],"address":"http://127.0.0.1:9/fhir","managingOrganization":{"reference":"Organization/cbo"}}"""
        );

    private string RequestJson(string status) =>
        $$$"""{"status":"{{{status}}}","intent":"order","code":{"text":"Food","coding":[{"system":"http://snomed.info/sct","code":"710925007"}]},"subject":{"reference":"{{{_patient}}}"}}""";

    private async Task PutAsync(string reference, string json)
    {
        var parts = reference.Split('/');
        var resource = $$"""{"resourceType":"{{parts[0]}}","id":"{{parts[1]}}",{{json[1..]}}""";
        var answer = await Server.PutAsync(reference, resource);
        Assert.True(answer.Status is 200 or 201, answer.Body);
    }
}
