using Polly;

namespace CareCoordination.Connectors.Exchanges;

/// <summary>
/// How many exchanges run at the same time: as many as the options allow, half as many each time when the partner is called too often or
/// exchanges collide there, and one more after each round that went well. Those that have no turn wait in the order in which they came.
/// https://www.rfc-editor.org/rfc/rfc5681#section-3.1 (additive increase, multiplicative decrease)
/// </summary>
internal sealed class AdaptiveConcurrency(int most, int longestQueue, TimeSpan afterAFullQueue)
    : ResilienceStrategy<PartnerAnswer>
{
    // Rounds that have to go well before there is one more.
    private const int Rounds = 4;

    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];

    // Below the most.
    private int _less;
    private int _running;
    private int _begun;
    private int _well;

    /// <summary>How many may run now.</summary>
    public int Limit
    {
        get
        {
            lock (_lock)
                return Now;
        }
    }

    private int Now => most - _less;

    /// <summary>
    /// The partner had too much at once. What runs together fails together: after one of them the others say nothing new.
    /// </summary>
    public void Halve()
    {
        lock (_lock)
        {
            _well = 0;
            if (_begun == 0)
                return;
            _begun = 0;
            _less = most - Math.Max(1, Now / 2);
        }
    }

    protected override async ValueTask<Outcome<PartnerAnswer>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<PartnerAnswer>>> callback,
        ResilienceContext context,
        TState state
    )
    {
        if (Enter() is not { } turn)
            return Outcome.FromResult(
                PartnerAnswer.Unsent("Too many messages to this partner wait for their turn.", afterAFullQueue)
            );
        try
        {
            await turn.Task.WaitAsync(context.CancellationToken);
        }
        catch (OperationCanceledException cancelled)
        {
            GiveUp(turn);
            return Outcome.FromException<PartnerAnswer>(cancelled);
        }

        try
        {
            var outcome = await callback(context, state);
            Note(outcome.Result);
            return outcome;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Null where too many wait.</summary>
    private TaskCompletionSource? Enter()
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_running < Now)
                Begin(turn);
            else if (_waiting.Count >= longestQueue)
                return null;
            else
                _waiting.AddLast(turn);
        }

        return turn;
    }

    private void Note(PartnerAnswer? answer)
    {
        if (answer is { Kind: AnswerKind.Throttled })
            Halve();
        else if (answer is { Kind: AnswerKind.Accepted })
            Grow();
    }

    private void Grow()
    {
        lock (_lock)
        {
            if (_less == 0 || ++_well < Rounds * Now)
                return;
            _well = 0;
            _less--;
        }
    }

    private void GiveUp(TaskCompletionSource turn)
    {
        lock (_lock)
        {
            // It may have had its turn in the moment in which it was given up.
            if (_waiting.Remove(turn))
                return;
        }

        Leave();
    }

    private void Leave()
    {
        lock (_lock)
        {
            _running--;
            while (_running < Now && _waiting.First is { } next)
            {
                _waiting.RemoveFirst();
                Begin(next.Value);
            }
        }
    }

    private void Begin(TaskCompletionSource turn)
    {
        _running++;
        _begun++;
        turn.SetResult();
    }
}
