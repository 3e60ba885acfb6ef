using System.Globalization;
using System.Text.Json;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Transitions;

/// <summary>
/// The story of one patient: discharged on the Friday before Labor Day, reached in time at the second attempt, seen, reconciled, and handed
/// over on day 30. The clock is moved; what is told and listed is asserted at each step.
/// </summary>
public abstract class ThirtyDaysTests : IAsyncLifetime
{
    private const string Nurse = "Practitioner/nurse";

    private readonly ShiftedClock _clock = new(At("2026-09-04T16:10:00Z"));
    private readonly Hospital _hospital = new() { Start = "2026-09-01T09:30:00Z", End = "2026-09-04T16:05:00Z" };

    private TestServer _server = null!;
    private string _patient = "";
    private string _episode = "";

    public sealed class OnSqlite : ThirtyDaysTests
    {
        protected override Task<TestServer> StartAsync(TimeProvider time) => TestServer.OnSqliteAsync(time);
    }

    public sealed class OnPostgreSql : ThirtyDaysTests
    {
        protected override Task<TestServer> StartAsync(TimeProvider time) => PostgreSqlServer.NewAsync(time);
    }

    public async ValueTask InitializeAsync()
    {
        _server = await StartAsync(_clock);
        (await _server.PutAsync(Nurse, Given.Practitioner("nurse"))).ShouldBe(201);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _server is null ? ValueTask.CompletedTask : _server.DisposeAsync();
    }

    protected abstract Task<TestServer> StartAsync(TimeProvider time);

    [Fact]
    public async Task A_discharge_before_a_long_weekend_is_followed_to_its_thirtieth_day()
    {
        // Friday: the hospital tells of the discharge, and everything begins.
        (await _server.PostAsync("$process-message", _hospital.Discharge("2026-09-04T16:10:00Z"))).ShouldBe(200);
        await FindAsync();
        Assert.Equal(
            [
                "papers 2026-09-08",
                "contact 2026-09-09",
                "needs 2026-09-09",
                "services 2026-09-10",
                "call 2026-09-11",
                "medications 2026-09-11",
                "call 2026-09-18",
                "visit 2026-09-18",
                "call 2026-09-25",
                "call 2026-10-02",
                "close 2026-10-03",
            ],
            await WorkAsync()
        );
        Assert.Equal(
            "close running, contact running, medications running, papers running, visit running",
            await ClocksAsync()
        );

        // Labor Day: nobody works, and nothing is late.
        Move("2026-09-07T20:00:00Z");
        Assert.Equal(
            "close running, contact running, medications running, papers running, visit running",
            await ClocksAsync()
        );
        Assert.Equal("papers 2026-09-08", (await WorkAsync())[0]);

        // Tuesday: the papers are read, and nobody answers the telephone.
        Move("2026-09-08T14:00:00Z");
        await DoAsync("papers", "$complete");
        await DoAsync("contact", "$fail", Ask.Text("reason", "Nobody answers"));
        Assert.Equal(["running", "1"], await ClockAsync("contact", "state", "attempts"));
        Assert.Equal("contact 2026-09-09", (await WorkAsync())[0]);
        Assert.Equal("missed", (await ClockAsync("contact", "2026-09-10T00:00:00Z", "state"))[0]);

        // Wednesday, the second business day: she is reached, and needs a visit soon.
        Move("2026-09-09T15:00:00Z");
        await DoAsync("contact", "$complete");
        await DoAsync("needs", "$complete");
        Assert.Equal(["met", "1"], await ClockAsync("contact", "state", "attempts"));
        await PutVisitAsync("booked");
        Assert.Equal(
            ["running", "booked", "Appointment/visit"],
            await ClockAsync("visit", "state", "visit", "appointment")
        );

        // Thursday and Friday: services, the first call, and the medications before the visit.
        Move("2026-09-10T10:00:00Z");
        await DoAsync("services", "$complete");
        Move("2026-09-11T10:00:00Z");
        await DoAsync("call", "$complete");
        await DoAsync("medications", "$complete");
        Assert.Equal("close running, contact met, medications met, papers met, visit running", await ClocksAsync());
        Assert.Equal(
            ["call 2026-09-18", "visit 2026-09-18", "call 2026-09-25", "call 2026-10-02", "close 2026-10-03"],
            await WorkAsync()
        );

        // The visit is kept: nobody has to say so of the task.
        Move("2026-09-15T18:00:00Z");
        await PutVisitAsync("fulfilled");
        Assert.Equal(["met", "kept"], await ClockAsync("visit", "state", "visit"));
        Assert.DoesNotContain("visit 2026-09-18", await WorkAsync());

        // Three more calls.
        foreach (var day in (string[])["2026-09-18", "2026-09-25", "2026-10-02"])
        {
            Move($"{day}T15:00:00Z");
            Assert.Equal($"call {day}", (await WorkAsync())[0]);
            await DoAsync("call", "$complete");
        }

        // Day 30, the day of the discharge counted: the clinic takes over.
        Move("2026-10-03T09:00:00Z");
        Assert.Equal(["close 2026-10-03"], await WorkAsync());
        Assert.Equal("close running, contact met, medications met, papers met, visit met", await ClocksAsync());
        await DoAsync("close", "$complete", Ask.Text("outcome", "At home, and knows whom to call"));
        Assert.Equal("close met, contact met, medications met, papers met, visit met", await ClocksAsync());
        var plan = Assert.Single((await _server.GetAsync($"CarePlan?subject={_patient}")).ShouldBe(200).Resources);
        // Each goal has its end, or the plan goes on.
        var goals = plan.GetProperty("goal").EnumerateArray().Select(g => g.GetProperty("reference").GetString()!);
        var close = $"CarePlan/{plan.GetProperty("id").GetString()}/$close";
        (await _server.AskAsync(close, Ask.Text("outcome", "No readmission"))).ShouldBe(422);
        var closed = await _server.AskAsync(
            close,
            [
                Ask.Text("outcome", "No readmission"),
                Ask.Text("summary", "Handed over to her clinic"),
                Ask.Reference("practitioner", Nurse),
                .. goals.Select(g =>
                    $$"""{"name":"goal","part":[{{Ask.Reference("goal", g)}},{{Ask.Value("achievementStatus", "valueCode", "\"achieved\"")}}]}"""
                ),
            ]
        );
        Assert.Equal("completed", closed.ShouldBe(200).Status());
        Assert.Empty(await WorkAsync());
        // Later nothing has become late of it, and what the hospital sends again begins nothing.
        Move("2026-11-01T09:00:00Z");
        Assert.Equal("close met, contact met, medications met, papers met, visit met", await ClocksAsync());
        (await _server.PostAsync("$submit-transition", _hospital.Discharge("2026-09-04T16:30:00Z"))).ShouldBe(200);
        Assert.Empty(await WorkAsync());
        Assert.Single((await _server.GetAsync($"CarePlan?subject={_patient}")).ShouldBe(200).Resources);
    }

    [Fact]
    public async Task Two_attempts_in_time_that_reach_nobody_excuse_the_contact_and_a_visit_that_is_missed_goes_on()
    {
        (await _server.PostAsync("$process-message", _hospital.Discharge("2026-09-04T16:10:00Z"))).ShouldBe(200);
        await FindAsync();
        foreach (var day in (string[])["2026-09-08", "2026-09-09"])
        {
            Move($"{day}T14:00:00Z");
            await DoAsync("contact", "$fail", Ask.Text("reason", "Nobody answers"));
        }

        Assert.Equal(["excused", "2"], await ClockAsync("contact", "state", "attempts"));
        await PutVisitAsync("booked");
        Move("2026-09-15T18:00:00Z");
        await PutVisitAsync("noshow");
        Assert.Equal(["running", "missed", "1"], await ClockAsync("visit", "state", "visit", "noShows"));
        Assert.Contains("reschedule 2026-09-16", await WorkAsync());
        Move("2026-09-19T00:30:00Z");
        Assert.Equal(
            "close running, contact excused, medications missed, papers missed, visit missed",
            await ClocksAsync()
        );
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

    private void Move(string to) => _clock.Advance(At(to) - _clock.GetUtcNow());

    private async Task FindAsync()
    {
        var id = Assert.Single(
            (await _server.GetAsync($"Patient?identifier=urn:hospital:mrn|{_hospital.Person}")).ShouldBe(200).Ids
        );
        _patient = $"Patient/{id}";
        _episode = Assert.Single((await _server.GetAsync($"EpisodeOfCare?patient={_patient}")).ShouldBe(200).Ids);
    }

    /// <summary>What the worklist has of her, with the day by which it is due, the earliest first.</summary>
    private async Task<string[]> WorkAsync() =>
        [
            .. (await ListedAsync())
                .Select(t => (Code: CodeOf(t), Due: DueOf(t)))
                .OrderBy(t => t.Due, StringComparer.Ordinal)
                .ThenBy(t => t.Code, StringComparer.Ordinal)
                .Select(t => $"{t.Code} {t.Due[..10]}"),
        ];

    private async Task<JsonElement[]> ListedAsync() =>
        [.. (await _server.GetAsync($"Task/$worklist?patient={_patient}&count=100")).ShouldBe(200).Resources];

    /// <summary>The nurse takes the earliest task of a code, and ends it.</summary>
    private async Task DoAsync(string code, string command, params string[] parameters)
    {
        var task = (await ListedAsync()).Where(t => CodeOf(t) == code).OrderBy(DueOf, StringComparer.Ordinal).First();
        var path = $"Task/{task.GetProperty("id").GetString()}";
        if (!task.TryGetProperty("owner", out _))
        {
            (await _server.AskAsync($"{path}/$claim", Ask.Reference("practitioner", Nurse))).ShouldBe(200);
            (await _server.AskAsync($"{path}/$accept")).ShouldBe(200);
        }

        (await _server.AskAsync($"{path}/$start", Ask.Reference("practitioner", Nurse))).ShouldBe(200);
        (await _server.AskAsync($"{path}/{command}", parameters)).ShouldBe(200);
    }

    private async Task PutVisitAsync(string status)
    {
        var visit = Assert.Single(
            (await _server.GetAsync($"Task?patient={_patient}&_count=200")).ShouldBe(200).Resources,
            t => CodeOf(t) == "visit"
        );
        var body =
            $$$"""{"resourceType":"Appointment","id":"visit","status":"{{{status}}}","start":"2026-09-15T16:00:00Z","end":"2026-09-15T16:30:00Z","supportingInformation":[{"reference":"Task/{{{visit.GetProperty("id").GetString()}}}"}],"participant":[{"actor":{"reference":"{{{_patient}}}"},"status":"accepted"}]}""";
        Assert.Contains((await _server.PutAsync("Appointment/visit", body)).Status, new[] { 200, 201 });
    }

    /// <summary>Each clock with its state.</summary>
    private async Task<string> ClocksAsync() =>
        string.Join(
            ", ",
            (await StatusAsync(null)).Select(c => $"{c["name"]} {c["state"]}").Order(StringComparer.Ordinal)
        );

    /// <summary>Parts of a clock; an instant before them asks how it stands then.</summary>
    private async Task<string[]> ClockAsync(string name, params string[] parts)
    {
        var asOf = parts[0].StartsWith("20", StringComparison.Ordinal) ? parts[0] : null;
        var clock = (await StatusAsync(asOf)).Single(c => c["name"] == name);
        return [.. parts.Skip(asOf is null ? 0 : 1).Select(p => clock.GetValueOrDefault(p, "-"))];
    }

    private async Task<List<Dictionary<string, string>>> StatusAsync(string? asOf) =>
        [
            .. (
                await _server.GetAsync(
                    $"EpisodeOfCare/{_episode}/$transition-status{(asOf is null ? "" : $"?asOf={asOf}")}"
                )
            )
                .ShouldBe(200)
                .Json.GetProperty("parameter")
                .EnumerateArray()
                .Where(p => p.GetProperty("name").GetString() == "clock")
                .Select(p =>
                    p.GetProperty("part")
                        .EnumerateArray()
                        .ToDictionary(
                            x => x.GetProperty("name").GetString()!,
                            x => TextOf(x.EnumerateObject().Single(v => v.Name != "name").Value)
                        )
                ),
        ];

    private static string TextOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object ? value.GetProperty("reference").GetString()! : value.ToString();

    private static string CodeOf(JsonElement task) =>
        task.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString()!;

    private static string DueOf(JsonElement task) =>
        task.GetProperty("restriction").GetProperty("period").GetProperty("end").GetString()!;
}
