using CareCoordination.Analytics.Settings;
using CareCoordination.Application.Workers;

namespace CareCoordination.Analytics.Mirror;

/// <summary>Keeps the tables up to date, from the first question on.</summary>
internal sealed class OutcomeWorker(
    OutcomeTables tables,
    AnalyticsOptions options,
    TimeProvider time,
    ILogger<OutcomeWorker> log
) : PeriodicWorker("outcomes", options.Interval, time, log)
{
    protected override bool IsEnabled => options.IsEnabled;

    protected override Task PrepareAsync(CancellationToken stopping) =>
        options.FollowsFromStart ? Task.CompletedTask : tables.Wanted.WaitAsync(stopping);

    /// <summary>How long a file that cannot be used is left alone.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            // A long fill gives way now and then to whoever waits for their turn.
            await tables.FollowAsync(TimeSpan.FromSeconds(2), stopping);
        }
        catch (TablesUnavailableException)
        {
            // It has been logged; whoever asks hears of it.
            await Task.Delay(Rest, Time, stopping);
        }
    }
}
