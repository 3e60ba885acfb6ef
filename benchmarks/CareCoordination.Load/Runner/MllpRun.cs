using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using CareCoordination.Load.Client;
using CareCoordination.Load.Measuring;

namespace CareCoordination.Load.Runner;

/// <summary>Discharges of HL7 v2 over MLLP at a rate, on many connections, with a PostgreSQL of its own.</summary>
internal static class MllpRun
{
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var pace = new PaceSettings(
            arguments.Number("connections", 100),
            arguments.Number("rate", 100),
            TimeSpan.FromSeconds(arguments.Number("seconds", 60))
        );
        var warmup = pace with { Duration = TimeSpan.FromSeconds(arguments.Number("warmup", 10)) };
        if (arguments["mllp", ""] is { Length: > 0 } running)
        {
            var again = await MeasureAsync(
                IPEndPoint.Parse(running),
                warmup,
                pace,
                ClientCommand.Processes(arguments),
                cancellationToken
            );
            if (arguments["json", ""] is { Length: > 0 } file)
                await File.WriteAllTextAsync(
                    file,
                    JsonSerializer.Serialize(again, ReportFiles.JsonOptions),
                    cancellationToken
                );
            return again.Failures > 0 ? 1 : 0;
        }

        var root = Workbench.FindRoot();
        var folder = Directory.CreateTempSubdirectory("care-benchmark-").FullName;
        try
        {
            return await RunAsync(arguments, root, folder, (warmup, pace), cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RunAsync(
        Arguments arguments,
        string root,
        string folder,
        (PaceSettings Warmup, PaceSettings Measured) pace,
        CancellationToken cancellationToken
    )
    {
        var commit = await Workbench.DescribeCommitAsync(root);
        var program = await Workbench.ServerProgramAsync(arguments, root, folder);
        await using var cluster = await PostgreSqlCluster.StartAsync(["care"]);
        var listener = new IPEndPoint(IPAddress.Loopback, PostgreSqlCluster.FreePort());
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Storage__Provider"] = "PostgreSql",
            ["ConnectionStrings__CareCoordination"] = cluster.ConnectionString("care"),
            ["Transitions__SendersPath"] = Path.Combine(root, "samples", "hl7v2", "senders.json"),
            ["Transitions__Mllp__Port"] = listener.Port.ToString(CultureInfo.InvariantCulture),
        };
        await Shell.RunAsync(program, ["migrate"], environment);
        await using var process = await ServerProcess.StartAsync(
            program,
            [],
            environment,
            "/metadata",
            cancellationToken
        );
        var idle = ProcessTree.MemoryMegabytes(process.Pid);
        var measured = await MeasureAsync(
            listener,
            pace.Warmup,
            pace.Measured,
            [new NamedProcess("server", process.Pid), new NamedProcess("database", cluster.Pid)],
            cancellationToken
        );
        var date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var run = new RunDescription(
            commit,
            date,
            $"dotnet run -c Release --project benchmarks/CareCoordination.Load -- mllp {arguments.Without("server", "name")}".TrimEnd(),
            Workbench.DescribeHardware(),
            $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}",
            $"PostgreSql ({cluster.Version}; {PostgreSqlCluster.Settings}), on the same machine",
            "empty before the load; every message is of a patient who is not known",
            $"{pace.Measured.Connections} connections of MLLP, {pace.Measured.Rate} messages a second in turn whether or not those before are answered, {pace.Warmup.Duration.TotalSeconds:0} s warm-up and {pace.Measured.Duration.TotalSeconds:0} s measured",
            Math.Round(process.StartTime.TotalSeconds, 2),
            Math.Round(idle)
        );
        var results = Path.Combine(root, "benchmarks", "results");
        await new Report(run, [measured], []).WriteAsync(
            results,
            arguments["name", $"{date}-{Hl7Payloads.Discharge}"],
            cancellationToken
        );
        Console.WriteLine($"Wrote the report to {results}");
        return measured.Failures > 0 ? 1 : 0;
    }

    private static async Task<Measurement> MeasureAsync(
        IPEndPoint listener,
        PaceSettings warmup,
        PaceSettings pace,
        IReadOnlyList<NamedProcess> processes,
        CancellationToken cancellationToken
    )
    {
        // The load would be an attack on anybody else's server.
        if (!IPAddress.IsLoopback(listener.Address))
            throw new ArgumentException($"{listener} is not on loopback; only servers on this machine are loaded.");
        await PacedLoop.RunAsync(listener, Hl7Payloads.DischargeOf, warmup, cancellationToken);
        var before = CpuReading.Take(processes);
        var loop = await PacedLoop.RunAsync(listener, Hl7Payloads.DischargeOf, pace, cancellationToken);
        var measured = Measurement.From(Hl7Payloads.Discharge, loop, before, CpuReading.Take(processes));
        Console.WriteLine(measured);
        return measured;
    }
}
