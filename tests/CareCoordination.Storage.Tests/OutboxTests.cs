using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Storage.Tests;

/// <summary>The outbox: what leaves, in which order, and who may send it. docs/adr/0009-outbox.md</summary>
public sealed class OutboxTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly SetClock _clock = new(Noon);
    private const string Topic = "referral";
    private int _ids;

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_message_leaves_once_and_is_remembered(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);
        await store.CommitAsync(
            Given.Commit(Given.Put("Task/t1")) with
            {
                Outbox = [Message("a", "t1", MessageKind.Send)],
            },
            default
        );

        Assert.Equal(["a"], await store.Outbox.DestinationsAsync(Topic, default));
        var claimed = Assert.Single(await store.Outbox.ClaimAsync(Topic, "a", 10, "node1", Minute, default));
        Assert.Equal(
            (MessageState.Sending, 1, "node1", Noon + Minute),
            (claimed.State, claimed.Attempts, claimed.Lease, claimed.NextAt)
        );
        Assert.Empty(await store.Outbox.ClaimAsync(Topic, "a", 10, "node1", Minute, default));

        _clock.Now += TimeSpan.FromSeconds(1);
        var copy = new PartnerCopy("a", claimed.Subject, "Task/77", "1", "requested", _clock.Now);
        var result = await store.CommitAsync(
            Of(new SettleMessage(claimed.Id, "node1", MessageState.Delivered) { Status = 201 }, new KeepCopy(copy)),
            default
        );

        Assert.True(result.IsCommitted);
        var delivered = await store.Outbox.FindAsync(claimed.Id, default);
        Assert.Equal(MessageState.Delivered, delivered!.State);
        Assert.Null(delivered.NextAt);
        Assert.Null(delivered.Lease);
        Assert.Equal(
            [
                new MessageEvent(Noon, MessageState.Queued, null, null),
                new MessageEvent(_clock.Now, MessageState.Delivered, 201, null),
            ],
            MessageLog.Read(delivered.Log)
        );
        Assert.Equal(copy, await store.Outbox.CopyAsync("a", claimed.Subject, default));
        Assert.Equal(copy, await store.Outbox.CopyAtAsync("a", "Task/77", default));
        Assert.Empty(await store.Outbox.DestinationsAsync(Topic, default));

        await store.CommitAsync(Of(new AcknowledgeMessages(Topic, "a", claimed.Subject)), default);
        Assert.Equal(MessageState.Acknowledged, (await store.Outbox.FindAsync(claimed.Id, default))!.State);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_refused_commit_tells_nobody(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);

        var result = await store.CommitAsync(
            Given.Commit(Given.Put("Task/t1")).When(new VersionIs(Given.Key("Task/t1"), 7)) with
            {
                Outbox = [Message("a", "t1", MessageKind.Send)],
            },
            default
        );

        Assert.False(result.IsCommitted);
        Assert.Empty((await store.Outbox.SearchAsync(new OutboxQuery(10), default)).Messages);
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
            await store.CommitAsync(Of(Message("a", "t1", Enum.Parse<MessageKind>(kind))), default);

        var claimed = await store.Outbox.ClaimAsync(Topic, "a", 10, "node1", Minute, default);

        Assert.Equal(leaves, string.Join(',', claimed.Select(d => d.Kind)));
        var all = (await store.Outbox.SearchAsync(new OutboxQuery(10), default)).Messages;
        Assert.Equal(queued.Split(',').Length, all.Count);
        Assert.Equal(
            all.Count - claimed.Length,
            all.Count(d => d.State == MessageState.Superseded && d.NextAt is null)
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
                .Select(i => store.CommitAsync(Of(Message("a", $"t{i % 2}", MessageKind.Update)), default))
        );

        Assert.Equal(2, (await store.Outbox.DepthAsync(Topic, "a", default)).Queued);
        Assert.Equal(2, (await store.Outbox.ClaimAsync(Topic, "a", 50, "node1", Minute, default)).Length);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Messages_about_one_task_leave_one_after_the_other(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);
        await store.CommitAsync(Of(Message("a", "t1", MessageKind.Send)), default);
        var send = Assert.Single(await store.Outbox.ClaimAsync(Topic, "a", 10, "node1", Minute, default));
        await store.CommitAsync(Of(Message("a", "t1", MessageKind.Update)), default);
        await store.CommitAsync(Of(Message("a", "t2", MessageKind.Send)), default);
        await store.CommitAsync(Of(Message("b", "t1", MessageKind.Send)), default);

        // Another Task does not wait for it, nor does another partner.
        Assert.Equal(
            "t2",
            Assert.Single(await store.Outbox.ClaimAsync(Topic, "a", 10, "node1", Minute, default)).Subject.Id
        );
        Assert.Single(await store.Outbox.ClaimAsync(Topic, "b", 10, "node1", Minute, default));
        await SettleAsync(store, send, MessageState.Retry, Noon + Minute);
        Assert.Empty(await store.Outbox.ClaimAsync(Topic, "a", 10, "node1", Minute, default));
        _clock.Now = Noon + Minute;
        send = Assert.Single(await store.Outbox.ClaimAsync(Topic, "a", 1, "node1", Minute, default));
        Assert.Equal((MessageKind.Send, 2), (send.Kind, send.Attempts));
        await SettleAsync(store, send, MessageState.Parked);
        Assert.DoesNotContain(
            await store.Outbox.ClaimAsync(Topic, "a", 10, "node1", Minute, default),
            d => d.Subject.Id == "t1"
        );
        await store.CommitAsync(Of(new ReplayMessage(send.Id)), default);
        Assert.Equal(send.Id, Assert.Single(await store.Outbox.ClaimAsync(Topic, "a", 1, "node1", Minute, default)).Id);
        await SettleAsync(store, send, MessageState.Delivered);
        Assert.Equal(
            MessageKind.Update,
            Assert.Single(await store.Outbox.ClaimAsync(Topic, "a", 1, "node1", Minute, default)).Kind
        );
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_lost_lease_settles_nothing(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (one, two) = (database.OpenStore(_clock), database.OpenStore(_clock));
        await one.CommitAsync(Of(Message("a", "t1", MessageKind.Send)), default);
        var first = Assert.Single(await one.Outbox.ClaimAsync(Topic, "a", 10, "node1", Minute, default));
        _clock.Now += TimeSpan.FromSeconds(50);
        Assert.Empty(await one.Outbox.HeartbeatAsync([first.Id], "node1", Minute, default));
        _clock.Now += TimeSpan.FromSeconds(50);
        Assert.Empty(await two.Outbox.ClaimAsync(Topic, "a", 10, "node2", Minute, default));
        _clock.Now += TimeSpan.FromSeconds(10);
        var second = Assert.Single(await two.Outbox.ClaimAsync(Topic, "a", 10, "node2", Minute, default));

        var settle = new SettleMessage(first.Id, "node1", MessageState.Delivered);
        var refused = await one.CommitAsync(Given.Commit(Given.Put("Task/t1")) with { Outbox = [settle] }, default);

        Assert.Equal(first.Id, second.Id);
        Assert.Equal(new MessageRefused(settle), refused.Failed);
        Assert.Null(await one.ReadAsync(Given.Key("Task/t1"), default));
        Assert.Equal([first.Id], await one.Outbox.HeartbeatAsync([first.Id], "node1", Minute, default));
        await SettleAsync(two, second, MessageState.Delivered);
        Assert.Equal(2, (await one.Outbox.FindAsync(first.Id, default))!.Attempts);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Two_nodes_never_hold_the_same_message(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (one, two) = (database.OpenStore(), database.OpenStore());
        await one.CommitAsync(
            Of([.. Enumerable.Range(0, 200).Select(i => Message("a", $"t{i}", MessageKind.Send))]),
            default
        );

        var claimed = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(worker =>
                    Task.Run(async () =>
                    {
                        var store = worker % 2 == 0 ? one : two;
                        var mine = new List<OutboxMessage>();
                        for (var empty = 0; empty < 3; )
                        {
                            var some = await store.Outbox.ClaimAsync(Topic, "a", 20, $"node{worker}", Minute, default);
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
        await store.CommitAsync(Of(Message("a", "t1", MessageKind.Send)), default);
        var claimed = Assert.Single(await store.Outbox.ClaimAsync(Topic, "a", 10, "node1", Minute, default));

        await store.CommitAsync(
            Of(new SettleMessage(claimed.Id, "node1", MessageState.Queued) { WasTried = false }),
            default
        );

        var back = (await store.Outbox.FindAsync(claimed.Id, default))!;
        Assert.True(back.IsUntried);
        Assert.Null(back.FirstAttemptAt);
        await store.CommitAsync(Of(Message("a", "t1", MessageKind.Cancel)), default);
        Assert.Empty(await store.Outbox.DestinationsAsync(Topic, default));
    }

    [Fact]
    public async Task A_message_that_has_nothing_to_say_any_more_ends_untried_and_its_log_says_why()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.Sqlite);
        var store = database.OpenStore(_clock);
        await store.CommitAsync(Of(Message("a", "t1", MessageKind.Send)), default);
        var claimed = Assert.Single(await store.Outbox.ClaimAsync(Topic, "a", 10, "node1", Minute, default));

        await store.CommitAsync(
            Of(
                new SettleMessage(claimed.Id, "node1", MessageState.Superseded)
                {
                    WasTried = false,
                    Problem = "The Task is over.",
                }
            ),
            default
        );

        var ended = (await store.Outbox.FindAsync(claimed.Id, default))!;
        Assert.Equal((MessageState.Superseded, 0, null), (ended.State, ended.Attempts, ended.NextAt));
        Assert.Equal(
            new MessageEvent(Noon, MessageState.Superseded, null, "The Task is over."),
            MessageLog.Read(ended.Log)[^1]
        );
    }

    [Fact]
    public async Task What_is_parked_ends_when_the_referral_is_called_off()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.Sqlite);
        var store = database.OpenStore(_clock);
        await store.CommitAsync(Of(Message("a", "t1", MessageKind.Send)), default);
        var send = Assert.Single(await store.Outbox.ClaimAsync(Topic, "a", 10, "node1", Minute, default));
        await SettleAsync(store, send, MessageState.Parked);

        await store.CommitAsync(Of(Message("a", "t1", MessageKind.Cancel)), default);

        Assert.Equal(MessageState.Dead, (await store.Outbox.FindAsync(send.Id, default))!.State);
        Assert.Equal(
            MessageKind.Cancel,
            Assert.Single(await store.Outbox.ClaimAsync(Topic, "a", 10, "node1", Minute, default)).Kind
        );
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task The_list_is_paged_newest_first(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);
        for (var i = 0; i < 5; i++)
            await store.CommitAsync(Of(Message(i == 2 ? "b" : "a", $"t{i}", MessageKind.Send)), default);

        var first = await store.Outbox.SearchAsync(new OutboxQuery(2) { Destination = "a" }, default);
        var second = await store.Outbox.SearchAsync(
            new OutboxQuery(2) { Destination = "a", Before = first.Next },
            default
        );

        Assert.Equal(["t4", "t3"], first.Messages.Select(d => d.Subject.Id));
        Assert.Equal(["t1", "t0"], second.Messages.Select(d => d.Subject.Id));
        Assert.Null(second.Next);
        Assert.Equal(
            "t2",
            Assert
                .Single(
                    (
                        await store.Outbox.SearchAsync(
                            new OutboxQuery(9)
                            {
                                Subject = Given.Key("Task/t2"),
                                About = Given.Key("ServiceRequest/r"),
                                State = MessageState.Queued,
                                Since = Noon,
                            },
                            default
                        )
                    ).Messages
                )
                .Subject.Id
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
                new ChangePartnerStatus(
                    "a",
                    status => status.IsPaused ? null : status with { IsPaused = true, PolledThrough = Noon }
                )
            ),
            default
        );
        var again = await store.CommitAsync(
            Of(new ChangePartnerStatus("a", status => status.IsPaused ? null : status)),
            default
        );

        Assert.Equal(["a"], result.ChangedPartners);
        Assert.Empty(again.ChangedPartners);
        Assert.Equal(
            new PartnerStatus("a") { IsPaused = true, PolledThrough = Noon },
            await store.Outbox.PartnerStatusAsync("a", default)
        );
        var kept = Assert.Single(
            (await store.Outbox.SearchInboundAsync(InboundState.Unapplied, "a", null, 9, default)).Updates
        );
        Assert.Equal(update.Reason, kept.Reason);
        Assert.Equal("{}"u8.ToArray(), kept.Body.ToArray());
        await store.CommitAsync(
            Of(new KeepInbound(kept with { State = InboundState.Applied, Body = default })),
            default
        );
        Assert.Empty((await store.Outbox.SearchInboundAsync(InboundState.Unapplied, null, null, 9, default)).Updates);
        var applied = await store.Outbox.InboundAsync("a", "Task/7", "3", default);
        Assert.Equal((kept.Order, InboundState.Applied), (applied!.Order, applied.State));
        Assert.Equal(applied, await store.Outbox.InboundAsync(kept.Order, default));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Messages_of_other_topics_are_neither_superseded_nor_claimed_nor_held_back(
        StorageProvider provider
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);
        var notice = Message("a", "t1", MessageKind.Update) with { Topic = "notice", About = null };
        await store.CommitAsync(Of(Message("a", "t1", MessageKind.Send)), default);
        await store.CommitAsync(Of(notice), default);
        await store.CommitAsync(
            Of(Message("a", "p1", MessageKind.Send) with { Topic = "notice", Subject = Given.Key("Patient/t1") }),
            default
        );

        Assert.Equal(["a"], await store.Outbox.DestinationsAsync("notice", default));
        Assert.Empty(await store.Outbox.DestinationsAsync("other", default));
        Assert.Equal(2, (await store.Outbox.DepthAsync("notice", "a", default)).Queued);
        var claimed = await store.Outbox.ClaimAsync("notice", "a", 10, "node1", Minute, default);
        Assert.Equal(
            [(notice.Id, "Task/t1", null), ("d2", "Patient/t1", "ServiceRequest/r")],
            claimed.Select(m => (m.Id, m.Subject.ToString(), m.About?.ToString()))
        );
        Assert.All(claimed, m => Assert.Equal("notice", m.Topic));
        var referral = Assert.Single(await store.Outbox.ClaimAsync(Topic, "a", 10, "node1", Minute, default));
        Assert.Equal((Topic, MessageKind.Send), (referral.Topic, referral.Kind));
        await SettleAsync(store, referral, MessageState.Delivered);
        await SettleAsync(store, claimed[0], MessageState.Delivered);
        await store.CommitAsync(Of(new AcknowledgeMessages(Topic, "a", referral.Subject)), default);
        Assert.Equal(MessageState.Acknowledged, (await store.Outbox.FindAsync(referral.Id, default))!.State);
        Assert.Equal(MessageState.Delivered, (await store.Outbox.FindAsync(notice.Id, default))!.State);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Messages_that_are_done_with_are_removed_when_their_time_is_over(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);
        MessageState[] states =
        [
            MessageState.Delivered,
            MessageState.Dead,
            MessageState.Superseded,
            MessageState.Retry,
            MessageState.Parked,
            MessageState.Queued,
        ];
        foreach (var state in states)
        {
            await store.CommitAsync(Of(Message("a", state.ToString(), MessageKind.Send)), default);
            var claimed = Assert.Single(await store.Outbox.ClaimAsync(Topic, "a", 1, "node1", Minute, default));
            await SettleAsync(store, claimed, state, _clock.Now.AddDays(90));
        }

        _clock.Now += TimeSpan.FromDays(1);
        await store.CommitAsync(Of(Message("a", "later", MessageKind.Send)), default);
        var later = Assert.Single(await store.Outbox.ClaimAsync(Topic, "a", 1, "node1", Minute, default));
        await SettleAsync(store, later, MessageState.Delivered);

        Assert.Equal(0, await store.Purge.MessagesAsync(Noon, 10, default));
        Assert.Equal(2, await store.Purge.MessagesAsync(Noon.AddMinutes(1), 2, default));
        Assert.Equal(1, await store.Purge.MessagesAsync(Noon.AddMinutes(1), 2, default));

        var left = (await store.Outbox.SearchAsync(new OutboxQuery(20), default)).Messages;
        Assert.Equal(["later", "Queued", "Parked", "Retry"], left.Select(m => m.Subject.Id));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task What_came_in_is_removed_when_its_time_is_over_but_for_what_waits_for_somebody(
        StorageProvider provider
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);
        foreach (var state in Enum.GetValues<InboundState>())
            await store.CommitAsync(
                Of(new KeepInbound(new InboundUpdate("a", "Task/7", state.ToString(), null, state, Noon))),
                default
            );
        await store.CommitAsync(
            Of(new KeepInbound(new InboundUpdate("a", "Task/7", "new", null, InboundState.Applied, Noon.AddDays(1)))),
            default
        );

        Assert.Equal(2, await store.Purge.InboundAsync(Noon.AddMinutes(1), 2, default));
        Assert.Equal(2, await store.Purge.InboundAsync(Noon.AddMinutes(1), 2, default));
        Assert.Equal(1, await store.Purge.InboundAsync(Noon.AddMinutes(1), 2, default));

        Assert.NotNull(await store.Outbox.InboundAsync("a", "Task/7", nameof(InboundState.Unapplied), default));
        Assert.NotNull(await store.Outbox.InboundAsync("a", "Task/7", nameof(InboundState.Refused), default));
        Assert.NotNull(await store.Outbox.InboundAsync("a", "Task/7", "new", default));
        Assert.Null(await store.Outbox.InboundAsync("a", "Task/7", nameof(InboundState.Applied), default));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task What_was_refused_is_removed_when_its_time_is_over_and_the_oldest_beyond_so_many_are_told(
        StorageProvider provider
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);
        foreach (var state in Enum.GetValues<InboundState>())
            await store.CommitAsync(
                Of(new KeepInbound(new InboundUpdate("v2 a", "m0", state.ToString(), null, state, Noon))),
                default
            );
        for (var i = 1; i < 5; i++)
        {
            foreach (var source in (string[])["v2 a", "v2 b"])
                await store.CommitAsync(
                    Of(
                        new KeepInbound(
                            new InboundUpdate(source, $"m{i}", "1", null, InboundState.Refused, Noon.AddDays(i))
                        )
                    ),
                    default
                );
        }

        async Task<string[]> BeyondAsync(int kept, int count) =>
            [.. (await store.Outbox.RefusedBeyondAsync("v2 a", kept, count, default)).Select(u => u.Reference)];
        Assert.Equal(["m0", "m1"], await BeyondAsync(3, 10));
        Assert.Equal(["m0"], await BeyondAsync(3, 1));
        Assert.Equal(["m0", "m1", "m2", "m3", "m4"], await BeyondAsync(0, 10));
        Assert.Empty(await BeyondAsync(5, 10));

        Assert.Equal(1, await store.Purge.RefusedAsync(Noon.AddMinutes(1), 2, default));
        Assert.Equal(0, await store.Purge.RefusedAsync(Noon.AddMinutes(1), 2, default));
        Assert.Equal(["m1"], await BeyondAsync(3, 10));
        Assert.NotNull(await store.Outbox.InboundAsync("v2 a", "m0", nameof(InboundState.Unapplied), default));
        Assert.NotNull(await store.Outbox.InboundAsync("v2 a", "m0", nameof(InboundState.Replayed), default));
        Assert.Equal(2, await store.Purge.RefusedAsync(Noon.AddDays(3), 2, default));
        Assert.Equal(2, await store.Purge.RefusedAsync(Noon.AddDays(3), 2, default));
        Assert.Equal(0, await store.Purge.RefusedAsync(Noon.AddDays(3), 2, default));
        Assert.Equal(["m3", "m4"], await BeyondAsync(0, 10));
    }

    private EnqueueMessage Message(string partner, string task, MessageKind kind) =>
        new($"d{_ids++}", Topic, partner, Given.Key($"Task/{task}"), kind) { About = Given.Key("ServiceRequest/r") };

    private static Commit Of(params OutboxChange[] changes) => new([], []) { Outbox = [.. changes] };

    private static async Task SettleAsync(
        ResourceStore store,
        OutboxMessage delivery,
        MessageState state,
        DateTimeOffset? next = null
    )
    {
        var settle = new SettleMessage(delivery.Id, delivery.Lease!, state) { NextAt = next };
        Assert.True((await store.CommitAsync(Of(settle), default)).IsCommitted);
    }
}
