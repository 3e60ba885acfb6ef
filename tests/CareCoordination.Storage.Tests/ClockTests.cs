using System.Diagnostics.Metrics;
using CareCoordination.Storage.Stores;
using Microsoft.Extensions.Logging;

namespace CareCoordination.Storage.Tests;

/// <summary>
/// Clocks that are wrong: the time of a change goes the way of the change sequence, no two transactions have the same time for no
/// other reason than that a clock was wrong, and a node that is ahead goes by the database's. docs/storage.md#clocks
/// </summary>
public sealed class ClockTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static TheoryData<StorageProvider> All => Engines.All;

    /// <summary>Servers, which have a clock of their own, and by how many seconds a node is ahead.</summary>
    public static TheoryData<StorageProvider, double> Ahead
    {
        get
        {
            var data = new TheoryData<StorageProvider, double>();
            foreach (var provider in (StorageProvider[])[StorageProvider.PostgreSql, StorageProvider.SqlServer])
            {
                foreach (var seconds in (double[])[8, 60, 3_600, 86_400, 3.2e7, 1e10])
                    data.Add(provider, seconds);
            }

            return data;
        }
    }

    public static TheoryData<StorageProvider> Servers => [StorageProvider.PostgreSql, StorageProvider.SqlServer];

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Theory, MemberData(nameof(All))]
    public async Task While_the_clock_is_behind_the_last_change_each_commit_is_a_millisecond_after_the_one_before(
        StorageProvider provider
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var clock = new SetClock(Noon);
        var store = database.OpenStore(clock);
        Assert.Equal(Noon, await StoreAsync(store, "first"));
        Assert.Equal(Noon, await StoreAsync(store, "of-the-same-time"));

        clock.Now = Noon - Day;
        for (var i = 1; i <= 20; i++)
            Assert.Equal(Noon + i * Millisecond, await StoreAsync(store, $"behind-{i}"));
        // Time has caught up.
        clock.Now = Noon + 20 * Millisecond;
        Assert.Equal(clock.Now, await StoreAsync(store, "caught-up"));
        clock.Now += Millisecond;
        Assert.Equal(clock.Now, await StoreAsync(store, "goes-on"));
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_client_that_asks_for_what_is_newer_than_what_it_has_seen_gets_each_change_once(
        StorageProvider provider
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var clock = new SetClock(Noon + Day);
        var store = database.OpenStore(clock);
        await StoreAsync(store, "p0");
        clock.Now = Noon;

        for (var i = 1; i < 10; i++)
        {
            var seen = (await store.ReadAsync(Given.Key($"Patient/p{i - 1}"), default))!.Value.LastUpdated;
            await StoreAsync(store, $"p{i}");
            var newer = await store.SearchAsync(
                Given.Query($"Patient?_lastUpdated=gt{seen:yyyy-MM-ddTHH:mm:ss.fffZ}"),
                default
            );
            Assert.Equal([$"p{i}"], newer.Matches.Select(m => m.Key.Id));
            var history = await store.HistoryAsync(
                new HistoryQuery("Patient", null, 10) { Since = seen + Millisecond },
                default
            );
            Assert.Equal([$"p{i}"], history.Versions.Select(v => v.Key.Id));
        }
    }

    [Theory, MemberData(nameof(All))]
    public async Task Changes_of_one_commit_have_one_time_wherever_the_clock_is(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var clock = new SetClock(Noon);
        var store = database.OpenStore(clock);
        await StoreAsync(store, "first");
        clock.Now = Noon - Day;

        var result = await store.CommitAsync(
            Given.Commit([.. Enumerable.Range(0, 5).Select(i => Given.Put($"Patient/{i}"))]),
            default
        );

        Assert.Equal([Noon + Millisecond], result.Changes.Select(c => c.Resource.LastUpdated).Distinct());
    }

    [Theory, MemberData(nameof(Ahead))]
    public async Task A_node_that_is_ahead_stores_by_the_databases_clock_and_says_it_once(
        StorageProvider provider,
        double seconds
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var ahead = TimeSpan.FromSeconds(seconds);
        var clock = new SetClock(Now + ahead);
        var log = new RecordedLog();
        var node = database.OpenStore(clock, log);

        for (var i = 0; i < 5; i++)
            AssertIsNow(await StoreAsync(node, $"p{i}"));

        Assert.InRange(node.Clock.Ahead, ahead - Minute, ahead + Minute);
        AssertIsNow(node.Clock.GetUtcNow());
        var line = Assert.Single(log.Lines);
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.StartsWith("The clock of this node is ", line.Text, StringComparison.Ordinal);

        // Another spell is told of again.
        clock.Now = Now;
        await StoreAsync(node, "right");
        Assert.Equal(TimeSpan.Zero, node.Clock.Ahead);
        clock.Now = Now + ahead;
        await StoreAsync(node, "wrong-again");
        Assert.Equal([LogLevel.Warning, LogLevel.Information, LogLevel.Warning], log.Lines.Select(l => l.Level));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_node_that_is_little_ahead_goes_by_its_own_clock_and_the_others_follow_it(
        StorageProvider provider
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var options = database.Options with { MaxClockAhead = TimeSpan.FromHours(1) };
        var clock = new SetClock(Now + TimeSpan.FromMinutes(30));
        await using var ahead = TestDatabase.Open(options, clock);
        await using var right = TestDatabase.Open(options);

        var first = await StoreAsync(ahead, "first");
        Assert.Equal(clock.Now.UtcTicks / 10_000, first.UtcTicks / 10_000);
        Assert.Equal(first + Millisecond, await StoreAsync(right, "second"));
        Assert.Equal(first + 2 * Millisecond, await StoreAsync(right, "third"));
        Assert.Equal(TimeSpan.Zero, ahead.Clock.Ahead);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Nodes_with_all_kinds_of_clocks_keep_one_order_that_is_not_ahead_of_time(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        ResourceStore[] nodes =
        [
            .. ((double[])[0, 86_400, -86_400, 3.2e7, 2, -2, 1e10]).Select(s =>
                database.OpenStore(new SetClock(Now + TimeSpan.FromSeconds(s)))
            ),
        ];

        await Task.WhenAll(
            nodes.SelectMany((node, n) => Enumerable.Range(0, 20).Select(i => StoreAsync(node, $"n{n}-{i}")))
        );

        var history = await nodes[0].HistoryAsync(new HistoryQuery(null, null, 1000), default);
        var times = history.Versions.Select(v => v.LastUpdated).Reverse().ToList();
        Assert.Equal(nodes.Length * 20, times.Count);
        Assert.Equal(times.Order(), times);
        Assert.True(times[^1] < Now + Minute);
        var newest = await nodes[2]
            .SearchAsync(Given.Query($"Patient?_lastUpdated=gt{Now + Minute:yyyy-MM-ddTHH:mm:ssZ}"), default);
        Assert.Empty(newest.Matches);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_node_that_only_reads_learns_it_when_it_is_asked_whether_it_is_ready(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var log = new RecordedLog();
        var node = database.OpenStore(new SetClock(Now + Day), log);

        Assert.Equal(StoreHealth.Ready, await node.HealthAsync(default));
        Assert.Equal(StoreHealth.Ready, await node.HealthAsync(default));

        Assert.InRange(node.Clock.Ahead, Day - Minute, Day + Minute);
        Assert.Single(log.Lines);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task The_start_says_it_and_goes_by_the_right_time_from_then_on(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var clock = new StoreClock(new SetClock(Now + Day), TimeSpan.FromSeconds(5));

        var prepared = await new StorageMigrator(database.Options, clock).PrepareAsync(default);

        Assert.Null(prepared.Problem);
        Assert.Contains(
            prepared.Notices,
            n =>
                n.StartsWith("The clock of this node is 86", StringComparison.Ordinal)
                && n.EndsWith(
                    " ahead of the database's, whose time is used until it is set right.",
                    StringComparison.Ordinal
                )
        );
        AssertIsNow(clock.GetUtcNow());
    }

    [Theory, MemberData(nameof(All))]
    public async Task The_start_says_how_far_ahead_the_last_change_is_stamped(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await StoreAsync(database.OpenStore(new SetClock(Noon)), "then");
        var clock = new StoreClock(new SetClock(Noon - TimeSpan.FromHours(1)), TimeSpan.FromSeconds(5));

        var prepared = await new StorageMigrator(database.Options, clock).PrepareAsync(default);

        Assert.Contains(
            "The last change is stamped with a time that is 3600 s ahead of now: until then each commit is stamped a millisecond after the one before.",
            prepared.Notices
        );
        var right = new StoreClock(new SetClock(Noon), TimeSpan.FromSeconds(5));
        Assert.DoesNotContain(
            (await new StorageMigrator(database.Options, right).PrepareAsync(default)).Notices,
            n => n.Contains("is stamped", StringComparison.Ordinal)
        );
    }

    /// <summary>A lease, and what is due, go by what time it is, and not by a stamp that was ahead of it.</summary>
    [Theory, MemberData(nameof(All))]
    public async Task A_message_is_leased_from_now_whatever_the_last_change_is_stamped(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var clock = new SetClock(Noon + Day);
        var store = database.OpenStore(clock);
        await StoreAsync(store, "ahead");
        clock.Now = Noon;
        await store.CommitAsync(
            new Commit([], [])
            {
                Outbox = [new EnqueueMessage("m", "referral", "a", Given.Key("Task/t"), MessageKind.Send)],
            },
            default
        );

        var claimed = Assert.Single(await store.Outbox.ClaimAsync("referral", "a", 10, "node", Minute, default));
        Assert.Equal((Noon, Noon + Minute), (claimed.QueuedAt, claimed.NextAt));
        clock.Now = Noon + Minute - Millisecond;
        Assert.Empty(await store.Outbox.ClaimAsync("referral", "a", 10, "other", Minute, default));
        clock.Now = Noon + Minute;
        Assert.Single(await store.Outbox.ClaimAsync("referral", "a", 10, "other", Minute, default));
    }

    [Theory, MemberData(nameof(All))]
    public async Task An_answer_is_remembered_until_it_is_time(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var clock = new SetClock(Noon + 2 * Day);
        var store = database.OpenStore(clock);
        await StoreAsync(store, "ahead");
        clock.Now = Noon;
        var answer = new RememberedAnswer("k", "digest", Given.Key("Task/t"), 1, Noon, Noon + Day);
        var commit = new Commit([], [new NotRemembered("k")]) { Remembered = answer };
        Assert.True((await store.CommitAsync(commit, default)).IsCommitted);

        clock.Now = Noon + Day - Millisecond;
        Assert.Equal(new NotRemembered("k"), (await store.CommitAsync(commit, default)).Failed);
        clock.Now = Noon + Day;
        Assert.True((await store.CommitAsync(commit, default)).IsCommitted);
    }

    [Fact]
    public async Task A_node_that_is_ahead_takes_no_message_before_its_time()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.PostgreSql);
        var right = database.OpenStore();
        var ahead = database.OpenStore(new SetClock(Now + Day));
        await right.CommitAsync(
            new Commit([], [])
            {
                Outbox = [new EnqueueMessage("m", "referral", "a", Given.Key("Task/t"), MessageKind.Send)],
            },
            default
        );
        Assert.Single(await right.Outbox.ClaimAsync("referral", "a", 10, "right", TimeSpan.FromHours(1), default));

        await StoreAsync(ahead, "learns");
        Assert.Empty(await ahead.Outbox.ClaimAsync("referral", "a", 10, "ahead", TimeSpan.FromHours(1), default));
    }

    [Fact]
    public async Task How_far_it_is_ahead_can_be_watched()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.PostgreSql);
        var seen = new List<double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "carecoordination.store.clock.ahead")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => seen.Add(value));
        listener.Start();
        var node = database.OpenStore(new SetClock(Now + Day));
        listener.RecordObservableInstruments();
        Assert.DoesNotContain(seen, s => s > 80_000);

        await StoreAsync(node, "p");
        listener.RecordObservableInstruments();

        Assert.Contains(seen, s => s is > 86_300 and < 86_500);
    }

    private static void AssertIsNow(DateTimeOffset time) => Assert.InRange(time, Now - Minute, Now + Minute);

    private static async Task<DateTimeOffset> StoreAsync(ResourceStore store, string id) =>
        (await store.OneAsync(Given.Put($"Patient/{id}"))).Resource.LastUpdated;
}
