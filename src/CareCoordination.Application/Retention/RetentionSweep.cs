using CareCoordination.Application.Settings;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Application.Retention;

/// <summary>Removes what the server remembered for itself and does not need any more. Any number of nodes may do so at once.</summary>
public sealed class RetentionSweep
{
    // A sweep that finds more goes on at the next interval.
    private const int MostBatches = 10_000;

    private readonly StorePurge _purge;
    private readonly AuditStore _audit;
    private readonly RetentionOptions _options;
    private readonly AuditOptions _auditOptions;
    private readonly TimeProvider _time;

    internal RetentionSweep(
        StorePurge purge,
        AuditStore audit,
        RetentionOptions options,
        AuditOptions auditOptions,
        TimeProvider time
    ) => (_purge, _audit, _options, _auditOptions, _time) = (purge, audit, options, auditOptions, time);

    /// <summary>How many of each were removed.</summary>
    public async Task<Removed> RunAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var batch = _options.Batch;
        // Each by itself: one that cannot be removed does not keep the others.
        var removed = await Task.WhenAll(
            AllAsync(() => _purge.AnswersAsync(batch, cancellationToken)),
            AllAsync(() => _purge.JobsAsync(now - _options.Jobs, batch, cancellationToken)),
            AllAsync(() => _purge.MessagesAsync(now - _options.Messages, batch, cancellationToken)),
            AllAsync(() => _purge.InboundAsync(now - _options.Messages, batch, cancellationToken)),
            AllAsync(() => _purge.RefusedAsync(now - _options.Refused.Age, batch, cancellationToken)),
            AllAsync(() => _audit.PurgeAsync(now.AddYears(-_auditOptions.KeepYears), batch, cancellationToken))
        );
        return new Removed(removed[0], removed[1], removed[2], removed[3], removed[4], removed[5]);
    }

    private async Task<int> AllAsync(Func<Task<int>> removeAsync)
    {
        var all = 0;
        for (var i = 0; i < MostBatches; i++)
        {
            var removed = await removeAsync();
            all += removed;
            if (removed < _options.Batch)
                break;
        }

        return all;
    }
}

/// <summary>How much was removed.</summary>
public readonly record struct Removed(int Answers, int Jobs, int Messages, int Inbound, int Refused, int Audit)
{
    public bool IsNothing => this == default;
}
