using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CareCoordination.Load.Client;
using CareCoordination.Load.Measuring;

namespace CareCoordination.Load.Runner;

/// <summary>
/// Exports everything from a PostgreSQL that was filled by the import: resources a second to the disk, what they cost, how much memory
/// the server takes, and how long those wait who read meanwhile. Server, database and disk are those of this machine.
/// </summary>
internal static class ExportRun
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var data = new CareData(
            arguments.Number("managers", 64),
            arguments.Number("patients", 1000),
            arguments.Number("tasks", 8)
        );
        var runs = arguments.Number("runs", 3);
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
                ["Care__Timers__Enabled"] = "false",
                ["Exports__Folder"] = Path.Combine(folder, "exports"),
            };
            await Shell.RunAsync(program, ["migrate"], environment);
            var imported = await CareRun.FillAsync(program, environment, data, folder, cluster, cancellationToken);
            await using var server = await ServerProcess.StartAsync(
                program,
                [],
                environment,
                "/metadata",
                cancellationToken
            );
            NamedProcess[] processes = [new("server", server.Pid), new("database", cluster.Pid)];
            using var http = new HttpClient();
            var idle = ProcessTree.MemoryMegabytes(server.Pid);
            var alone = await Probe.WhileAsync(
                http,
                server.BaseUrl,
                _ => Task.Delay(TimeSpan.FromSeconds(5), cancellationToken),
                cancellationToken
            );
            var measured = new List<ExportMeasurement>();
            for (var i = 0; i < runs; i++)
                measured.Add(await MeasureAsync(http, server.BaseUrl, processes, cancellationToken));
            ExportMeasurement? accompanied = null;
            var waits = await Probe.WhileAsync(
                http,
                server.BaseUrl,
                async token => accompanied = await MeasureAsync(http, server.BaseUrl, processes, token),
                cancellationToken
            );
            var report = Report(
                new RunDescription(
                    commit,
                    TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    $"dotnet run -c Release --project benchmarks/CareCoordination.Load -- export {arguments.Without("server", "name")}".TrimEnd(),
                    Workbench.DescribeHardware(),
                    $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}",
                    $"PostgreSql ({cluster.Version}; {PostgreSqlCluster.Settings}), on the same machine",
                    $"{data.Patients:N0} patients of {data.Managers:N0} care managers, {data.Tasks:N0} tasks, imported in {imported.TotalMinutes:0.0} minutes",
                    "$export of everything, one at a time",
                    Math.Round(server.StartTime.TotalSeconds, 2),
                    Math.Round(idle)
                ),
                measured,
                accompanied!,
                alone,
                waits
            );
            Console.WriteLine(report);
            var path = Path.Combine(
                root,
                "benchmarks",
                "results",
                $"{arguments["name", $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}-export"]}.md"
            );
            await File.WriteAllTextAsync(path, report, cancellationToken);
            Console.WriteLine($"Wrote {path}");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One export from the kick-off to its manifest; its files are given up then.</summary>
    private static async Task<ExportMeasurement> MeasureAsync(
        HttpClient http,
        Uri server,
        NamedProcess[] processes,
        CancellationToken cancellationToken
    )
    {
        var before = CpuReading.Take(processes);
        var start = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{server}/$export");
        request.Headers.TryAddWithoutValidation("Prefer", "respond-async");
        using var accepted = await http.SendAsync(request, cancellationToken);
        var status =
            accepted.Content.Headers.ContentLocation
            ?? throw new InvalidOperationException($"$export was answered {(int)accepted.StatusCode}.");
        var peak = 0.0;
        while (true)
        {
            await Task.Delay(Look, cancellationToken);
            peak = Math.Max(peak, ProcessTree.MemoryMegabytes(processes[0].Pid));
            using var answer = await http.GetAsync(status, cancellationToken);
            if (answer.StatusCode == System.Net.HttpStatusCode.Accepted)
                continue;
            var elapsed = Stopwatch.GetElapsedTime(start);
            var after = CpuReading.Take(processes);
            var body = await answer.Content.ReadAsStringAsync(cancellationToken);
            answer.EnsureSuccessStatusCode();
            using var deleted = await http.DeleteAsync(status, cancellationToken);
            var files = JsonDocument.Parse(body).RootElement.GetProperty("output").EnumerateArray().ToList();
            return new ExportMeasurement(
                files.Sum(f => f.GetProperty("count").GetInt64()),
                files.Sum(f => f.GetProperty("fileSize").GetInt64()),
                files.Count,
                elapsed,
                after.Seconds["server"] - before.Seconds["server"],
                after.Seconds["database"] - before.Seconds["database"],
                after.Machine - before.Machine - after.Generator + before.Generator,
                peak
            );
        }
    }

    private static string Report(
        RunDescription run,
        List<ExportMeasurement> measured,
        ExportMeasurement accompanied,
        Probe alone,
        Probe waits
    )
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"""
            # Export, {run.Date}

            | | |
            |---|---|
            | commit | {run.Commit} |
            | command | `{run.Command}` |
            | hardware | {run.Hardware} |
            | runtime | {run.Software} |
            | database | {run.Database} |
            | data | {run.DataSet} |
            | memory of the server before | {run.IdleMegabytes:0} MB |

            | run | resources | MB | files | s | resources/s | CPU s server | CPU s database | CPU µs a resource | resources/s on 2 cores by CPU | CPU s of others | peak MB |
            |---|---|---|---|---|---|---|---|---|---|---|---|

            """
        );
        var number = 1;
        foreach (var one in measured)
            text.Append(one.Row(number++.ToString(CultureInfo.InvariantCulture)));
        text.Append(accompanied.Row("with readers"));
        text.Append(
            CultureInfo.InvariantCulture,
            $"""

            The machine does other work too ("CPU s of others"): what an export takes of the processors is the figure to compare, and "by CPU" is what two of them would give it alone.

            Reads of a Patient by id, 50 a second, while nothing is exported and while an export goes on:

            | | reads | p50 ms | p95 ms | p99 ms |
            |---|---|---|---|---|
            | alone | {alone.Count} | {alone.At(50):0.0} | {alone.At(95):0.0} | {alone.At(99):0.0} |
            | beside an export | {waits.Count} | {waits.At(50):0.0} | {waits.At(95):0.0} | {waits.At(99):0.0} |

            """
        );
        return text.ToString();
    }
}

/// <summary>What one export came to.</summary>
internal sealed record ExportMeasurement(
    long Resources,
    long Bytes,
    int Files,
    TimeSpan Elapsed,
    double Server,
    double Database,
    double Machine,
    double PeakMegabytes
)
{
    private const int Cores = 2;

    public string Row(string name)
    {
        var micros = (Server + Database) * 1_000_000 / Resources;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {Resources:N0} | {Bytes / 1_000_000:N0} | {Files} | {Elapsed.TotalSeconds:0.0} | {Resources / Elapsed.TotalSeconds:N0} | {Server:0.0} | {Database:0.0} | {micros:0.0} | {Cores * 1_000_000 / micros:N0} | {Math.Max(0, Machine - Server - Database):0.0} | {PeakMegabytes:0} |\n"
        );
    }
}

/// <summary>How long somebody waits who reads a Patient now and then.</summary>
internal sealed record Probe(double[] Milliseconds)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(20);

    public int Count => Milliseconds.Length;

    public double At(int percent) =>
        Milliseconds.Length == 0 ? 0 : Milliseconds[Math.Min(Count - 1, Count * percent / 100)];

    public static async Task<Probe> WhileAsync(
        HttpClient http,
        Uri server,
        Func<CancellationToken, Task> work,
        CancellationToken cancellationToken
    )
    {
        var working = work(cancellationToken);
        var taken = new List<double>();
        var random = new Random(1);
        while (!working.IsCompleted)
        {
            var start = Stopwatch.GetTimestamp();
            using (
                var answer = await http.GetAsync($"{server}/{CareData.Patient(random.Next(1000))}", cancellationToken)
            )
                answer.EnsureSuccessStatusCode();
            var elapsed = Stopwatch.GetElapsedTime(start);
            taken.Add(elapsed.TotalMilliseconds);
            if (elapsed < Every)
                await Task.Delay(Every - elapsed, cancellationToken);
        }

        await working;
        taken.Sort();
        return new Probe([.. taken]);
    }
}
