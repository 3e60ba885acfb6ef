using CareCoordination.Storage.Stores;

namespace CareCoordination.Storage.Tests;

/// <summary>A transaction whose answer was lost is stored once, whatever the database does after it.</summary>
public sealed class UnknownOutcomeTests
{
    private const string NotKnown = "it is not known whether it did";

    /// <summary>What may happen after the answer of a commit was lost, on the way to find out what became of it.</summary>
    public static TheoryData<StorageProvider, At, string> SecondFaults()
    {
        var data = new TheoryData<StorageProvider, At, string>();
        foreach (var provider in (StorageProvider[])[StorageProvider.Sqlite, StorageProvider.PostgreSql])
        {
            foreach (var at in (At[])[At.Open, At.Begin, At.AfterBegin, At.BeforeCommit, At.AfterCommit])
            {
                foreach (
                    var fault in (string[])
                        [
                            nameof(Thrown.ConnectionLost),
                            nameof(Thrown.Timeout),
                            nameof(Thrown.Conflict),
                            nameof(Thrown.Locked),
                            nameof(Thrown.DiskFull),
                            nameof(Thrown.ReadOnly),
                            nameof(Thrown.Bug),
                        ]
                )
                    data.Add(provider, at, fault);
            }
        }

        return data;
    }

    [Theory, MemberData(nameof(SecondFaults))]
    public async Task What_has_landed_is_not_written_again_whatever_fails_next(
        StorageProvider provider,
        At at,
        string second
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var plan = new FaultPlan()
            .Then(At.AfterCommit, () => Thrown.ConnectionLost(provider))
            .Then(at, () => Make(second, provider));
        var store = database.OpenFaulty(plan);

        var results = await WriteGroupAsync(store);

        Assert.All(results, r => Assert.True(r.IsCommitted));
        Assert.True(plan.IsUsedUp);
        await AssertStoredOnceAsync(database.OpenStore());
    }

    [Theory, MemberData(nameof(SecondFaults))]
    public async Task What_has_not_landed_is_written_once_whatever_fails_next(
        StorageProvider provider,
        At at,
        string second
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var isEndOfWrite = at is At.BeforeCommit or At.AfterCommit;
        var plan = new FaultPlan()
            .Then(At.BeforeCommit, () => Thrown.ConnectionLost(provider))
            .Then(at, () => Make(isEndOfWrite ? nameof(Thrown.ConnectionLost) : second, provider));
        var store = database.OpenFaulty(plan);

        var results = await WriteGroupAsync(store);

        Assert.All(results, r => Assert.True(r.IsCommitted));
        Assert.True(plan.IsUsedUp);
        await AssertStoredOnceAsync(database.OpenStore());
    }

    [Theory, MemberData(nameof(Engines.Faulty), MemberType = typeof(Engines))]
    public async Task Where_nobody_can_find_out_callers_are_told_so(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var plan = new FaultPlan()
            .Then(At.AfterCommit, () => Thrown.ConnectionLost(provider))
            .Then(At.Begin, () => Thrown.ConnectionLost(provider), times: 4);
        var store = database.OpenFaulty(plan);

        var unknown = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.OneAsync(Given.Put("Patient/a")));

        Assert.Contains(NotKnown, unknown.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await store.ReadAsync(Given.Key("Patient/a"), default))?.Version);
        Assert.Equal(ChangeOutcome.Created, (await store.OneAsync(Given.Put("Patient/b"))).Outcome);
    }

    /// <summary>What the database itself has said of a commit is known.</summary>
    [Theory]
    [InlineData(nameof(Thrown.Conflict))]
    [InlineData(nameof(Thrown.Locked))]
    [InlineData(nameof(Thrown.DiskFull))]
    [InlineData(nameof(Thrown.ReadOnly))]
    public async Task What_the_database_refused_is_not_told_of_as_unknown(string fault)
    {
        foreach (var provider in (StorageProvider[])[StorageProvider.Sqlite, StorageProvider.PostgreSql])
        {
            await using var database = await TestDatabase.CreateAsync(provider);
            var plan = new FaultPlan().Then(At.BeforeCommit, () => Make(fault, provider), times: 2);
            var store = database.OpenFaulty(plan, database.Options with { MaxAttempts = 2 });

            var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() =>
                store.OneAsync(Given.Put("Patient/a"))
            );

            Assert.DoesNotContain(NotKnown, refused.Message, StringComparison.Ordinal);
            Assert.Null(await store.ReadAsync(Given.Key("Patient/a"), default));
            // Another node does not wait for what this one has left behind.
            var next = database.OpenStore();
            Assert.Equal(1, (await next.OneAsync(Given.Put("Patient/b"))).Resource.Version);
        }
    }

    [Theory, MemberData(nameof(Engines.Faulty), MemberType = typeof(Engines))]
    public async Task A_duplicate_key_is_an_answer_and_fails_at_once(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var plan = new FaultPlan().Then(At.BeforeCommit, () => Thrown.DuplicateKey(provider));
        var store = database.OpenFaulty(plan);

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => store.OneAsync(Given.Put("Patient/a")));

        Assert.Equal(1, (await store.OneAsync(Given.Put("Patient/a"))).Resource.Version);
    }

    /// <summary>
    /// An exception that no table knows may have come after the commit: it is found out whether it did, and then the group is taken
    /// apart, so that one bad commit fails alone.
    /// </summary>
    [Theory, MemberData(nameof(Engines.Faulty), MemberType = typeof(Engines))]
    public async Task A_bug_at_the_end_of_a_group_leaves_nothing_twice(StorageProvider provider)
    {
        foreach (var at in (At[])[At.BeforeCommit, At.AfterCommit])
        {
            await using var database = await TestDatabase.CreateAsync(provider);
            var plan = new FaultPlan().Then(at, Thrown.Bug);
            var store = database.OpenFaulty(plan);

            var results = await WriteGroupAsync(store);

            Assert.All(results, r => Assert.True(r.IsCommitted));
            await AssertStoredOnceAsync(database.OpenStore());
        }
    }

    [Theory, MemberData(nameof(Engines.Faulty), MemberType = typeof(Engines))]
    public async Task A_connection_that_cannot_roll_back_is_closed_and_holds_nobody_up(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var plan = new FaultPlan()
            .Then(At.AfterBegin, () => Thrown.Conflict(provider))
            .Then(At.Rollback, () => new InvalidOperationException("The connection is closed."));
        var store = database.OpenFaulty(plan, database.Options with { MaxAttempts = 1 });

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.OneAsync(Given.Put("Patient/a")));

        Assert.True(plan.IsUsedUp);
        Assert.Equal(1, (await database.OpenStore().OneAsync(Given.Put("Patient/b"))).Resource.Version);
    }

    [Theory, MemberData(nameof(Engines.Faulty), MemberType = typeof(Engines))]
    public async Task A_conditional_write_that_has_landed_is_not_told_that_it_lost(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await database.OpenStore().OneAsync(Given.Put("Patient/a"));
        var plan = new FaultPlan()
            .Then(At.AfterCommit, () => Thrown.ConnectionLost(provider))
            .Then(At.AfterBegin, Thrown.Bug);
        var store = database.OpenFaulty(plan);
        var update = Given
            .Commit(Given.Put("Patient/a", """ "active":true """))
            .When(new VersionIs(Given.Key("Patient/a"), 1));

        var result = await store.CommitAsync(update, default);

        Assert.Equal((true, 2), (result.IsCommitted, Assert.Single(result.Changes).Resource.Version));
    }

    [Theory, MemberData(nameof(Engines.Faulty), MemberType = typeof(Engines))]
    public async Task What_is_remembered_of_a_partner_is_counted_once(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (task, request) = (Given.Key("Task/t"), Given.Key("ServiceRequest/s"));
        var plan = new FaultPlan()
            .Then(At.AfterCommit, () => Thrown.ConnectionLost(provider))
            .Then(At.AfterBegin, () => Thrown.ConnectionLost(provider));
        var store = database.OpenFaulty(plan);
        var commit = new Commit([], [])
        {
            Outbox =
            [
                new EnqueueMessage("m", "referral", "partner", task, MessageKind.Send) { About = request },
                new ChangePartnerStatus(
                    "partner",
                    status => status with { ConsecutiveFailures = status.ConsecutiveFailures + 1 }
                ),
            ],
        };

        var result = await store.CommitAsync(commit, default);

        Assert.Equal(["partner"], result.ChangedPartners);
        Assert.Equal(1, (await store.Outbox.PartnerStatusAsync("partner", default)).ConsecutiveFailures);
        Assert.Single(MessageLog.Read((await store.Outbox.FindAsync("m", default))!.Log));
    }

    [Theory, MemberData(nameof(Engines.Faulty), MemberType = typeof(Engines))]
    public async Task Decisions_are_made_again_with_their_transaction(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var plan = new FaultPlan()
            .Then(At.Flush, () => Thrown.Conflict(provider))
            .Then(At.BeforeCommit, () => Thrown.Conflict(provider));
        var store = database.OpenFaulty(plan);
        var all = Given.Query("Patient?_count=50");
        using var gate = await Gate.CloseAsync(store);
        var calls = 0;

        var decisions = Enumerable
            .Range(0, 5)
            .Select(i =>
                store.DecideAsync(
                    async (reads, token) =>
                    {
                        Interlocked.Increment(ref calls);
                        // The decision may do with the exception what it likes: the transaction is over all the same.
                        try
                        {
                            var found = await reads.SearchAsync(all, token);
                            return Given.Commit(
                                Given.Put($"Patient/p{i}", $""" "multipleBirthInteger":{found.Matches.Length} """)
                            );
                        }
                        catch (Exception e) when (e is not OperationCanceledException)
                        {
                            return null;
                        }
                    },
                    default
                )
            )
            .ToList();
        gate.Open();
        var results = await Task.WhenAll(decisions);

        Assert.True(plan.IsUsedUp);
        Assert.True(calls > 5);
        for (var i = 0; i < results.Length; i++)
            Assert.Contains(
                $"\"multipleBirthInteger\":{i}",
                results[i].Changes[0].Resource.Text(),
                StringComparison.Ordinal
            );
        Assert.Equal(5, (await store.SearchAsync(all, default)).Matches.Length);
    }

    /// <summary>Any faults in any order: what was acknowledged is there once, and only of the unknown it may be either.</summary>
    [Theory]
    [InlineData(StorageProvider.Sqlite, 1)]
    [InlineData(StorageProvider.Sqlite, 2)]
    [InlineData(StorageProvider.Sqlite, 3)]
    [InlineData(StorageProvider.PostgreSql, 1)]
    [InlineData(StorageProvider.PostgreSql, 2)]
    [InlineData(StorageProvider.PostgreSql, 3)]
    public async Task A_counter_under_random_faults_has_every_acknowledged_step(StorageProvider provider, int seed)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (random, plan) = (new Random(seed), new FaultPlan());
        for (var i = 0; i < 25; i++)
        {
            var at = (At[])[At.Begin, At.AfterBegin, At.BeforeCommit, At.AfterCommit];
            var fault = (string[])
                [nameof(Thrown.ConnectionLost), nameof(Thrown.Timeout), nameof(Thrown.Conflict), nameof(Thrown.Locked)];
            var place = at[random.Next(at.Length)];
            var answers = provider == StorageProvider.Sqlite ? 1 : 2;
            // An answer cannot come after the commit it refuses, and SQLite has no time limit that could end there.
            var kind = fault[random.Next(place == At.AfterCommit ? answers : fault.Length)];
            plan.Then(place, () => Make(kind, provider));
        }

        var store = database.OpenFaulty(plan, database.Options with { MaxAttempts = 3 });
        var counter = Given.Key("Patient/counter");
        await database.OpenStore().OneAsync(Given.Put(counter.ToString()));
        var (acknowledged, unknown) = (0, 0);
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async writer =>
                {
                    for (var i = 0; i < 20; i++)
                    {
                        try
                        {
                            var result = await store.DecideAsync(
                                async (reads, token) =>
                                {
                                    var version = (await reads.ReadAsync(counter, token))!.Value.Version;
                                    return Given
                                        .Commit(
                                            Given.Put(counter.ToString(), $""" "multipleBirthInteger":{version} """)
                                        )
                                        .When(new VersionIs(counter, version));
                                },
                                default
                            );
                            Assert.True(result.IsCommitted);
                            Interlocked.Increment(ref acknowledged);
                        }
                        catch (StoreUnavailableException e)
                        {
                            if (e.Message.Contains(NotKnown, StringComparison.Ordinal))
                                Interlocked.Increment(ref unknown);
                        }
                    }
                })
        );

        var steps = (await store.ReadAsync(counter, default))!.Value.Version - 1;
        Assert.InRange(steps, acknowledged, acknowledged + unknown);
        Assert.Equal(
            steps + 1,
            (await store.HistoryAsync(new HistoryQuery("Patient", "counter", 1000), default)).Versions.Length
        );
    }

    private static Exception Make(string fault, StorageProvider provider) =>
        fault switch
        {
            nameof(Thrown.ConnectionLost) => Thrown.ConnectionLost(provider),
            nameof(Thrown.Timeout) => Thrown.Timeout(provider),
            nameof(Thrown.Conflict) => Thrown.Conflict(provider),
            nameof(Thrown.Locked) => Thrown.Locked(provider),
            nameof(Thrown.DiskFull) => Thrown.DiskFull(provider),
            nameof(Thrown.ReadOnly) => Thrown.ReadOnly(provider),
            _ => Thrown.Bug(),
        };

    /// <summary>Three commits that are written together.</summary>
    private static async Task<CommitResult[]> WriteGroupAsync(ResourceStore store)
    {
        using var gate = await Gate.CloseAsync(store);
        var commits = Enumerable
            .Range(0, 3)
            .Select(i =>
                store.CommitAsync(
                    Given.Commit(
                        Given.Put($"Patient/p{i}"),
                        Given.Put("Patient/all", $""" "multipleBirthInteger":{i} """)
                    ),
                    default
                )
            )
            .ToList();
        gate.Open();
        return await Task.WhenAll(commits);
    }

    private static async Task AssertStoredOnceAsync(ResourceStore store)
    {
        for (var i = 0; i < 3; i++)
            Assert.Equal(1, (await store.ReadAsync(Given.Key($"Patient/p{i}"), default))?.Version);
        Assert.Equal(3, (await store.ReadAsync(Given.Key("Patient/all"), default))?.Version);
        Assert.Equal(6, (await store.HistoryAsync(new HistoryQuery(null, null, 0), default)).Total);
    }
}
