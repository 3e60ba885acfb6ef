using CareCoordination.Application.Workers;
using CareCoordination.Storage;
using Microsoft.Extensions.Logging;

namespace CareCoordination.Server.Tests.Gate;

/// <summary>What every loop in the background has to survive.</summary>
public sealed class WorkerTests
{
    public static TheoryData<Exception> Faults =>
        [
            new InvalidOperationException("a mistake"),
            new OperationCanceledException(),
            new StoreUnavailableException("away", TimeSpan.FromSeconds(1), new IOException()),
            new OutOfMemoryException(),
            new AggregateException(new IOException()),
        ];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_round_that_fails_is_not_the_last_one(Exception fault)
    {
        var log = new Lines();
        using var worker = new Rounds(log, round => round == 1 ? throw fault : Task.CompletedTask);

        await worker.StartAsync(default);
        await worker.ReachedAsync(3);
        await worker.StopAsync(default);

        Assert.Contains(log.Said, line => line.Contains("rounds", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_loop_ends_when_it_is_stopped_within_a_round()
    {
        using var worker = new Rounds(new Lines(), _ => Task.Delay(Timeout.Infinite, CancellationToken.None));

        await worker.StartAsync(default);
        await worker.ReachedAsync(1);
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await worker.StopAsync(soon.Token);
    }

    [Fact]
    public async Task A_signal_does_not_wait_for_the_interval()
    {
        var signal = new Signal();
        using var worker = new Rounds(new Lines(), _ => Task.CompletedTask, TimeSpan.FromHours(1), signal);

        await worker.StartAsync(default);
        await worker.ReachedAsync(1);
        signal.Set();
        await worker.ReachedAsync(2);
        await worker.StopAsync(default);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_heart_beats_on_after_a_beat_that_failed(Exception fault)
    {
        var beats = 0;
        var third = new TaskCompletionSource();
        await using var heart = new Heartbeat(
            "heart",
            TimeSpan.FromMilliseconds(5),
            () =>
            {
                if (++beats == 3)
                    third.TrySetResult();
                return beats == 1 ? throw fault : Task.CompletedTask;
            },
            TimeProvider.System,
            new Lines()
        );

        heart.Begin();
        await third.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private sealed class Rounds(ILogger log, Func<int, Task> round, TimeSpan? interval = null, Signal? signal = null)
        : PeriodicWorker("rounds", interval ?? TimeSpan.FromMilliseconds(5), TimeProvider.System, log)
    {
        private readonly SemaphoreSlim _rounds = new(0);
        private int _count;
        private int _seen;

        public async Task ReachedAsync(int count)
        {
            for (; _seen < count; _seen++)
                Assert.True(await _rounds.WaitAsync(TimeSpan.FromSeconds(30)));
        }

        protected override Task SignalledAsync(CancellationToken stopping) =>
            signal?.WaitAsync(stopping) ?? base.SignalledAsync(stopping);

        protected override Task RunAsync(CancellationToken stopping)
        {
            _rounds.Release();
            return round(++_count).WaitAsync(stopping);
        }
    }

    private sealed class Lines : ILogger
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            lock (Said)
                Said.Add(formatter(state, exception));
        }
    }
}
