namespace CareCoordination.Load.Measuring;

/// <summary>CPU seconds spent so far by each named process tree, by this load generator and by the whole machine.</summary>
internal sealed record CpuReading(
    IReadOnlyDictionary<string, double> Seconds,
    double Generator,
    double Machine,
    IReadOnlyDictionary<string, double> Megabytes
)
{
    public static CpuReading Take(IReadOnlyList<NamedProcess> processes) =>
        new(
            processes.ToDictionary(p => p.Name, p => ProcessTree.CpuSeconds(p.Pid)),
            Environment.CpuUsage.TotalTime.TotalSeconds,
            ProcessTree.MachineCpuSeconds(),
            processes.ToDictionary(p => p.Name, p => ProcessTree.MemoryMegabytes(p.Pid))
        );
}
