using System.Collections.Concurrent;

namespace CareCoordination.Storage.Engines;

/// <summary>
/// One read's place on a lane and its time limit. Turns are used again: a source of cancellation with its timer is most of what a
/// read by key would allocate.
/// </summary>
internal sealed class ReadTurn : IDisposable
{
    private readonly CancellationTokenSource _limit = new();
    private readonly ReadLanes _lanes;
    private readonly ConcurrentStack<ReadTurn> _unused;
    private CancellationTokenRegistration _caller;
    private ReadKind _kind;
    private bool _isInside;

    private ReadTurn(ReadLanes lanes, ConcurrentStack<ReadTurn> unused) => (_lanes, _unused) = (lanes, unused);

    /// <summary>Is cancelled when the caller has gone or the time is up.</summary>
    public CancellationToken Limit => _limit.Token;

    public static ReadTurn Begin(
        ReadLanes lanes,
        ConcurrentStack<ReadTurn> unused,
        TimeSpan time,
        CancellationToken cancellationToken
    )
    {
        if (!unused.TryPop(out var turn))
            turn = new ReadTurn(lanes, unused);
        turn._limit.CancelAfter(time);
        turn._caller = cancellationToken.UnsafeRegister(static self => ((ReadTurn)self!)._limit.Cancel(), turn);
        return turn;
    }

    public async ValueTask EnterAsync(ReadKind kind)
    {
        await _lanes.EnterAsync(kind, Limit);
        (_kind, _isInside) = (kind, true);
    }

    /// <summary>The lane stays taken until the returned action is called, whatever becomes of this turn.</summary>
    public Action KeepLane()
    {
        _isInside = false;
        var (lanes, kind) = (_lanes, _kind);
        return () => lanes.Leave(kind);
    }

    public void Dispose()
    {
        _caller.Dispose();
        if (_isInside)
        {
            _isInside = false;
            _lanes.Leave(_kind);
            // Whatever still holds the token of a read that was given up must not be told of the next.
            if (_limit.TryReset())
            {
                _unused.Push(this);
                return;
            }
        }

        _limit.Dispose();
    }
}
