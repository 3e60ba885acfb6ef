using System.Threading.Channels;
using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Settings;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Application.Audit;

/// <summary>
/// Lines of the audit trail on their way to be rows, where no write takes them along: many become durable in one transaction, within
/// 50 ms. The queue is bounded and drops nothing: where the database is away, who asks waits, and is refused before it is answered
/// without a row. What was done already, as by an administrator, is told of even where nobody waits for it any more.
/// </summary>
public sealed class AuditQueue : IAsyncDisposable
{
    /// <summary>With the time that a transaction takes, less than 50 ms.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    /// <summary>How long somebody waits for room.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const string NotStored =
        "The audit trail cannot be written at the moment, and nothing is answered without it.";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // At shutdown: after these tries what is left is lost with the process, as it would be by a crash.
    private const int LastTries = 10;
    private const int MaxRows = 5_000;

    private readonly Channel<Waiting> _queue;
    private readonly AuditStore _store;
    private readonly bool _isAwaited;
    private readonly ILogger _log;
    private readonly Task _loop;

    /// <summary>Of what was done, and could not be stored.</summary>
    private readonly List<Waiting> _later = [];
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
    public ValueTask AddAsync(AuditLine line) => AddAsync(line, _isAwaited, isDone: false);

    /// <summary>
    /// Hands in a line of what was done and cannot be taken back: on return it is stored, whatever <c>Audit:Reads</c> says. Throws
    /// <see cref="StoreUnavailableException"/> where it is not stored yet: then it must not be acknowledged, and the line is tried again.
    /// </summary>
    public ValueTask StoreAsync(AuditLine line) => AddAsync(line, isAwaited: true, isDone: true);

    private async ValueTask AddAsync(AuditLine line, bool isAwaited, bool isDone)
    {
        var stored = isAwaited ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
        var waiting = new Waiting(line, stored, isDone);
        if (!_queue.Writer.TryWrite(waiting))
            await WaitForRoomAsync(waiting);
        if (stored is null)
            return;
        // While the database is away the lines before it are tried: what is done is not waited for any longer then, and keeps its place.
        if (isDone && await Task.WhenAny(stored.Task, Task.Delay(Patience)) != stored.Task)
            throw new StoreUnavailableException(NotStored, Patience);
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
            throw new StoreUnavailableException(NotStored, Patience, e);
        }
    }

    private async Task RunAsync()
    {
        var batch = new List<Waiting>();
        while (await MayGoOnAsync())
        {
            if (!_isAwaited)
                await Task.Delay(Gathering);
            batch.AddRange(_later);
            _later.Clear();
            var rows = 2 * batch.Count;
            while (rows < MaxRows && _queue.Reader.TryRead(out var next))
            {
                batch.Add(next);
                rows += 2 + next.Line.Patients.Length;
            }

            await StoreAsync(batch);
            batch.Clear();
        }
    }

    /// <summary>Once there is something to store; false: it ends, and all is stored.</summary>
    private async Task<bool> MayGoOnAsync()
    {
        if (_later.Count == 0)
            return await _queue.Reader.WaitToReadAsync();
        if (!_isEnding)
            await Task.Delay(Pause);
        return true;
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
                if (_isAwaited && !_isEnding)
                {
                    // Where answers wait for their rows, none waits for the rows of others.
                    _later.AddRange(batch);
                    return;
                }

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

    /// <summary>
    /// Who waits is refused, and what is refused by that is told of no more; the rest is tried until it is stored, or the server ends.
    /// </summary>
    private bool IsGivenUp(List<Waiting> batch, int attempt, StoreUnavailableException e)
    {
        batch.ForEach(w => w.Stored?.TrySetException(e));
        batch.RemoveAll(w => _isAwaited && !w.IsDone);
        if (batch.Count == 0)
            return true;
        if (attempt == 1)
            Log.AuditWaits(_log, e);
        if (_isEnding ? attempt < LastTries : _later.Count < MaxRows)
            return false;
        Log.AuditLineLost(_log, e, batch.Count);
        return true;
    }

    /// <param name="Stored">Null: nobody waits for it.</param>
    /// <param name="IsDone">What it tells of has happened, whether it is stored or not.</param>
    private readonly record struct Waiting(AuditLine Line, TaskCompletionSource? Stored, bool IsDone);
}
