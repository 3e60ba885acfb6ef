using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Deliveries;

namespace CareCoordination.Storage.Tests;

/// <summary>The outbox: what leaves, in which order, and who may send it. docs/adr/0009-outbox.md</summary>
public sealed class DeliveryTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly SetClock _clock = new(Noon);
    private int _ids;

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_message_leaves_once_and_is_remembered(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);
        await store.CommitAsync(
            Given.Commit(Given.Put("Task/t1")) with
            {
                Deliveries = [Message("a", "t1", DeliveryKind.Send)],
            },
            default
        );

        Assert.Equal(["a"], await store.Deliveries.PartnersWithWorkAsync(default));
        var claimed = Assert.Single(await store.Deliveries.ClaimAsync("a", 10, "node1", Minute, default));
        Assert.Equal(
            (DeliveryState.Sending, 1, "node1", Noon + Minute),
            (claimed.State, claimed.Attempts, claimed.Lease, claimed.NextAt)
        );
        Assert.Empty(await store.Deliveries.ClaimAsync("a", 10, "node1", Minute, default));

        _clock.Now += TimeSpan.FromSeconds(1);
        var copy = new PartnerCopy("a", claimed.Task, "Task/77", "1", "requested", _clock.Now);
        var result = await store.CommitAsync(
            Of(new SettleDelivery(claimed.Id, "node1", DeliveryState.Delivered) { Status = 201 }, new KeepCopy(copy)),
            default
        );

        Assert.True(result.IsCommitted);
        var delivered = await store.Deliveries.FindAsync(claimed.Id, default);
        Assert.Equal(DeliveryState.Delivered, delivered!.State);
        Assert.Null(delivered.NextAt);
        Assert.Null(delivered.Lease);
        Assert.Equal(
            [
                new DeliveryEvent(Noon, DeliveryState.Queued, null, null),
                new DeliveryEvent(_clock.Now, DeliveryState.Delivered, 201, null),
            ],
            DeliveryLog.Read(delivered.Log)
        );
        Assert.Equal(copy, await store.Deliveries.CopyAsync("a", claimed.Task, default));
        Assert.Equal(copy, await store.Deliveries.CopyAtAsync("a", "Task/77", default));
        Assert.Empty(await store.Deliveries.PartnersWithWorkAsync(default));

        await store.CommitAsync(Of(new AcknowledgeDeliveries("a", claimed.Task)), default);
        Assert.Equal(DeliveryState.Acknowledged, (await store.Deliveries.FindAsync(claimed.Id, default))!.State);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_refused_commit_tells_nobody(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);

        var result = await store.CommitAsync(
            Given.Commit(Given.Put("Task/t1")).When(new VersionIs(Given.Key("Task/t1"), 7)) with
            {
                Deliveries = [Message("a", "t1", DeliveryKind.Send)],
            },
            default
        );

        Assert.False(result.IsCommitted);
        Assert.Empty((await store.Deliveries.SearchAsync(new DeliveryQuery(10), default)).Deliveries);
    }

    [Theory]
    [InlineData("Send,Update", "Send")]
    [InlineData("Send,Update,Update", "Send")]
    [InlineData("Update,Update", "Update")]
    [InlineData("Update,Cancel", "Cancel")]
    [InlineData("Cancel,Update", "Cancel")]
    [InlineData("Send,Cancel", "")]
    [InlineData("Send,Update,Cancel", "")]
    public async Task A_later_message_supersedes_those_that_nobody_tried(string queued, string leaves)
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.Sqlite);
        var store = database.OpenStore(_clock);
        foreach (var kind in queued.Split(','))
            await store.CommitAsync(Of(Message("a", "t1", Enum.Parse<DeliveryKind>(kind))), default);

        var claimed = await store.Deliveries.ClaimAsync("a", 10, "node1", Minute, default);

        Assert.Equal(leaves, string.Join(',', claimed.Select(d => d.Kind)));
        var all = (await store.Deliveries.SearchAsync(new DeliveryQuery(10), default)).Deliveries;
        Assert.Equal(queued.Split(',').Length, all.Count);
        Assert.Equal(
            all.Count - claimed.Length,
            all.Count(d => d.State == DeliveryState.Superseded && d.NextAt is null)
        );
    }

    [Fact]
    public async Task Commits_that_are_written_together_supersede_each_other_in_order()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.Sqlite);
        var store = database.OpenStore(_clock);

        await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(i => store.CommitAsync(Of(Message("a", $"t{i % 2}", DeliveryKind.Update)), default))
        );

        Assert.Equal(2, (await store.Deliveries.DepthAsync("a", default)).Queued);
        Assert.Equal(2, (await store.Deliveries.ClaimAsync("a", 50, "node1", Minute, default)).Length);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Messages_about_one_task_leave_one_after_the_other(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);
        await store.CommitAsync(Of(Message("a", "t1", DeliveryKind.Send)), default);
        var send = Assert.Single(await store.Deliveries.ClaimAsync("a", 10, "node1", Minute, default));
        await store.CommitAsync(Of(Message("a", "t1", DeliveryKind.Update)), default);
        await store.CommitAsync(Of(Message("a", "t2", DeliveryKind.Send)), default);
        await store.CommitAsync(Of(Message("b", "t1", DeliveryKind.Send)), default);

        // Another Task does not wait for it, nor does another partner.
        Assert.Equal("t2", Assert.Single(await store.Deliveries.ClaimAsync("a", 10, "node1", Minute, default)).Task.Id);
        Assert.Single(await store.Deliveries.ClaimAsync("b", 10, "node1", Minute, default));
        await SettleAsync(store, send, DeliveryState.Retry, Noon + Minute);
        Assert.Empty(await store.Deliveries.ClaimAsync("a", 10, "node1", Minute, default));
        _clock.Now = Noon + Minute;
        send = Assert.Single(await store.Deliveries.ClaimAsync("a", 1, "node1", Minute, default));
        Assert.Equal((DeliveryKind.Send, 2), (send.Kind, send.Attempts));
        await SettleAsync(store, send, DeliveryState.Parked);
        Assert.DoesNotContain(
            await store.Deliveries.ClaimAsync("a", 10, "node1", Minute, default),
            d => d.Task.Id == "t1"
        );
        await store.CommitAsync(Of(new ReplayDelivery(send.Id)), default);
        Assert.Equal(send.Id, Assert.Single(await store.Deliveries.ClaimAsync("a", 1, "node1", Minute, default)).Id);
        await SettleAsync(store, send, DeliveryState.Delivered);
        Assert.Equal(
            DeliveryKind.Update,
            Assert.Single(await store.Deliveries.ClaimAsync("a", 1, "node1", Minute, default)).Kind
        );
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_lost_lease_settles_nothing(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (one, two) = (database.OpenStore(_clock), database.OpenStore(_clock));
        await one.CommitAsync(Of(Message("a", "t1", DeliveryKind.Send)), default);
        var first = Assert.Single(await one.Deliveries.ClaimAsync("a", 10, "node1", Minute, default));
        _clock.Now += TimeSpan.FromSeconds(50);
        Assert.Empty(await one.Deliveries.HeartbeatAsync([first.Id], "node1", Minute, default));
        _clock.Now += TimeSpan.FromSeconds(50);
        Assert.Empty(await two.Deliveries.ClaimAsync("a", 10, "node2", Minute, default));
        _clock.Now += TimeSpan.FromSeconds(10);
        var second = Assert.Single(await two.Deliveries.ClaimAsync("a", 10, "node2", Minute, default));

        var settle = new SettleDelivery(first.Id, "node1", DeliveryState.Delivered);
        var refused = await one.CommitAsync(Given.Commit(Given.Put("Task/t1")) with { Deliveries = [settle] }, default);

        Assert.Equal(first.Id, second.Id);
        Assert.Equal(new DeliveryRefused(settle), refused.Failed);
        Assert.Null(await one.ReadAsync(Given.Key("Task/t1"), default));
        Assert.Equal([first.Id], await one.Deliveries.HeartbeatAsync([first.Id], "node1", Minute, default));
        await SettleAsync(two, second, DeliveryState.Delivered);
        Assert.Equal(2, (await one.Deliveries.FindAsync(first.Id, default))!.Attempts);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Two_nodes_never_hold_the_same_message(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (one, two) = (database.OpenStore(), database.OpenStore());
        await one.CommitAsync(
            Of([.. Enumerable.Range(0, 200).Select(i => Message("a", $"t{i}", DeliveryKind.Send))]),
            default
        );

        var claimed = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(worker =>
                    Task.Run(async () =>
                    {
                        var store = worker % 2 == 0 ? one : two;
                        var mine = new List<Delivery>();
                        for (var empty = 0; empty < 3; )
                        {
                            var some = await store.Deliveries.ClaimAsync("a", 20, $"node{worker}", Minute, default);
                            empty = some.IsEmpty ? empty + 1 : 0;
                            mine.AddRange(some);
                        }

                        return mine;
                    })
                )
        );

        var ids = claimed.SelectMany(c => c).Select(d => d.Id).ToList();
        Assert.Equal(200, ids.Count);
        Assert.Equal(200, ids.Distinct().Count());
    }

    [Fact]
    public async Task A_message_that_was_not_tried_is_given_back_as_if_it_had_not_been_taken()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.Sqlite);
        var store = database.OpenStore(_clock);
        await store.CommitAsync(Of(Message("a", "t1", DeliveryKind.Send)), default);
        var claimed = Assert.Single(await store.Deliveries.ClaimAsync("a", 10, "node1", Minute, default));

        await store.CommitAsync(
            Of(new SettleDelivery(claimed.Id, "node1", DeliveryState.Queued) { WasTried = false }),
            default
        );

        var back = (await store.Deliveries.FindAsync(claimed.Id, default))!;
        Assert.True(back.IsUntried);
        Assert.Null(back.FirstAttemptAt);
        await store.CommitAsync(Of(Message("a", "t1", DeliveryKind.Cancel)), default);
        Assert.Empty(await store.Deliveries.PartnersWithWorkAsync(default));
    }

    [Fact]
    public async Task A_message_that_has_nothing_to_say_any_more_ends_untried_and_its_log_says_why()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.Sqlite);
        var store = database.OpenStore(_clock);
        await store.CommitAsync(Of(Message("a", "t1", DeliveryKind.Send)), default);
        var claimed = Assert.Single(await store.Deliveries.ClaimAsync("a", 10, "node1", Minute, default));

        await store.CommitAsync(
            Of(
                new SettleDelivery(claimed.Id, "node1", DeliveryState.Superseded)
                {
                    WasTried = false,
                    Problem = "The Task is over.",
                }
            ),
            default
        );

        var ended = (await store.Deliveries.FindAsync(claimed.Id, default))!;
        Assert.Equal((DeliveryState.Superseded, 0, null), (ended.State, ended.Attempts, ended.NextAt));
        Assert.Equal(
            new DeliveryEvent(Noon, DeliveryState.Superseded, null, "The Task is over."),
            DeliveryLog.Read(ended.Log)[^1]
        );
    }

    [Fact]
    public async Task What_is_parked_ends_when_the_referral_is_called_off()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.Sqlite);
        var store = database.OpenStore(_clock);
        await store.CommitAsync(Of(Message("a", "t1", DeliveryKind.Send)), default);
        var send = Assert.Single(await store.Deliveries.ClaimAsync("a", 10, "node1", Minute, default));
        await SettleAsync(store, send, DeliveryState.Parked);

        await store.CommitAsync(Of(Message("a", "t1", DeliveryKind.Cancel)), default);

        Assert.Equal(DeliveryState.Dead, (await store.Deliveries.FindAsync(send.Id, default))!.State);
        Assert.Equal(
            DeliveryKind.Cancel,
            Assert.Single(await store.Deliveries.ClaimAsync("a", 10, "node1", Minute, default)).Kind
        );
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task The_list_is_paged_newest_first(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);
        for (var i = 0; i < 5; i++)
            await store.CommitAsync(Of(Message(i == 2 ? "b" : "a", $"t{i}", DeliveryKind.Send)), default);

        var first = await store.Deliveries.SearchAsync(new DeliveryQuery(2) { Partner = "a" }, default);
        var second = await store.Deliveries.SearchAsync(
            new DeliveryQuery(2) { Partner = "a", Before = first.Next },
            default
        );

        Assert.Equal(["t4", "t3"], first.Deliveries.Select(d => d.Task.Id));
        Assert.Equal(["t1", "t0"], second.Deliveries.Select(d => d.Task.Id));
        Assert.Null(second.Next);
        Assert.Equal(
            "t2",
            Assert
                .Single(
                    (
                        await store.Deliveries.SearchAsync(
                            new DeliveryQuery(9)
                            {
                                Task = "t2",
                                Request = "r",
                                State = DeliveryState.Queued,
                                Since = Noon,
                            },
                            default
                        )
                    ).Deliveries
                )
                .Task.Id
        );
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task What_partners_sent_and_how_they_fare_is_remembered(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);
        var update = new InboundUpdate("a", "Task/7", "3", Given.Key("Task/t1"), InboundState.Unapplied, Noon)
        {
            Reason = "The status cannot change like this.",
            Body = "{}"u8.ToArray(),
        };

        var result = await store.CommitAsync(
            Of(
                new KeepInbound(update),
                new ChangeMark("a", mark => mark.IsPaused ? null : mark with { IsPaused = true, PolledThrough = Noon })
            ),
            default
        );
        var again = await store.CommitAsync(Of(new ChangeMark("a", mark => mark.IsPaused ? null : mark)), default);

        Assert.Equal(["a"], result.Marked);
        Assert.Empty(again.Marked);
        Assert.Equal(
            new PartnerMark("a") { IsPaused = true, PolledThrough = Noon },
            await store.Deliveries.MarkAsync("a", default)
        );
        var kept = Assert.Single(
            (await store.Deliveries.SearchInboundAsync(InboundState.Unapplied, "a", null, 9, default)).Updates
        );
        Assert.Equal(update.Reason, kept.Reason);
        Assert.Equal("{}"u8.ToArray(), kept.Body.ToArray());
        await store.CommitAsync(
            Of(new KeepInbound(kept with { State = InboundState.Applied, Body = default })),
            default
        );
        Assert.Empty(
            (await store.Deliveries.SearchInboundAsync(InboundState.Unapplied, null, null, 9, default)).Updates
        );
        var applied = await store.Deliveries.InboundAsync("a", "Task/7", "3", default);
        Assert.Equal((kept.Order, InboundState.Applied), (applied!.Order, applied.State));
        Assert.Equal(applied, await store.Deliveries.InboundAsync(kept.Order, default));
    }

    private EnqueueDelivery Message(string partner, string task, DeliveryKind kind) =>
        new($"d{_ids++}", partner, Given.Key($"Task/{task}"), Given.Key("ServiceRequest/r"), kind);

    private static Commit Of(params DeliveryChange[] changes) => new([], []) { Deliveries = [.. changes] };

    private static async Task SettleAsync(
        ResourceStore store,
        Delivery delivery,
        DeliveryState state,
        DateTimeOffset? next = null
    )
    {
        var settle = new SettleDelivery(delivery.Id, delivery.Lease!, state) { NextAt = next };
        Assert.True((await store.CommitAsync(Of(settle), default)).IsCommitted);
    }
}
