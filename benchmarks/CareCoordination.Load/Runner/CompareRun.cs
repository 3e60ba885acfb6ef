using System.Globalization;
using System.Runtime.InteropServices;
using CareCoordination.Load.Client;
using CareCoordination.Load.Measuring;

namespace CareCoordination.Load.Runner;

/// <summary>
/// Two published servers, each with a database and the same data set, loaded in turns within one run: what else the machine
/// does meets both.
/// </summary>
internal static class CompareRun
{
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var root = Workbench.FindRoot();
        var settings = LoadSettings.From(arguments);
        var provider = arguments["provider", "PostgreSql"];
        var turns = arguments.Number("turns", 5);
        if (
            arguments["before", ""] is not { Length: > 0 } before
            || arguments["after", ""] is not { Length: > 0 } after
        )
        {
            Console.Error.WriteLine("compare needs --before FOLDER and --after FOLDER, each with a published server.");
            return 2;
        }

        await using var first = await Contestant.StartAsync("before", before, provider, settings, cancellationToken);
        await using var second = await Contestant.StartAsync("after", after, provider, settings, cancellationToken);
        var names = arguments.List("scenarios") is { Count: > 0 } some
            ? some
            : [.. first.Scenarios.All.Select(s => s.Name)];
        var lines = new List<ComparedScenario>();
        foreach (var name in names)
        {
            var line = await CompareAsync(name, first, second, turns, settings, cancellationToken);
            Console.WriteLine(line);
            lines.Add(line);
        }

        var run = new ComparisonRun(
            arguments["before-commit", "not said"],
            arguments["after-commit", await Workbench.DescribeCommitAsync(root)],
            TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            $"dotnet run -c Release --project benchmarks/CareCoordination.Load -- compare --before BEFORE --after AFTER {arguments.Without("before", "after", "name")}".TrimEnd(),
            Workbench.DescribeHardware(),
            $"{RuntimeInformation.FrameworkDescription}, {provider}",
            $"{settings.Patients} patients with 8 resources each, created over HTTP before the load",
            $"{settings.Connections} connections, closed loop; {turns} turns of {settings.Warmup.TotalSeconds:0} s warm-up and {settings.Duration.TotalSeconds:0} s measured for each server and scenario, in alternating order"
        );
        var results = Path.Combine(root, "benchmarks", "results");
        await new ComparisonReport(run, lines).WriteAsync(
            results,
            arguments["name", $"{run.Date}-compare-{provider.ToLowerInvariant()}"],
            cancellationToken
        );
        Console.WriteLine($"Wrote the report to {results}");
        return lines.Any(l => l.Before.Concat(l.After).Any(m => m.Failures > 0)) ? 1 : 0;
    }

    private static async Task<ComparedScenario> CompareAsync(
        string name,
        Contestant first,
        Contestant second,
        int turns,
        LoadSettings settings,
        CancellationToken cancellationToken
    )
    {
        var before = new List<Measurement>();
        var after = new List<Measurement>();
        for (var turn = 0; turn < turns; turn++)
        {
            // Who goes first changes, so that neither always meets the caches that the other has warmed.
            if (turn % 2 == 0)
                before.Add(await first.MeasureAsync(name, settings, cancellationToken));
            after.Add(await second.MeasureAsync(name, settings, cancellationToken));
            if (turn % 2 == 1)
                before.Add(await first.MeasureAsync(name, settings, cancellationToken));
        }

        return new ComparedScenario(name, before, after);
    }

    /// <summary>One of the two servers, with its database and the scenarios on its own data.</summary>
    private sealed class Contestant(
        string folder,
        PostgreSqlCluster? cluster,
        ServerProcess process,
        Scenarios scenarios,
        IReadOnlyList<NamedProcess> processes
    ) : IAsyncDisposable
    {
        public Scenarios Scenarios => scenarios;

        public static async Task<Contestant> StartAsync(
            string name,
            string server,
            string provider,
            LoadSettings settings,
            CancellationToken cancellationToken
        )
        {
            Console.WriteLine($"Starting and filling '{name}'");
            var folder = Directory.CreateTempSubdirectory("care-compare-").FullName;
            var cluster = provider == "PostgreSql" ? await PostgreSqlCluster.StartAsync(["care"]) : null;
            var program = Path.Combine(server, "CareCoordination.Server");
            var environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Storage__Provider"] = provider,
                ["ConnectionStrings__CareCoordination"] =
                    cluster?.ConnectionString("care") ?? $"Data Source={Path.Combine(folder, "care.db")}",
            };
            if (cluster is not null)
                await Shell.RunAsync(program, ["migrate"], environment);
            var process = await ServerProcess.StartAsync(program, [], environment, "/metadata", cancellationToken);
            var data = await SeededData.SeedAsync(
                process.BaseUrl,
                settings.Patients,
                patientsOnly: false,
                cancellationToken
            );
            NamedProcess[] database = cluster is null ? [] : [new NamedProcess("database", cluster.Pid)];
            return new Contestant(
                folder,
                cluster,
                process,
                new Scenarios(data),
                [new NamedProcess("server", process.Pid), .. database]
            );
        }

        public async Task<Measurement> MeasureAsync(
            string name,
            LoadSettings settings,
            CancellationToken cancellationToken
        )
        {
            var measured = await ClientCommand.MeasureAllAsync(
                process.BaseUrl,
                [scenarios[name]],
                settings,
                processes,
                cancellationToken
            );
            return measured[0];
        }

        public async ValueTask DisposeAsync()
        {
            await process.DisposeAsync();
            if (cluster is not null)
                await cluster.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
