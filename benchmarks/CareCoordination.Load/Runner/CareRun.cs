using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CareCoordination.Load.Client;
using CareCoordination.Load.Measuring;
using Npgsql;

namespace CareCoordination.Load.Runner;

/// <summary>What care managers ask, measured in a PostgreSQL with the open tasks of all of them.</summary>
internal static class CareRun
{
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var settings = LoadSettings.From(arguments);
        var data = new CareData(
            arguments.Number("managers", 1000),
            arguments.Number("patients", 200),
            arguments.Number("tasks", 5)
        );
        if (arguments["base", ""] is { Length: > 0 } running)
        {
            var again = await ClientCommand.MeasureAllAsync(
                new Uri(running),
                CareScenarios.Of(data),
                settings,
                ClientCommand.Processes(arguments),
                cancellationToken
            );
            return again.Any(m => m.Failures > 0) ? 1 : 0;
        }

        var root = Workbench.FindRoot();
        var folder = Directory.CreateTempSubdirectory("care-benchmark-").FullName;
        try
        {
            var commit = await Workbench.DescribeCommitAsync(root);
            var program = await Workbench.ServerProgramAsync(arguments, root, folder);
            await using var cluster = await PostgreSqlCluster.StartAsync(["care"]);
            var environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Storage__Provider"] = "PostgreSql",
                ["ConnectionStrings__CareCoordination"] = cluster.ConnectionString("care"),
                // The late ones of so many tasks would keep the timer busy for the whole measurement.
                ["Care__Timers__Enabled"] = "false",
            };
            await Shell.RunAsync(program, ["migrate"], environment);
            var imported = await FillAsync(program, environment, data, folder, cluster, cancellationToken);

            await using var process = await ServerProcess.StartAsync(
                program,
                [],
                environment,
                "/metadata",
                cancellationToken
            );
            await PutTemplateAsync(process.BaseUrl, root, cancellationToken);
            var idle = ProcessTree.MemoryMegabytes(process.Pid);
            var measured = await ClientCommand.MeasureAllAsync(
                process.BaseUrl,
                CareScenarios.Of(data),
                settings,
                [new NamedProcess("server", process.Pid), new NamedProcess("database", cluster.Pid)],
                cancellationToken
            );

            var run = new RunDescription(
                commit,
                TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                $"dotnet run -c Release --project benchmarks/CareCoordination.Load -- care {arguments.Without("server", "name")}".TrimEnd(),
                Workbench.DescribeHardware(),
                $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}",
                $"PostgreSql ({cluster.Version}; {PostgreSqlCluster.Settings}), on the same machine",
                $"{data.Tasks:N0} open tasks of {data.Managers:N0} care managers with {data.PatientsEach} patients each, imported in {imported.TotalMinutes:0.0} minutes",
                $"{settings.Connections} connections, closed loop, {settings.Warmup.TotalSeconds:0} s warm-up and {settings.Duration.TotalSeconds:0} s measured for each scenario",
                Math.Round(process.StartTime.TotalSeconds, 2),
                Math.Round(idle)
            );
            var results = Path.Combine(root, "benchmarks", "results");
            await new Report(run, measured, []).WriteAsync(
                results,
                arguments["name", $"{run.Date}-care"],
                cancellationToken
            );
            Console.WriteLine($"Wrote the report to {results}");
            return measured.Any(m => m.Failures > 0) ? 1 : 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Writes the data set, imports it and lets the database settle. Answers how long the import took.</summary>
    public static async Task<TimeSpan> FillAsync(
        string program,
        Dictionary<string, string> environment,
        CareData data,
        string folder,
        PostgreSqlCluster cluster,
        CancellationToken cancellationToken
    )
    {
        var input = Directory.CreateDirectory(Path.Combine(folder, "input")).FullName;
        Console.WriteLine($"Writing {data.Tasks:N0} tasks");
        await data.WriteAsync(input, TimeProvider.System.GetUtcNow(), cancellationToken);
        Console.WriteLine("Importing them");
        var start = Stopwatch.GetTimestamp();
        await Shell.RunAsync(
            program,
            [
                "import",
                input,
                "--journal",
                Path.Combine(folder, "journal"),
                "--report",
                Path.Combine(folder, "rejected"),
            ],
            environment
        );
        var imported = Stopwatch.GetElapsedTime(start);
        Directory.Delete(input, recursive: true);
        await using var database = NpgsqlDataSource.Create(cluster.ConnectionString("care"));
        // What the database would do in its own time is done before anything is measured.
        foreach (var settling in (string[])["VACUUM (ANALYZE)", "CHECKPOINT"])
        {
            await using var settle = database.CreateCommand(settling);
            settle.CommandTimeout = 0;
            await settle.ExecuteNonQueryAsync(cancellationToken);
        }

        return imported;
    }

    private static async Task PutTemplateAsync(Uri baseUrl, string root, CancellationToken cancellationToken)
    {
        var bundle = await File.ReadAllTextAsync(
            Path.Combine(root, "samples", "templates", $"{CareScenarios.Template}.json"),
            cancellationToken
        );
        using var connection = new HttpConnection(baseUrl);
        var answer = await connection.SendAsync("POST", "", bundle, cancellationToken);
        if (answer.Status != 200)
            throw new InvalidOperationException($"The template was answered {answer.Status}.");
    }
}
