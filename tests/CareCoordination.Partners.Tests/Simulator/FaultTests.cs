using System.Net.Sockets;
using System.Text;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Partners.Tests.Simulator;

/// <summary>Scripted faults do what they say, and tell afterwards whether the partner had the request.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private SimulatedPartner _partner = null!;

    public async ValueTask InitializeAsync() =>
        _partner = await SimulatedPartner.StartAsync(
            new SimulatorOptions { Silence = TimeSpan.FromMilliseconds(50), Slowness = TimeSpan.FromMilliseconds(20) }
        );

    public ValueTask DisposeAsync() => _partner.DisposeAsync();

    [Theory]
    [InlineData(Fault.DropBefore, 0)]
    [InlineData(Fault.DropAfter, 1)]
    [InlineData(Fault.LoseAnswer, 1)]
    public async Task A_line_that_breaks_breaks_before_or_after_the_effect(Fault fault, int effects)
    {
        _partner.Faults.Next(fault);

        await Assert.ThrowsAsync<HttpRequestException>(() => CreateAsync());

        Assert.Equal(effects, _partner.Effects.All.Count);
        (await CreateAsync()).ShouldBe(201);
    }

    [Theory]
    [InlineData(Fault.TooManyRequests, 429, 0)]
    [InlineData(Fault.ServerError, 503, 0)]
    [InlineData(Fault.Refuse, 400, 0)]
    [InlineData(Fault.ExpiredToken, 401, 0)]
    [InlineData(Fault.Slow, 201, 1)]
    [InlineData(Fault.WrongETag, 201, 1)]
    [InlineData(Fault.PatientPending, 201, 1)]
    public async Task Other_faults_answer(Fault fault, int status, int effects)
    {
        _partner.Faults.Next(fault);

        var answer = (await CreateAsync()).ShouldBe(status);

        Assert.Equal(effects, _partner.Effects.All.Count);
        Assert.Equal(fault == Fault.TooManyRequests ? "1" : null, answer.Header("Retry-After"));
        if (effects == 1)
            Assert.Equal(fault == Fault.WrongETag ? "W/\"999\"" : "W/\"1\"", answer.ETag);
    }

    [Fact]
    public async Task A_fault_waits_for_the_request_that_it_fits()
    {
        _partner.Faults.Next(Fault.ServerError, method: "PUT");

        var id = (await CreateAsync()).ShouldBe(201).Id;
        (await _partner.SendAsync("PUT", $"Task/{id}", PartnerClient.Task("a"))).ShouldBe(503);
    }

    [Fact]
    public async Task A_cancellation_that_comes_too_late_meets_a_Task_that_is_completed()
    {
        var id = (await CreateAsync()).Id;
        _partner.Faults.Next(Fault.CompleteFirst, method: "PUT");
        var cancelled = PartnerClient.Task("a", "cancelled", $",\"id\":\"{id}\"");

        (await _partner.SendAsync("PUT", $"Task/{id}", cancelled, "If-Match: W/\"1\"")).ShouldBe(412);

        Assert.Equal(["requested", "completed"], _partner.Effects.All.Select(e => e.Status));
        Assert.Single(_partner.Store.All("Procedure"));
    }

    [Fact]
    public async Task A_lagging_replica_shows_the_version_before()
    {
        var id = (await CreateAsync()).Id;
        _partner.Recipient.Do("accept", $"Task/{id}");
        _partner.Faults.Next(Fault.OldVersion);

        var old = await _partner.SendAsync("GET", "Task");
        var current = await _partner.SendAsync("GET", "Task");

        Assert.Equal("requested", old.Resources.Single().GetProperty("status").GetString());
        Assert.Equal("accepted", current.Resources.Single().GetProperty("status").GetString());
    }

    [Fact]
    public void The_same_seed_brings_the_same_faults()
    {
        var first = new FaultScript(0.3, seed: 5);
        var second = new FaultScript(0.3, seed: 5);

        var sequence = Enumerable.Range(0, 1000).Select(_ => first.Take("POST", "Task")).ToList();

        Assert.Equal(sequence, Enumerable.Range(0, 1000).Select(_ => second.Take("POST", "Task")));
        Assert.InRange(sequence.Count(f => f != Fault.None), 250, 350);
        Assert.Equal(FaultScript.Mix.Order(), sequence.Where(f => f != Fault.None).Distinct().Order());
    }

    [Fact]
    public async Task The_script_is_changed_and_the_people_are_moved_over_HTTP()
    {
        var id = (await CreateAsync()).Id;

        await PostAsync("_script", """{"fault":"ServerError","path":"Task"}""", 200);
        (await _partner.SendAsync("GET", $"Task/{id}")).ShouldBe(503);
        await PostAsync("_recipient", """{"step":"accept","referral":"a"}""", 200);
        await PostAsync("_recipient", """{"step":"wave","referral":"a"}""", 400);
        await PostAsync("_recipient", """{"step":"accept","referral":"unknown"}""", 404);

        var effects = await PartnerClient.SendToAsync($"{_partner.Root}/_effects", "GET", null, "");
        Assert.Equal(
            ["requested", "accepted"],
            effects.Json.EnumerateArray().Select(e => e.GetProperty("status").GetString())
        );
    }

    [Fact]
    public async Task A_v2_endpoint_files_a_referral_once_and_acknowledges_each_copy()
    {
        await using var partner = await SimulatedPartner.StartAsync(new SimulatorOptions { Kind = PartnerKind.V2 });
        const string Referral =
            "MSH|^~\\&|US|CLINIC|THEM|EHR|20260105||REF^I12^REF_I12|C1|P|2.5.1\rRF1|P|R|||| 7^^http://us/Task\rPID|1||1||Hollowell^Edda\r";

        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", new Uri(partner.Mllp!).Port);
        var answers = new[]
        {
            await ExchangeAsync(client, Referral),
            await ExchangeAsync(client, Referral),
            await ExchangeAsync(client, "MSH|^~\\&|US|CLINIC|THEM|EHR|20260105||ADT^A01|C2|P|2.5.1\r"),
        };

        Assert.Equal(answers[0], answers[1]);
        Assert.Contains("MSA|AA|C1", answers[0], StringComparison.Ordinal);
        Assert.Contains("MSA|AR|C2", answers[2], StringComparison.Ordinal);
        Assert.Single(partner.Effects.All);
    }

    private Task<Answer> CreateAsync() => _partner.SendAsync("POST", "Task", PartnerClient.Task("a"));

    private async Task PostAsync(string path, string body, int status) =>
        (await PartnerClient.SendToAsync($"{_partner.Root}/{path}", "POST", body, "application/json")).ShouldBe(status);

    private static async Task<string> ExchangeAsync(TcpClient client, string message)
    {
        var stream = client.GetStream();
        await stream.WriteAsync((byte[])[0x0B, .. Encoding.UTF8.GetBytes(message), 0x1C, 0x0D]);
        var answer = new List<byte>();
        var buffer = new byte[1];
        while (answer is not [.., 0x1C, 0x0D] && await stream.ReadAsync(buffer) == 1)
            answer.Add(buffer[0]);
        return Encoding.UTF8.GetString([.. answer]).Trim('\v', '\u001c', '\r');
    }
}
