using CareCoordination.Storage.Engines;

namespace CareCoordination.Storage.Tests;

/// <summary>Which reads run at once, and who waits for whom.</summary>
public sealed class ReadLaneTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly StoppedClock _clock = new();

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(3, 2, 2)]
    [InlineData(4, 3, 3)]
    [InlineData(8, 6, 7)]
    [InlineData(16, 12, 15)]
    [InlineData(100, 75, 99)]
    public void Neither_kind_takes_the_last_lane(int lanes, int searches, int byKey)
    {
        Assert.Equal(searches, Count(ReadKind.Search));
        Assert.Equal(byKey, Count(ReadKind.ByKey));

        int Count(ReadKind kind)
        {
            var turns = new ReadLanes(lanes, Patience, _clock);
            return Enumerable.Range(0, lanes + 1).Count(_ => turns.EnterAsync(kind, default).IsCompletedSuccessfully);
        }
    }

    [Fact]
    public void A_read_by_key_finds_a_lane_however_many_searches_there_are()
    {
        var lanes = new ReadLanes(4, Patience, _clock);
        for (var i = 0; i < 100; i++)
            _ = lanes.EnterAsync(ReadKind.Search, default);

        for (var i = 0; i < 1000; i++)
        {
            Assert.True(lanes.EnterAsync(ReadKind.ByKey, default).IsCompletedSuccessfully);
            lanes.Leave(ReadKind.ByKey);
        }
    }

    [Fact]
    public async Task Those_who_wait_are_let_in_in_their_order()
    {
        var lanes = new ReadLanes(2, Patience, _clock);
        await lanes.EnterAsync(ReadKind.Search, default);
        var waiting = Enumerable.Range(0, 3).Select(_ => lanes.EnterAsync(ReadKind.Search, default).AsTask()).ToList();

        for (var i = 0; i < 3; i++)
        {
            Assert.All(waiting.Skip(i), w => Assert.False(w.IsCompleted));
            lanes.Leave(ReadKind.Search);
            await waiting[i].WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }

        lanes.Leave(ReadKind.Search);
        Assert.True(lanes.EnterAsync(ReadKind.Search, default).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Who_goes_away_makes_room_for_the_next()
    {
        var lanes = new ReadLanes(2, Patience, _clock);
        await lanes.EnterAsync(ReadKind.Search, default);
        using var gone = new CancellationTokenSource();
        var first = lanes.EnterAsync(ReadKind.Search, gone.Token).AsTask();
        var second = lanes.EnterAsync(ReadKind.Search, default).AsTask();

        await gone.CancelAsync();
        lanes.Leave(ReadKind.Search);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await second.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.False(lanes.EnterAsync(ReadKind.Search, default).IsCompleted);
    }

    [Fact]
    public void A_queue_that_does_not_move_takes_no_more()
    {
        var lanes = new ReadLanes(2, Patience, _clock);
        for (var i = 0; i < 50; i++)
            _ = lanes.EnterAsync(ReadKind.Search, default);
        _clock.Advance(Patience);
        Assert.False(lanes.EnterAsync(ReadKind.Search, default).IsFaulted);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        var refused = Assert.Throws<StoreUnavailableException>(() => _ = lanes.EnterAsync(ReadKind.Search, default));

        Assert.Equal(TimeSpan.FromSeconds(5), refused.RetryAfter);
        Assert.True(lanes.EnterAsync(ReadKind.ByKey, default).IsCompletedSuccessfully);
    }

    [Fact]
    public void A_long_queue_that_moves_takes_all()
    {
        var lanes = new ReadLanes(2, Patience, _clock);
        for (var i = 0; i < 1000; i++)
        {
            Assert.False(lanes.EnterAsync(ReadKind.Search, default).IsFaulted);
            _clock.Advance(TimeSpan.FromSeconds(1));
            if (i >= 4)
                lanes.Leave(ReadKind.Search);
        }
    }

    [Fact]
    public async Task While_searches_are_held_only_those_inside_go_on()
    {
        var lanes = new ReadLanes(4, Patience, _clock);
        await lanes.EnterAsync(ReadKind.Search, default);

        var ended = lanes.HoldAsync();
        var held = lanes.EnterAsync(ReadKind.Search, default).AsTask();
        Assert.Equal((false, false), (ended.IsCompleted, held.IsCompleted));
        Assert.True(lanes.EnterAsync(ReadKind.ByKey, default).IsCompletedSuccessfully);
        lanes.Leave(ReadKind.Search);
        await ended.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.False(held.IsCompleted);
        lanes.Release();

        await held.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        lanes.Leave(ReadKind.Search);
        Assert.True(lanes.HoldAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Nobody_is_lost_or_let_in_twice_under_load()
    {
        var lanes = new ReadLanes(4, TimeSpan.FromMinutes(10), TimeProvider.System);
        var (inside, most, searches, mostSearches, done) = (0, 0, 0, 0, 0);
        var gate = new Lock();

        await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(w =>
                    Task.Run(async () =>
                    {
                        for (var i = 0; i < 500; i++)
                        {
                            var kind = (w + i) % 3 == 0 ? ReadKind.ByKey : ReadKind.Search;
                            using var patience = new CancellationTokenSource();
                            if (i % 7 == 0)
                                patience.CancelAfter(TimeSpan.FromMilliseconds(i % 3));
                            try
                            {
                                await lanes.EnterAsync(kind, patience.Token);
                            }
                            catch (OperationCanceledException)
                            {
                                continue;
                            }

                            lock (gate)
                            {
                                most = Math.Max(most, ++inside);
                                searches += kind == ReadKind.Search ? 1 : 0;
                                mostSearches = Math.Max(mostSearches, searches);
                            }

                            await Task.Yield();
                            lock (gate)
                            {
                                inside--;
                                searches -= kind == ReadKind.Search ? 1 : 0;
                                done++;
                            }

                            lanes.Leave(kind);
                        }
                    })
                )
        );

        Assert.True(most <= 4, $"{most} were inside at once.");
        Assert.True(mostSearches <= 3, $"{mostSearches} searches were inside at once.");
        Assert.True(done > 16 * 500 / 2);
        for (var i = 0; i < 3; i++)
            Assert.True(lanes.EnterAsync(ReadKind.Search, default).IsCompletedSuccessfully);
    }

    private sealed class StoppedClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;

        public override long GetTimestamp() => _ticks;
    }
}
