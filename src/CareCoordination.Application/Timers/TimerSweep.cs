using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Application.Timers;

/// <summary>
/// Fires the timers that are due, the longest due first, a batch at a time. Timers are rows of the database: those that were not fired,
/// because no node ran, are fired when one runs again. One that fails is postponed and does not hold up the others.
/// </summary>
public sealed class TimerSweep
{
    // Commits that wait together are written together.
    private const int AtOnce = 8;

    // A rule that forgets what it did would fire for ever: there is a pause between the sweeps.
    private const int MostBatches = 100;

    private readonly ResourceStore _store;
    private readonly CareSessions _sessions;
    private readonly TimerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<TimerSweep> _log;

    internal TimerSweep(
        ResourceStore store,
        CareSessions sessions,
        TimerOptions options,
        TimeProvider time,
        ILogger<TimerSweep> log
    ) => (_store, _sessions, _options, _time, _log) = (store, sessions, options, time, log);

    /// <summary>How many were fired.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var fired = 0;
        for (var batch = 0; batch < MostBatches; batch++)
        {
            var due = await _store.DueTimersAsync(_time.GetUtcNow(), _options.Batch, cancellationToken);
            await Parallel.ForEachAsync(
                due,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (timer, token) =>
                {
                    var isFired = await FireAsync(timer.Key, token);
                    TimerTelemetry.Fired(timer.Key.Type, isFired, _time.GetUtcNow() - timer.At);
                    if (isFired)
                        Interlocked.Increment(ref fired);
                }
            );
            if (due.Length < _options.Batch)
                break;
        }

        return fired;
    }

    private async Task<bool> FireAsync(ResourceKey key, CancellationToken cancellationToken)
    {
        try
        {
            var response = await _sessions.SendAsync(Caller.Timer, new FireTimer(key), cancellationToken);
            if (!response.IsSuccess)
                Log.TimerFailed(_log, key.ToString(), response.Status);
            return response.IsSuccess;
        }
        catch (Exception e) when (e is not OperationCanceledException and not StoreUnavailableException)
        {
            Log.Unexpected(_log, e, key.ToString());
            await _sessions.SendAsync(Caller.Timer, new PostponeTimer(key), cancellationToken);
            return false;
        }
    }
}
