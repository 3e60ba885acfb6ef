using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CareCoordination.Exchange.Hospitals;
using CareCoordination.Hl7v2.Mapping;
using CareCoordination.Hl7v2.Messages;
using CareCoordination.Hl7v2.Senders;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Server.Tests.OpenApi;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Server.Tests.Hospitals;

/// <summary>The same by HTTP: one message, and its acknowledgement as the answer.</summary>
public sealed class Hl7EndpointTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() =>
        _server = await Hl7Kit.StartAsync("--Transitions:MaxMessageBytes=20000");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("x-application/hl7-v2+er7")]
    [InlineData("x-application/hl7-v2+er7; charset=utf-8")]
    [InlineData("X-Application/HL7-v2+ER7")]
    [InlineData("application/hl7-v2")]
    public async Task A_discharge_is_stored_and_its_acknowledgement_is_the_answer(string type)
    {
        var visit = Given.Id("v");

        var (status, answerType, answer) = await PostAsync(Hl7Kit.Discharge("H1", Given.Id("p"), visit), type);

        Assert.Equal((200, "x-application/hl7-v2+er7"), (status, answerType));
        Assert.Equal(["MSA", "AA", "H1"], Hl7Kit.Segment(answer, "MSA"));
        Assert.Single((await _server.GetAsync($"Encounter?identifier=http://north.example/visit|{visit}")).Resources);
    }

    [Theory]
    [InlineData("ADT^A03", "ADT^A60", 400, "AR")]
    [InlineData("EPICADT", "NOBODY", 400, "AE")]
    [InlineData("MSH|", "PID|", 400, "AE")]
    [InlineData("PID|||", "pid|||", 400, "AE")]
    [InlineData("NMRN", "WHO", 422, "AE")]
    [InlineData("|01|", "|MARS|", 422, "AE")]
    public async Task What_is_wrong_has_a_status_and_an_acknowledgement(string what, string by, int status, string code)
    {
        var visit = Given.Id("v");
        var message = Hl7Kit.Discharge("H2", Given.Id("p"), visit).Replace(what, by, StringComparison.Ordinal);

        var answer = await PostAsync(message);

        Assert.Equal(status, answer.Status);
        Assert.Equal(code, Hl7Kit.Segment(answer.Body, "MSA")[1]);
        Assert.Empty((await _server.GetAsync($"Encounter?identifier=http://north.example/visit|{visit}")).Resources);
    }

    [Fact]
    public async Task A_merge_links_the_patient_that_is_merged_away()
    {
        var (old, stays) = (Given.Id("old"), Given.Id("stays"));
        foreach (var patient in new[] { old, stays })
        {
            var admission = Hl7Kit.Adt("A01", "H3" + patient, patient, "v" + patient);
            Assert.Equal("AA", Hl7Kit.Segment((await PostAsync(admission)).Body, "MSA")[1]);
        }

        var answer = await PostAsync(Hl7Kit.Adt("A40", "H3", stays, "v", at: "20261121101000") + $"MRG|{old}^^^NMRN\r");

        Assert.Equal((200, "AA"), (answer.Status, Hl7Kit.Segment(answer.Body, "MSA")[1]));
        var merged = await FindAsync($"Patient?identifier=http://north.example/mrn|{old}&active=false");
        Assert.Equal("replaced-by", merged.GetProperty("link")[0].GetProperty("type").GetString());
    }

    /// <summary>What a message names, the intake knows: neither is changed without the other.</summary>
    [Theory]
    [InlineData("A01", TransitionEvent.Admit)]
    [InlineData("A02", TransitionEvent.Transfer)]
    [InlineData("A03", TransitionEvent.Discharge)]
    [InlineData("A04", TransitionEvent.Admit)]
    [InlineData("A06", TransitionEvent.Transfer)]
    [InlineData("A07", TransitionEvent.Transfer)]
    [InlineData("A08", TransitionEvent.Update)]
    [InlineData("A11", TransitionEvent.CancelAdmit)]
    [InlineData("A12", TransitionEvent.CancelTransfer)]
    [InlineData("A13", TransitionEvent.CancelDischarge)]
    [InlineData("A40", TransitionEvent.Merge)]
    public void Every_event_of_HL7_v2_is_one_of_the_intake(string trigger, TransitionEvent expected)
    {
        var profiles = SenderProfiles.Read(File.ReadAllBytes(Hl7Kit.SendersPath)).Value;
        var text = Hl7Kit.Adt(trigger, "E1", "1", "1", end: "20261120100500", disposition: "01") + "MRG|2^^^NMRN\r";
        var message = new MessageReader(CharacterSet.Utf8).Read(Encoding.UTF8.GetBytes(text)).Message!;
        var told = AdtMapper.Map(message, profiles.All.Single(s => s.Id == "north")).Event!;

        Assert.Equal(expected, Workflow.Transitions.TransitionEvents.Find(told.System, told.Code));
    }

    [Fact]
    public async Task Both_acknowledgements_are_one_body_and_none_is_no_content()
    {
        var both = await PostAsync(Hl7Kit.Discharge("H4", "H4", "H4", asked: "AL|AL"));
        Assert.Equal(
            ["MSA|CA|H4", "MSA|AA|H4"],
            both.Body.Split('\r').Where(l => l.StartsWith("MSA", StringComparison.Ordinal))
        );

        var none = await PostAsync(Hl7Kit.Discharge("H5", "H4", "H4", asked: "NE|NE"));
        Assert.Equal((204, ""), (none.Status, none.Body));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/fhir+json")]
    [InlineData("application/json")]
    [InlineData("")]
    public async Task Anything_else_is_not_taken(string type)
    {
        var answer = await PostAsync("MSH|^~\\&|", type);

        Assert.Equal(415, answer.Status);
        Assert.Contains("x-application/hl7-v2+er7", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_that_is_too_long_is_not_read(bool isChunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _server.Root + "/hl7v2")
        {
            Content = new ByteArrayContent(new byte[20_001]),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("x-application/hl7-v2+er7");
        request.Headers.TransferEncodingChunked = isChunked;

        using var response = await _server.Client.SendAsync(request);

        Assert.Equal(413, (int)response.StatusCode);
    }

    [Fact]
    public async Task The_letters_are_those_that_the_message_names()
    {
        var visit = Given.Id("v");
        var text = Hl7Kit
            .Discharge("H6", Given.Id("p"), visit)
            .Replace("|2.5.1|||\r", "|2.5.1||||||8859/1\r", StringComparison.Ordinal)
            .Replace("^Ada|", "^Zoë|", StringComparison.Ordinal);

        var answer = await PostAsync(Encoding.Latin1.GetBytes(text), "x-application/hl7-v2+er7");

        Assert.Equal(200, answer.Status);
        Assert.Equal("8859/1", Hl7Kit.Segment(answer.Body, "MSH")[17]);
        var stay = Assert.Single(
            (await _server.GetAsync($"Encounter?identifier=http://north.example/visit|{visit}")).Resources
        );
        var patient = (await _server.GetAsync(stay.GetProperty("subject").GetProperty("reference").GetString()!))
            .ShouldBe(200)
            .Json;
        Assert.Equal("Zoë", patient.GetProperty("name")[0].GetProperty("given")[0].GetString());
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Nothing_but_POST_is_taken(string method)
    {
        var answer = await _server.SendAsync(new HttpMethod(method), "/hl7v2", (string?)null);

        answer.ShouldRefuse(
            405,
            "error not-supported: Send one message of HL7 v2 by POST, as x-application/hl7-v2+er7."
        );
        Assert.Equal("POST", answer.Header("Allow"));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Where_nobody_may_send_the_setting_is_the_answer(string method)
    {
        await using var server = await TestServer.OnSqliteAsync();
        using var message = new StringContent(Hl7Kit.Discharge("H9", "1", "1"));

        (await server.SendAsync(new HttpMethod(method), "/hl7v2", method == "POST" ? message : null)).ShouldRefuse(
            501,
            "error not-supported: This server takes no HL7 v2: Transitions:SendersPath is not set. It names the file with the profiles of those who may send (docs/hl7v2.md)."
        );
    }

    /// <summary>The description is that of the door: its types, and an answer of each status.</summary>
    [Fact]
    public async Task The_door_is_described_and_its_example_is_taken()
    {
        var described = Assert.Single(
            await DescribedOperation.WithOthersAsync(_server, "v1"),
            o => !o.Path.StartsWith("/fhir", StringComparison.Ordinal)
        );

        Assert.Equal((Hl7Endpoint.Path, HttpMethod.Post), (described.Path, described.Method));
        Assert.Equal([Hl7Endpoint.Er7, Hl7Endpoint.MediaType], described.Bodies.Select(b => b.MediaType));
        Assert.Equal([200, 204, 400, 413, 415, 422, 501, 503], described.Answers.Select(a => a.Status));
        foreach (var (type, media) in described.Bodies)
        {
            var answer = await PostAsync(media.GetProperty("example").GetString()!, type);
            Assert.Equal(200, answer.Status);
            Assert.StartsWith(
                "MSA|AA|7",
                string.Join('|', Hl7Kit.Segment(answer.Body, "MSA")),
                StringComparison.Ordinal
            );
        }
    }

    private async Task<JsonElement> FindAsync(string query) =>
        Assert.Single((await _server.GetAsync(query)).ShouldBe(200).Resources);

    private Task<(int Status, string? Type, string Body)> PostAsync(
        string message,
        string type = "x-application/hl7-v2+er7"
    ) => PostAsync(Encoding.UTF8.GetBytes(message), type);

    private async Task<(int Status, string? Type, string Body)> PostAsync(byte[] message, string type)
    {
        using var content = new ByteArrayContent(message);
        if (type.Length > 0)
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await _server.Client.PostAsync(_server.Root + "/hl7v2", content);
        return (
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync())
        );
    }
}
