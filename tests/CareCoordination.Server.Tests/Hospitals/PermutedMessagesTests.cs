using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Hospitals;

/// <summary>
/// The messages of a stay in any order, some more than once, by MLLP and by HTTP: what is there in the end is the same, and no plan and no
/// task is there twice.
/// </summary>
public sealed class PermutedMessagesTests : IAsyncLifetime
{
    private const int Draws = 6;

    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await Hl7Kit.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("A01 A02 A03")]
    [InlineData("A01 A08 A02 A08 A03")]
    [InlineData("A01 A03 A13")]
    [InlineData("A01 A03 A13 A03")]
    [InlineData("A01 A02 A12 A03")]
    [InlineData("A04 A06 A03")]
    [InlineData("A01 A11")]
    [InlineData("A01 A03 A08")]
    public async Task The_order_of_the_messages_does_not_matter(string story)
    {
        var events = story.Split(' ');
        var expected = await PlayAsync(events, [.. Enumerable.Range(0, events.Length)]);
        var random = new Random(story.Length * 7919);
        for (var draw = 0; draw < Draws; draw++)
        {
            var order = Enumerable
                .Range(0, events.Length)
                .Concat(Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(events.Length)))
                .ToArray();
            random.Shuffle(order);

            var state = await PlayAsync(events, order);

            Assert.True(
                expected == state,
                $"{string.Join(' ', order.Select(i => $"{events[i]}({i})"))}\nis\n{state}\ninstead of\n{expected}"
            );
        }
    }

    private async Task<string> PlayAsync(string[] events, int[] order)
    {
        var (person, visit) = (Given.Id("p"), Given.Id("v"));
        using var line = await Hl7Kit.ConnectAsync(_server);
        for (var i = 0; i < order.Length; i++)
        {
            var message = Message(events, order[i], person, visit);
            var answer = i % 2 == 0 ? await line.AskAsync(message) : await PostAsync(message);
            Assert.True(Hl7Kit.Segment(answer, "MSA")[1] == "AA", answer.Replace('\r', '\n'));
        }

        return await StateAsync(visit);
    }

    /// <summary>Said a day later than the one before; a discharge, and what corrects it, ends the stay a while before that.</summary>
    private static string Message(string[] events, int index, string person, string visit)
    {
        var at = $"202611{16 + index}1010{index:00}";
        var isOver = events[index] == "A03" || (events[index] == "A08" && events[..index].Contains("A03"));
        return Hl7Kit.Adt(
            events[index],
            $"{visit}-{index}",
            person,
            visit,
            at,
            end: isOver ? $"202611{16 + index}100500" : "",
            disposition: isOver ? "01" : ""
        );
    }

    private async Task<string> StateAsync(string visit)
    {
        var stay = Assert.Single(
            (await _server.GetAsync($"Encounter?identifier=http://north.example/visit|{visit}")).ShouldBe(200).Resources
        );
        var patient = stay.GetProperty("subject").GetProperty("reference").GetString();
        var plans = (await _server.GetAsync($"CarePlan?patient={patient}")).ShouldBe(200).Resources;
        var tasks = (await _server.GetAsync($"Task?patient={patient}&_count=200")).ShouldBe(200).Resources;
        var conditions = (await _server.GetAsync($"Condition?patient={patient}")).ShouldBe(200).Resources;
        var live = plans.Where(p => Text(p, "status") == "active").ToList();
        return string.Join(
            '\n',
            $"stay {Text(stay, "status")} {stay.GetProperty("period")}",
            $"active plans {live.Count} {string.Join(' ', live.Select(p => p.GetProperty("period").ToString()))}",
            $"conditions {conditions.Count()}",
            $"open tasks {string.Join(", ", tasks.Where(t => Text(t, "status") is "ready" or "requested" or "in-progress").Select(Name).Order(StringComparer.Ordinal))}"
        );
    }

    /// <summary>What is to be done, and until when.</summary>
    private static string Name(JsonElement task)
    {
        var code = task.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString();
        var isDue =
            task.TryGetProperty("restriction", out var restriction)
            && restriction.TryGetProperty("period", out var period)
            && period.TryGetProperty("end", out _);
        return isDue ? $"{code} {restriction.GetProperty("period").GetProperty("end")}" : $"{code}";
    }

    private static string? Text(JsonElement resource, string name) => resource.GetProperty(name).GetString();

    private async Task<string> PostAsync(string message)
    {
        using var content = new StringContent(message);
        content.Headers.ContentType = new("x-application/hl7-v2+er7");
        using var response = await _server.Client.PostAsync(_server.Root + "/hl7v2", content);
        return await response.Content.ReadAsStringAsync();
    }
}
