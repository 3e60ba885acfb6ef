using System.Diagnostics;
using System.Globalization;
using CareCoordination.Fuzz;
using CareCoordination.Load.Client;
using CareCoordination.Load.Measuring;

namespace CareCoordination.Load;

/// <summary>Asks a server that runs for everything it offers, in all ways that chance finds, and lists what it should not have answered so.</summary>
internal static class FuzzCommand
{
    private const string Base = "http://127.0.0.1:5080/fhir";

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var processes = ClientCommand.Processes(arguments);
        if (processes.Count == 0)
        {
            Console.Error.WriteLine("--process server=PID is needed: what a request costs is read from there.");
            return 2;
        }

        var generator = new FuzzGenerator(arguments.Number("seed", 1));
        using var client = new HttpClient();
        ClientCommand.RefuseOthers(new Uri(arguments["base", Base]));
        var root = arguments["base", Base].TrimEnd('/');
        var run = new FuzzRun(client, root, () => processes.Sum(p => ProcessTree.CpuSeconds(p.Pid)), generator);
        var only = arguments.Number("number", -1);
        if (only >= 0)
        {
            Console.WriteLine(generator.Draw(only));
            var (status, answer) = await run.OneAsync(only, stop);
            Console.WriteLine($"\n=> {status}\n{answer}\n");
        }
        else
        {
            var clock = Stopwatch.StartNew();
            var seconds = arguments.Number("seconds", 60);
            for (
                var number = arguments.Number("from", 0);
                clock.Elapsed.TotalSeconds < seconds && !stop.IsCancellationRequested;
                number++
            )
                await OneAsync(run, number, stop);
        }

        Console.WriteLine(
            $"{run.Statuses.Values.Sum().ToString(CultureInfo.InvariantCulture)} requests: {string.Join(", ", run.Statuses.Select(s => $"{s.Key} x {s.Value}"))}; {run.Findings.Count} findings"
        );
        return run.Findings.Count == 0 ? 0 : 1;
    }

    private static async Task OneAsync(FuzzRun run, int number, CancellationToken stop)
    {
        var before = run.Findings.Count;
        await run.OneAsync(number, stop);
        if (run.Findings.Count > before)
            Console.WriteLine(run.Findings[^1]);
    }
}
