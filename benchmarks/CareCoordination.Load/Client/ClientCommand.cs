using System.Globalization;
using System.Net;
using System.Text.Json;
using CareCoordination.Load.Measuring;

namespace CareCoordination.Load.Client;

/// <summary>How hard and how long to load.</summary>
internal sealed record LoadSettings(int Connections, TimeSpan Warmup, TimeSpan Duration, int Patients)
{
    /// <summary>The access token of whoever asks; null: nobody says who they are.</summary>
    public string? Token { get; init; }

    public static LoadSettings From(Arguments arguments) =>
        new(
            arguments.Number("connections", 8),
            TimeSpan.FromSeconds(arguments.Number("warmup", 3)),
            TimeSpan.FromSeconds(arguments.Number("seconds", 10)),
            arguments.Number("patients", 1000)
        );
}

internal static class ClientCommand
{
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var baseUrl = new Uri(arguments["base", "http://127.0.0.1:5080/fhir"]);
        var processes = Processes(arguments);
        var measured = await RunAsync(
            baseUrl,
            arguments.List("scenarios"),
            LoadSettings.From(arguments),
            processes,
            patientsOnly: false,
            cancellationToken
        );
        if (arguments["json", ""] is { Length: > 0 } file)
            await File.WriteAllTextAsync(
                file,
                JsonSerializer.Serialize(measured, ReportFiles.JsonOptions),
                cancellationToken
            );
        return measured.Any(m => m.Failures > 0) ? 1 : 0;
    }

    /// <summary>The processes that <c>--process</c> names.</summary>
    public static IReadOnlyList<NamedProcess> Processes(Arguments arguments) =>
        [
            .. arguments
                .List("process")
                .Select(p => p.Split('='))
                .Select(p => new NamedProcess(p[0], int.Parse(p[1], CultureInfo.InvariantCulture))),
        ];

    /// <summary>Seeds, then runs the named scenarios (none named: all), printing one line for each.</summary>
    public static async Task<IReadOnlyList<Measurement>> RunAsync(
        Uri baseUrl,
        IReadOnlyList<string> names,
        LoadSettings settings,
        IReadOnlyList<NamedProcess> processes,
        bool patientsOnly,
        CancellationToken cancellationToken
    )
    {
        RefuseOthers(baseUrl);
        var scenarios = new Scenarios(
            await SeededData.SeedAsync(baseUrl, settings.Patients, patientsOnly, cancellationToken),
            names.Any(n => n is GoalData.Scenario or GoalData.Comparison)
                ? await GoalData.SeedAsync(baseUrl, cancellationToken)
                : null
        );
        return await MeasureAllAsync(
            baseUrl,
            names.Count == 0 ? scenarios.All : names.Select(n => scenarios[n]),
            settings,
            processes,
            cancellationToken
        );
    }

    /// <summary>Runs scenarios on what is there already, printing one line for each.</summary>
    public static async Task<IReadOnlyList<Measurement>> MeasureAllAsync(
        Uri baseUrl,
        IEnumerable<Scenario> scenarios,
        LoadSettings settings,
        IReadOnlyList<NamedProcess> processes,
        CancellationToken cancellationToken
    )
    {
        RefuseOthers(baseUrl);
        var measured = new List<Measurement>();
        foreach (var scenario in scenarios)
        {
            var measurement = await MeasureAsync(baseUrl, scenario, settings, processes, cancellationToken);
            Console.WriteLine(measurement);
            measured.Add(measurement);
        }

        return measured;
    }

    public static void RefuseOthers(Uri baseUrl)
    {
        // The load would be an attack on anybody else's server.
        if (
            baseUrl.Scheme != "http"
            || !(
                baseUrl.Host == "localhost"
                || (IPAddress.TryParse(baseUrl.Host, out var address) && IPAddress.IsLoopback(address))
            )
        )
            throw new ArgumentException($"{baseUrl} is not on loopback; only servers on this machine are loaded.");
    }

    private static async Task<Measurement> MeasureAsync(
        Uri baseUrl,
        Scenario scenario,
        LoadSettings settings,
        IReadOnlyList<NamedProcess> processes,
        CancellationToken cancellationToken
    )
    {
        await ClosedLoop.RunAsync(
            baseUrl,
            scenario,
            settings.Connections,
            settings.Warmup,
            settings.Token,
            cancellationToken
        );
        var before = CpuReading.Take(processes);
        var loop = await ClosedLoop.RunAsync(
            baseUrl,
            scenario,
            settings.Connections,
            settings.Duration,
            settings.Token,
            cancellationToken
        );
        return Measurement.From(scenario.Name, loop, before, CpuReading.Take(processes));
    }
}
