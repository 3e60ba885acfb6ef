using CareCoordination.HospitalSimulator;

// A day of a hospital: `dotnet run --project samples/CareCoordination.HospitalSimulator -- --patients 100 --mllp localhost:2575`.
var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
var (options, problem) = SimulationOptions.Read(args, today);
if (options is null)
{
    Console.Error.WriteLine($"{problem}\n{SimulationOptions.Usage}");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
using var simulation = new Simulation(options, Console.Out);
return await simulation.RunAsync(stop.Token);
