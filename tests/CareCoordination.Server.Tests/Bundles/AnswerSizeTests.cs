using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Bundles;

/// <summary>Many small questions may have an answer that no memory holds.</summary>
public sealed class AnswerSizeTests : IAsyncLifetime
{
    private const int Limit = 20_000;

    private const string Refusal =
        "error too-costly: The answers to this Bundle have more than 20000 bytes together, the limit of Limits:MaxAnswerBytes: send this entry by itself, or ask for less with _count or _elements.";

    private TestServer _server = null!;

    public async ValueTask InitializeAsync() =>
        _server = await TestServer.OnSqliteAsync($"--Limits:MaxAnswerBytes={Limit}");

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reads_beyond_the_limit_are_refused_each_in_its_entry(bool isTransaction)
    {
        var id = Given.Id();
        await _server.PutAsync($"Patient/{id}", Given.Patient(id, new string('x', 3000)));
        var reads = Enumerable.Repeat(Given.Entry("GET", $"Patient/{id}"), 40).ToArray();

        var answer = (
            await _server.PostAsync("", isTransaction ? Given.Transaction(reads) : Given.Batch(reads))
        ).ShouldBe(200);

        var statuses = Statuses(answer);
        Assert.Equal(40, statuses.Length);
        Assert.InRange(statuses.Count(s => s == "200 OK"), 1, 6);
        Assert.All(statuses, s => Assert.True(s is "200 OK" or "413 Content Too Large", s));
        Assert.All(
            answer.Entries.Where(e => !e.TryGetProperty("resource", out _)),
            e => Assert.Equal([Refusal], Answer.Outcome(e.GetProperty("response").GetProperty("outcome")))
        );
        Assert.True(answer.Body.Length < Limit + 40 * 600, $"{answer.Body.Length} bytes");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Writes_beyond_the_limit_are_done_and_told_of_without_their_resource(bool isTransaction)
    {
        var name = new string('y', 3000);
        var writes = Enumerable
            .Range(0, 20)
            .Select(_ => Given.Entry("POST", "Patient", Given.Patient("x", name)))
            .ToArray();

        var answer = (
            await _server.PostAsync(
                "",
                isTransaction ? Given.Transaction(writes) : Given.Batch(writes),
                "Prefer: return=representation"
            )
        ).ShouldBe(200);

        Assert.All(Statuses(answer), s => Assert.Equal("201 Created", s));
        Assert.InRange(answer.Resources.Count(), 1, 6);
        foreach (var entry in answer.Entries)
            (await _server.GetAsync(entry.GetProperty("response").GetProperty("location").GetString()!)).ShouldBe(200);
    }

    private static string[] Statuses(Answer answer) =>
        [.. answer.Entries.Select(e => e.GetProperty("response").GetProperty("status").GetString()!)];
}
