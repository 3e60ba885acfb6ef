using System.Collections.Immutable;
using System.Globalization;

namespace CareCoordination.HospitalSimulator;

/// <summary>Which day is played, to whom, and how fast.</summary>
public sealed record SimulationOptions
{
    public const string Usage = """
        Options:
          --fhir URLS        the FHIR bases of the server, one for each node, with commas between them (default http://localhost:5080/fhir)
          --mllp HOSTS       its listeners of MLLP, as localhost:2575; without it, what would go there goes to /hl7v2
          --patients N       how many patients the day has, up to 100000 (default 50)
          --rate N           messages a second at most; 0: as fast as they are answered (default 20)
          --at-once N        patients that are told of at the same time (default 4)
          --seed N           the same seed tells the same (default 1)
          --day DATE         the day of the discharges (default: yesterday)
        """;

    public ImmutableArray<Uri> Fhir { get; init; } = [new("http://localhost:5080/fhir")];

    /// <summary>Hosts and ports; empty where messages of HL7 v2 go over HTTP alone.</summary>
    public ImmutableArray<(string Host, int Port)> Mllp { get; init; } = [];

    public int Patients { get; init; } = 50;

    public int Rate { get; init; } = 20;

    public int AtOnce { get; init; } = 4;

    public int Seed { get; init; } = 1;

    public DateOnly Day { get; init; }

    /// <summary>Null with a sentence where something is no option.</summary>
    /// <param name="args">As <c>--name value</c>.</param>
    /// <param name="today">Of the machine.</param>
    public static (SimulationOptions? Options, string? Problem) Read(IReadOnlyList<string> args, DateOnly today)
    {
        var options = new SimulationOptions { Day = today.AddDays(-1) };
        for (var i = 0; i < args.Count; i += 2)
        {
            var value = i + 1 < args.Count ? args[i + 1] : "";
            if (options.With(args[i], value, today) is not { } read)
                return (null, $"'{args[i]} {value}' is not an option.");
            options = read;
        }

        return (options, null);
    }

    private SimulationOptions? With(string name, string value, DateOnly today) =>
        name switch
        {
            "--fhir" when Addresses(value) is { IsEmpty: false } fhir => this with { Fhir = fhir },
            "--mllp" when Hosts(value) is { IsEmpty: false } mllp => this with { Mllp = mllp },
            "--patients" when Number(value) is > 0 and <= 100_000 and var patients => this with { Patients = patients },
            "--rate" when Number(value) is >= 0 and var rate => this with { Rate = rate },
            "--at-once" when Number(value) is > 0 and <= 1000 and var atOnce => this with { AtOnce = atOnce },
            "--seed" when Number(value) is { } seed => this with { Seed = seed },
            // What happens tomorrow no server believes.
            "--day"
                when DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out var day)
                    && day < today => this with
            {
                Day = day,
            },
            _ => null,
        };

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static ImmutableArray<Uri> Addresses(string text)
    {
        var all = ImmutableArray.CreateBuilder<Uri>();
        foreach (var part in text.Split(','))
        {
            if (
                !Uri.TryCreate(part.TrimEnd('/'), UriKind.Absolute, out var address)
                || !address.Scheme.StartsWith("http", StringComparison.Ordinal)
            )
                return [];
            all.Add(address);
        }

        return all.ToImmutable();
    }

    private static ImmutableArray<(string, int)> Hosts(string text)
    {
        var all = ImmutableArray.CreateBuilder<(string, int)>();
        foreach (var part in text.Split(','))
        {
            var colon = part.LastIndexOf(':');
            if (colon < 1 || Number(part[(colon + 1)..]) is not (> 0 and < 65536 and var port))
                return [];
            all.Add((part[..colon], port));
        }

        return all.ToImmutable();
    }
}
