using System.Text.Json;
using System.Text.Json.Nodes;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Reading and writing as any client does: with and without conditions, one by one and many at once.</summary>
internal sealed class PlayedWrites(TestServer server, Dice dice, PlayedWorld world)
{
    private static readonly string[] Types =
    [
        "Task",
        "Task",
        "ServiceRequest",
        "Goal",
        "CarePlan",
        "EpisodeOfCare",
        "RiskAssessment",
        "Encounter",
        "Observation",
        "Patient",
        "MedicationDispense",
    ];

    private readonly RandomBodies _bodies = new(dice);
    private readonly RandomStories _stories = new(dice);

    public Task StepAsync() =>
        dice.Next(23) switch
        {
            < 6 => PutAsync(),
            6 => PostAsync(),
            7 => PatchAsync(),
            8 => MistakeAsync(),
            9 or 10 => MoveAsync(),
            11 => DeleteAsync(),
            12 => ConditionalAsync(),
            13 => BundleAsync("batch"),
            14 => BundleAsync("transaction"),
            15 or 16 => FactsAsync(),
            < 22 => StoriesAsync(),
            _ => CorrectAsync(),
        };

    private async Task PutAsync()
    {
        var (type, id, json) = _bodies.Any();
        await SendAsync("put", HttpMethod.Put, $"{type}/{id}", json);
    }

    private async Task PostAsync()
    {
        var type = dice.Of(Types);
        await SendAsync("post", HttpMethod.Post, type, _bodies.Of(type, null));
    }

    private async Task DeleteAsync()
    {
        if (world.Any(dice.Of(Types), dice) is { } name && !name.StartsWith("Patient/", StringComparison.Ordinal))
            await SendAsync("delete", HttpMethod.Delete, name, null);
        else if (dice.OneIn(3))
            await SendAsync("delete patient", HttpMethod.Delete, $"Patient/{dice.Of(RandomBodies.People)}", null);
    }

    /// <summary>What was written by mistake stays, and says so.</summary>
    private Task MistakeAsync() =>
        ChangeAsync(
            "entered in error",
            dice.Of(
                "Task",
                "Goal",
                "CarePlan",
                "Encounter",
                "Observation",
                "EpisodeOfCare",
                "ServiceRequest",
                "QuestionnaireResponse",
                "MedicationDispense"
            ),
            body =>
                body[body["resourceType"]!.GetValue<string>() == "Goal" ? "lifecycleStatus" : "status"] =
                    "entered-in-error"
        );

    /// <summary>A partner, or a client that knows no operations, moves what is there by writing it whole.</summary>
    private async Task MoveAsync()
    {
        var type = dice.Of("Task", "Task", "Task", "ServiceRequest", "Goal", "EpisodeOfCare");
        await ChangeAsync(
            "move",
            type,
            body =>
            {
                body[type == "Goal" ? "lifecycleStatus" : "status"] = type switch
                {
                    "Task" => dice.Of(
                        "received",
                        "accepted",
                        "in-progress",
                        "completed",
                        "rejected",
                        "failed",
                        "requested"
                    ),
                    "ServiceRequest" => dice.Of("active", "on-hold", "completed", "revoked"),
                    "Goal" => dice.Of("accepted", "active", "completed", "cancelled"),
                    _ => dice.Of("active", "onhold", "finished"),
                };
                if (type != "Task")
                    return;
                if (dice.OneIn(2))
                    body["businessStatus"] = JsonNode.Parse(
                        $$"""{"coding":[{"system":"urn:b","code":"{{dice.Of("scheduled", "no-show", "waiting")}}"}]}"""
                    );
                else if (dice.OneIn(2))
                    body.Remove("businessStatus");
                if (dice.OneIn(4))
                    body["output"] = JsonNode.Parse("""[{"type":{"text":"report"},"valueString":"Seen"}]""");
                if (dice.OneIn(3))
                    body["executionPeriod"] = JsonNode.Parse($$"""{"end":"{{dice.PastTime()}}"}""");
            }
        );
    }

    /// <summary>Facts that turn out to be others: another patient, another day.</summary>
    private async Task CorrectAsync()
    {
        var (type, name) = dice.Of(
            ("Encounter", "subject"),
            ("Condition", "subject"),
            ("CarePlan", "subject"),
            ("QuestionnaireResponse", "subject"),
            ("Coverage", "beneficiary"),
            ("Observation", "subject"),
            ("RiskAssessment", "subject"),
            ("EpisodeOfCare", "patient"),
            ("MedicationDispense", "subject")
        );
        await ChangeAsync(
            "correct",
            type,
            body =>
            {
                body[name] = JsonNode.Parse($$"""{"reference":"Patient/{{dice.Of(RandomBodies.People)}}"}""");
                if (type is "Encounter" or "EpisodeOfCare")
                    body["period"] = JsonNode.Parse($$"""{"start":"{{dice.PastDay()}}"}""");
            }
        );
    }

    private async Task ChangeAsync(string kind, string type, Action<JsonObject> change)
    {
        if (world.Any(type, dice) is not { } name)
            return;
        var read = await server.GetAsync(name);
        if (read.Status != 200)
            return;
        var body = JsonNode.Parse(read.Body)!.AsObject();
        change(body);
        await SendAsync(kind, HttpMethod.Put, name, body.ToJsonString(), $"If-Match: {read.ETag}");
    }

    private async Task PatchAsync()
    {
        if (world.Any(dice.Of("Task", "Goal", "CarePlan", "EpisodeOfCare"), dice) is not { } name)
            return;
        var isGoal = name.StartsWith("Goal/", StringComparison.Ordinal);
        var status = isGoal
            ? dice.Of("active", "completed")
            : dice.Of("active", "on-hold", "completed", "accepted", "ready");
        var element = isGoal ? "lifecycleStatus" : "status";
        if (dice.OneIn(2))
            world.Heard(
                "json patch",
                $"PATCH {name} {status}",
                await server.PatchAsync(name, $$"""[{"op":"replace","path":"/{{element}}","value":"{{status}}"}]""")
            );
        else
            await SendAsync(
                "fhirpath patch",
                HttpMethod.Patch,
                name,
                Ask.Patch(Ask.Step("replace", $"{name.Split('/')[0]}.{element}", $"\"valueCode\":\"{status}\""))
            );
    }

    /// <summary>Made where nobody has the number, put where somebody has, deleted by it.</summary>
    private async Task ConditionalAsync()
    {
        var number = $"n{dice.Next(5)}";
        var type = dice.Of("Task", "ServiceRequest", "Goal");
        var criterion = $"identifier=urn:n|{number}";
        var body = JsonNode.Parse(_bodies.Of(type, null))!.AsObject();
        body["identifier"] = JsonNode.Parse($$"""[{"system":"urn:n","value":"{{number}}"}]""");
        var json = body.ToJsonString();
        await (
            dice.Next(3) switch
            {
                0 => SendAsync("conditional create", HttpMethod.Post, type, json, $"If-None-Exist: {criterion}"),
                1 => SendAsync("conditional update", HttpMethod.Put, $"{type}?{criterion}", json),
                _ => SendAsync("conditional delete", HttpMethod.Delete, $"{type}?{criterion}", null),
            }
        );
    }

    /// <summary>What another system knows of patients, at once.</summary>
    private Task FactsAsync()
    {
        var facts = Enumerable.Range(0, 25).Select(_ => _bodies.Fact()).DistinctBy(f => $"{f.Type}/{f.Id}");
        return SendBundleAsync(
            "facts",
            Given.Batch([.. facts.Select(f => Given.Entry("PUT", $"{f.Type}/{f.Id}", f.Json))])
        );
    }

    private Task StoriesAsync()
    {
        var told = Enumerable.Range(0, 3).SelectMany(_ => _stories.Any()).DistinctBy(t => $"{t.Type}/{t.Id}");
        return SendBundleAsync(
            "stories",
            Given.Batch([.. told.Select(t => Given.Entry("PUT", $"{t.Type}/{t.Id}", t.Json))])
        );
    }

    private Task BundleAsync(string kind)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var entries = new List<string>();
        for (var i = dice.Next(2, 6); i > 0; i--)
        {
            var (type, id, json) = _bodies.Any();
            if (names.Add($"{type}/{id}"))
                entries.Add(
                    dice.Next(6) switch
                    {
                        0 when type != "Patient" => Given.Entry("DELETE", $"{type}/{id}"),
                        1 => Given.Entry(
                            "POST",
                            type,
                            _bodies.Of(type, null),
                            $"urn:uuid:{new Guid(i, 0, 0, new byte[8])}"
                        ),
                        _ => Given.Entry("PUT", $"{type}/{id}", json),
                    }
                );
        }

        return SendBundleAsync(kind, kind == "batch" ? Given.Batch([.. entries]) : Given.Transaction([.. entries]));
    }

    private async Task SendBundleAsync(string kind, string bundle)
    {
        var answer = await SendAsync(kind, HttpMethod.Post, "", bundle);
        if (answer.Status != 200)
            return;
        foreach (var entry in answer.Entries)
        {
            var response = entry.At("response");
            var status = int.Parse(
                response.Text("status")!.Split(' ')[0],
                System.Globalization.CultureInfo.InvariantCulture
            );
            Assert.True(status < 500, answer.Body);
            if (status is 200 or 201 && response.Text("location")?.Split('/') is { Length: >= 4 } parts)
                world.Learn(parts[^4], parts[^3]);
        }
    }

    private async Task<Answer> SendAsync(
        string kind,
        HttpMethod method,
        string path,
        string? body,
        params string[] headers
    ) => world.Heard(kind, $"{method} {path} {body}", await server.SendAsync(method, path, body, headers));
}
