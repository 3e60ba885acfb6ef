using System.Globalization;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Server.Tests.Outcomes;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Record;

/// <summary>
/// Tables, events and measures are equal to the record: care at random through the front door, by one client or several at once, then each
/// row told again by other code from the versions that the history has. <c>CARE_RECORD_SEEDS</c> asks for more of them.
/// </summary>
public sealed class RecordTests
{
    /// <summary>Eight days before the clocks are set forward in New York; later they are elsewhere.</summary>
    private static readonly DateTimeOffset Begin = new(2026, 2, 28, 4, 10, 0, TimeSpan.Zero);

    private static readonly string? Asked = Environment.GetEnvironmentVariable("CARE_RECORD_SEEDS");

    /// <summary>Of all clients together.</summary>
    private static readonly int Steps = Asked is null ? 70 : 260;

    public static TheoryData<bool, int, int> Seeds
    {
        get
        {
            var data = new TheoryData<bool, int, int>();
            var seeds = Asked is null ? 1 : int.Parse(Asked, CultureInfo.InvariantCulture);
            for (var seed = 1; seed <= seeds; seed++)
            {
                // The ordinary run has one client with the one engine, and several with the other.
                data.Add(false, seed, Asked is not null && seed % 2 == 0 ? 4 : 1);
                data.Add(true, seed, Asked is not null && seed % 2 == 0 ? 1 : 4);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public async Task Every_row_is_what_other_code_tells_from_the_history(bool isPostgreSql, int seed, int clients)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        using var file = new OutcomesFile();
        var clock = new ShiftedClock(Begin);
        var settings = new RecordSettings(seed - 1);
        await using var server = await TestServer.StartAsync(
            [.. database.Settings, file.Setting, .. settings.Options],
            time: clock
        );
        var world = new PlayedWorld();
        try
        {
            await PlayAsync(server, clock, world, seed, clients);
            var versions = await ToldVersion.AllAsync(server);
            var comparison = new RecordComparison(server, settings, versions, clock.GetUtcNow());
            await comparison.RunAsync(isLong: Asked is not null);
            TestContext.Current.TestOutputHelper?.WriteLine($"{world.Summary}\n{comparison.Summary}");
            Assert.True(comparison.HasEnough, comparison.Summary);
            Assert.True(comparison.Differences.Count == 0, string.Join('\n', comparison.Differences));
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            throw new InvalidOperationException(
                $"PostgreSQL {isPostgreSql}, seed {seed}, {clients} clients\n{problem.Message}\nlast:\n{world.Last}",
                problem
            );
        }
    }

    private static async Task PlayAsync(TestServer server, ShiftedClock clock, PlayedWorld world, int seed, int clients)
    {
        await new RecordPlay(server, new Dice(seed, clock), world).BeginAsync();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, clients),
            new ParallelOptions { MaxDegreeOfParallelism = clients },
            async (client, _) =>
            {
                var dice = new Dice(seed * 1000 + client, clock);
                var play = new RecordPlay(server, dice, world);
                for (var step = 0; step < Steps / clients; step++)
                {
                    clock.Advance(TimeSpan.FromMinutes(dice.Next(2 * 24 * 60 * 60 / Steps)));
                    await play.StepAsync();
                    // The tables follow in pages of any size.
                    if (dice.OneIn(30))
                        await server.GetAsync(
                            "Measure/m-16/$evaluate-measure?periodStart=2026-01-01&periodEnd=2026-12-31"
                        );
                }
            }
        );
    }
}
