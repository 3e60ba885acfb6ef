using CareCoordination.Exchange.Hospitals;
using CareCoordination.HospitalSimulator;
using CareCoordination.HospitalSimulator.Scripts;
using CareCoordination.Server.Tests.Hospitals;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Samples;

/// <summary>The day of a hospital, through every door of a server: what the server holds is what the ledger of the hospital says.</summary>
public sealed class HospitalSimulatorTests
{
    private static readonly DateOnly Yesterday = DateOnly.FromDateTime(
        TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-1)
    );

    private static SimulationOptions Day(int patients, params TestServer[] nodes) =>
        new()
        {
            Fhir = [.. nodes.Select(n => new Uri(n.Base))],
            Mllp = [.. nodes.Select(n => ("127.0.0.1", n.Services.GetRequiredService<MllpListener>().EndPoint!.Port))],
            Patients = patients,
            Rate = 0,
            Day = Yesterday,
        };

    private static async Task<(int Code, string Output)> PlayAsync(
        SimulationOptions options,
        CancellationToken cancellationToken = default
    )
    {
        await using var output = new StringWriter();
        using var simulation = new Simulation(options, output);
        var code = await simulation.RunAsync(cancellationToken);
        return (code, output.ToString());
    }

    [Fact]
    public async Task A_day_comes_to_what_the_ledger_says_and_the_same_day_again_changes_nothing()
    {
        await using var server = await Hl7Kit.StartAsync();
        var day = Day(48, server);

        var first = await PlayAsync(day);
        Assert.True(first.Code == Simulation.Right, first.Output);
        var before = await CountsAsync(server);
        var again = await PlayAsync(day with { AtOnce = 7 });

        Assert.True(again.Code == Simulation.Right, again.Output);
        Assert.Equal(before, await CountsAsync(server));
        Assert.Contains("all                     48", again.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Two_nodes_that_hear_of_it_in_turn_come_to_the_same(int seed)
    {
        string[] settings =
        [
            "--Storage:Provider=PostgreSql",
            $"--ConnectionStrings:CareCoordination={PostgreSqlCluster.Require().NewDatabase()}",
        ];
        Assert.Equal(0, await Program.Main(["migrate", .. settings]));
        await using var first = await TestServer.StartAsync([.. settings, .. Hl7Kit.Settings]);
        await using var second = await TestServer.StartAsync([.. settings, .. Hl7Kit.Settings]);

        var played = await PlayAsync(Day(64, first, second) with { Seed = seed, AtOnce = 8 });

        Assert.True(played.Code == Simulation.Right, played.Output);
    }

    [Theory]
    [InlineData("CarePlan?status=active")]
    [InlineData("Task?status=requested&code=contact")]
    [InlineData("Encounter?status=finished")]
    public async Task What_is_there_and_not_in_the_ledger_or_the_other_way_round_ends_with_1(string what)
    {
        await using var server = await Hl7Kit.StartAsync();
        var day = Day(20, server);
        Assert.Equal(Simulation.Right, (await PlayAsync(day)).Code);
        var some = (await server.GetAsync($"{what}&_count=1")).ShouldBe(200).Resources.Single();
        var owner = some.GetProperty(what.StartsWith("Task", StringComparison.Ordinal) ? "for" : "subject")
            .GetProperty("reference")
            .GetString()!;
        var number = (await server.GetAsync(owner)).Json.GetProperty("identifier")[0].GetProperty("value").GetString()!;
        var type = some.GetProperty("resourceType").GetString();
        // One more of a patient who is told of no more.
        (
            await server.PostAsync(
                type!,
                type switch
                {
                    "CarePlan" =>
                        $$$"""{"resourceType":"CarePlan","status":"active","intent":"plan","subject":{"reference":"{{{owner}}}"}}""",
                    "Task" =>
                        $$$"""{"resourceType":"Task","status":"requested","intent":"order","for":{"reference":"{{{owner}}}"}}""",
                    _ =>
                        $$$"""{"resourceType":"Encounter","status":"in-progress","class":{"code":"AMB"},"subject":{"reference":"{{{owner}}}"}}""",
                }
            )
        ).ShouldBe(201);

        var played = await PlayAsync(day);

        Assert.Equal(Simulation.Different, played.Code);
        Assert.Contains(
            played.Output.Split('\n'),
            l =>
                l.StartsWith(number + " (", StringComparison.Ordinal)
                && l.Contains("in the ledger", StringComparison.Ordinal)
        );
        Assert.Contains("Of 1 patients the server holds something else.", played.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_takes_no_HL7_v2_or_is_not_there_is_told_first()
    {
        await using var shut = await TestServer.OnSqliteAsync();
        var options = new SimulationOptions { Fhir = [new Uri(shut.Base)], Day = Yesterday };

        var played = await PlayAsync(options);
        var nowhere = await PlayAsync(options with { Fhir = [new Uri("http://127.0.0.1:1/fhir")] });

        Assert.Equal((Simulation.NotThere, Simulation.NotThere), (played.Code, nowhere.Code));
        Assert.Contains("--Transitions:SendersPath", played.Output, StringComparison.Ordinal);
        Assert.Contains("does not answer", nowhere.Output, StringComparison.Ordinal);
        Assert.Empty((await shut.GetAsync("Patient")).Resources);
    }

    [Fact]
    public async Task Who_stops_it_is_told_how_far_it_came_and_can_go_on()
    {
        await using var server = await Hl7Kit.StartAsync();
        using var stop = new CancellationTokenSource();
        var playing = PlayAsync(Day(500, server) with { Rate = 50 }, stop.Token);
        while ((await server.GetAsync("Encounter?_summary=count")).Json.GetProperty("total").GetInt32() < 3)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        await stop.CancelAsync();

        var (code, output) = await playing;

        Assert.Equal(Simulation.Stopped, code);
        Assert.Matches("Stopped. [0-9]+ of [0-9]+ messages told", output);
        Assert.DoesNotContain("ledger", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_tells_the_same_and_another_one_something_else()
    {
        var options = new SimulationOptions { Patients = 100, Day = new DateOnly(2026, 11, 20) };

        Assert.Equal(Texts(options), Texts(options with { AtOnce = 9, Rate = 3 }));
        Assert.NotEqual(Texts(options), Texts(options with { Seed = 2 }));
        // A longer day begins as a shorter one.
        Assert.Equal(Texts(options), Texts(options with { Patients = 150 })[..100]);
    }

    [Fact]
    public void A_day_has_every_kind_every_door_repetitions_and_what_is_told_late()
    {
        var days = Simulation.Script(new SimulationOptions { Patients = 200, Day = new DateOnly(2026, 11, 20) });
        var told = days.SelectMany(d => d.Told).ToList();

        Assert.Equal(Enum.GetValues<StoryKind>(), days.Select(d => d.Kind).Distinct().Order());
        Assert.Equal(Enum.GetValues<Happening>(), told.Select(t => t.What).Distinct().Order());
        Assert.Equal(Enum.GetValues<Door>(), told.Select(t => t.Door).Distinct().Order());
        Assert.Equal(Enum.GetValues<StoryKind>().Length, days.Take(16).Select(d => d.Kind).Distinct().Count());
        Assert.True(told.Count(t => t.Times > 1) > 100);
        Assert.True(told.Count - told.Distinct().Count() > 50);
        var late = days.Count(d => d.Told.Zip(d.Told.Skip(1)).Any(p => p.Second.At < p.First.At));
        Assert.True(late > 50);
        // Nobody could be taken for somebody else.
        var people = told.SelectMany(t => new[] { t.Person, t.MergedAway }).OfType<Person>().Distinct().ToList();
        Assert.Equal(people.Count, people.Select(p => (p.Family, p.Given)).Distinct().Count());
        Assert.Equal(people.Count, people.Select(p => p.Number).Distinct().Count());
        // All of it has happened when the day is over, in the order of the clock.
        Assert.All(told, t => Assert.True(t.At <= new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero)));
        Assert.All(told, t => Assert.True(t.Stay.Start <= t.At && !(t.Stay.End > t.At)));
    }

    [Theory]
    [InlineData("--patients", "0")]
    [InlineData("--patients", "100001")]
    [InlineData("--patients", "many")]
    [InlineData("--rate", "-1")]
    [InlineData("--at-once", "0")]
    [InlineData("--seed", "")]
    [InlineData("--day", "2026-11-29")]
    [InlineData("--day", "29.11.2026")]
    [InlineData("--fhir", "localhost")]
    [InlineData("--fhir", "http://a/fhir,b")]
    [InlineData("--mllp", "localhost")]
    [InlineData("--mllp", "localhost:0")]
    [InlineData("--mllp", "localhost:70000")]
    [InlineData("--doors", "all")]
    public void What_is_no_option_is_said(string name, string value)
    {
        var (options, problem) = SimulationOptions.Read([name, value], new DateOnly(2026, 11, 29));

        Assert.Null(options);
        Assert.Contains(name, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_read_as_they_are_written()
    {
        var line =
            "--fhir http://a:1/fhir,https://b/fhir/ --mllp a:2575,b:2576 --patients 7 --rate 0 --at-once 3 --seed 9 --day 2026-11-20";
        var (options, problem) = SimulationOptions.Read(line.Split(' '), new DateOnly(2026, 11, 29));

        Assert.Null(problem);
        Assert.Equal(["http://a:1/fhir", "https://b/fhir"], options!.Fhir.Select(f => f.AbsoluteUri));
        Assert.Equal([("a", 2575), ("b", 2576)], options.Mllp);
        Assert.Equal((7, 0, 3, 9), (options.Patients, options.Rate, options.AtOnce, options.Seed));
        Assert.Equal(new DateOnly(2026, 11, 20), options.Day);
        Assert.Equal(new DateOnly(2026, 11, 28), SimulationOptions.Read([], new DateOnly(2026, 11, 29)).Options!.Day);
    }

    [Fact]
    public async Task The_program_plays_a_day_and_says_what_is_no_option()
    {
        await using var server = await Hl7Kit.StartAsync();
        var program = typeof(Simulation).Assembly.Location;

        var played = await ProgramRun.OfAsync(
            AppContext.BaseDirectory,
            "dotnet",
            [program, "--fhir", server.Base, "--patients", "16", "--rate", "0"]
        );
        var wrong = await ProgramRun.OfAsync(AppContext.BaseDirectory, "dotnet", [program, "--patients", "none"]);

        Assert.True(played.Code == 0, played.Output + played.Error);
        Assert.EndsWith(
            "The server holds what the ledger of the hospital says.",
            played.Output.TrimEnd(),
            StringComparison.Ordinal
        );
        Assert.Equal(2, wrong.Code);
        Assert.StartsWith("'--patients none' is not an option.", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("--rate N", wrong.Error, StringComparison.Ordinal);
    }

    private static string[] Texts(SimulationOptions options) =>
        [.. Simulation.Script(options).Select(d => $"{d.Kind} {string.Join('\n', d.Told)}")];

    private static async Task<List<(string, int)>> CountsAsync(TestServer server)
    {
        var counts = new List<(string, int)>();
        foreach (
            var type in (string[])["Patient", "Encounter", "CarePlan", "Goal", "Task", "EpisodeOfCare", "Organization"]
        )
        {
            var count = (await server.GetAsync($"{type}?_summary=count")).ShouldBe(200);
            counts.Add((type, count.Json.GetProperty("total").GetInt32()));
        }

        return counts;
    }
}
