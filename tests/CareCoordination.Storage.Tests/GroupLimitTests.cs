namespace CareCoordination.Storage.Tests;

/// <summary>No commit keeps the others waiting: not by its size, not by what it asks, not by failing again and again.</summary>
public sealed class GroupLimitTests
{
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_commit_of_more_rows_than_allowed_is_refused_whole(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var store = TestDatabase.Open(database.Options with { MaxCommitRows = 50 });
        Commit Large(string id) => Given.Commit(Given.Put("Patient/small"), Named(id, 50));

        var refused = await Assert.ThrowsAsync<CommitTooLargeException>(() =>
            store.CommitAsync(Large("large"), default)
        );
        var decided = await Assert.ThrowsAsync<CommitTooLargeException>(() =>
            store.DecideAsync((_, _) => new(Large("large")), default)
        );

        Assert.True(refused.Rows > 50);
        Assert.Equal((refused.Rows, 50), (decided.Rows, refused.Limit));
        Assert.Contains($"{refused.Rows} rows", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await store.HistoryAsync(new HistoryQuery(null, null, 0), default)).Total);
        Assert.Equal(1, (await store.OneAsync(Named("fits", 10))).Resource.Version);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_large_commit_among_small_ones_fails_alone(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var store = TestDatabase.Open(database.Options with { MaxCommitRows = 60 });
        using var gate = await Gate.CloseAsync(store);

        var small = Enumerable.Range(0, 10).Select(i => store.OneAsync(Named($"p{i}", 5))).ToList();
        var large = store.DecideAsync((_, _) => new(Given.Commit(Named("large", 100))), default);
        small.AddRange(Enumerable.Range(10, 10).Select(i => store.OneAsync(Named($"p{i}", 5))));
        gate.Open();

        await Assert.ThrowsAsync<CommitTooLargeException>(() => large);
        Assert.All(await Task.WhenAll(small), r => Assert.Equal(ChangeOutcome.Created, r.Outcome));
    }

    /// <summary>Changes of one transaction have one time, which shows what was written together.</summary>
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task What_waits_together_is_written_in_groups_of_at_most_so_many_changes(StorageProvider provider)
    {
        var sizes = await GroupsAsync(provider, o => o with { MaxGroupChanges = 4 }, i => [Given.Put($"Patient/p{i}")]);

        Assert.Equal([4, 4, 2], sizes);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task What_waits_together_is_written_in_groups_of_at_most_so_many_bytes(StorageProvider provider)
    {
        // A commit that is larger than the limit goes alone.
        var sizes = await GroupsAsync(
            provider,
            o => o with { MaxGroupBytes = 10_000 },
            i => [Given.Put($"Patient/p{i}", $""" "language":"{new string('x', i == 4 ? 20_000 : 3_000)}" """)]
        );

        Assert.Equal([3, 1, 1, 3, 2], sizes);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task What_waits_together_is_written_in_groups_of_at_most_so_many_rows(StorageProvider provider)
    {
        var one = Rows(Named("p", 10));

        var sizes = await GroupsAsync(provider, o => o with { MaxCommitRows = 3 * one }, i => [Named($"p{i}", 10)]);

        Assert.Equal([3, 3, 3, 1], sizes);
    }

    [Theory, MemberData(nameof(Engines.Faulty), MemberType = typeof(Engines))]
    public async Task Of_a_group_that_takes_too_long_the_largest_commit_is_tried_alone_and_last(
        StorageProvider provider
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var plan = new FaultPlan().Then(At.BeforeCommit, () => Thrown.Cancelled(provider));
        var store = database.OpenFaulty(plan);
        using var gate = await Gate.CloseAsync(store);

        var first = store.OneAsync(Named("a", 2));
        var largest = store.OneAsync(Named("largest", 20));
        var last = store.OneAsync(Named("b", 2));
        gate.Open();

        var (a, l, b) = (await first, await largest, await last);
        Assert.True(plan.IsUsedUp);
        Assert.True(l.Resource.Sequence > Math.Max(a.Resource.Sequence, b.Resource.Sequence));
        Assert.Equal(3, (await store.HistoryAsync(new HistoryQuery(null, null, 0), default)).Total);
    }

    [Theory, MemberData(nameof(Engines.Faulty), MemberType = typeof(Engines))]
    public async Task A_commit_that_takes_too_long_alone_is_not_tried_again(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var plan = new FaultPlan()
            .Then(At.BeforeCommit, () => Thrown.Cancelled(provider))
            .Then(At.BeforeCommit, () => Thrown.Cancelled(provider));
        var store = database.OpenFaulty(plan);

        // Each is an attempt of its own, and the third finds nothing in its way.
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.OneAsync(Given.Put("Patient/a")));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.OneAsync(Given.Put("Patient/b")));
        Assert.Equal(ChangeOutcome.Created, (await store.OneAsync(Given.Put("Patient/c"))).Outcome);
    }

    [Theory, MemberData(nameof(Engines.Faulty), MemberType = typeof(Engines))]
    public async Task Where_the_rest_takes_too_long_as_well_it_ends_and_the_largest_has_its_turn(
        StorageProvider provider
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var plan = new FaultPlan()
            .Then(At.BeforeCommit, () => Thrown.Cancelled(provider))
            .Then(At.BeforeCommit, () => Thrown.Cancelled(provider));
        var store = database.OpenFaulty(plan);
        using var gate = await Gate.CloseAsync(store);

        var small = store.OneAsync(Named("small", 1));
        var largest = store.OneAsync(Named("largest", 20));
        gate.Open();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => small);
        Assert.Equal(ChangeOutcome.Created, (await largest).Outcome);
    }

    /// <summary>A client gives up, not the database: whether it happened has to be looked up first.</summary>
    [Theory, MemberData(nameof(Engines.Faulty), MemberType = typeof(Engines))]
    public async Task A_group_that_was_given_up_is_looked_up_before_it_is_taken_apart(StorageProvider provider)
    {
        foreach (var at in (At[])[At.BeforeCommit, At.AfterCommit])
        {
            await using var database = await TestDatabase.CreateAsync(provider);
            var lost = new FaultPlan().Then(
                at,
                () => provider == StorageProvider.Sqlite ? Thrown.ConnectionLost(provider) : Thrown.Timeout(provider)
            );
            var store = database.OpenFaulty(lost);
            using var gate = await Gate.CloseAsync(store);

            var writes = Enumerable.Range(0, 4).Select(i => store.OneAsync(Named($"p{i}", i + 1))).ToList();
            gate.Open();

            Assert.All(await Task.WhenAll(writes), r => Assert.Equal(1, r.Resource.Version));
            Assert.Equal(4, (await store.HistoryAsync(new HistoryQuery(null, null, 0), default)).Total);
        }
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_condition_that_cannot_be_asked_fails_the_commit_that_states_it(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        var impossible = Given.Query("Patient") with { ResourceType = "NoSuchType" };
        using var gate = await Gate.CloseAsync(store);

        var good = Enumerable.Range(0, 5).Select(i => store.OneAsync(Named($"p{i}", 1))).ToList();
        var stated = store.CommitAsync(Given.Commit(Named("bad", 1)).When(new SearchFinds(impossible, null)), default);
        var decided = store.DecideAsync(
            (_, _) => new(Given.Commit(Named("worse", 1)).When(new SearchFinds(impossible, null))),
            default
        );
        var unknownType = store.DecideAsync(
            (_, _) => new(Given.Commit(Named("worst", 1) with { Key = Given.Key("NoSuchType/x") })),
            default
        );
        good.AddRange(Enumerable.Range(5, 5).Select(i => store.OneAsync(Named($"p{i}", 1))));
        gate.Open();

        Assert.All(await Task.WhenAll(good), r => Assert.Equal(ChangeOutcome.Created, r.Outcome));
        foreach (var bad in (Task<CommitResult>[])[stated, decided, unknownType])
            await Assert.ThrowsAsync<ArgumentException>(() => bad);
        Assert.Equal(10, (await store.SearchAsync(Given.Query("Patient?_summary=count"), default)).Total);
    }

    private static int Rows(PutResource put) => Commits.CommitSize.Of(Given.Commit(put)).Rows;

    /// <summary>A patient with so many names.</summary>
    private static PutResource Named(string id, int names) =>
        Given.Put(
            $"Patient/{id}",
            $"\"name\":[{string.Join(',', Enumerable.Range(0, names).Select(i => $$"""{"family":"{{id}}{{i}}"}"""))}]"
        );

    /// <summary>Ten commits that wait together: how many went into each transaction.</summary>
    private static async Task<IEnumerable<int>> GroupsAsync(
        StorageProvider provider,
        Func<StorageOptions, StorageOptions> limits,
        Func<int, Change[]> changes
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var store = TestDatabase.Open(limits(database.Options), new TickingClock());
        using var gate = await Gate.CloseAsync(store);
        var commits = Enumerable
            .Range(0, 10)
            .Select(i => store.CommitAsync(Given.Commit(changes(i)), default))
            .ToList();
        gate.Open();
        return (await Task.WhenAll(commits))
            .Select(r => r.Changes[0].Resource)
            .GroupBy(r => r.LastUpdated)
            .OrderBy(g => g.Key)
            .Select(g => g.Count());
    }

    /// <summary>Every look at it is a second later, so that each transaction has a time of its own.</summary>
    private sealed class TickingClock : TimeProvider
    {
        private long _seconds;

        public override DateTimeOffset GetUtcNow() =>
            new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero).AddSeconds(Interlocked.Increment(ref _seconds));
    }
}
