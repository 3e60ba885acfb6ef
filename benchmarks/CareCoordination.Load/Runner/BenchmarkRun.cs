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
        var root = FindRoot();
        var settings = LoadSettings.From(arguments);
        var scenarios = arguments.List("scenarios");
        var provider = arguments["provider", "PostgreSql"];
        var folder = Directory.CreateTempSubdirectory("care-benchmark-").FullName;
        try
        {
            var commit = await DescribeCommitAsync(root);
            var server = arguments["server", ""];
            if (server.Length == 0)
                await PublishAsync(root, server = Path.Combine(folder, "server"));

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
            var program = Path.Combine(server, "CareCoordination.Server");
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
                TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd"),
                $"dotnet run -c Release --project benchmarks/CareCoordination.Load -- run {arguments.Without("server", "name")}".TrimEnd(),
                DescribeHardware(),
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

    private static Task PublishAsync(string root, string output)
    {
        Console.WriteLine("Publishing the server");
        var project = Path.Combine(root, "src", "CareCoordination.Server");
        string[] options =
        [
            "-c",
            "Release",
            "-r",
            RuntimeInformation.RuntimeIdentifier,
            "-o",
            output,
            "-v",
            "q",
            "-nologo",
        ];
        return Shell.RunAsync("dotnet", ["publish", project, .. options]);
    }

    private static string FindRoot()
    {
        for (
            var folder = new DirectoryInfo(Directory.GetCurrentDirectory());
            folder is not null;
            folder = folder.Parent
        )
        {
            if (File.Exists(Path.Combine(folder.FullName, "CareCoordination.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException(
            "Run this inside the repository: it publishes the server and writes benchmarks/results."
        );
    }

    private static async Task<string> DescribeCommitAsync(string root)
    {
        var commit = await Shell.RunAsync("git", ["-C", root, "rev-parse", "--short=12", "HEAD"]);
        var changes = await Shell.RunAsync("git", ["-C", root, "status", "--porcelain", "--untracked-files=no"]);
        return changes.Length == 0 ? commit : $"{commit} with uncommitted changes";
    }

    private static string DescribeHardware()
    {
        var processor =
            File.ReadLines("/proc/cpuinfo")
                .FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
                ?.Split(':')[1]
                .Trim()
            ?? $"{RuntimeInformation.ProcessArchitecture}";
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30);
        return $"{processor}, {Environment.ProcessorCount} cores, {memory} GiB";
    }
}
