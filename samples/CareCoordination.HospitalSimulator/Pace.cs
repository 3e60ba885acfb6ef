using System.Diagnostics;

namespace CareCoordination.HospitalSimulator;

/// <summary>Lets so many things begin in a second, and no more; what waited does not come in a burst.</summary>
internal sealed class Pace(int rate)
{
    private readonly Lock _gate = new();
    private long _next = Stopwatch.GetTimestamp();

    public Task WaitAsync(int count, CancellationToken cancellationToken)
    {
        if (rate == 0)
            return Task.CompletedTask;
        TimeSpan wait;
        lock (_gate)
        {
            var now = Stopwatch.GetTimestamp();
            var turn = Math.Max(_next, now);
            _next = turn + (count * Stopwatch.Frequency / rate);
            wait = Stopwatch.GetElapsedTime(now, turn);
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, cancellationToken) : Task.CompletedTask;
    }
}
