using Polly;
using Polly.Timeout;

namespace CareCoordination.Connectors.Exchanges;

public enum BreakerState
{
    /// <summary>Messages pass.</summary>
    Closed,

    /// <summary>Nothing is sent until the break is over.</summary>
    Open,

    /// <summary>The break is over: the next call asks with a probe whether the partner is back.</summary>
    HalfOpen,
}

/// <summary>
/// Leaves a partner alone after some failures in a row. When the break is over one probe goes first and no referral: what carries a
/// patient is not what a sick partner is tried with. A partner that asked to wait is left alone as long as it asked.
/// </summary>
/// <param name="moved">Told true when it opens and false when it closes.</param>
internal sealed class PartnerBreaker(
    int failures,
    TimeSpan breakTime,
    Func<CancellationToken, ValueTask<PartnerAnswer>> probe,
    Action<bool> moved,
    TimeProvider time
) : ResilienceStrategy<PartnerAnswer>
{
    private readonly Lock _lock = new();
    private int _inARow;
    private bool _isOpen;
    private bool _isProbing;
    private DateTimeOffset _until;

    public int FailuresInARow
    {
        get
        {
            lock (_lock)
                return _inARow;
        }
    }

    public BreakerState State
    {
        get
        {
            lock (_lock)
                return !_isOpen ? BreakerState.Closed
                    : time.GetUtcNow() < _until ? BreakerState.Open
                    : BreakerState.HalfOpen;
        }
    }

    /// <summary>Until when nothing is sent; null where a message would be tried now.</summary>
    public DateTimeOffset? QuietUntil
    {
        get
        {
            lock (_lock)
                return time.GetUtcNow() < _until ? _until : null;
        }
    }

    protected override async ValueTask<Outcome<PartnerAnswer>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<PartnerAnswer>>> callback,
        ResilienceContext context,
        TState state
    )
    {
        if (Enter(out var mustProbe) is { } refusal)
            return Outcome.FromResult(refusal);
        if (mustProbe && await ProbeAsync(context.CancellationToken) is { } stillDown)
            return Outcome.FromResult(stillDown);

        var outcome = await callback(context, state);
        // A call that its caller gave up is not counted: it says nothing about the partner.
        if (!context.CancellationToken.IsCancellationRequested)
            Record(outcome);
        return outcome;
    }

    private PartnerAnswer? Enter(out bool mustProbe)
    {
        lock (_lock)
        {
            mustProbe = false;
            var now = time.GetUtcNow();
            if (now < _until)
                return Unsent(_until - now);
            if (!_isOpen)
                return null;
            if (_isProbing)
                return Unsent(TimeSpan.FromSeconds(1));
            mustProbe = _isProbing = true;
            return null;
        }
    }

    /// <summary>Null where the partner is back: any answer of it will do.</summary>
    private async ValueTask<PartnerAnswer?> ProbeAsync(CancellationToken cancel)
    {
        PartnerAnswer? answer = null;
        try
        {
            answer = await probe(cancel);
        }
        finally
        {
            lock (_lock)
            {
                _isProbing = false;
                if (answer is null or { Kind: AnswerKind.Failing })
                    _until = time.GetUtcNow() + breakTime;
                else
                    Close();
            }
        }

        return answer.Kind == AnswerKind.Failing ? Unsent(breakTime) : null;
    }

    /// <summary>
    /// Counts what came back. Failures of the network are answers already; of exceptions only a timeout is the partner's, the others are
    /// mistakes of ours, or a call that had no turn.
    /// </summary>
    private void Record(Outcome<PartnerAnswer> outcome)
    {
        lock (_lock)
        {
            var isFailure =
                outcome.Result is { Kind: AnswerKind.Failing } || outcome.Exception is TimeoutRejectedException;
            if (isFailure)
                Fail();
            else if (outcome.Result is { Kind: not AnswerKind.Unsent } answer)
                Answered(answer);
        }
    }

    private void Fail()
    {
        if (++_inARow < failures)
            return;
        _until = time.GetUtcNow() + breakTime;
        if (!_isOpen)
            moved(_isOpen = true);
    }

    private void Answered(PartnerAnswer answer)
    {
        Close();
        var now = time.GetUtcNow();
        if (answer is { Kind: AnswerKind.Throttled, RetryAfter: { } wait } && now + wait > _until)
            _until = now + wait;
    }

    private void Close()
    {
        _inARow = 0;
        if (_isOpen)
            moved(_isOpen = false);
    }

    private static PartnerAnswer Unsent(TimeSpan wait) =>
        PartnerAnswer.Unsent("The partner is left alone for a while after it failed or asked to wait.", wait);
}
