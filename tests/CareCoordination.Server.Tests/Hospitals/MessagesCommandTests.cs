using System.Net.Http.Headers;
using System.Text;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Hospitals;

/// <summary>The verb, beside a server that runs on the same database.</summary>
public sealed class MessagesCommandTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("care-messages-").FullName;
    private TestServer _server = null!;

    private string[] Settings =>
        [
            $"--ConnectionStrings:CareCoordination=Data Source={Path.Combine(_folder, "care.db")}",
            $"--Transitions:SendersPath={Hl7Kit.SendersPath}",
        ];

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(Settings);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_operator_lists_shows_corrects_and_has_taken_in()
    {
        var (patient, visit) = (Given.Id("p"), Given.Id("v"));
        var right = Hl7Kit.Discharge("verb-1", patient, visit);
        var wrong = right.Replace("|01|", "|MARS|", StringComparison.Ordinal);
        await SendAsync(wrong);

        var listed = await RunAsync("list");
        var lines = listed.Output.TrimEnd().Split('\n');
        Assert.Equal("id\tstate\tat\tsender\tname\treason", lines[0]);
        var row = Assert.Single(lines[1..]).Split('\t');
        Assert.Equal(("refused", "north", "verb-1"), (row[1], row[3], row[4]));
        Assert.StartsWith("PV1-36: ", row[5], StringComparison.Ordinal);

        var shown = await RunAsync("show", row[0]);
        Assert.DoesNotContain(patient, listed.Output + shown.Output, StringComparison.Ordinal);
        Assert.Contains("PV1-36", shown.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n\n" + wrong, (await RunAsync("show", row[0], "--content")).Output, StringComparison.Ordinal);

        var refused = await RunAsync("replay", row[0]);
        Assert.Equal(1, refused.Code);
        Assert.StartsWith("PV1-36: ", refused.Error, StringComparison.Ordinal);
        var file = Path.Combine(_folder, "corrected.hl7");
        await File.WriteAllTextAsync(file, right);
        var done = await RunAsync("replay", row[0], "--file", file, "--reason", "The ward meant home");
        Assert.True(done.Code == 0, done.Output + done.Error);
        Assert.Contains("Taken in by operator messages.", done.Output, StringComparison.Ordinal);

        var stay = Assert.Single(
            (await _server.GetAsync($"Encounter?identifier=http://north.example/visit|{visit}")).Resources
        );
        Assert.Equal("finished", stay.GetProperty("status").GetString());
        Assert.Equal(lines[0], (await RunAsync("list")).Output.TrimEnd());
        Assert.Contains("verb-1", (await RunAsync("list", "--state", "replayed")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("replay", row[0])).Code);
        Assert.Equal(1, (await RunAsync("replay", row[0], "--file", file)).Code);
    }

    [Fact]
    public async Task An_operator_names_the_Patient_of_what_is_parked_and_discards_what_is_none()
    {
        var hospitals = (Hospital[])[new(), new()];
        foreach (var hospital in hospitals)
        {
            (
                await _server.PutAsync(
                    $"Patient/{hospital.Person}",
                    $$"""{"resourceType":"Patient","id":"{{hospital.Person}}","name":[{"family":"{{hospital.Family}}","given":["Ada"]}],"gender":"female","birthDate":"1948-03-17"}"""
                )
            ).ShouldBe(201);
            (await _server.PostAsync("$submit-transition", hospital.Discharge("2026-11-20T16:10:00Z"))).ShouldBe(202);
        }

        // Without a state both kinds are listed, refused ones first.
        await SendAsync(Hl7Kit.Discharge("verb-2", "1", "1").Replace("|01|", "|MARS|", StringComparison.Ordinal));
        var all = (await RunAsync("list")).Output.TrimEnd().Split('\n')[1..];
        Assert.Equal(["refused", "parked", "parked"], all.Select(l => l.Split('\t')[1]));
        var rows = (await RunAsync("list", "--state", "parked")).Output.TrimEnd().Split('\n')[1..];
        Assert.Equal(2, rows.Length);
        var ids = hospitals
            .Select(h => rows.Single(r => r.Contains($"h-{h.Visit}", StringComparison.Ordinal)).Split('\t')[0])
            .ToArray();
        var named = await RunAsync("replay", ids[0], "--patient", $"Patient/{hospitals[0].Person}");
        Assert.True(named.Code == 0, named.Output + named.Error);
        Assert.Equal(0, (await RunAsync("discard", ids[1], "--reason", "A test of theirs")).Code);

        Assert.Single((await RunAsync("list", "--state", "parked")).Output.TrimEnd().Split('\n'));
        Assert.Single(
            (await _server.GetAsync($"Encounter?subject=Patient/{hospitals[0].Person}")).ShouldBe(200).Resources
        );
        Assert.Equal("cancelled", await _server.StatusOfAsync($"Task/{ids[1]}"));
    }

    [Theory]
    [InlineData("list show replay discard", 2, "needs to know what to do")]
    [InlineData("list x", 2, "means nothing here")]
    [InlineData("show", 2, "needs the id")]
    [InlineData("show 1 2", 2, "needs the id")]
    [InlineData("show 1", 1, "There is no refused or parked message '1'")]
    [InlineData("list --state lost", 1, "Messages are one of")]
    [InlineData("replay 1 --file nowhere.hl7", 2, "it must be a file that can be read")]
    [InlineData("discard 1", 1, "needs a reason")]
    [InlineData("show 1 --patient Patient/1", 2, "is no option")]
    public async Task What_cannot_be_done_is_a_sentence(string line, int code, string sentence)
    {
        var words = line.StartsWith("list show", StringComparison.Ordinal) ? [] : line.Split(' ');
        var ended = await ProgramRun.OfAsync(_folder, ["messages", .. words, .. words.Length == 0 ? [] : Settings]);

        Assert.Equal(code, ended.Code);
        Assert.Contains(sentence, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] words) =>
        ProgramRun.OfAsync(_folder, ["messages", .. words, .. Settings]);

    private async Task SendAsync(string message)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(message));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("x-application/hl7-v2+er7");
        using var response = await _server.Client.PostAsync(_server.Root + "/hl7v2", content);
        Assert.Equal(422, (int)response.StatusCode);
    }
}
