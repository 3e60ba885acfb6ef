using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Settings;
using CareCoordination.Storage;

namespace CareCoordination.Application.Timers;

/// <summary>Lets this node look at due alarms, again and again. Any number of nodes may.</summary>
public sealed class AlarmTimer(AlarmRound round, TimerOptions options, TimeProvider time, ILogger<AlarmRound> log)
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
                if (await round.RunAsync(stoppingToken) is var rung and > 0)
                    Log.AlarmsRung(log, rung);
            }
            catch (StoreUnavailableException e)
            {
                Log.AlarmsWait(log, e);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // One round that failed must not be the last one.
                Log.Unexpected(log, e, "alarms");
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
