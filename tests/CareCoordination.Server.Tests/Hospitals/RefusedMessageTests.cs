using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CareCoordination.Application.Retention;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Hospitals;

/// <summary>What a hospital sent and was refused is there for an operator, who corrects it and has it taken in.</summary>
public abstract class RefusedMessageTests : IAsyncLifetime
{
    private readonly ShiftedClock _clock = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    private TestServer _server = null!;

    public sealed class OnSqlite : RefusedMessageTests
    {
        protected override Task<TestServer> StartAsync(TimeProvider time, params string[] settings) =>
            TestServer.OnSqliteAsync(time, settings);
    }

    public sealed class OnPostgreSql : RefusedMessageTests
    {
        protected override Task<TestServer> StartAsync(TimeProvider time, params string[] settings) =>
            PostgreSqlServer.NewAsync(time, settings);
    }

    public async ValueTask InitializeAsync() =>
        _server = await StartAsync(
            _clock,
            [
                .. Hl7Kit.Settings,
                "--Care:Retention:Enabled=false",
                "--Care:Retention:RefusedPerSender=3",
                "--Care:Retention:RefusedBytes=3000",
                "--Care:Retention:RefusedDays=10",
            ]
        );

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _server is null ? ValueTask.CompletedTask : _server.DisposeAsync();
    }

    protected abstract Task<TestServer> StartAsync(TimeProvider time, params string[] settings);

    /// <summary>What is changed in a discharge, who is then known to have sent it, and where the fault is.</summary>
    public static TheoryData<string, string, string, string> Faults =>
        new()
        {
            { "EPICADT", "NOBODY", "hl7v2", "MSH-3" },
            { "NMRN", "WHO", "north", "PID-3.4" },
            { "NCSN", "WHO", "north", "PV1-19.4" },
            { "|01|", "|MARS|", "north", "PV1-36" },
            { "PV1||I|", "PV1||?|", "north", "PV1-2" },
            { "20261120100500", "20991120100500", "north", "PV1-45" },
            { "20261120100500", "yesterday", "north", "PV1-45" },
            { "19480317", "19481350", "north", "PID-7" },
            { "PID|||", "pid|||", "north", "segment" },
            { "^Ada|", "^Ad\u00e9|", "north", "" },
            { "|P|2.5.1", "|T|2.5.1", "north", "MSH-11" },
            { "|P|2.5.1", "|P|3.0", "north", "MSH-12" },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task What_is_refused_is_told_with_its_sender_and_its_place_by_either_door(
        string what,
        string by,
        string sender,
        string place
    )
    {
        foreach (var isMllp in (bool[])[false, true])
        {
            var (patient, visit) = (Given.Id("p"), Given.Id("v"));
            var control = Given.Id("c");
            // Latin letters in a message that says that its letters are of UTF-8.
            var bytes = Encoding.Latin1.GetBytes(
                Hl7Kit.Discharge(control, patient, visit).Replace(what, by, StringComparison.Ordinal)
            );

            var answer = isMllp ? await MllpAsync(bytes) : (await Hl7Async(bytes)).Body;

            Assert.Matches("^MSA.A[ER]", answer.Split('\r').First(l => l.StartsWith("MSA", StringComparison.Ordinal)));
            var kept = Assert.Single(await ListAsync(), m => m["name"] == control);
            Assert.Equal(("refused", "hl7v2"), (kept["state"], kept["door"]));
            Assert.Equal(sender == "hl7v2" ? null : sender, kept.GetValueOrDefault("sender"));
            Assert.Contains(place, kept["reason"], StringComparison.Ordinal);
            Assert.False(kept.ContainsKey("content"));
            Assert.DoesNotContain(patient, JsonSerializer.Serialize(kept), StringComparison.Ordinal);
            var shown = await ShowAsync(kept["id"]);
            Assert.Equal("x-application/hl7-v2+er7", shown["contentType"]);
            Assert.Equal(bytes, Convert.FromBase64String(shown["content"]));
            await NothingIsThereAsync(visit);
            Assert.Contains(await ListAsync(sender), m => m["name"] == control);
            Assert.DoesNotContain(await ListAsync("fhir"), m => m["name"] == control);
        }
    }

    [Fact]
    public async Task A_frame_that_breaks_off_is_there_as_far_as_it_came()
    {
        var discharge = Hl7Kit.Discharge("cut-1", Given.Id("p"), Given.Id("v"));
        using var line = await Hl7Kit.ConnectAsync(_server);
        await line.SendBytesAsync("\u000b" + discharge[..^30]);
        line.HalfClose();
        Assert.Contains("MSA|AE|cut-1", await line.ReceiveAsync(), StringComparison.Ordinal);

        var kept = Assert.Single(await ListAsync("north"), m => m["name"] == "cut-1");
        Assert.Equal(
            discharge[..^30],
            Encoding.UTF8.GetString(Convert.FromBase64String((await ShowAsync(kept["id"]))["content"]))
        );
    }

    [Theory]
    [InlineData("ADT^A03", "ADT^A60")]
    [InlineData("ADT^A03", "ORU^R01")]
    [InlineData("", "")]
    public async Task What_is_taken_or_of_a_kind_that_is_not_is_not_kept(string what, string by)
    {
        var message = Hl7Kit.Discharge(Given.Id("c"), Given.Id("p"), Given.Id("v"));
        await Hl7Async(
            Encoding.UTF8.GetBytes(what.Length == 0 ? message : message.Replace(what, by, StringComparison.Ordinal))
        );

        Assert.Empty(await ListAsync());
    }

    /// <summary>What is changed in a discharge, and where the fault is.</summary>
    public static TheoryData<string, string, string> Broken =>
        new()
        {
            { ",\"timestamp\":\"2026-11-20T16:10:00Z\"", "", "Bundle.timestamp" },
            { ",\"end\":\"2026-11-20T16:05:00Z\"", "", "Encounter.period.end" },
            { "2026-11-20T16:05:00Z", "2999-11-20T16:05:00Z", "Encounter.period.end" },
            { "\"status\":\"finished\"", "\"status\":\"over\"", "resource.status" },
            { "\"focus\":", "\"focuss\":", "MessageHeader" },
            { "\"birthDate\":\"1948-03-17\"", "\"birthDate\":17", "birthDate" },
            { "\"type\":\"message\"", "\"type\":\"collection\"", "Bundle.type" },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_is_refused_of_FHIR_is_told_by_each_operation(string what, string by, string element)
    {
        foreach (var door in (string[])["$submit-transition", "$process-message", "$submit-transition?"])
        {
            var hospital = new Hospital();
            var sent = hospital.Discharge("2026-11-20T16:10:00Z").Replace(what, by, StringComparison.Ordinal);
            // The body may be the parameter itself.
            if (door.EndsWith('?'))
                sent = Ask.Parameters($"{{\"name\":\"content\",\"resource\":{sent}}}");

            var answer = await _server.PostAsync(door.TrimEnd('?'), sent);

            Assert.InRange(answer.Status, 400, 422);
            var kept = (await ListAsync())[0];
            Assert.Equal(("refused", "fhir"), (kept["state"], kept["door"]));
            Assert.Contains(element, kept["reason"], StringComparison.Ordinal);
            var shown = await ShowAsync(kept["id"]);
            Assert.Equal("application/fhir+json", shown["contentType"]);
            Assert.Equal(sent, Encoding.UTF8.GetString(Convert.FromBase64String(shown["content"])));
            Assert.Empty(
                (await _server.GetAsync($"Encounter?identifier=urn:hospital:visit|{hospital.Visit}")).Resources
            );
        }
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"resourceType":"Patient"}""")]
    [InlineData("""{"resourceType":"Bundle","type":"message","entry":"x"}""")]
    [InlineData("""{"resourceType":"Bundle","type":"message","entry":[1,{"resource":"x"},{"resource":{}}]}""")]
    [InlineData("""{"resourceType":"Bundle","type":"message","entry":[{"resource":{"resourceType":"Patient"}}]}""")]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"name":"content","resource":[1]}]}""")]
    [InlineData("""{"resourceType":"Parameters","parameter":{"name":"content"}}""")]
    public async Task What_tells_of_no_stay_is_refused_and_not_kept(string body)
    {
        foreach (var door in (string[])["$submit-transition", "$process-message"])
            Assert.InRange((await _server.PostAsync(door, body)).Status, 400, 422);

        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task What_comes_again_and_again_is_there_once_and_of_more_than_so_many_the_newest()
    {
        var unknown = Hl7Kit.Discharge("known-1", "1", "1").Replace("NMRN", "WHO", StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
            await Hl7Async(Encoding.UTF8.GetBytes(unknown));
        for (var i = 0; i < 5; i++)
        {
            var nobody = Hl7Kit
                .Discharge($"nobody-{i}", "1", "1")
                .Replace("EPICADT", $"X{i}", StringComparison.Ordinal);
            await Hl7Async(Encoding.UTF8.GetBytes(nobody));
        }

        Assert.Equal(["known-1"], (await ListAsync("north")).Select(m => m["name"]));
        Assert.Equal(["nobody-4", "nobody-3", "nobody-2"], (await ListAsync("hl7v2")).Select(m => m["name"]));
        Assert.Equal(["nobody-4", "nobody-3", "nobody-2", "known-1"], (await ListAsync()).Select(m => m["name"]));
        var first = (await _server.GetAsync("$transition-messages?count=3")).ShouldBe(200);
        Assert.Equal(["nobody-4", "nobody-3", "nobody-2"], Messages(first).Select(m => m["name"]));
        var next = first.Json.GetProperty("parameter").EnumerateArray().Last().GetProperty("valueUrl").GetString()!;
        Assert.Equal(["known-1"], Messages((await _server.GetAsync(next)).ShouldBe(200)).Select(m => m["name"]));
    }

    [Fact]
    public async Task Of_what_is_too_long_it_is_kept_that_it_was_refused()
    {
        var visit = Given.Id("v");
        var right = Hl7Kit.Discharge("long-1", Given.Id("p"), visit);
        var wrong = right.Replace("|01|", "|MARS|", StringComparison.Ordinal) + $"NTE|1||{new string('x', 3000)}\r";
        Assert.Equal(422, (await Hl7Async(Encoding.UTF8.GetBytes(wrong))).Status);

        var kept = Assert.Single(await ListAsync());
        Assert.Equal("false", kept["isKept"]);
        Assert.False((await ShowAsync(kept["id"])).ContainsKey("content"));
        (await ReplayAsync(kept["id"])).ShouldRefuse(
            422,
            "error business-rule: What came was too long to be kept: send the message as 'content'."
        );
        (await ReplayAsync(kept["id"], Bytes(right))).ShouldBe(200);
        await OneStayAsync(visit);
    }

    [Fact]
    public async Task A_corrected_message_is_taken_in_once_and_the_record_says_who_had_it_taken_in()
    {
        var (patient, visit, control) = (Given.Id("p"), Given.Id("v"), Given.Id("c"));
        var right = Hl7Kit.Discharge(control, patient, visit);
        await Hl7Async(Encoding.UTF8.GetBytes(right.Replace("|01|", "|MARS|", StringComparison.Ordinal)));
        var kept = Assert.Single(await ListAsync());

        // As it came it is refused as before, and stays where it is.
        Assert.Contains("PV1-36", (await ReplayAsync(kept["id"])).ShouldBe(422).Issues[0], StringComparison.Ordinal);
        Assert.Single(await ListAsync());
        var done = await ReplayAsync(
            kept["id"],
            Bytes(right),
            Ask.Text("reason", "The ward meant home"),
            Ask.Reference("practitioner", "Practitioner/operator")
        );

        var told = Assert.Single(Messages(done.ShouldBe(200)));
        Assert.Equal("replayed", told["state"]);
        Assert.StartsWith("Taken in by Practitioner/operator.", told["reason"], StringComparison.Ordinal);
        var record = (await _server.GetAsync(told["task"])).ShouldBe(200).Json;
        Assert.Equal("completed", record.GetProperty("status").GetString());
        var note = record.GetProperty("note")[0];
        Assert.Equal("Taken in at the word of an operator: The ward meant home", note.GetProperty("text").GetString());
        Assert.Equal("Practitioner/operator", note.GetProperty("authorReference").GetProperty("reference").GetString());
        Assert.Contains(
            await _server.ProvenanceOfAsync(told["task"], 1),
            p =>
                p.GetProperty("agent")[0].GetProperty("who").GetProperty("reference").GetString()
                == "Practitioner/operator"
        );
        Assert.Empty(await ListAsync());
        Assert.Single(await ListAsync(state: "replayed"));
        Assert.False((await ShowAsync(kept["id"])).ContainsKey("content"));
        await OneStayAsync(visit);

        // Once more it is what it is; with something new nothing is done; and the hospital's own correction is the same message.
        Assert.Equal(told, Assert.Single(Messages((await ReplayAsync(kept["id"])).ShouldBe(200))));
        (await ReplayAsync(kept["id"], Bytes(right))).ShouldRefuse(
            422,
            $"error business-rule: The message was taken in already as {told["task"]}: nothing was done."
        );
        Assert.Contains("MSA|AA", (await Hl7Async(Encoding.UTF8.GetBytes(right))).Body, StringComparison.Ordinal);
        await OneStayAsync(visit);
        // What was refused is refused again, and there is nothing new for an operator.
        await Hl7Async(Encoding.UTF8.GetBytes(right.Replace("|01|", "|MARS|", StringComparison.Ordinal)));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task A_replay_that_is_sent_again_under_its_key_gets_the_same_answer_and_does_nothing()
    {
        var visit = Given.Id("v");
        var right = Hl7Kit.Discharge(Given.Id("c"), Given.Id("p"), visit);
        await Hl7Async(Encoding.UTF8.GetBytes(right.Replace("|01|", "|MARS|", StringComparison.Ordinal)));
        var kept = Assert.Single(await ListAsync());
        var body = Ask.Parameters(Ask.Text("message", kept["id"]), Bytes(right));
        var key = "Idempotency-Key: " + Guid.NewGuid();

        var first = (await _server.PostAsync("$replay-message", body, key)).ShouldBe(200);
        var again = (await _server.PostAsync("$replay-message", body, key)).ShouldBe(200);

        Assert.Equal(Messages(first)[0]["task"], Messages(again)[0]["task"]);
        await OneStayAsync(visit);
    }

    [Fact]
    public async Task What_was_refused_for_a_cause_that_has_passed_is_taken_in_as_it_came()
    {
        // A clock that is ahead: the discharge is of tomorrow.
        var hospital = new Hospital { End = "2026-11-24T16:05:00Z" };
        foreach (var door in (string[])["$process-message", "$submit-transition"])
            (await _server.PostAsync(door, hospital.Discharge("2026-11-23T12:00:00Z"))).ShouldBe(422);
        var v2 = Hl7Kit.Adt(
            "A03",
            "ahead",
            Given.Id("p"),
            Given.Id("v"),
            at: "20261123100000",
            end: "20261124100000",
            disposition: "01"
        );
        Assert.Equal(422, (await Hl7Async(Encoding.UTF8.GetBytes(v2))).Status);
        var all = await ListAsync();
        Assert.Equal(3, all.Length);

        _clock.Advance(TimeSpan.FromDays(2));

        foreach (var message in all)
            Assert.Equal("replayed", Messages((await ReplayAsync(message["id"])).ShouldBe(200))[0]["state"]);
        Assert.Empty(await ListAsync());
        var stay = Assert.Single(
            (await _server.GetAsync($"Encounter?identifier=urn:hospital:visit|{hospital.Visit}")).Resources
        );
        Assert.Equal("finished", stay.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Operators_and_the_hospital_at_once_make_one_stay_and_one_plan()
    {
        var visit = Given.Id("v");
        var right = Hl7Kit.Discharge(Given.Id("c"), Given.Id("p"), visit);
        await Hl7Async(Encoding.UTF8.GetBytes(right.Replace("|01|", "|MARS|", StringComparison.Ordinal)));
        var kept = Assert.Single(await ListAsync());

        var replaying = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReplayAsync(kept["id"], Bytes(right))));
        var sending = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Hl7Async(Encoding.UTF8.GetBytes(right))));
        var (replays, sent) = (await replaying, await sending);

        // One that came when another had ended says so.
        Assert.All(replays, r => Assert.Contains(r.Status, new[] { 200, 422 }));
        Assert.Contains(replays, r => r.Status == 200);
        Assert.All(sent, s => Assert.Equal(200, s.Status));
        await OneStayAsync(visit);
    }

    [Fact]
    public async Task What_is_discarded_is_forgotten_and_cannot_be_taken_in()
    {
        var right = Hl7Kit.Discharge(Given.Id("c"), Given.Id("p"), Given.Id("v"));
        var wrong = Encoding.UTF8.GetBytes(right.Replace("|01|", "|MARS|", StringComparison.Ordinal));
        await Hl7Async(wrong);
        var kept = Assert.Single(await ListAsync());

        (await _server.AskAsync("$discard-message", Ask.Text("message", kept["id"]))).ShouldBe(422);
        var discard = (string[])[Ask.Text("message", kept["id"]), Ask.Text("reason", "A test of theirs.")];
        var done = (await _server.AskAsync("$discard-message", discard)).ShouldBe(200);

        var told = Assert.Single(Messages(done));
        Assert.Equal("discarded", told["state"]);
        Assert.StartsWith(
            "Discarded by open server: A test of theirs. It was refused: PV1-36",
            told["reason"],
            StringComparison.Ordinal
        );
        Assert.False((await ShowAsync(kept["id"])).ContainsKey("content"));
        Assert.Equal(
            told,
            Assert.Single(Messages((await _server.AskAsync("$discard-message", discard)).ShouldBe(200)))
        );
        (await ReplayAsync(kept["id"], Bytes(right))).ShouldRefuse(
            422,
            "error business-rule: The message was discarded: nothing was done."
        );
        await Hl7Async(wrong);
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task What_nobody_looks_at_goes_when_its_time_is_over()
    {
        await Hl7Async(
            Encoding.UTF8.GetBytes(
                Hl7Kit.Discharge("old", "1", "1").Replace("|01|", "|MARS|", StringComparison.Ordinal)
            )
        );
        var sweep = _server.Services.GetRequiredService<RetentionSweep>();
        _clock.Advance(TimeSpan.FromDays(9));
        Assert.Equal(0, (await sweep.RunAsync(default)).Refused);
        Assert.Single(await ListAsync());

        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, (await sweep.RunAsync(default)).Refused);
        Assert.Empty(await ListAsync());
    }

    [Theory]
    [InlineData("4711")]
    [InlineData("toc-none")]
    [InlineData("Task/none")]
    [InlineData("../x")]
    public async Task What_is_not_there_is_said(string id)
    {
        (await _server.GetAsync($"$transition-messages?message={Uri.EscapeDataString(id)}")).ShouldBe(422);
        (await ReplayAsync(id)).ShouldBe(422);
        (await _server.AskAsync("$discard-message", Ask.Text("message", id), Ask.Text("reason", "x"))).ShouldBe(422);
    }

    [Fact]
    public async Task Nothing_is_kept_where_the_settings_say_so()
    {
        await using var server = await StartAsync(_clock, [.. Hl7Kit.Settings, "--Care:Retention:RefusedPerSender=0"]);
        using var content = Er7(
            Encoding.UTF8.GetBytes(Hl7Kit.Discharge("c", "1", "1").Replace("|01|", "|MARS|", StringComparison.Ordinal))
        );
        using var response = await server.Client.PostAsync(server.Root + "/hl7v2", content);
        Assert.Equal(422, (int)response.StatusCode);

        Assert.Empty(Messages((await server.GetAsync("$transition-messages")).ShouldBe(200)));
    }

    private async Task OneStayAsync(string visit)
    {
        var stay = Assert.Single(
            (await _server.GetAsync($"Encounter?identifier=http://north.example/visit|{visit}")).Resources
        );
        Assert.Equal("finished", stay.GetProperty("status").GetString());
        var patient = stay.GetProperty("subject").GetProperty("reference").GetString();
        Assert.Single((await _server.GetAsync($"CarePlan?patient={patient}")).Resources);
    }

    private async Task NothingIsThereAsync(string visit) =>
        Assert.Empty(
            (await _server.GetAsync($"Encounter?identifier=http://north.example/visit|{visit}")).ShouldBe(200).Resources
        );

    private static string Bytes(string message) =>
        Ask.Value("content", "valueBase64Binary", $"\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(message))}\"");

    private Task<Answer> ReplayAsync(string id, params string[] more) =>
        _server.AskAsync("$replay-message", [Ask.Text("message", id), .. more]);

    private async Task<Dictionary<string, string>[]> ListAsync(string? sender = null, string state = "refused") =>
        Messages(
            (
                await _server.GetAsync(
                    $"$transition-messages?state={state}" + (sender is null ? "" : $"&sender={sender}")
                )
            ).ShouldBe(200)
        );

    private async Task<Dictionary<string, string>> ShowAsync(string id) =>
        Assert.Single(
            Messages((await _server.GetAsync($"$transition-messages?message={id}&content=true")).ShouldBe(200))
        );

    /// <summary>Each message by the names of its parts.</summary>
    internal static Dictionary<string, string>[] Messages(Answer answer) =>
        [
            .. answer
                .Json.GetProperty("parameter")
                .EnumerateArray()
                .Where(p => p.GetProperty("name").GetString() == "message")
                .Select(m =>
                    m.GetProperty("part")
                        .EnumerateArray()
                        .ToDictionary(
                            p => p.GetProperty("name").GetString()!,
                            p => ValueOf(p.EnumerateObject().Last().Value)
                        )
                ),
        ];

    private static string ValueOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => value.GetProperty("reference").GetString()!,
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => value.GetString()!,
        };

    private async Task<string> MllpAsync(byte[] message)
    {
        using var line = await Hl7Kit.ConnectAsync(_server);
        await line.Stream.WriteAsync((byte[])[0x0B, .. message, 0x1C, 0x0D]);
        return (await line.ReceiveAsync())!;
    }

    private static ByteArrayContent Er7(byte[] message)
    {
        var content = new ByteArrayContent(message);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("x-application/hl7-v2+er7");
        return content;
    }

    private async Task<(int Status, string Body)> Hl7Async(byte[] message)
    {
        using var content = Er7(message);
        using var response = await _server.Client.PostAsync(_server.Root + "/hl7v2", content);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
