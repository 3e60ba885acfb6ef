using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Settings;
using CareCoordination.Storage;

namespace CareCoordination.Application.Timers;

/// <summary>Lets this node look at due timers, again and again. Any number of nodes may.</summary>
public sealed class TimerWorker(TimerSweep sweep, TimerOptions options, TimeProvider time, ILogger<TimerWorker> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.IsEnabled)
            return;
        using var timer = new PeriodicTimer(options.Interval, time);
        do
        {
            try
            {
                if (await sweep.RunAsync(stoppingToken) is var fired and > 0)
                    Log.TimersFired(log, fired);
            }
            catch (StoreUnavailableException e)
            {
                Log.TimersWait(log, e);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // One sweep that failed must not be the last one.
                Log.Unexpected(log, e, "timers");
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
