using System.Collections.Concurrent;
using CareCoordination.Server.Tests.CarePlans;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Record;

/// <summary>
/// What happens in a practice at random: whatever clients write, commands of people, what hospitals and partners tell. Much is refused, as
/// it should be; none of it may fail.
/// </summary>
internal sealed class RecordPlay(TestServer server, Dice dice, PlayedWorld world)
{
    private readonly PlayedWrites _writes = new(server, dice, world);
    private readonly PlayedCommands _commands = new(server, dice, world);
    private readonly PlayedHospital _hospital = new(server, dice, world);

    /// <summary>Who works there, and whom they look after.</summary>
    public async Task BeginAsync()
    {
        string[] bodies =
        [
            """{"resourceType":"Organization","id":"west","name":"West"}""",
            """{"resourceType":"Organization","id":"clinic","name":"Clinic","partOf":{"reference":"Organization/west"}}""",
            """{"resourceType":"Organization","id":"south","name":"South"}""",
            """{"resourceType":"Practitioner","id":"ann","active":true}""",
            """{"resourceType":"Practitioner","id":"bob","active":true}""",
            """{"resourceType":"PractitionerRole","id":"ann","active":true,"practitioner":{"reference":"Practitioner/ann"},"organization":{"reference":"Organization/clinic"},"code":[{"coding":[{"system":"http://snomed.info/sct","code":"768820003"}]},{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/practitioner-role","code":"nurse"}]}]}""",
            """{"resourceType":"PractitionerRole","id":"bob","active":true,"practitioner":{"reference":"Practitioner/bob"},"organization":{"reference":"Organization/south"},"code":[{"coding":[{"system":"http://snomed.info/sct","code":"768820003"}]}]}""",
            """{"resourceType":"PractitionerRole","id":"bob-too","active":false,"practitioner":{"reference":"Practitioner/bob"},"organization":{"reference":"Organization/west"}}""",
            """{"resourceType":"PractitionerRole","id":"nobody","active":true}""",
            """{"resourceType":"Endpoint","id":"partner","status":"active","connectionType":{"system":"http://terminology.hl7.org/CodeSystem/endpoint-connection-type","code":"hl7-fhir-rest"},"payloadType":[{"text":"any"}],"address":"http://127.0.0.1:9/fhir","managingOrganization":{"reference":"Organization/south"}}""",
        ];
        var bundle = Given.Transaction([
            .. bodies.Select(b => Given.Entry("PUT", PlayedWorld.NameOf(b), b)),
            .. RandomBodies.People.Select(p =>
                Given.Entry(
                    "PUT",
                    $"Patient/{p}",
                    $$$"""{"resourceType":"Patient","id":"{{{p}}}","birthDate":"19{{{50 + p[1] % 8}}}-06-15","managingOrganization":{"reference":"Organization/clinic"}}"""
                )
            ),
        ]);
        (await server.PostAsync("", bundle)).ShouldBe(200);
        world.Template = await Template.StoreAsync(server);
    }

    public Task StepAsync() =>
        dice.Next(20) switch
        {
            < 10 => _writes.StepAsync(),
            < 18 => _commands.StepAsync(),
            _ => _hospital.StepAsync(),
        };
}

/// <summary>What clients of one server know: what is there, and how what they asked was answered.</summary>
internal sealed class PlayedWorld
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<string>> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _said = new();

    /// <summary>What plans are made of.</summary>
    public Template Template { get; set; } = new();

    /// <summary>How often each kind of request was answered with which status.</summary>
    public ConcurrentDictionary<(string Kind, int Status), int> Answers { get; } = new();

    public static string NameOf(string json)
    {
        using var parsed = System.Text.Json.JsonDocument.Parse(json);
        return $"{parsed.RootElement.Text("resourceType")}/{parsed.RootElement.Text("id")}";
    }

    public void Learn(string type, string id)
    {
        lock (_gate)
        {
            var known = _known.TryGetValue(type, out var ids) ? ids : _known[type] = [];
            if (!known.Contains(id, StringComparer.Ordinal))
                known.Add(id);
        }
    }

    /// <summary>With what a plan was made of.</summary>
    private void Learn(string type, string id, System.Text.Json.JsonElement made)
    {
        Learn(type, id);
        if (type != "CarePlan")
            return;
        foreach (var part in made.Items("goal").Concat(made.Items("activity").Select(a => a.At("reference"))))
        {
            if (part.Text("reference")?.Split('/') is [var of, var key])
                Learn(of, key);
        }
    }

    /// <summary>Something of the type that is, or was, there; one of the latest rather.</summary>
    public string? Any(string type, Dice dice)
    {
        lock (_gate)
        {
            if (!_known.TryGetValue(type, out var ids))
                return null;
            var from = dice.OneIn(3) ? 0 : Math.Max(0, ids.Count - 12);
            return $"{type}/{ids[dice.Next(from, ids.Count)]}";
        }
    }

    /// <summary>Notes an answer, which no request may leave the server at a loss.</summary>
    public Answer Heard(string kind, string asked, Answer answer)
    {
        Answers.AddOrUpdate((kind, answer.Status), 1, (_, n) => n + 1);
        _said.Enqueue($"{answer.Status} {asked}");
        Assert.True(answer.Status < 500, $"{asked}\n{answer.Status} {answer.Body}");
        if (
            answer is { Status: 200 or 201, ContentType: "application/fhir+json; charset=utf-8" }
            && answer.Text("resourceType") is { } type
            && answer.Text("id") is { } id
            && type is not ("Bundle" or "OperationOutcome" or "Parameters")
        )
            Learn(type, id, answer.Json);
        return answer;
    }

    /// <summary>What was asked last.</summary>
    public string Last => string.Join('\n', _said.TakeLast(30));

    /// <summary>Of each kind of request how many were fulfilled, of how many.</summary>
    public string Summary =>
        string.Join(
            ", ",
            Answers
                .GroupBy(a => a.Key.Kind, StringComparer.Ordinal)
                .OrderBy(of => of.Key, StringComparer.Ordinal)
                .Select(of => $"{of.Key} {of.Where(a => a.Key.Status < 300).Sum(a => a.Value)}/{of.Sum(a => a.Value)}")
        );
}
