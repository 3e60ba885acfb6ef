using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CareCoordination.Load.Client;
using CareCoordination.Load.Measuring;

namespace CareCoordination.Load.Runner;

/// <summary>
/// Dispatches referrals while their partner is paused, then lets them go: what a dispatch costs, and how fast the outbox brings them to a
/// partner that takes them at once. Server, database and partner share the machine.
/// </summary>
internal static class DeliverRun
{
    private const int RequestsPerBundle = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var referrals = arguments.Number("referrals", 10_000);
        var connections = arguments.Number("connections", 8);
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
                ["Logging__LogLevel__Default"] = "Warning",
            };
            await Shell.RunAsync(program, ["migrate"], environment);
            await using var server = await ServerProcess.StartAsync(
                program,
                [],
                environment,
                "/metadata",
                cancellationToken
            );
            await using var partner = await ServerProcess.StartAsync(
                Path.Combine(AppContext.BaseDirectory, "CareCoordination.Load"),
                ["partner"],
                new Dictionary<string, string>(StringComparer.Ordinal),
                "/count",
                cancellationToken
            );
            var idle = ProcessTree.MemoryMegabytes(server.Pid);
            NamedProcess[] processes =
            [
                new("server", server.Pid),
                new("database", cluster.Pid),
                new("partner", partner.Pid),
            ];
            await FillAsync(server.BaseUrl, partner.BaseUrl, referrals, cancellationToken);

            var before = CpuReading.Take(processes);
            var dispatched = await DispatchAsync(server.BaseUrl, referrals, connections, cancellationToken);
            var dispatch = Measurement.From("dispatch", dispatched, before, CpuReading.Take(processes));
            Console.WriteLine(dispatch);

            before = CpuReading.Take(processes);
            var delivered = await DeliverAsync(server.BaseUrl, partner.BaseUrl, referrals, cancellationToken);
            var deliver = Measurement.From("deliver", delivered, before, CpuReading.Take(processes));
            Console.WriteLine(deliver);

            var run = new RunDescription(
                commit,
                TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                $"dotnet run -c Release --project benchmarks/CareCoordination.Load -- deliver {arguments.Without("server", "name")}".TrimEnd(),
                Workbench.DescribeHardware(),
                $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}",
                $"PostgreSql ({cluster.Version}; {PostgreSqlCluster.Settings}), on the same machine",
                $"{referrals:N0} patients with a request each, one partner that takes every Task at once (Task push), on the same machine",
                $"dispatch: {connections} connections, closed loop, partner paused; deliver: from $resume until the last message is settled, so that no latencies are measured",
                Math.Round(server.StartTime.TotalSeconds, 2),
                Math.Round(idle)
            );
            var results = Path.Combine(root, "benchmarks", "results");
            await new Report(run, [dispatch, deliver], []).WriteAsync(
                results,
                arguments["name", $"{run.Date}-deliveries"],
                cancellationToken
            );
            Console.WriteLine($"Wrote the report to {results}");
            return dispatch.Failures + deliver.Failures > 0 ? 1 : 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task FillAsync(Uri server, Uri partner, int referrals, CancellationToken cancellationToken)
    {
        Console.WriteLine($"Storing {referrals:N0} requests");
        using var connection = new HttpConnection(server);
        await AskAsync(
            connection,
            "PUT",
            "Endpoint/fast",
            $$"""{"resourceType":"Endpoint","id":"fast","status":"active","connectionType":{"system":"http://terminology.hl7.org/CodeSystem/endpoint-connection-type","code":"hl7-fhir-rest"},"payloadType":[{"text":"Referral"}],"address":"{{partner}}"}""",
            cancellationToken
        );
        await AskAsync(
            connection,
            "PUT",
            "Organization/helpers",
            """{"resourceType":"Organization","id":"helpers","name":"Helpers"}""",
            cancellationToken
        );
        await AskAsync(connection, "POST", "Endpoint/fast/$drain", null, cancellationToken);
        foreach (var some in Enumerable.Range(0, referrals).Chunk(RequestsPerBundle))
            await AskAsync(connection, "POST", "", Bundle(some), cancellationToken);
    }

    private static string Bundle(IEnumerable<int> numbers)
    {
        var bundle = new StringBuilder("""{"resourceType":"Bundle","type":"transaction","entry":[""");
        var separator = "";
        foreach (var n in numbers)
        {
            bundle.Append(
                CultureInfo.InvariantCulture,
                $$$"""{{{separator}}}{"request":{"method":"PUT","url":"Patient/b{{{n}}}"},"resource":{"resourceType":"Patient","id":"b{{{n}}}","name":[{"family":"Load{{{n}}}","given":["Ada"]}],"gender":"female","birthDate":"1950-01-01"}},"""
            );
            bundle.Append(
                CultureInfo.InvariantCulture,
                $$$"""{"request":{"method":"PUT","url":"ServiceRequest/b{{{n}}}"},"resource":{"resourceType":"ServiceRequest","id":"b{{{n}}}","status":"active","intent":"order","category":[{"coding":[{"system":"http://snomed.info/sct","code":"410606002"}]}],"code":{"coding":[{"system":"http://snomed.info/sct","code":"710925007"}]},"subject":{"reference":"Patient/b{{{n}}}"},"authoredOn":"2026-03-02","performer":[{"reference":"Organization/helpers"}]}}"""
            );
            separator = ",";
        }

        return bundle.Append("]}").ToString();
    }

    private static async Task<LoopResult> DispatchAsync(
        Uri server,
        int referrals,
        int connections,
        CancellationToken cancellationToken
    )
    {
        const string Body =
            """{"resourceType":"Parameters","parameter":[{"name":"endpoint","valueReference":{"reference":"Endpoint/fast"}}]}""";
        var latencies = new ConcurrentBag<long>();
        var (next, failures, bytes) = (-1, 0, 0L);
        string? first = null;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(LoopAsync, cancellationToken)));
        var sorted = latencies.ToArray();
        Array.Sort(sorted);
        return new LoopResult(sorted, failures, bytes, Stopwatch.GetElapsedTime(start), first);

        async Task LoopAsync()
        {
            using var connection = new HttpConnection(server);
            while (Interlocked.Increment(ref next) is var n && n < referrals)
            {
                var sent = Stopwatch.GetTimestamp();
                var answer = await connection.SendAsync(
                    "POST",
                    $"ServiceRequest/b{n}/$dispatch",
                    Body,
                    cancellationToken
                );
                latencies.Add(Stopwatch.GetTimestamp() - sent);
                Interlocked.Add(ref bytes, answer.Body.Length);
                if (answer.Status == 201)
                    continue;
                Interlocked.Increment(ref failures);
                first ??= $"$dispatch was answered {answer.Status}: {Encoding.UTF8.GetString(answer.Body.Span)}";
            }
        }
    }

    /// <summary>Until nothing is queued, under way or waiting any more. What was parked has failed.</summary>
    private static async Task<LoopResult> DeliverAsync(
        Uri server,
        Uri partner,
        int referrals,
        CancellationToken cancellationToken
    )
    {
        using var connection = new HttpConnection(server);
        using var counter = new HttpConnection(partner);
        var start = Stopwatch.GetTimestamp();
        await AskAsync(connection, "POST", "Endpoint/fast/$resume", null, cancellationToken);
        while (true)
        {
            var health = await AskAsync(connection, "GET", "Endpoint/fast/$health", null, cancellationToken);
            if (((string[])["queued", "sending", "retry"]).All(state => Number(health, state) == 0))
                break;
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"Not all of {referrals:N0} referrals have left: {health}");
            await Task.Delay(100, cancellationToken);
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        var taken = int.Parse(
            Encoding.ASCII.GetString((await counter.SendAsync("GET", "count", null, cancellationToken)).Body.Span),
            CultureInfo.InvariantCulture
        );
        return new LoopResult(
            new long[referrals],
            Math.Abs(referrals - taken),
            0,
            elapsed,
            taken == referrals ? null : $"The partner took {taken}."
        );
    }

    /// <summary>An integer of the answer of <c>$health</c>.</summary>
    private static int Number(string parameters, string name)
    {
        var at = parameters.IndexOf($"\"name\":\"{name}\",\"valueInteger\":", StringComparison.Ordinal);
        var start = parameters.IndexOf("valueInteger\":", at, StringComparison.Ordinal) + "valueInteger\":".Length;
        var end = parameters.AsSpan(start).IndexOfAny(',', '}');
        return int.Parse(parameters.AsSpan(start, end), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static async Task<string> AskAsync(
        HttpConnection connection,
        string method,
        string path,
        string? json,
        CancellationToken cancellationToken
    )
    {
        var answer = await connection.SendAsync(
            method,
            path,
            json ?? (method == "POST" ? "" : null),
            cancellationToken
        );
        var body = Encoding.UTF8.GetString(answer.Body.Span);
        return answer.Status is 200 or 201
            ? body
            : throw new InvalidOperationException($"{method} {path} was answered {answer.Status}: {body}");
    }
}
