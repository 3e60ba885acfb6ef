using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Settings;
using CareCoordination.Application.Workers;

namespace CareCoordination.Application.Timers;

/// <summary>Lets this node look at due timers, again and again. Any number of nodes may.</summary>
public sealed class TimerWorker(TimerSweep sweep, TimerOptions options, TimeProvider time, ILogger<TimerWorker> log)
    : PeriodicWorker("timers", options.Interval, time, log)
{
    protected override bool IsEnabled => options.IsEnabled;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        if (await sweep.RunAsync(stopping) is var fired and > 0)
            Log.TimersFired(log, fired);
    }
}
