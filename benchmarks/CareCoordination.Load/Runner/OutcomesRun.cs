using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CareCoordination.Load.Client;
using CareCoordination.Load.Measuring;

namespace CareCoordination.Load.Runner;

/// <summary>
/// Asks for measures over everything that a PostgreSQL holds: how long the tables take to be filled, each measure, and a measure that is asked while
/// others write; then writes all tables as Parquet. Server, database and disk are those of this machine.
/// </summary>
internal static class OutcomesRun
{
    private const string Period = "periodStart=2026-01-01&periodEnd=2026-12-31";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var data = new CareData(
            arguments.Number("managers", 64),
            arguments.Number("patients", 1000),
            arguments.Number("tasks", 2)
        );
        var turns = arguments.Number("turns", 3);
        var writes = new WritePace(
            arguments.Number("rate", 200),
            TimeSpan.FromSeconds(arguments.Number("seconds", 30))
        );
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
                ["Analytics__File"] = Path.Combine(folder, "care.outcomes.duckdb"),
                ["Analytics__FollowFromStart"] = "true",
            };
            await Shell.RunAsync(program, ["migrate"], environment);
            var imported = await CareRun.FillAsync(program, environment, data, folder, cluster, cancellationToken);
            await FillOutcomesAsync(program, environment, new OutcomeData(data), folder, cancellationToken);

            await using var server = await ServerProcess.StartAsync(
                program,
                [],
                environment,
                "/metadata",
                cancellationToken
            );
            NamedProcess[] processes = [new("server", server.Pid), new("database", cluster.Pid)];
            using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
            var filled = await FirstAnswerAsync(http, server.BaseUrl, cancellationToken);
            var measures = new List<MeasuredMeasure>();
            foreach (var measure in await MeasuresAsync(http, server.BaseUrl, cancellationToken))
                measures.Add(await AskAsync(http, server.BaseUrl, measure, turns, cancellationToken));
            var beside = await AskWhileWritingAsync(http, server.BaseUrl, measures[0].Id, writes, cancellationToken);
            var peak = ProcessTree.MemoryMegabytes(server.Pid);
            var parquet = await ParquetAsync(program, environment, folder, cancellationToken);

            var report = $"""
                # Outcomes, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}

                | | |
                |---|---|
                | commit | {commit} |
                | command | `dotnet run -c Release --project benchmarks/CareCoordination.Load -- outcomes {arguments.Without(
                    "server",
                    "name"
                )}` |
                | hardware | {Workbench.DescribeHardware()} |
                | runtime | {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription} |
                | database | PostgreSql ({cluster.Version}; {PostgreSqlCluster.Settings}), on the same machine |
                | data | {data.Patients:N0} patients, {data.Tasks:N0} tasks and what OutcomeData adds: {parquet.Rows:N0} rows of {parquet.Tables} tables; the first part imported in {imported.TotalMinutes:0.0} minutes |
                | tables filled | {filled.TotalSeconds:0.0} s after the start of the server |
                | memory of the server in the end | {peak:0} MB |

                Each measure, asked {turns} times for 2026, of everybody and with all its strata, by the clock:

                | measure | in the population | median ms | longest ms |
                |---|---|---|---|
                {string.Concat(measures.Select(m => m.Row))}
                {measures[0].Id}, asked again and again while {writes.Rate} Tasks a second were to be written for {writes.Duration.TotalSeconds:0} s ({beside.Written:N0} were, as fast as they were answered). An answer has everything that was acknowledged before it was asked for:

                | answers | p50 ms | p95 ms | longest ms | CPU s server | CPU s database |
                |---|---|---|---|---|---|
                | {beside.Answers.Count} | {beside.Answers.At(50):0} | {beside.Answers.At(95):0} | {beside.Answers.At(100):0} | {beside.Server:0.0} | {beside.Database:0.0} |

                All tables as Parquet (`outcomes parquet`), a process of its own beside the server: the first time it reads the whole database, the second time what is new, which is nothing.

                | time | rows | s | rows/s |
                |---|---|---|---|
                | first | {parquet.Rows:N0} | {parquet.First.TotalSeconds:0.0} | {parquet.Rows / parquet.First.TotalSeconds:N0} |
                | second | {parquet.Rows:N0} | {parquet.Second.TotalSeconds:0.0} | {parquet.Rows / parquet.Second.TotalSeconds:N0} |

                """;
            Console.WriteLine(report);
            var path = Path.Combine(
                root,
                "benchmarks",
                "results",
                $"{arguments["name", $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}-outcomes"]}.md"
            );
            await File.WriteAllTextAsync(path, report, cancellationToken);
            Console.WriteLine($"Wrote {path}");
            return 0;

            async Task<BesideWrites> AskWhileWritingAsync(
                HttpClient client,
                Uri address,
                string measure,
                WritePace pace,
                CancellationToken token
            )
            {
                var before = CpuReading.Take(processes);
                var writing = WriteAsync(client, address, data, pace, token);
                var taken = new List<double>();
                while (!writing.IsCompleted)
                    taken.Add((await TimeAsync(client, address, measure, token)).Milliseconds);
                var after = CpuReading.Take(processes);
                taken.Sort();
                return new BesideWrites(
                    new Probe([.. taken]),
                    await writing,
                    after.Seconds["server"] - before.Seconds["server"],
                    after.Seconds["database"] - before.Seconds["database"]
                );
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task FillOutcomesAsync(
        string program,
        Dictionary<string, string> environment,
        OutcomeData data,
        string folder,
        CancellationToken cancellationToken
    )
    {
        var input = Directory.CreateDirectory(Path.Combine(folder, "outcomes")).FullName;
        await data.WriteAsync(input, cancellationToken);
        // Each file in a run of its own, the oldest first: several have versions of the same task.
        foreach (var file in Directory.GetFiles(input).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            string[] files =
            [
                "--journal",
                Path.Combine(folder, $"journal-{name}"),
                "--report",
                Path.Combine(folder, $"rejected-{name}"),
            ];
            await Shell.RunAsync(program, ["import", file, .. files], environment);
        }

        Directory.Delete(input, recursive: true);
    }

    /// <summary>How long the tables are behind, from the start of the server on.</summary>
    private static async Task<TimeSpan> FirstAnswerAsync(
        HttpClient http,
        Uri server,
        CancellationToken cancellationToken
    )
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            using var answer = await http.GetAsync(Question(server, "m-01"), cancellationToken);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                answer.EnsureSuccessStatusCode();
                return Stopwatch.GetElapsedTime(start);
            }

            await Task.Delay(Look, cancellationToken);
        }
    }

    private static async Task<string[]> MeasuresAsync(HttpClient http, Uri server, CancellationToken cancellationToken)
    {
        var bundle = await http.GetStringAsync($"{server}/Measure?_count=100&_elements=id", cancellationToken);
        return
        [
            .. JsonDocument
                .Parse(bundle)
                .RootElement.GetProperty("entry")
                .EnumerateArray()
                .Select(e => e.GetProperty("resource").GetProperty("id").GetString()!)
                .Order(StringComparer.Ordinal),
        ];
    }

    private static async Task<MeasuredMeasure> AskAsync(
        HttpClient http,
        Uri server,
        string measure,
        int turns,
        CancellationToken cancellationToken
    )
    {
        var taken = new List<double>();
        var population = 0L;
        for (var i = 0; i < turns; i++)
        {
            var (milliseconds, count) = await TimeAsync(http, server, measure, cancellationToken);
            taken.Add(milliseconds);
            population = count;
        }

        taken.Sort();
        return new MeasuredMeasure(measure, population, new Probe([.. taken]));
    }

    private static async Task<(double Milliseconds, long Population)> TimeAsync(
        HttpClient http,
        Uri server,
        string measure,
        CancellationToken cancellationToken
    )
    {
        var start = Stopwatch.GetTimestamp();
        using var answer = await http.GetAsync(Question(server, measure), cancellationToken);
        var report = await answer.Content.ReadAsStringAsync(cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(start);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{measure} was answered {(int)answer.StatusCode}: {report}");
        var first = JsonDocument.Parse(report).RootElement.GetProperty("group")[0].GetProperty("population")[0];
        return (elapsed.TotalMilliseconds, first.TryGetProperty("count", out var count) ? count.GetInt64() : 0);
    }

    private static string Question(Uri server, string measure) =>
        $"{server}/Measure/{measure}/$evaluate-measure?{Period}";

    /// <summary>How many were written: as many as are asked for, or as many as were answered.</summary>
    private static async Task<int> WriteAsync(
        HttpClient http,
        Uri server,
        CareData data,
        WritePace pace,
        CancellationToken cancellationToken
    )
    {
        const int Connections = 8;
        var all = (int)(pace.Rate * pace.Duration.TotalSeconds);
        var start = Stopwatch.GetTimestamp();
        var written = 0;
        await Task.WhenAll(
            Enumerable
                .Range(0, Connections)
                .Select(async connection =>
                {
                    for (var n = connection; n < all; n += Connections)
                    {
                        var due = TimeSpan.FromSeconds((double)n / pace.Rate) - Stopwatch.GetElapsedTime(start);
                        if (due > TimeSpan.Zero)
                            await Task.Delay(due, cancellationToken);
                        if (Stopwatch.GetElapsedTime(start) > pace.Duration)
                            return;
                        var body =
                            $$$"""{"resourceType":"Task","status":"ready","intent":"order","for":{"reference":"{{{CareData.Patient(n % data.Patients)}}}"},"owner":{"reference":"{{{CareData.Manager(n % data.Managers)}}}"}}""";
                        using var content = new StringContent(body, Encoding.UTF8, "application/fhir+json");
                        using var answer = await http.PostAsync($"{server}/Task", content, cancellationToken);
                        answer.EnsureSuccessStatusCode();
                        Interlocked.Increment(ref written);
                    }
                })
        );
        return written;
    }

    private static async Task<ParquetMeasurement> ParquetAsync(
        string program,
        Dictionary<string, string> environment,
        string folder,
        CancellationToken cancellationToken
    )
    {
        var target = Path.Combine(folder, "parquet");
        var taken = new List<TimeSpan>();
        for (var i = 0; i < 2; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await Shell.RunAsync(program, ["outcomes", "parquet", target, "--rows", "all"], environment);
            taken.Add(Stopwatch.GetElapsedTime(start));
        }

        var manifest = await File.ReadAllTextAsync(Path.Combine(target, "_manifest.json"), cancellationToken);
        var tables = JsonDocument.Parse(manifest).RootElement.GetProperty("tables").EnumerateArray().ToList();
        return new ParquetMeasurement(
            tables.Sum(t => t.GetProperty("rows").GetInt64()),
            tables.Count,
            taken[0],
            taken[1]
        );
    }
}

/// <param name="Rate">Writes a second.</param>
internal sealed record WritePace(int Rate, TimeSpan Duration);

/// <summary>What a measure took.</summary>
internal sealed record MeasuredMeasure(string Id, long Population, Probe Taken)
{
    public string Row =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {Id} | {Population:N0} | {Taken.At(50):0} | {Taken.At(100):0} |\n"
        );
}

/// <summary>Answers while others wrote.</summary>
internal sealed record BesideWrites(Probe Answers, int Written, double Server, double Database);

/// <summary>All tables as files, twice.</summary>
internal sealed record ParquetMeasurement(long Rows, int Tables, TimeSpan First, TimeSpan Second);
