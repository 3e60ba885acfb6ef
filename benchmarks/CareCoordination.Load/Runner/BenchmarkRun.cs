using System.Globalization;
using System.Runtime.InteropServices;
using CareCoordination.Load.Client;
using CareCoordination.Load.Measuring;

namespace CareCoordination.Load.Runner;

/// <summary>One whole measurement, from an empty database to a committed report.</summary>
internal static class BenchmarkRun
{
    private static readonly string[] FloorScenarios = ["patient-create", "patient-read"];

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var root = Workbench.FindRoot();
        var settings = LoadSettings.From(arguments);
        var scenarios = arguments.List("scenarios");
        var provider = arguments["provider", "PostgreSql"];
        var folder = Directory.CreateTempSubdirectory("care-benchmark-").FullName;
        try
        {
            var commit = await Workbench.DescribeCommitAsync(root);
            var program = await Workbench.ServerProgramAsync(arguments, root, folder);
            await using var cluster =
                provider == "PostgreSql" ? await PostgreSqlCluster.StartAsync(["care", "floor"]) : null;
            var careConnection = cluster?.ConnectionString("care") ?? $"Data Source={Path.Combine(folder, "care.db")}";
            var floorConnection =
                cluster?.ConnectionString("floor") ?? $"Data Source={Path.Combine(folder, "floor.db")}";
            NamedProcess[] database = cluster is null ? [] : [new NamedProcess("database", cluster.Pid)];

            Console.WriteLine("Loading the floor");
            var floor = await LoadFloorAsync(provider, floorConnection, database, settings, cancellationToken);

            Console.WriteLine("Loading the server");
            var environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Storage__Provider"] = provider,
                ["ConnectionStrings__CareCoordination"] = careConnection,
            };
            if (cluster is not null)
                await Shell.RunAsync(program, ["migrate"], environment);
            await using var process = await ServerProcess.StartAsync(
                program,
                [],
                environment,
                "/metadata",
                cancellationToken
            );
            await Task.Delay(TimeSpan.FromSeconds(5), cancellationToken);
            var idle = ProcessTree.MemoryMegabytes(process.Pid);
            var measured = await ClientCommand.RunAsync(
                process.BaseUrl,
                scenarios,
                settings,
                [new NamedProcess("server", process.Pid), .. database],
                patientsOnly: false,
                cancellationToken
            );

            var run = new RunDescription(
                commit,
                TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                $"dotnet run -c Release --project benchmarks/CareCoordination.Load -- run {arguments.Without("server", "name")}".TrimEnd(),
                Workbench.DescribeHardware(),
                $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}",
                cluster is null
                    ? "Sqlite, embedded, write-ahead log, synchronous=FULL"
                    : $"PostgreSql ({cluster.Version}; {PostgreSqlCluster.Settings}), on the same machine",
                $"{settings.Patients} patients with 8 resources each, created over HTTP before the load",
                $"{settings.Connections} connections, closed loop, {settings.Warmup.TotalSeconds:0} s warm-up and {settings.Duration.TotalSeconds:0} s measured for each scenario",
                Math.Round(process.StartTime.TotalSeconds, 2),
                Math.Round(idle)
            );
            var results = Path.Combine(root, "benchmarks", "results");
            await new Report(run, measured, floor).WriteAsync(
                results,
                arguments["name", $"{run.Date}-{provider.ToLowerInvariant()}"],
                cancellationToken
            );
            Console.WriteLine($"Wrote the report to {results}");
            return measured.Concat(floor).Any(m => m.Failures > 0) ? 1 : 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Measurement>> LoadFloorAsync(
        string provider,
        string connection,
        NamedProcess[] database,
        LoadSettings settings,
        CancellationToken cancellationToken
    )
    {
        var self = Path.Combine(AppContext.BaseDirectory, "CareCoordination.Load");
        await using var floor = await ServerProcess.StartAsync(
            self,
            ["floor", "--provider", provider, "--connection", connection],
            new Dictionary<string, string>(StringComparer.Ordinal),
            "/Patient/none",
            cancellationToken
        );
        return await ClientCommand.RunAsync(
            floor.BaseUrl,
            FloorScenarios,
            settings,
            [new NamedProcess("server", floor.Pid), .. database],
            patientsOnly: true,
            cancellationToken
        );
    }
}
