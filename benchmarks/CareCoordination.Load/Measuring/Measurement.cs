using CareCoordination.Load.Client;

namespace CareCoordination.Load.Measuring;

/// <summary>One scenario's figures. CPU per request is the one that survives a noisy machine.</summary>
/// <param name="CpuMsPerRequest">By process name: server, database.</param>
/// <param name="OtherCpuPercent">What the rest of the machine took, of one core: the noise.</param>
internal sealed record Measurement(
    string Scenario,
    double RequestsPerSecond,
    double P50Ms,
    double P95Ms,
    double P99Ms,
    double MaxMs,
    int Requests,
    int Failures,
    string? FirstFailure,
    long BytesPerResponse,
    IReadOnlyDictionary<string, double> CpuMsPerRequest,
    IReadOnlyDictionary<string, double> MemoryMb,
    double GeneratorCpuPercent,
    double OtherCpuPercent
)
{
    public double TotalCpuMsPerRequest => Math.Round(CpuMsPerRequest.Values.Sum(), 4);

    public static Measurement From(string scenario, LoopResult loop, CpuReading before, CpuReading after)
    {
        var seconds = loop.Elapsed.TotalSeconds;
        var requests = Math.Max(1, loop.Requests);
        var cpu = after.Seconds.ToDictionary(s => s.Key, s => s.Value - before.Seconds[s.Key]);
        var generator = after.Generator - before.Generator;
        return new Measurement(
            scenario,
            Math.Round((loop.Requests - loop.Failures) / seconds, 1),
            Math.Round(loop.Milliseconds(0.50), 3),
            Math.Round(loop.Milliseconds(0.95), 3),
            Math.Round(loop.Milliseconds(0.99), 3),
            Math.Round(loop.Milliseconds(1), 2),
            loop.Requests,
            loop.Failures,
            loop.FirstFailure,
            loop.Bytes / requests,
            cpu.ToDictionary(c => c.Key, c => Math.Round(c.Value * 1000 / requests, 4)),
            after.Megabytes.ToDictionary(m => m.Key, m => Math.Round(m.Value)),
            Math.Round(100 * generator / seconds),
            Math.Round(Math.Max(0, 100 * (after.Machine - before.Machine - generator - cpu.Values.Sum()) / seconds))
        );
    }

    public override string ToString() =>
        $"{Scenario, -16} {RequestsPerSecond, 9:0.0} req/s  p50 {P50Ms, 7:0.00}  p95 {P95Ms, 7:0.00}  p99 {P99Ms, 7:0.00} ms  cpu/request {TotalCpuMsPerRequest, 7:0.000} ms"
        + $" ({string.Join(", ", CpuMsPerRequest.Select(c => $"{c.Key} {c.Value:0.000}"))})  {BytesPerResponse} B  generator {GeneratorCpuPercent} %  other {OtherCpuPercent} %"
        + (Failures == 0 ? "" : $"  FAILURES {Failures}: {FirstFailure}");
}
