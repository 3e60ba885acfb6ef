using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Settings;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Application.Timers;

/// <summary>
/// Rings the alarms that are due, the longest due first, a batch at a time. Alarms are rows of the database: those that nobody rang,
/// because nothing ran, are rung when something runs again.
/// </summary>
public sealed class AlarmRound(
    ResourceStore store,
    IMediator mediator,
    TimerOptions options,
    TimeProvider time,
    ILogger<AlarmRound> log
)
{
    // Commits that wait together are written together.
    private const int AtOnce = 8;

    // A rule that forgets what it did would ring for ever: it gets a breath between the rounds.
    private const int MostBatches = 100;

    /// <summary>How many were rung. Stops at a batch of which one could not be.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var rung = 0;
        for (var batch = 0; batch < MostBatches; batch++)
        {
            var due = await store.DueAlarmsAsync(time.GetUtcNow(), options.Batch, cancellationToken);
            var failed = 0;
            await Parallel.ForEachAsync(
                due,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (alarm, token) =>
                {
                    var response = await mediator.Send(new RingAlarm(alarm.Key), token);
                    if (response.IsSuccess)
                        return;
                    Interlocked.Increment(ref failed);
                    Log.AlarmFailed(log, alarm.Key.ToString(), response.Status);
                }
            );
            rung += due.Length - failed;
            if (due.Length < options.Batch || failed > 0)
                break;
        }

        return rung;
    }
}
