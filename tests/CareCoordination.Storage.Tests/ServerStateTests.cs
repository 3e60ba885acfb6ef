using CareCoordination.Storage.Stores;

namespace CareCoordination.Storage.Tests;

/// <summary>What the server remembers for itself: answers and jobs. docs/adr/0016-server-state.md</summary>
public sealed class ServerStateTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly SetClock _clock = new(Noon);

    public static TheoryData<StorageProvider> All => Engines.All;

    [Theory, MemberData(nameof(All))]
    public async Task An_answer_is_remembered_with_the_commit_that_gave_it(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);
        var answer = Answer("k1", "Task/t1");

        Assert.Null(await store.AnswerAsync("k1", default));
        Assert.True((await store.CommitAsync(Remembering(answer, "Task/t1"), default)).IsCommitted);

        Assert.Equal(answer, await store.AnswerAsync("k1", default));
        Assert.Equal(answer, await database.OpenStore(_clock).AnswerAsync("k1", default));
    }

    [Theory, MemberData(nameof(All))]
    public async Task An_answer_alone_is_a_commit_too(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);

        var result = await store.CommitAsync(Remembering(Answer("k1", "Task/t1")), default);

        Assert.True(result.IsCommitted);
        Assert.NotNull(await store.AnswerAsync("k1", default));
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_second_commit_under_a_key_is_refused_and_writes_nothing(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);
        var first = Answer("k1", "Task/t1");
        await store.CommitAsync(Remembering(first, "Task/t1"), default);

        var second = await store.CommitAsync(Remembering(Answer("k1", "Task/t2"), "Task/t2"), default);

        Assert.Equal(new NotRemembered("k1"), second.Failed);
        Assert.Null(await store.ReadAsync(Given.Key("Task/t2"), default));
        Assert.Equal(first, await store.AnswerAsync("k1", default));
    }

    [Theory, MemberData(nameof(All))]
    public async Task Of_many_commits_under_one_key_on_two_nodes_one_wins_and_the_others_find_it(
        StorageProvider provider
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        ResourceStore[] nodes = [database.OpenStore(_clock), database.OpenStore(_clock)];
        var found = new System.Collections.Concurrent.ConcurrentBag<RememberedAnswer>();

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 24)
                .Select(i =>
                    nodes[i % 2]
                        .CommitAsync(
                            Remembering(Answer("k1", $"Task/t{i}"), $"Task/t{i}"),
                            async (reads, token) =>
                            {
                                // Within the transaction it is seen, also where it is not yet committed.
                                found.Add((await reads.AnswerAsync("k1", token))!);
                                return null;
                            },
                            default
                        )
                )
        );

        var winner = Assert.Single(results, r => r.IsCommitted);
        Assert.Equal(23, results.Count(r => r.IsWithdrawn));
        var remembered = await nodes[0].AnswerAsync("k1", default);
        Assert.Equal(winner.Changes[0].Resource.Key, remembered!.Answer);
        Assert.Equal([remembered], found.Distinct());
        for (var i = 0; i < 24; i++)
        {
            var isThere = await nodes[0].ReadAsync(Given.Key($"Task/t{i}"), default) is not null;
            Assert.Equal(remembered.Answer == Given.Key($"Task/t{i}"), isThere);
        }
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_key_whose_time_is_over_is_new_again_whether_it_was_removed_or_not(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);
        await store.CommitAsync(Remembering(Answer("k1", "Task/t1")), default);
        await store.CommitAsync(Remembering(Answer("k2", "Task/t1")), default);

        _clock.Now = Noon.AddHours(1).AddTicks(-TimeSpan.TicksPerMillisecond);
        Assert.Equal(0, await store.Purge.AnswersAsync(10, default));
        Assert.False((await store.CommitAsync(Remembering(Answer("k1", "Task/t2")), default)).IsCommitted);

        _clock.Now = Noon.AddHours(1);
        var again = Answer("k1", "Task/t2");
        Assert.True((await store.CommitAsync(Remembering(again), default)).IsCommitted);
        Assert.Equal(1, await store.Purge.AnswersAsync(10, default));
        Assert.Equal(again, await store.AnswerAsync("k1", default));
        Assert.Null(await store.AnswerAsync("k2", default));
        Assert.True((await store.CommitAsync(Remembering(Answer("k2", "Task/t2")), default)).IsCommitted);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Expired_answers_are_removed_so_many_at_a_time(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);
        for (var i = 0; i < 7; i++)
            await store.CommitAsync(Remembering(Answer($"k{i}", "Task/t1")), default);
        _clock.Now = Noon.AddDays(1);

        var removed = new List<int>();
        for (var i = 0; i < 4; i++)
            removed.Add(await store.Purge.AnswersAsync(3, default));
        Assert.Equal([3, 3, 1, 0], removed);
        for (var i = 0; i < 7; i++)
            Assert.Null(await store.AnswerAsync($"k{i}", default));
    }

    [Theory, MemberData(nameof(All))]
    public async Task Two_nodes_that_remove_at_once_do_not_meet(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        ResourceStore[] nodes = [database.OpenStore(_clock), database.OpenStore(_clock)];
        for (var i = 0; i < 10; i++)
            await nodes[0].CommitAsync(Remembering(Answer($"k{i}", "Task/t1")), default);
        _clock.Now = Noon.AddDays(1);

        await Task.WhenAll(nodes.Select(n => n.Purge.AnswersAsync(10, default)));

        Assert.Equal(0, await nodes[0].Purge.AnswersAsync(10, default));
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_job_goes_on_until_it_ends(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);
        var job = new Job("j1", "count", 3, Noon) { Arguments = "up"u8.ToArray() };
        await store.CommitAsync(Of(new KeepJob(job)), default);
        await store.CommitAsync(Of(new KeepJob(new Job("j2", "other", 0, Noon))), default);

        await store.CommitAsync(
            Of(new KeepStep(new JobStep("j1", 2, "two"u8.ToArray())), new KeepStep(new JobStep("j1", 0, default))),
            default
        );

        Assert.Equal(["j1"], (await store.RunningJobsAsync("count", default)).Select(j => j.Id));
        var running = await store.JobAsync("j1", default);
        Assert.Equal(job with { Arguments = default }, running! with { Arguments = default });
        Assert.Equal("up"u8.ToArray(), running.Arguments.ToArray());
        var steps = await store.StepsAsync(StepRange.All("j1"), default);
        Assert.Equal(
            [(0, ""), (2, "two")],
            steps.Select(s => (s.Place, System.Text.Encoding.UTF8.GetString(s.Result.Span)))
        );
        Assert.Empty(await store.StepsAsync(StepRange.Only("j1", 1), default));
        Assert.Single(await store.StepsAsync(StepRange.Only("j1", 2), default));

        await store.CommitAsync(
            Of(new KeepJob(running with { EndedAt = Noon.AddHours(1), IsGivenUp = true })),
            default
        );
        Assert.Empty(await store.RunningJobsAsync("count", default));
        var ended = await store.JobAsync("j1", default);
        Assert.Equal((Noon.AddHours(1), true), (ended!.EndedAt, ended.IsGivenUp));
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_decision_sees_the_steps_that_are_decided_before_it_in_its_transaction(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);
        await store.CommitAsync(Of(new KeepJob(new Job("j1", "count", 1, Noon))), default);

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(_ =>
                    store.DecideAsync(
                        async (reads, token) =>
                            (await reads.StepsAsync(StepRange.Only("j1", 0), token)) is []
                            && await reads.JobAsync("j1", token) is { EndedAt: null }
                                ? Of(new KeepStep(new JobStep("j1", 0, default)))
                                : null,
                        default
                    )
                )
        );

        Assert.Single(results, r => r.IsCommitted);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Jobs_that_ended_long_ago_go_with_their_steps_and_those_that_go_on_stay(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore(_clock);
        foreach (
            var (id, ended) in new[] { ("old", (DateTimeOffset?)Noon), ("new", Noon.AddDays(1)), ("running", null) }
        )
            await store.CommitAsync(
                Of(
                    new KeepJob(new Job(id, "count", 2, Noon.AddDays(-9)) { EndedAt = ended }),
                    new KeepStep(new JobStep(id, 1, default))
                ),
                default
            );

        Assert.Equal(1, await store.Purge.JobsAsync(Noon.AddTicks(1), 10, default));

        Assert.Null(await store.JobAsync("old", default));
        Assert.Empty(await store.StepsAsync(StepRange.All("old"), default));
        foreach (var kept in new[] { "new", "running" })
        {
            Assert.NotNull(await store.JobAsync(kept, default));
            Assert.Single(await store.StepsAsync(StepRange.All(kept), default));
        }
    }

    private static Commit Of(params JobChange[] changes) => new([], []) { Jobs = [.. changes] };

    private static Commit Remembering(RememberedAnswer answer, params string[] writes) =>
        Given.Commit([.. writes.Select(w => Given.Put(w))]).When(new NotRemembered(answer.Key)) with
        {
            Remembered = answer,
        };

    private RememberedAnswer Answer(string key, string reference) =>
        new(key, "digest", Given.Key(reference), 1, _clock.Now, _clock.Now.AddHours(1));
}
