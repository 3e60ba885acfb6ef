namespace CareCoordination.TestKit;

/// <summary>
/// The machine's clock, set to another day, which can be moved ahead: what waits for a moment that was passed so comes to its turn.
/// Short waits pass by themselves, hours and days by <see cref="Advance"/>.
/// </summary>
public sealed class ShiftedClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly HashSet<ShiftedTimer> _timers = [];
    private TimeSpan _shift = start - System.GetUtcNow();

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return System.GetUtcNow() + _shift;
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ShiftedTimer(this, callback, state);
        lock (_gate)
            _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        ShiftedTimer[] timers;
        lock (_gate)
        {
            _shift += by;
            timers = [.. _timers];
        }

        foreach (var timer in timers)
            timer.Rearm();
    }

    private sealed class ShiftedTimer : ITimer
    {
        private readonly ShiftedClock _clock;
        private readonly Lock _gate = new();
        private readonly ITimer _inner;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private DateTimeOffset? _due;

        public ShiftedTimer(ShiftedClock clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _inner = System.CreateTimer(
                _ =>
                {
                    lock (_gate)
                    {
                        if (_due is not { } due)
                            return;
                        // The machine's timers may fire a little early.
                        if (due - _clock.GetUtcNow() is { Ticks: > 0 } rest)
                        {
                            Arm(rest);
                            return;
                        }

                        _due = null;
                        if (_period > TimeSpan.Zero)
                            Arm(_period);
                    }

                    callback(state);
                },
                null,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan
            );
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_gate)
            {
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                    _due = null;
                else
                    Arm(dueTime);
                return true;
            }
        }

        public void Rearm()
        {
            lock (_gate)
            {
                if (_due is { } due)
                    Arm(due - _clock.GetUtcNow());
            }
        }

        public void Dispose()
        {
            lock (_clock._gate)
                _clock._timers.Remove(this);
            _inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(TimeSpan wait)
        {
            wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
            _due = _clock.GetUtcNow() + wait;
            _inner.Change(wait + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }
}
