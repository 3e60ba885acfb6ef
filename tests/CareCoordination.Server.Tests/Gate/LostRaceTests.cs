using System.Collections.Concurrent;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Gate;

/// <summary>
/// Nobody is refused because others write too: 409 and 412 are for what a client itself made conditional.
/// https://hl7.org/fhir/R4/http.html#concurrency
/// </summary>
public abstract class LostRaceTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : LostRaceTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : LostRaceTests(shared);

    private const int Clients = 32;
    private const int Rounds = 10;

    [Fact]
    public async Task Unconditional_updates_of_one_guarded_resource_are_all_stored()
    {
        var id = Given.Id();
        await Server.PutAsync($"Task/{id}", Task(id, 0));

        var statuses = await ManyAsync(
            async (client, round) =>
                (await Server.PutAsync($"Task/{id}", Task(id, (client * Rounds) + round + 1))).Status
        );

        Assert.Equal([200], statuses.Distinct());
        Assert.Equal($"W/\"{(Clients * Rounds) + 1}\"", (await Server.GetAsync($"Task/{id}")).ShouldBe(200).ETag);
    }

    [Fact]
    public async Task Patches_of_one_resource_are_all_kept()
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));

        var statuses = await ManyAsync(
            async (client, round) =>
                (
                    await Server.PatchAsync(
                        $"Patient/{id}",
                        $$"""[{"op":"add","path":"/name/0/given","value":["n{{client}}-{{round}}"]}]"""
                    )
                ).Status
        );

        Assert.Equal([200], statuses.Distinct());
        Assert.Equal($"W/\"{(Clients * Rounds) + 1}\"", (await Server.GetAsync($"Patient/{id}")).ShouldBe(200).ETag);
    }

    [Fact]
    public async Task Observations_that_move_one_goal_are_all_created()
    {
        var patient = await PatientWithGoalAsync();

        var statuses = await ManyAsync(
            async (client, round) =>
                (await Server.PostAsync("Observation", Reading(patient, 60 + client, round))).Status
        );

        Assert.Equal([201], statuses.Distinct());
    }

    [Fact]
    public async Task A_batch_does_not_race_itself()
    {
        var patient = await PatientWithGoalAsync();
        var entries = Enumerable.Range(0, 100).Select(i => Given.Entry("POST", "Observation", Reading(patient, i, 0)));

        var answer = (await Server.PostAsync("", Given.Batch([.. entries]))).ShouldBe(200);

        Assert.Equal(
            ["201 Created"],
            answer.Entries.Select(e => e.GetProperty("response").GetProperty("status").GetString()).Distinct()
        );
    }

    [Fact]
    public async Task Commands_on_different_sides_of_one_task_are_decided_in_turn()
    {
        var id = Given.Id();
        await Server.PutAsync(
            $"Task/{id}",
            $$"""{"resourceType":"Task","id":"{{id}}","status":"ready","intent":"order"}"""
        );

        var answers = await AllAsync(
            Enumerable
                .Range(0, Clients)
                .Select(i => Server.AskAsync($"Task/{id}/$claim", Ask.Reference("owner", $"Practitioner/{id}-{i}")))
        );

        Assert.Single(answers, a => a.Status == 200);
        Assert.All(answers.Where(a => a.Status != 200), a => Assert.Equal(409, a.Status));
    }

    [Fact]
    public async Task What_a_client_made_conditional_is_refused_where_it_does_not_hold()
    {
        var id = Given.Id();
        await Server.PutAsync($"Task/{id}", Task(id, 0));

        var statuses = await AllAsync(
            Enumerable
                .Range(1, Clients)
                .Select(async i => (await Server.PutAsync($"Task/{id}", Task(id, i), "If-Match: W/\"1\"")).Status)
        );

        Assert.Single(statuses, s => s == 200);
        Assert.Equal(Clients - 1, statuses.Count(s => s == 412));
    }

    [Fact]
    public async Task Of_conditional_creates_at_once_one_creates_and_the_others_find_it()
    {
        var identifier = Given.Id();

        var answers = await AllAsync(
            Enumerable
                .Range(0, Clients)
                .Select(_ =>
                    Server.PostAsync(
                        "Patient",
                        Given.PatientWith(identifier),
                        $"If-None-Exist: identifier=urn:test|{identifier}"
                    )
                )
        );

        Assert.Single(answers, a => a.Status == 201);
        Assert.Equal(Clients - 1, answers.Count(a => a.Status == 200));
        Assert.Single(answers.Select(a => a.Id).Distinct());
    }

    /// <summary>Whoever comes first: no plan that is active is left to somebody who has died.</summary>
    [Theory]
    [InlineData("POST", "CarePlan")]
    [InlineData("PUT", "CarePlan")]
    [InlineData("transaction", "CarePlan")]
    [InlineData("$activate", "CarePlan")]
    [InlineData("POST", "Goal")]
    [InlineData("PUT", "Task")]
    public async Task Care_that_begins_while_the_patient_dies_is_refused_or_ends(string door, string type)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var patient = Given.Id();
            await Server.PutAsync($"Patient/{patient}", Given.Patient(patient));
            if (door == "$activate")
                (await Server.PutAsync($"CarePlan/{patient}-3", Care("CarePlan", patient, 3, "draft"))).ShouldBe(201);

            var beginning = Enumerable.Range(0, 6).Select(i => BeginAsync(door, type, patient, i)).ToArray();
            var died = await Server.PutAsync($"Patient/{patient}", Dead(patient));
            var statuses = await AllAsync(beginning);

            died.ShouldBe(200);
            Assert.All(statuses, s => Assert.Contains(s, (int[])[200, 201, 404, 409, 422]));
            var after = (
                await Server.GetAsync($"{type}?{(type == "Task" ? "patient" : "subject")}=Patient/{patient}&_count=50")
            ).ShouldBe(200);
            // A goal or task of a patient who is dead already may be written down; one that was there when they died has ended.
            var diedAt = (await Server.GetAsync($"Patient/{patient}"))
                .Json.GetProperty("meta")
                .GetProperty("lastUpdated");
            Assert.DoesNotContain(
                after.Resources,
                r =>
                    IsOpen(r)
                    && (
                        type == "CarePlan"
                        || string.CompareOrdinal(
                            r.GetProperty("meta").GetProperty("lastUpdated").GetString(),
                            diedAt.GetString()
                        ) < 0
                    )
            );
        }
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("transaction")]
    public async Task Of_episodes_with_different_managers_at_once_one_becomes_active(string door)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var patient = Given.Id();
            await Server.PutAsync($"Patient/{patient}", Given.Patient(patient));
            for (var i = 0; i < 6; i++)
                await Server.PutAsync($"EpisodeOfCare/{patient}-{i}", Care("EpisodeOfCare", patient, i, "planned"));

            var statuses = await AllAsync(
                Enumerable.Range(0, 6).Select(i => BeginAsync(door, "EpisodeOfCare", patient, i))
            );

            Assert.Single(statuses, s => s == 200);
            var active = (await Server.GetAsync($"EpisodeOfCare?patient=Patient/{patient}&status=active")).ShouldBe(
                200
            );
            Assert.Single(active.Resources);
        }
    }

    private async Task<int> BeginAsync(string door, string type, string patient, int number)
    {
        var (id, care) = ($"{patient}-{number}", Care(type, patient, number, "active"));
        return door switch
        {
            "POST" => (await Server.PostAsync(type, care)).Status,
            "PUT" => (await Server.PutAsync($"{type}/{id}", care)).Status,
            "$activate" => (await Server.AskAsync($"CarePlan/{id}/$activate")).Status,
            _ => (await Server.PostAsync("", Given.Transaction(Given.Entry("PUT", $"{type}/{id}", care)))).Status,
        };
    }

    private static bool IsOpen(System.Text.Json.JsonElement resource) =>
        (resource.TryGetProperty("status", out var status) || resource.TryGetProperty("lifecycleStatus", out status))
        && status.GetString() is "active" or "in-progress";

    private static string Care(string type, string patient, int number, string status)
    {
        var (id, who) = ($"{patient}-{number}", $$$"""{"reference":"Patient/{{{patient}}}"}""");
        return type switch
        {
            "Goal" =>
                $$$"""{"resourceType":"Goal","id":"{{{id}}}","lifecycleStatus":"active","description":{"text":"x"},"subject":{{{who}}}}""",
            "Task" =>
                $$$"""{"resourceType":"Task","id":"{{{id}}}","status":"in-progress","intent":"order","for":{{{who}}}}""",
            "EpisodeOfCare" => $$$"""
                {"resourceType":"EpisodeOfCare","id":"{{{id}}}","status":"{{{status}}}","patient":{{{who}}},
                 "careManager":{"reference":"Practitioner/{{{id}}}"}}
                """,
            _ => $$$"""
                {"resourceType":"CarePlan","id":"{{{id}}}","status":"{{{status}}}","intent":"plan","subject":{{{who}}},
                 "goal":[{"display":"n{{{number}}}"}],"activity":[{"detail":{"status":"not-started","description":"x"}}]}
                """,
        };
    }

    private static string Dead(string patient) =>
        $$"""{"resourceType":"Patient","id":"{{patient}}","deceasedBoolean":true}""";

    private async Task<string> PatientWithGoalAsync()
    {
        var patient = Given.Id();
        await Server.PutAsync($"Patient/{patient}", Given.Patient(patient));
        await Server.PutAsync(
            $"Goal/{patient}-g",
            $$$"""
            {"resourceType":"Goal","id":"{{{patient}}}-g","lifecycleStatus":"active","description":{"text":"Weight"},
             "subject":{"reference":"Patient/{{{patient}}}"},
             "target":[{"measure":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},
                        "detailQuantity":{"value":80,"comparator":"<","unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}]}
            """
        );
        return patient;
    }

    private static string Reading(string patient, int value, int day) =>
        $$$"""
            {"resourceType":"Observation","status":"final","subject":{"reference":"Patient/{{{patient}}}"},
             "code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},
             "effectiveDateTime":"2026-11-{{{10 + day}}}T10:00:00Z",
             "valueQuantity":{"value":{{{value}}},"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}
            """;

    private static string Task(string id, int number) =>
        $$"""{"resourceType":"Task","id":"{{id}}","status":"requested","intent":"order","description":"n{{number}}"}""";

    private static async Task<int[]> ManyAsync(Func<int, int, Task<int>> send)
    {
        var statuses = new ConcurrentBag<int>();
        await AllAsync(
            Enumerable
                .Range(0, Clients)
                .Select(async client =>
                {
                    for (var round = 0; round < Rounds; round++)
                        statuses.Add(await send(client, round));
                    return client;
                })
        );
        return [.. statuses];
    }

    private static Task<T[]> AllAsync<T>(IEnumerable<Task<T>> tasks) => System.Threading.Tasks.Task.WhenAll(tasks);
}
