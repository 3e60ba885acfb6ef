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
/// Exports everything from one server and imports it into another by <c>$import</c>, twice: what a resource costs that is new, and one that
/// is there already. Both servers, their PostgreSQL and the disk are those of this machine.
/// </summary>
internal static class ImportRun
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var data = new CareData(
            arguments.Number("managers", 8),
            arguments.Number("patients", 1000),
            arguments.Number("tasks", 8)
        );
        var root = Workbench.FindRoot();
        var folder = Directory.CreateTempSubdirectory("care-benchmark-").FullName;
        try
        {
            var commit = await Workbench.DescribeCommitAsync(root);
            var program = await Workbench.ServerProgramAsync(arguments, root, folder);
            await using var cluster = await PostgreSqlCluster.StartAsync(["care", "copy"]);
            var from = Environment(cluster, "care", folder);
            await Shell.RunAsync(program, ["migrate"], from);
            var filled = await CareRun.FillAsync(program, from, data, folder, cluster, cancellationToken);
            await using var exporting = await StartAsync(program, from, cancellationToken);
            var to = Environment(cluster, "copy", folder);
            to["Imports__Sources__care__Url"] = exporting.BaseUrl.AbsoluteUri;
            await Shell.RunAsync(program, ["migrate"], to);
            await using var importing = await StartAsync(program, to, cancellationToken);

            using var http = new HttpClient();
            var manifest = await ExportAsync(http, exporting.BaseUrl, cancellationToken);
            var idle = ProcessTree.MemoryMegabytes(importing.Pid);
            NamedProcess[] processes = [new("server", importing.Pid), new("database", cluster.Pid)];
            var rows = new StringBuilder();
            foreach (var name in (string[])["new", "there already"])
                rows.Append(
                    (await MeasureAsync(http, importing.BaseUrl, manifest, processes, cancellationToken)).Row(name)
                );

            var report = $"""
                # Import over HTTP, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}

                | | |
                |---|---|
                | commit | {commit} |
                | command | `dotnet run -c Release --project benchmarks/CareCoordination.Load -- import {arguments.Without(
                    "server",
                    "name"
                )}` |
                | hardware | {Workbench.DescribeHardware()} |
                | runtime | {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription} |
                | database | PostgreSql ({cluster.Version}; {PostgreSqlCluster.Settings}), one for both servers, on the same machine |
                | data | {data.Patients:N0} patients of {data.Managers:N0} care managers, {data.Tasks:N0} tasks; the verb imported them in {filled.TotalSeconds:N0} s |
                | memory of the server before | {idle:0} MB |

                | resources are | resources | s | resources/s | CPU s server | CPU s database | CPU µs a resource | CPU s of others | peak MB |
                |---|---|---|---|---|---|---|---|---|
                {rows}
                The other server hands its files out meanwhile, and the machine does other work too ("CPU s of others"): what an import takes of the processors is the figure to compare. An import over HTTP prepares resources with half of the processors, and the verb with all.

                """;
            Console.WriteLine(report);
            var path = Path.Combine(
                root,
                "benchmarks",
                "results",
                $"{arguments["name", $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}-import-http"]}.md"
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

    private static Dictionary<string, string> Environment(PostgreSqlCluster cluster, string database, string folder) =>
        new(StringComparer.Ordinal)
        {
            ["Storage__Provider"] = "PostgreSql",
            ["ConnectionStrings__CareCoordination"] = cluster.ConnectionString(database),
            ["Care__Timers__Enabled"] = "false",
            ["Exports__Folder"] = Path.Combine(folder, database),
        };

    private static Task<ServerProcess> StartAsync(
        string program,
        Dictionary<string, string> environment,
        CancellationToken cancellationToken
    ) => ServerProcess.StartAsync(program, [], environment, "/metadata", cancellationToken);

    /// <summary>The manifest.</summary>
    private static async Task<string> ExportAsync(HttpClient http, Uri server, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{server}/$export");
        return await EndAsync(http, request, () => { }, cancellationToken);
    }

    private static async Task<ImportMeasurement> MeasureAsync(
        HttpClient http,
        Uri server,
        string manifest,
        NamedProcess[] processes,
        CancellationToken cancellationToken
    )
    {
        var before = CpuReading.Take(processes);
        var start = Stopwatch.GetTimestamp();
        var peak = 0.0;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{server}/$import");
        request.Content = new StringContent(manifest, Encoding.UTF8, "application/json");
        var result = await EndAsync(
            http,
            request,
            () => peak = Math.Max(peak, ProcessTree.MemoryMegabytes(processes[0].Pid)),
            cancellationToken
        );
        var elapsed = Stopwatch.GetElapsedTime(start);
        var after = CpuReading.Take(processes);
        var json = JsonDocument.Parse(result).RootElement;
        if (json.GetProperty("error").GetArrayLength() > 0)
            throw new InvalidOperationException($"The import rejected something: {result}");
        return new ImportMeasurement(
            json.GetProperty("output").EnumerateArray().Sum(f => f.GetProperty("count").GetInt64()),
            elapsed,
            after.Seconds["server"] - before.Seconds["server"],
            after.Seconds["database"] - before.Seconds["database"],
            after.Machine - before.Machine - after.Generator + before.Generator,
            peak
        );
    }

    /// <summary>What the work is answered with in the end.</summary>
    private static async Task<string> EndAsync(
        HttpClient http,
        HttpRequestMessage request,
        Action look,
        CancellationToken cancellationToken
    )
    {
        request.Headers.TryAddWithoutValidation("Prefer", "respond-async");
        using var accepted = await http.SendAsync(request, cancellationToken);
        var status =
            accepted.Content.Headers.ContentLocation
            ?? throw new InvalidOperationException(
                $"{request.RequestUri} was answered {(int)accepted.StatusCode}: {await accepted.Content.ReadAsStringAsync(cancellationToken)}"
            );
        while (true)
        {
            await Task.Delay(Look, cancellationToken);
            look();
            using var answer = await http.GetAsync(status, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.Accepted)
                continue;
            answer.EnsureSuccessStatusCode();
            return await answer.Content.ReadAsStringAsync(cancellationToken);
        }
    }
}

/// <summary>What one import came to.</summary>
internal sealed record ImportMeasurement(
    long Resources,
    TimeSpan Elapsed,
    double Server,
    double Database,
    double Machine,
    double PeakMegabytes
)
{
    public string Row(string name) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {Resources:N0} | {Elapsed.TotalSeconds:0.0} | {Resources / Elapsed.TotalSeconds:N0} | {Server:0.0} | {Database:0.0} | {(Server + Database) * 1_000_000 / Resources:0} | {Math.Max(0, Machine - Server - Database):0.0} | {PeakMegabytes:0} |\n"
        );
}
