using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Hospitals;

/// <summary>What of a message of HL7 v2 is otherwise here, or not here, is told to its sender and stands in the record; the log has nothing of it.</summary>
public sealed class MappingNoteTests : IAsyncLifetime
{
    private readonly GatheredLog _log = new();
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() =>
        _server = await TestServer.OnSqliteAsync(
            TimeProvider.System,
            _log.AddTo,
            [.. Hl7Kit.Settings, "--Logging:LogLevel:Default=Information"]
        );

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>What is added to a discharge, the place, and how it is told.</summary>
    public static TheoryData<string, string, string, string> Lost =>
        new()
        {
            { "PV1||I|", "PV1||I|", "", "" },
            { "^^^NCSN|", "^^^NCSN|Marsh9", "PV1-20", "I" },
            { "DG1|1||", "ZPD|Marsh9\rDG1|1||", "ZPD", "I" },
            { "DG1|1||", "GT1|1||Marsh9^Ada\rDG1|1||", "GT1-3", "I" },
            { "|F|||1 Elm", "|F||\"\"|1 Elm", "PID-10", "W" },
        };

    [Theory]
    [MemberData(nameof(Lost))]
    public async Task What_is_lost_is_told_by_its_place_in_the_answer_and_in_the_record(
        string what,
        string by,
        string place,
        string severity
    )
    {
        foreach (var isMllp in (bool[])[false, true])
        {
            var (patient, visit) = (Given.Id("p"), Given.Id("v"));
            var message = Hl7Kit.Discharge(Given.Id("c"), patient, visit).Replace(what, by, StringComparison.Ordinal);

            var answer = await SendAsync(message, isMllp);
            var again = await SendAsync(message, isMllp);

            Assert.Contains("\rMSA|AA|", answer, StringComparison.Ordinal);
            var errors = Errors(answer);
            Assert.Equal(errors, Errors(again));
            var record = await RecordAsync(visit);
            var notes = record.TryGetProperty("note", out var some)
                ? some.EnumerateArray().SelectMany(n => n.GetProperty("text").GetString()!.Split('\n')).ToList()
                : [];
            Assert.Equal(errors.Select(e => e[8]), notes);
            if (severity.Length == 0)
                continue;
            var told = Assert.Single(errors, e => e[8].StartsWith(place, StringComparison.Ordinal));
            Assert.Equal(("0^Message accepted^HL70357", severity), (told[3], told[4]));
            Assert.DoesNotContain("Marsh9", answer + string.Concat(notes), StringComparison.Ordinal);
            Assert.DoesNotContain(
                _log.Of(""),
                l => l.Contains("Marsh9", StringComparison.Ordinal) || l.Contains(patient, StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public async Task What_is_parked_keeps_its_notes_when_an_operator_has_it_taken_in()
    {
        var (patient, visit) = (Given.Id("p"), Given.Id("v"));
        (
            await _server.PutAsync(
                $"Patient/{patient}",
                $$"""{"resourceType":"Patient","id":"{{patient}}","name":[{"family":"Okafor{{patient}}","given":["Ada"]}],"gender":"female","birthDate":"1948-03-17"}"""
            )
        ).ShouldBe(201);
        var message = Hl7Kit
            .Discharge(Given.Id("c"), patient, visit)
            .Replace("DG1|1||", "ZPD|x\rDG1|1||", StringComparison.Ordinal)
            .Replace($"217-{patient}", "", StringComparison.Ordinal)
            .Replace("1 Elm^^X", "", StringComparison.Ordinal);
        Assert.Contains("MSA|AA", await SendAsync(message, isMllp: false), StringComparison.Ordinal);
        var parked = Assert.Single(
            (await _server.GetAsync("Task?code=submit-transition&status=on-hold")).ShouldBe(200).Resources
        );
        var noted = parked.GetProperty("note")[0].GetProperty("text").GetString()!;
        Assert.Contains("ZPD", noted, StringComparison.Ordinal);

        (
            await _server.AskAsync(
                "$replay-message",
                Ask.Text("message", parked.GetProperty("id").GetString()!),
                Ask.Reference("patient", $"Patient/{patient}")
            )
        ).ShouldBe(200);

        var texts = (await RecordAsync(visit))
            .GetProperty("note")
            .EnumerateArray()
            .Select(n => n.GetProperty("text").GetString());
        Assert.Equal([noted, $"Taken in at the word of an operator, as of Patient/{patient}."], texts);
    }

    private static string[][] Errors(string answer) =>
        [.. answer.Split('\r').Where(l => l.StartsWith("ERR", StringComparison.Ordinal)).Select(l => l.Split('|'))];

    private async Task<JsonElement> RecordAsync(string visit)
    {
        var stay = Assert.Single(
            (await _server.GetAsync($"Encounter?identifier=http://north.example/visit|{visit}")).Resources
        );
        return Assert.Single(
            (
                await _server.GetAsync(
                    $"Task?code=submit-transition&focus=Encounter/{stay.GetProperty("id").GetString()}"
                )
            )
                .ShouldBe(200)
                .Resources
        );
    }

    private async Task<string> SendAsync(string message, bool isMllp)
    {
        if (isMllp)
        {
            using var line = await Hl7Kit.ConnectAsync(_server);
            return await line.AskAsync(message);
        }

        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(message));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("x-application/hl7-v2+er7");
        using var response = await _server.Client.PostAsync(_server.Root + "/hl7v2", content);
        return await response.Content.ReadAsStringAsync();
    }
}
