using CareCoordination.Application.Workers;

namespace CareCoordination.Server.Hosting;

/// <summary>
/// Gives memory back to the machine that large requests have taken. The garbage collector works where something is allocated: in a
/// server that has become quiet it would keep what the last ones needed for as long as nothing happens.
/// </summary>
public sealed class IdleMemory(TimeProvider time, ILogger<IdleMemory> log)
    : PeriodicWorker("idle memory", Interval, time, log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private MemoryUse _before = MemoryUse.Now();
    private long _collectedAt;

    protected override Task RunAsync(CancellationToken stopping)
    {
        var now = MemoryUse.Now();
        if (now.IsWorthCollecting(_before, _collectedAt))
        {
            // The pause is short: what is alive in a quiet server is little.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            _collectedAt = now.Allocated;
        }

        _before = now;
        return Task.CompletedTask;
    }
}

/// <param name="Allocated">Bytes that the process has allocated since it began.</param>
/// <param name="Committed">Bytes that the garbage collector holds of the machine.</param>
internal readonly record struct MemoryUse(long Allocated, long Committed)
{
    private const long Megabyte = 1 << 20;

    public static MemoryUse Now() =>
        new(GC.GetTotalAllocatedBytes(precise: false), GC.GetGCMemoryInfo().TotalCommittedBytes);

    /// <summary>
    /// Little happened in the last interval, much is held, and enough has been allocated since the last collection of this kind that it
    /// can have left something.
    /// </summary>
    /// <param name="before">One interval ago.</param>
    /// <param name="collectedAt">What was allocated when it was collected last.</param>
    public bool IsWorthCollecting(MemoryUse before, long collectedAt) =>
        Allocated - before.Allocated < 16 * Megabyte
        && Committed > 192 * Megabyte
        && Allocated - collectedAt > 64 * Megabyte;
}
