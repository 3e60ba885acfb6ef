using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Monitoring;

/// <summary>A reading beyond a threshold of the patient's goal becomes a Task of the care manager, by whichever door it comes.</summary>
public abstract class ReadingReviewTests(SharedServer shared) : ServerTests(shared)
{
    private const string Url = "https://carecoordination.example/fhir/StructureDefinition/reading-threshold";

    private readonly string _patient = Given.Id("p");
    private readonly string _goal = Given.Id("g");
    private readonly string _reading = Given.Id("o");

    public sealed class OnSqlite(SqliteServer shared) : ReadingReviewTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : ReadingReviewTests(shared);

    public static TheoryData<string> Doors =>
        [
            "post",
            "put",
            "conditional create",
            "conditional put",
            "batch",
            "transaction",
            "patch",
            "revival",
            "$record-progress",
            "goal beside it",
        ];

    [Theory, MemberData(nameof(Doors))]
    public async Task A_reading_beyond_a_threshold_is_reviewed(string door)
    {
        await CareAsync();
        if (door != "goal beside it")
            await GoalAsync();

        await MeasureBeyondAsync(door);

        var task = Assert.Single(await ReviewsAsync());
        Assert.Equal("urgent", task.GetProperty("priority").GetString());
        Assert.Equal($"Practitioner/{_patient}-m", task.GetProperty("owner").GetProperty("reference").GetString());
        Assert.Equal($"Patient/{_patient}", task.GetProperty("for").GetProperty("reference").GetString());
        var worklist = (await Server.GetAsync($"Task/$worklist?owner=Practitioner/{_patient}-m")).ShouldBe(200).Body;
        Assert.Contains(task.GetProperty("id").GetString()!, worklist, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reading_that_a_hospital_sends_is_reviewed()
    {
        var hospital = new Hospital();
        (await Server.PostAsync("$process-message", hospital.Admit("2026-11-16T10:00:00Z"))).ShouldBe(200);
        var patient = (await Server.GetAsync($"Patient?identifier={hospital.Person}")).Ids.Single();
        (
            await Server.PutAsync($"Goal/{_goal}", Goal(Target()).Replace(_patient, patient, StringComparison.Ordinal))
        ).ShouldBe(201);
        hospital.More.Add(
            Reading(170).Replace($"\"Patient/{_patient}\"", hospital.Reference("p")[13..^1], StringComparison.Ordinal)
        );

        (await Server.PostAsync("$process-message", hospital.Update("2026-11-17T10:00:00Z"))).ShouldBe(200);

        (await Server.GetAsync($"Observation?subject=Patient/{patient}")).Ids.Single();
        Assert.Single((await Server.GetAsync($"Task?patient=Patient/{patient}&code=review-reading")).Ids);
    }

    [Fact]
    public async Task It_is_part_of_the_plan_and_recorded()
    {
        await CareAsync();
        await GoalAsync();
        (
            await Server.PutAsync(
                $"CarePlan/{_patient}-c",
                $$$"""{"resourceType":"CarePlan","id":"{{{_patient}}}-c","status":"active","intent":"plan","subject":{"reference":"Patient/{{{_patient}}}"},"goal":[{"reference":"Goal/{{{_goal}}}"}]}"""
            )
        ).ShouldBe(201);

        (await Server.PostAsync("Observation", Reading(170))).ShouldBe(201);

        var task = Assert.Single(await ReviewsAsync());
        Assert.Equal($"CarePlan/{_patient}-c", task.GetProperty("basedOn")[0].GetProperty("reference").GetString());
        var history = (await Server.GetAsync($"Provenance?target=Task/{task.GetProperty("id").GetString()}")).ShouldBe(
            200
        );
        Assert.Equal(1, history.Json.GetProperty("entry").GetArrayLength());
    }

    [Fact]
    public async Task Many_readings_at_once_are_one_Task()
    {
        await CareAsync();
        await GoalAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 24).Select(i => Server.PostAsync("Observation", Reading(165 + i, minute: i)))
        );

        Assert.All(answers, a => a.ShouldBe(201));
        var task = Assert.Single(await ReviewsAsync());
        Assert.Equal("stat", task.GetProperty("priority").GetString());
        Assert.Equal(20, task.GetProperty("input").GetArrayLength());
    }

    [Theory]
    [InlineData("batch")]
    [InlineData("at the same time")]
    [InlineData("transaction")]
    public async Task Readings_in_a_row_are_seen_however_they_come(string way)
    {
        await CareAsync();
        (
            await Server.PutAsync($"Goal/{_goal}", Goal(Target(",{\"url\":\"readings\",\"valuePositiveInt\":5}")))
        ).ShouldBe(201);
        string[] readings = [.. Enumerable.Range(0, 5).Select(i => Reading(170, minute: i))];
        string[] entries = [.. readings.Select(r => Given.Entry("POST", "Observation", r))];

        switch (way)
        {
            case "batch":
                (await Server.PostAsync("", Given.Batch(entries))).ShouldBe(200);
                break;
            case "transaction":
                (await Server.PostAsync("", Given.Transaction(entries))).ShouldBe(200);
                break;
            default:
                foreach (var answer in await Task.WhenAll(readings.Select(r => Server.PostAsync("Observation", r))))
                    answer.ShouldBe(201);
                break;
        }

        Assert.Single(await ReviewsAsync());
    }

    /// <summary>What a gateway of devices sends, and sends again because it did not hear the answer.</summary>
    [Fact]
    public async Task A_batch_of_a_device_can_be_sent_again()
    {
        await CareAsync();
        await GoalAsync();
        var batch = Given.Batch([
            .. Enumerable
                .Range(0, 60)
                .Select(i =>
                    Given.Entry(
                        "POST",
                        "Observation",
                        Reading(i == 30 ? 166 : 130, minute: i, device: $"{_reading}-{i}"),
                        more: $",\"ifNoneExist\":\"identifier=urn:device|{_reading}-{i}\""
                    )
                ),
        ]);

        Assert.Equal(["201"], await StatusesAsync(batch));
        Assert.Equal(["200"], await StatusesAsync(batch));

        Assert.Single(Assert.Single(await ReviewsAsync()).GetProperty("input").EnumerateArray());
        var count = (await Server.GetAsync($"Observation?subject=Patient/{_patient}&_summary=count")).ShouldBe(200);
        Assert.Equal(60, count.Json.GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("put")]
    [InlineData("delete")]
    [InlineData("patch")]
    [InlineData("transaction")]
    public async Task A_reading_that_is_taken_back_ends_the_Task(string door)
    {
        await CareAsync();
        await GoalAsync();
        (await Server.PutAsync($"Observation/{_reading}", Reading(170, _reading))).ShouldBe(201);
        Assert.Equal("ready", Assert.Single(await ReviewsAsync()).GetProperty("status").GetString());

        var url = $"Observation/{_reading}";
        var answer = door switch
        {
            "put" => await Server.PutAsync(url, Reading(120, _reading)),
            "delete" => await Server.DeleteAsync(url),
            "patch" => await Server.PatchAsync(
                url,
                """[{"op":"replace","path":"/status","value":"entered-in-error"}]"""
            ),
            _ => await Server.PostAsync("", Given.Transaction(Given.Entry("DELETE", url))),
        };
        Assert.True(answer.Status is 200 or 204, answer.Body);

        Assert.Equal("cancelled", Assert.Single(await ReviewsAsync()).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("""{"url":"priority","valueCode":"stat"}""", "'when'")]
    [InlineData("""{"url":"when","valueQuantity":{"value":160,"code":"mm[Hg]"}}""", "comparator")]
    [InlineData(
        """{"url":"when","valueQuantity":{"value":160,"comparator":">="}},{"url":"priority","valueCode":"high"}""",
        "routine, urgent, asap, stat"
    )]
    [InlineData(
        """{"url":"when","valueQuantity":{"value":160,"comparator":">="}},{"url":"readings","valuePositiveInt":51}""",
        "1 to 50"
    )]
    [InlineData(
        """{"url":"when","valueQuantity":{"value":160,"comparator":">="}},{"url":"reading","valuePositiveInt":5}""",
        "no others"
    )]
    public async Task A_threshold_that_no_reading_could_cross_is_refused(string parts, string sentence)
    {
        var target =
            $$$"""{"extension":[{"url":"{{{Url}}}","extension":[{{{parts}}}]}],"measure":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]}}""";
        foreach (
            var body in (string[])
                [
                    Goal(target),
                    $$$"""{"resourceType":"PlanDefinition","status":"active","goal":[{"description":{"text":"x"},"target":[{{{target}}}]}]}""",
                ]
        )
        {
            var type = JsonDocument.Parse(body).RootElement.GetProperty("resourceType").GetString()!;
            foreach (
                var answer in (Answer[])
                    [
                        await Server.PostAsync(type, body),
                        await Server.PostAsync("", Given.Transaction(Given.Entry("POST", type, body))),
                    ]
            )
            {
                answer.ShouldBe(422);
                Assert.Contains("threshold-unusable", answer.Body, StringComparison.Ordinal);
                Assert.Contains(sentence, answer.Json.GetProperty("issue")[0].GetProperty("diagnostics").GetString());
            }
        }
    }

    [Fact]
    public async Task A_threshold_without_a_measure_or_in_the_wrong_place_is_refused()
    {
        const string threshold =
            $$$"""{"url":"{{{Url}}}","extension":[{"url":"when","valueQuantity":{"value":160,"comparator":">="}}]}""";
        (await Server.PostAsync("Goal", Goal($$"""{"extension":[{{threshold}}],"dueDate":"2027-01-01"}"""))).ShouldBe(
            422
        );
        (
            await Server.PostAsync(
                "Goal",
                Goal("""{"dueDate":"2027-01-01"}""").Insert(1, $"\"extension\":[{threshold}],")
            )
        ).ShouldBe(422);
    }

    /// <summary>Such a goal is judged by people only, and its thresholds would be silent.</summary>
    [Theory]
    [InlineData(17, 1)]
    [InlineData(1, 65)]
    [InlineData(13, 5)]
    public async Task A_goal_of_more_than_can_be_looked_for_has_no_thresholds(int targets, int codes)
    {
        var all = Enumerable
            .Range(0, targets)
            .Select(t =>
            {
                var codings = Enumerable
                    .Range(0, codes)
                    .Select(c => $$"""{"system":"urn:codes","code":"{{t}}-{{c}}"}""");
                return Target()
                    .Replace(
                        """{"system":"http://loinc.org","code":"8480-6"}""",
                        string.Join(',', codings),
                        StringComparison.Ordinal
                    );
            });

        var answer = await Server.PostAsync("Goal", Goal(string.Join(',', all)));

        answer.ShouldBe(422);
        Assert.Contains("threshold-unusable", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_goal_that_a_definition_proposes_has_its_thresholds()
    {
        await CareAsync();
        var definition = Given.Id("d");
        (
            await Server.PutAsync(
                $"PlanDefinition/{definition}",
                $$$"""{"resourceType":"PlanDefinition","id":"{{{definition}}}","status":"active","goal":[{"id":"pressure","description":{"text":"Pressure"},"target":[{{{Target()}}}]}],"action":[{"title":"Call","goalId":["pressure"]}]}"""
            )
        ).ShouldBe(201);
        (
            await Server.AskAsync($"PlanDefinition/{definition}/$apply", Ask.Text("subject", $"Patient/{_patient}"))
        ).ShouldBe(200);

        var goal = (await Server.GetAsync($"Goal?subject=Patient/{_patient}"))
            .ShouldBe(200)
            .Json.GetProperty("entry")[0]
            .GetProperty("resource");
        Assert.Contains("reading-threshold", goal.GetRawText(), StringComparison.Ordinal);
    }

    private async Task CareAsync()
    {
        (await Server.PutAsync($"Patient/{_patient}", Given.Patient(_patient))).ShouldBe(201);
        (await Server.PutAsync($"Practitioner/{_patient}-m", Given.Practitioner($"{_patient}-m"))).ShouldBe(201);
        (
            await Server.PutAsync(
                $"EpisodeOfCare/{_patient}-e",
                $$$"""{"resourceType":"EpisodeOfCare","id":"{{{_patient}}}-e","status":"active","patient":{"reference":"Patient/{{{_patient}}}"},"careManager":{"reference":"Practitioner/{{{_patient}}}-m"}}"""
            )
        ).ShouldBe(201);
    }

    private async Task GoalAsync() => (await Server.PutAsync($"Goal/{_goal}", Goal(Target()))).ShouldBe(201);

    private async Task MeasureBeyondAsync(string door)
    {
        var url = $"Observation/{_reading}";
        var beyond = Reading(170, _reading);
        switch (door)
        {
            case "post":
                (await Server.PostAsync("Observation", Reading(170))).ShouldBe(201);
                break;
            case "put":
                (await Server.PutAsync(url, beyond)).ShouldBe(201);
                break;
            case "conditional create":
                (
                    await Server.PostAsync(
                        "Observation",
                        Reading(170),
                        $"If-None-Exist: identifier=urn:device|{_reading}"
                    )
                ).ShouldBe(201);
                break;
            case "conditional put":
                (await Server.PutAsync($"Observation?_id={_reading}", beyond)).ShouldBe(201);
                break;
            case "batch":
                (await Server.PostAsync("", Given.Batch(Given.Entry("PUT", url, beyond)))).ShouldBe(200);
                break;
            case "transaction":
                (
                    await Server.PostAsync("", Given.Transaction(Given.Entry("POST", "Observation", Reading(170))))
                ).ShouldBe(200);
                break;
            case "patch":
                (await Server.PutAsync(url, Reading(120, _reading))).ShouldBe(201);
                (
                    await Server.PatchAsync(url, """[{"op":"replace","path":"/valueQuantity/value","value":170}]""")
                ).ShouldBe(200);
                break;
            case "revival":
                (await Server.PutAsync(url, Reading(120, _reading))).ShouldBe(201);
                (await Server.DeleteAsync(url)).ShouldBe(204);
                (await Server.PutAsync(url, beyond)).ShouldBe(201);
                break;
            case "$record-progress":
                (
                    await Server.AskAsync(
                        $"Goal/{_goal}/$record-progress",
                        Ask.Value("value", "valueQuantity", """{"value":170,"unit":"mm[Hg]"}""")
                    )
                ).ShouldBe(200);
                break;
            default:
                (
                    await Server.PostAsync(
                        "",
                        Given.Transaction(
                            Given.Entry("POST", "Observation", Reading(170)),
                            Given.Entry("PUT", $"Goal/{_goal}", Goal(Target()))
                        )
                    )
                ).ShouldBe(200);
                break;
        }
    }

    private async Task<JsonElement[]> ReviewsAsync()
    {
        var answer = (await Server.GetAsync($"Task?patient=Patient/{_patient}&code=review-reading")).ShouldBe(200);
        return answer.Json.TryGetProperty("entry", out var entries)
            ? [.. entries.EnumerateArray().Select(e => e.GetProperty("resource"))]
            : [];
    }

    private async Task<string[]> StatusesAsync(string batch) =>
        [
            .. (await Server.PostAsync("", batch))
                .ShouldBe(200)
                .Json.GetProperty("entry")
                .EnumerateArray()
                .Select(e => e.GetProperty("response").GetProperty("status").GetString()![..3])
                .Distinct(),
        ];

    private string Goal(string target) =>
        $$$"""{"resourceType":"Goal","id":"{{{_goal}}}","lifecycleStatus":"active","startDate":"2026-01-01","description":{"text":"Pressure"},"subject":{"reference":"Patient/{{{_patient}}}"},"target":[{{{target}}}]}""";

    private static string Target(string more = "") =>
        $$$"""
            {"extension":[
              {"url":"{{{Url}}}","extension":[{"url":"when","valueQuantity":{"value":160,"comparator":">=","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},{"url":"priority","valueCode":"urgent"}{{{more}}}]},
              {"url":"{{{Url}}}","extension":[{"url":"when","valueQuantity":{"value":180,"comparator":">=","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},{"url":"priority","valueCode":"stat"}]}],
             "measure":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},
             "detailQuantity":{"value":130,"comparator":"<","system":"http://unitsofmeasure.org","code":"mm[Hg]"}}
            """;

    private string Reading(int value, string? id = null, int minute = 0, string? device = null)
    {
        var at = TimeProvider
            .System.GetUtcNow()
            .AddHours(-2)
            .AddMinutes(minute)
            .ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        var own = id is null ? "" : $"\"id\":\"{id}\",";
        var identifier = device is null
            ? ""
            : $$"""
                "identifier":[{"system":"urn:device","value":"{{device}}"}],
                """;
        return $$$"""{"resourceType":"Observation",{{{own}}}{{{identifier}}}"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"subject":{"reference":"Patient/{{{_patient}}}"},"effectiveDateTime":"{{{at}}}","device":{"display":"cuff"},"valueQuantity":{"value":{{{value}}},"system":"http://unitsofmeasure.org","code":"mm[Hg]"}}""";
    }
}
