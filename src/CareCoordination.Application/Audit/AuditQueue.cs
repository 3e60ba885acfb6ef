using System.Threading.Channels;
using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Settings;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Application.Audit;

/// <summary>
/// Lines of the audit trail on their way to be rows, where no write takes them along: many become durable in one transaction, within
/// 50 ms. The queue is bounded and drops nothing: where the database is away, who asks waits, and is refused before it is answered
/// without a row.
/// </summary>
public sealed class AuditQueue : IAsyncDisposable
{
    /// <summary>With the time that a transaction takes, less than 50 ms.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    /// <summary>How long somebody waits for room.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // At shutdown: after these tries what is left is lost with the process, as it would be by a crash.
    private const int LastTries = 10;
    private const int MaxRows = 5_000;

    private readonly Channel<Waiting> _queue;
    private readonly AuditStore _store;
    private readonly bool _isAwaited;
    private readonly ILogger _log;
    private readonly Task _loop;
    private volatile bool _isEnding;

    internal AuditQueue(AuditStore store, AuditOptions options, ILogger log)
    {
        (_store, _log) = (store, log);
        _isAwaited = options.Reads == AuditReads.BeforeAnswer;
        _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(options.MaxWaiting) { SingleReader = true });
        _loop = Task.Run(RunAsync);
    }

    /// <summary>
    /// Hands a line in. On return it will be stored, or is, where answers wait for it. Throws <see cref="StoreUnavailableException"/> where
    /// that cannot be promised.
    /// </summary>
    public async ValueTask AddAsync(AuditLine line)
    {
        var stored = _isAwaited ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
        var waiting = new Waiting(line, stored);
        if (!_queue.Writer.TryWrite(waiting))
            await WaitForRoomAsync(waiting);
        if (stored is not null)
            await stored.Task;
    }

    /// <summary>Stores what was handed in, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _isEnding = true;
        _queue.Writer.TryComplete();
        await _loop;
    }

    private async Task WaitForRoomAsync(Waiting waiting)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await _queue.Writer.WriteAsync(waiting, limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            throw new StoreUnavailableException(
                "The audit trail cannot be written at the moment, and nothing is answered without it.",
                Patience,
                e
            );
        }
    }

    private async Task RunAsync()
    {
        var batch = new List<Waiting>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            if (!_isAwaited)
                await Task.Delay(Gathering);
            var rows = 0;
            while (rows < MaxRows && _queue.Reader.TryRead(out var next))
            {
                batch.Add(next);
                rows += 2 + next.Line.Patients.Length;
            }

            await StoreAsync(batch);
            batch.Clear();
        }
    }

    private async Task StoreAsync(List<Waiting> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _store.AppendAsync([.. batch.Select(w => w.Line)], CancellationToken.None);
                batch.ForEach(w => w.Stored?.TrySetResult());
                return;
            }
            catch (StoreUnavailableException e)
            {
                if (IsGivenUp(batch, attempt, e))
                    return;
                await Task.Delay(Pause);
            }
            catch (Exception e) when (batch.Count > 1)
            {
                Log.AuditBatchFailed(_log, e);
                foreach (var waiting in batch)
                    await StoreAsync([waiting]);
                return;
            }
            catch (Exception e)
            {
                Log.AuditLineLost(_log, e, 1);
                batch.ForEach(w => w.Stored?.TrySetException(e));
                return;
            }
        }
    }

    /// <summary>Who waits is refused; what was answered already is tried until it is stored, or the server ends.</summary>
    private bool IsGivenUp(List<Waiting> batch, int attempt, StoreUnavailableException e)
    {
        if (_isAwaited)
        {
            batch.ForEach(w => w.Stored?.TrySetException(e));
            return true;
        }

        if (attempt == 1)
            Log.AuditWaits(_log, e);
        if (!_isEnding || attempt < LastTries)
            return false;
        Log.AuditLineLost(_log, e, batch.Count);
        return true;
    }

    /// <param name="Stored">Null: nobody waits for it.</param>
    private readonly record struct Waiting(AuditLine Line, TaskCompletionSource? Stored);
}
