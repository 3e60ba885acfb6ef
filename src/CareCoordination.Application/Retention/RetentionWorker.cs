using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Settings;
using CareCoordination.Application.Workers;

namespace CareCoordination.Application.Retention;

/// <summary>Lets this node remove what is over, again and again.</summary>
public sealed class RetentionWorker(
    RetentionSweep sweep,
    RetentionOptions options,
    TimeProvider time,
    ILogger<RetentionWorker> log
) : PeriodicWorker("retention", options.Interval, time, log)
{
    protected override bool IsEnabled => options.IsEnabled;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        if (await sweep.RunAsync(stopping) is { IsNothing: false } removed)
            Log.Removed(
                log,
                removed.Answers,
                removed.Jobs,
                removed.Messages,
                removed.Inbound,
                removed.Refused,
                removed.Audit
            );
    }
}
