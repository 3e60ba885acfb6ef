using CareCoordination.Fuzz;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests;

/// <summary>
/// Everything the table offers, asked for in all ways that chance finds: no request is answered with the server's failure, and none takes
/// more than two seconds of a processor. The longer form is the verb <c>fuzz</c> of the load tool, which can repeat a request by its
/// number. The server is a process of its own, so that its CPU is told from that of other tests.
/// </summary>
public sealed class FuzzTests : IDisposable
{
    private const int Requests = 1500;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("care-fuzz-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(20261129)]
    [InlineData(7)]
    public async Task No_request_fails_or_takes_long_on_sqlite(int seed)
    {
        await using var server = await ServerProcess.StartAsync(Path.Combine(_folder.FullName, "fuzz.db"));
        await RunAsync(server, seed);
    }

    [Fact]
    public async Task No_request_fails_or_takes_long_on_PostgreSQL()
    {
        var database = $"--ConnectionStrings:CareCoordination={PostgreSqlCluster.Require().NewDatabase()}";
        const string Provider = "--Storage:Provider=PostgreSql";
        Assert.Equal(0, await Program.Main(["migrate", Provider, database]));
        await using var server = await ServerProcess.StartWithAsync(Provider, database);
        await RunAsync(server, seed: 20261130);
    }

    [Fact]
    public void A_request_is_what_seed_and_number_make_it()
    {
        var drawn = Enumerable.Range(0, 300).Select(i => new FuzzGenerator(3).Draw(i).ToString()).ToList();

        Assert.Equal(drawn, Enumerable.Range(0, 300).Select(i => new FuzzGenerator(3).Draw(i).ToString()));
        Assert.Equal(drawn[200], new FuzzGenerator(3).Draw(200).ToString());
        Assert.NotEqual(drawn[200], new FuzzGenerator(4).Draw(200).ToString());
        Assert.True(drawn.Distinct().Count() > 280, "Requests that are alike test little.");
    }

    [Fact]
    public void Every_operation_and_interaction_is_asked_for()
    {
        var generator = new FuzzGenerator(1);
        var drawn = Enumerable.Range(0, 6000).Select(generator.Draw).ToList();

        Assert.Empty(
            Composition.Operations.All.Where(o =>
                !o.IsOnSystem
                && !drawn.Exists(r =>
                    r.Target.StartsWith(o.ResourceType + "/", StringComparison.Ordinal)
                    && r.Target.Split('?')[0].EndsWith(o.Code, StringComparison.Ordinal)
                )
            )
        );
        Assert.Subset(
            drawn.Select(r => r.Method).ToHashSet(StringComparer.Ordinal),
            Composition.Interactions.All.Select(i => i.Method).ToHashSet(StringComparer.Ordinal)
        );
    }

    private static async Task RunAsync(ServerProcess server, int seed)
    {
        var run = new FuzzRun(server.Client, server.Base, () => server.CpuSeconds, new FuzzGenerator(seed));
        for (var number = 0; number < Requests; number++)
            await run.OneAsync(number, TestContext.Current.CancellationToken);

        Assert.True(run.Findings.Count == 0, string.Join('\n', run.Findings.Take(10)));
        // What is refused for one reason, or never, tests little.
        foreach (var status in (int[])[200, 201, 400, 404, 422])
            Assert.True(run.Statuses.GetValueOrDefault(status) > Requests / 200, string.Join(", ", run.Statuses));
    }
}
