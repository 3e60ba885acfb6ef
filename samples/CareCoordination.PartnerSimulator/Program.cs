using System.Globalization;
using CareCoordination.PartnerSimulator;

// A partner to try referrals with: `dotnet run --project samples/CareCoordination.PartnerSimulator -- --port 5090 --as community`.
const string Usage = """
    Options:
      --as KIND        epic, oracle, community (default), bser or v2
      --port N         of its FHIR server, on loopback (default 5090)
      --mllp-port N    of its HL7 v2 listener (default 2575; epic and v2 only)
      --faults SHARE   how many requests go wrong, 0 to 1 (default 0)
      --seed N         which ones (default 1)
    """;

var options = new SimulatorOptions { Port = 5090, MllpPort = 2575 };
for (var i = 0; i < args.Length; i += 2)
{
    var value = i + 1 < args.Length ? args[i + 1] : "";
    SimulatorOptions? read = args[i] switch
    {
        "--as" when Enum.TryParse<PartnerKind>(value, ignoreCase: true, out var kind) => options with { Kind = kind },
        "--port" when int.TryParse(value, CultureInfo.InvariantCulture, out var port) => options with { Port = port },
        "--mllp-port" when int.TryParse(value, CultureInfo.InvariantCulture, out var port) => options with
        {
            MllpPort = port,
        },
        "--faults" when double.TryParse(value, CultureInfo.InvariantCulture, out var share) => options with
        {
            FaultShare = share,
        },
        "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out var seed) => options with { Seed = seed },
        _ => null,
    };
    if (read is null)
    {
        Console.Error.WriteLine($"'{args[i]} {value}' is not an option.\n{Usage}");
        return 2;
    }

    options = read;
}

await using var partner = await SimulatedPartner.StartAsync(options);
Console.WriteLine($"The {options.Kind.ToString().ToLowerInvariant()} partner listens on {partner.Base} {partner.Mllp}");
Console.WriteLine(
    $"Faults: POST {partner.Root}/_script   Its people: POST {partner.Root}/_recipient   Effects: GET {partner.Root}/_effects"
);
await partner.WaitForEndAsync();
return 0;
