using System.Text.Json;
using CareCoordination.Application.Timers;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Visits;

/// <summary>Tasks that patients and their families have themselves.</summary>
public abstract class PatientTaskTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : PatientTaskTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : PatientTaskTests(shared);

    private readonly string _patient = Given.Id("p");
    private readonly string _relative = Given.Id("r");

    [Theory]
    [InlineData("requested")]
    [InlineData("received")]
    [InlineData("accepted")]
    [InlineData("rejected")]
    public async Task A_patient_is_given_a_task_and_not_asked_by_any_door(string status)
    {
        await PeopleAsync(Server);
        var task = Mine("ready", $"Patient/{_patient}");
        var wrong = Mine(status, $"RelatedPerson/{_relative}");
        var ready = (await Server.PostAsync("Task", task)).ShouldBe(201).Id;
        var staff = (await Server.PostAsync("Task", Mine(status, "Practitioner/1"))).ShouldBe(201).Id;
        foreach (
            var answer in new[]
            {
                await Server.PostAsync("Task", wrong),
                await Server.PutAsync(
                    $"Task/{staff}",
                    Mine(status, $"RelatedPerson/{_relative}", $",\"id\":\"{staff}\"")
                ),
                await Server.PostAsync("", Given.Transaction(Given.Entry("POST", "Task", wrong))),
                await Server.PatchAsync(
                    $"Task/{staff}",
                    $$$"""[{"op":"replace","path":"/owner","value":{"reference":"Patient/{{{_patient}}}"}}]"""
                ),
            }
        )
        {
            Assert.Contains(answer.Status, (int[])[400, 422]);
            Assert.Contains("patient-task-status", answer.Body, StringComparison.Ordinal);
            Assert.Contains("Send it as 'ready'", answer.Body, StringComparison.Ordinal);
        }

        foreach (var next in (string[])["in-progress", "on-hold", "in-progress", "completed"])
            (
                await Server.PatchAsync($"Task/{ready}", $$"""[{"op":"replace","path":"/status","value":"{{next}}"}]""")
            ).ShouldBe(200);
    }

    [Fact]
    public async Task One_that_is_handed_to_the_patient_is_ready()
    {
        await PeopleAsync(Server);
        var task = (await Server.PostAsync("Task", Mine("requested", "Practitioner/1"))).ShouldBe(201).Id;
        (
            await Server.AskAsync($"Task/{task}/$reassign", Ask.Reference("owner", $"RelatedPerson/{_relative}"))
        ).ShouldBe(200);
        Assert.Equal("ready", await Server.StatusOfAsync($"Task/{task}"));
    }

    [Fact]
    public async Task The_worklist_tells_what_patients_have_from_what_staff_has()
    {
        await PeopleAsync(Server);
        var own = (await Server.PostAsync("Task", Mine("ready", $"Patient/{_patient}"))).ShouldBe(201).Id;
        var family = (await Server.PostAsync("Task", Mine("ready", $"RelatedPerson/{_relative}"))).ShouldBe(201).Id;
        var staff = (await Server.PostAsync("Task", Mine("ready", "Practitioner/1"))).ShouldBe(201).Id;
        var nobody = (await Server.PostAsync("Task", Mine("requested", null))).ShouldBe(201).Id;

        Assert.Equal(Sorted(own, family, staff, nobody), await ListAsync($"patient=Patient/{_patient}"));
        Assert.Equal(Sorted(own, family), await ListAsync($"patient=Patient/{_patient}&ownedBy=patient"));
        Assert.Equal(Sorted(staff, nobody), await ListAsync($"patient=Patient/{_patient}&ownedBy=staff"));
        Assert.Equal([own], await ListAsync($"owner=Patient/{_patient}&ownedBy=patient"));
        Assert.Empty(await ListAsync($"owner=Patient/{_patient}&ownedBy=staff"));
        var first = (
            await Server.GetAsync($"Task/$worklist?patient=Patient/{_patient}&ownedBy=patient&_count=1")
        ).ShouldBe(200);
        Assert.Equal("2", first.Text("total"));
        Assert.Equal(
            Sorted(own, family),
            Sorted([.. first.Ids, .. (await Server.GetAsync(first.Link("next")!)).ShouldBe(200).Ids])
        );
        Assert.Equal(
            ["error value Parameters.parameter: 'ownedBy' is patient or staff."],
            (await Server.GetAsync("Task/$worklist?ownedBy=nobody")).ShouldBe(400).Issues
        );
    }

    /// <summary>Due on the day before Thanksgiving: the patient is reminded then, and the care manager asks after the Friday.</summary>
    [Fact]
    public async Task One_that_is_overdue_comes_to_the_care_manager_as_a_task_of_their_own()
    {
        var clock = new ShiftedClock(new DateTimeOffset(2026, 11, 23, 15, 0, 0, TimeSpan.Zero));
        await using var server = await TestServer.OnSqliteAsync(clock);
        await PeopleAsync(server);
        await server.EmployAsync("Practitioner/manager");
        (
            await server.PutAsync(
                "PractitionerRole/manager",
                """{"resourceType":"PractitionerRole","id":"manager","active":true,"practitioner":{"reference":"Practitioner/manager"}}"""
            )
        ).ShouldBe(201);
        (
            await server.PostAsync(
                "EpisodeOfCare",
                $$$"""{"resourceType":"EpisodeOfCare","status":"active","patient":{"reference":"Patient/{{{_patient}}}"},"careManager":{"reference":"Practitioner/manager"} }"""
            )
        ).ShouldBe(201);
        var mine = (
            await server.PostAsync(
                "Task",
                Mine("ready", $"Patient/{_patient}", ",\"restriction\":{\"period\":{\"end\":\"2026-11-25T12:00:00Z\"}}")
            )
        )
            .ShouldBe(201)
            .Id;

        await RingAsync(server, clock, days: 3);
        Assert.Empty(await FollowUpsAsync(server));
        Assert.Single((await server.GetAsync($"Communication?recipient=Patient/{_patient}")).ShouldBe(200).Ids);

        await RingAsync(server, clock, days: 2);
        await RingAsync(server, clock, days: 30);

        var follow = Assert.Single(await FollowUpsAsync(server));
        Assert.Equal("Practitioner/manager", follow.GetProperty("owner").GetProperty("reference").GetString());
        Assert.DoesNotContain(
            (await server.GetAsync("Task?_count=50")).Resources,
            t =>
                t.TryGetProperty("focus", out var focus)
                && focus.GetProperty("reference").GetString() == $"Task/{mine}"
                && Clinic.CodeOf(t) == "escalate"
        );
        // The manager's work is the follow-up, and not what the patient has.
        Assert.Equal(
            [Clinic.IdOf(follow)],
            (await server.GetAsync("Task/$worklist?owner=Practitioner/manager")).ShouldBe(200).Ids
        );
        var load = (await server.GetAsync("PractitionerRole/manager/$caseload")).ShouldBe(200);
        Assert.Equal(
            1,
            load.Json.GetProperty("parameter")
                .EnumerateArray()
                .Single(p => p.GetProperty("name").GetString() == "overdue")
                .GetProperty("valueInteger")
                .GetInt32()
        );

        (
            await server.PatchAsync($"Task/{mine}", """[{"op":"replace","path":"/status","value":"completed"}]""")
        ).ShouldBe(200);
        Assert.Equal("cancelled", await server.StatusOfAsync($"Task/{Clinic.IdOf(follow)}"));
    }

    private static async Task RingAsync(TestServer server, ShiftedClock clock, int days)
    {
        clock.Advance(TimeSpan.FromDays(days));
        var sweep = server.Services.GetRequiredService<TimerSweep>();
        while (await sweep.RunAsync(TestContext.Current.CancellationToken) > 0) { }
    }

    private static async Task<JsonElement[]> FollowUpsAsync(TestServer server) =>
        [
            .. (await server.GetAsync("Task?_count=50"))
                .ShouldBe(200)
                .Resources.Where(t => t.TryGetProperty("code", out _) && Clinic.CodeOf(t) == "follow-up"),
        ];

    private async Task PeopleAsync(TestServer server)
    {
        (await server.PutAsync($"Patient/{_patient}", Given.Patient(_patient))).ShouldBe(201);
        (
            await server.PutAsync(
                $"RelatedPerson/{_relative}",
                $$$"""{"resourceType":"RelatedPerson","id":"{{{_relative}}}","active":true,"patient":{"reference":"Patient/{{{_patient}}}"} }"""
            )
        ).ShouldBe(201);
    }

    private async Task<string[]> ListAsync(string query) =>
        Sorted([.. (await Server.GetAsync($"Task/$worklist?{query}")).ShouldBe(200).Ids]);

    private static string[] Sorted(params string[] ids) => [.. ids.Order(StringComparer.Ordinal)];

    private string Mine(string status, string? owner, string more = "") =>
        $$$"""{"resourceType":"Task","status":"{{{status}}}","intent":"order","description":"Weigh daily","for":{"reference":"Patient/{{{_patient}}}"}{{{(owner is null ? "" : $",\"owner\":{{\"reference\":\"{owner}\"}}")}}}{{{more}}} }""";
}
