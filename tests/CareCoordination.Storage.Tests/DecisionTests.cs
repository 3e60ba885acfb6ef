using System.Collections.Concurrent;
using System.Globalization;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Storage.Tests;

/// <summary>A writer that lost a race is decided again inside the transaction, where it cannot lose.</summary>
public sealed class DecisionTests
{
    private static readonly ResourceKey Counter = Given.Key("Patient/counter");

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Of_64_writers_of_one_counter_none_loses_a_step(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();

        var steps = await CountAsync(Enumerable.Repeat(store, 64), 100);

        Assert.Equal(Enumerable.Range(1, 6400), steps.Order());
        Assert.Equal(6400, CountOf(await store.ReadAsync(Counter, default)));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Of_the_writers_of_two_nodes_none_loses_a_step(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        ResourceStore[] nodes = [database.OpenStore(), database.OpenStore()];

        var steps = await CountAsync(Enumerable.Range(0, 32).Select(i => nodes[i % 2]), 25);

        Assert.Equal(Enumerable.Range(1, 800), steps.Order());
        Assert.Equal(800, CountOf(await nodes[0].ReadAsync(Counter, default)));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_commit_that_does_not_lose_is_not_decided_again(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        var first = Given.Commit(Given.Put("Patient/a")).When(new NotPresent(Given.Key("Patient/a")));

        var result = await store.CommitAsync(first, (_, _) => throw new InvalidOperationException(), default);

        Assert.Same(first, result.Commit);
        Assert.Equal((true, false), (result.IsCommitted, result.IsWithdrawn));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task The_result_tells_of_the_commit_that_was_made_again(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        var again = Given.Commit(Given.Put("Patient/b"), Given.Put("Patient/c"));

        var result = await store.CommitAsync(Lost("Patient/a"), (_, _) => new(again), default);

        Assert.Same(again, result.Commit);
        Assert.Equal(["Patient/b", "Patient/c"], result.Changes.Select(c => c.Resource.Key.ToString()));
        Assert.Null(await store.ReadAsync(Given.Key("Patient/a"), default));
        Assert.Equal(1, (await store.ReadAsync(Given.Key("Patient/b"), default))?.Version);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Each_loser_finds_by_search_what_the_ones_before_it_did(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        ResourceStore[] nodes = [database.OpenStore(), database.OpenStore()];
        var all = Given.Query("Patient?active=true&_count=100");

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(i =>
                    nodes[i % 2]
                        .CommitAsync(
                            Lost("Patient/never"),
                            async (reads, token) =>
                            {
                                var found = (await reads.SearchAsync(all, token)).Matches.Length;
                                return Given.Commit(Given.Put($"Patient/p{i}", Numbered(found) + ",\"active\":true"));
                            },
                            default
                        )
                )
        );

        Assert.Equal(Enumerable.Range(0, 60), results.Select(r => CountOf(r.Changes[0].Resource)).Order());
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_cap_that_is_counted_by_a_search_holds_for_62_at_once(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        ResourceStore[] nodes = [database.OpenStore(), database.OpenStore()];
        var taken = Given.Query("Patient?general-practitioner=Practitioner/nurse&_summary=count");

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 62)
                .Select(i =>
                    nodes[i % 2]
                        .DecideAsync(
                            async (reads, token) =>
                                (await reads.SearchAsync(taken, token)).Total < 17
                                    ? Given.Commit(
                                        Given.Put(
                                            $"Patient/p{i}",
                                            """ "generalPractitioner":[{"reference":"Practitioner/nurse"}] """
                                        )
                                    )
                                    : null,
                            default
                        )
                )
        );

        Assert.Equal((17, 45), (results.Count(r => r.IsCommitted), results.Count(r => r.IsWithdrawn)));
        Assert.Equal(17, (await nodes[0].SearchAsync(taken, default)).Total);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Of_many_that_may_create_only_where_nobody_did_one_creates(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        ResourceStore[] nodes = [database.OpenStore(), database.OpenStore()];
        var same = Given.Query("Patient?identifier=http://a.example/mrn|1");
        const string Members = """ "identifier":[{"system":"http://a.example/mrn","value":"1"}] """;

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(i =>
                    nodes[i % 2]
                        .DecideAsync(
                            async (reads, token) =>
                            {
                                var found = await reads.FindAsync(same, token);
                                return found.Matches.IsEmpty
                                    ? Given.Commit(Given.Put($"Patient/p{i}", Members)) with
                                    {
                                        Preconditions = [new SearchFinds(same, null)],
                                        AsOf = found.AsOf,
                                    }
                                    : null;
                            },
                            default
                        )
                )
        );

        Assert.Single(results, r => r.IsCommitted);
        Assert.Equal(39, results.Count(r => r.IsWithdrawn));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Transfers_between_accounts_keep_their_sum(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        ResourceStore[] nodes = [database.OpenStore(), database.OpenStore()];
        await nodes[0]
            .CommitAsync(
                Given.Commit([.. Enumerable.Range(0, 5).Select(i => Given.Put($"Patient/a{i}", Numbered(1000)))]),
                default
            );

        await Task.WhenAll(
            Enumerable
                .Range(0, 24)
                .Select(async writer =>
                {
                    var random = new Random(writer);
                    var store = nodes[writer % 2];
                    for (var i = 0; i < 20; i++)
                    {
                        var from = random.Next(5);
                        var transfer = Transfer(from, (from + random.Next(1, 5)) % 5, random.Next(1, 50));
                        var result =
                            i % 3 == 0
                                ? await store.DecideAsync(transfer, default)
                                : await store.CommitAsync((await transfer(store, default))!, transfer, default);
                        Assert.True(result.IsCommitted);
                    }
                })
        );

        var accounts = await nodes[1].SearchAsync(Given.Query("Patient"), default);
        Assert.Equal((5, 5000), (accounts.Matches.Length, accounts.Matches.Sum(a => CountOf(a))));
        Assert.Equal(5 + 24 * 20 * 2, accounts.Matches.Sum(a => a.Version));
    }

    public static TheoryData<StorageProvider, string, bool> Contents()
    {
        var all = new TheoryData<StorageProvider, string, bool>();
        foreach (var engine in Enum.GetValues<StorageProvider>())
        {
            all.Add(engine, "as asked", true);
            all.Add(engine, "other", false);
            all.Add(engine, "other by now", false);
            all.Add(engine, "as asked by now", true);
            all.Add(engine, "deleted", true);
            all.Add(engine, "never there", true);
            all.Add(engine, "referred to only", true);
            all.Add(engine, "other, decided in turn", false);
            all.Add(engine, "as asked, decided in turn", true);
        }

        return all;
    }

    [Theory, MemberData(nameof(Contents))]
    public async Task What_is_asked_of_the_content_of_another_resource_is_asked_when_it_is_stored(
        StorageProvider provider,
        string there,
        bool holds
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        var (asked, other) = (Given.Put("Patient/a", "\"active\":true"), Given.Put("Patient/a", "\"active\":false"));
        var isOther = there.StartsWith("other", StringComparison.Ordinal);
        const string Referring = """ "managingOrganization":{"reference":"Patient/a"} """;
        if (there == "referred to only")
            await store.OneAsync(Given.Put("Patient/b", Referring));
        else if (there != "never there")
            await store.OneAsync(isOther == there.Contains("by now", StringComparison.Ordinal) ? asked : other);
        if (there == "deleted")
            await store.OneAsync(Given.Delete("Patient/a"));
        if (there.Contains("by now", StringComparison.Ordinal))
            await store.OneAsync(isOther ? other : asked);

        var content = new ContentIs(Given.Key("Patient/a"), new(IsActive));
        var commit = Given.Commit(Given.Put("Patient/c", Referring)).When(content);
        var result = there.Contains("in turn", StringComparison.Ordinal)
            ? await store.CommitAsync(Lost("Patient/x"), (_, _) => new(commit), default)
            : await store.CommitAsync(commit, default);

        Assert.Equal(holds, result.IsCommitted);
        Assert.Equal(holds ? null : content, result.Failed);
        Assert.Equal(holds, await store.ReadAsync(Given.Key("Patient/c"), default) is not null);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task What_is_to_be_decided_in_turn_is(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        var again = Given.Commit(Given.Put("Patient/b"));

        var result = await store.CommitAsync(
            Given.Commit(Given.Put("Patient/a")).When(new DecidedInTurn()),
            (_, _) => new(again),
            default
        );

        Assert.Same(again, result.Commit);
        Assert.Null(await store.ReadAsync(Given.Key("Patient/a"), default));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_decision_that_withdraws_writes_nothing_and_says_so(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();

        var lost = await store.CommitAsync(Lost("Patient/a"), (_, _) => new((Commit?)null), default);
        var never = await store.DecideAsync((_, _) => new((Commit?)null), default);

        Assert.All(
            [lost, never],
            r =>
            {
                Assert.Equal((true, false, null), (r.IsWithdrawn, r.IsCommitted, r.Commit));
                Assert.Empty(r.Changes);
            }
        );
        Assert.Empty((await store.HistoryAsync(new HistoryQuery(null, null, 10), default)).Versions);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Where_its_own_condition_does_not_hold_a_decision_is_refused(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        await store.OneAsync(Given.Put("Patient/a"));
        var absent = new NotPresent(Given.Key("Patient/a"));
        var unique = new SearchFinds(Given.Query("Patient?_id=a"), null);

        foreach (var condition in (Precondition[])[absent, unique])
        {
            var commit = Given.Commit(Given.Put("Patient/b")).When(condition);
            var result = await store.CommitAsync(commit, (_, _) => new(commit), default);

            Assert.Equal((condition, null, false), (result.Failed, result.Commit, result.IsWithdrawn));
        }

        Assert.Null(await store.ReadAsync(Given.Key("Patient/b"), default));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_decision_that_throws_fails_its_caller_alone(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        using var gate = await Gate.CloseAsync(store);

        var decisions = Enumerable
            .Range(0, 30)
            .Select(i =>
                store.DecideAsync(
                    async (reads, token) =>
                    {
                        await reads.FindAsync(Given.Query("Patient?_id=p0"), token);
                        return i % 3 == 1
                            ? throw new FormatException($"{i}")
                            : Given.Commit(Given.Put($"Patient/p{i}"));
                    },
                    default
                )
            )
            .ToList();
        gate.Open();

        for (var i = 0; i < decisions.Count; i++)
        {
            if (i % 3 == 1)
                Assert.Equal($"{i}", (await Assert.ThrowsAsync<FormatException>(() => decisions[i])).Message);
            else
                Assert.True((await decisions[i]).IsCommitted);
        }

        Assert.Equal(20, (await store.SearchAsync(Given.Query("Patient?_summary=count"), default)).Total);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_decision_whose_caller_has_gone_is_dropped(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        using var gone = new CancellationTokenSource();
        using var gate = await Gate.CloseAsync(store);
        var wasAsked = false;

        var dropped = store.DecideAsync(
            (_, _) =>
            {
                wasAsked = true;
                return new(Given.Commit(Given.Put("Patient/dropped")));
            },
            gone.Token
        );
        var stays = store.DecideAsync((_, _) => new(Given.Commit(Given.Put("Patient/stays"))), default);
        await gone.CancelAsync();
        gate.Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dropped);
        Assert.True((await stays).IsCommitted);
        Assert.False(wasAsked);
        Assert.Null(await store.ReadAsync(Given.Key("Patient/dropped"), default));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_decision_that_never_ends_is_left_and_harms_nobody(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var store = TestDatabase.Open(database.Options with { CommandTimeout = TimeSpan.FromSeconds(1) });
        using var gate = await Gate.CloseAsync(store);
        var late = new TaskCompletionSource();
        var lateRead = new TaskCompletionSource<Exception?>();

        var endless = store.DecideAsync(
            async (reads, _) =>
            {
                await late.Task;
                lateRead.SetResult(await Record.ExceptionAsync(() => reads.ReadAsync(Counter, default)));
                return null;
            },
            default
        );
        var others = Enumerable
            .Range(0, 5)
            .Select(i => store.DecideAsync((_, _) => new(Given.Commit(Given.Put($"Patient/p{i}"))), default))
            .ToList();
        gate.Open();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => endless);
        Assert.All(await Task.WhenAll(others), r => Assert.True(r.IsCommitted));
        late.SetResult();
        Assert.IsType<InvalidOperationException>(await lateRead.Task);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Decisions_that_find_no_time_are_the_first_of_the_next_transaction(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var clock = new SteppedClock();
        var options = database.Options with { MaxDecisionTime = TimeSpan.FromMilliseconds(250) };
        await using var store = TestDatabase.Open(options, clock);
        using var gate = await Gate.CloseAsync(store);

        var decisions = Enumerable
            .Range(0, 10)
            .Select(i =>
                store.DecideAsync(
                    (_, _) =>
                    {
                        clock.Advance(TimeSpan.FromMilliseconds(100));
                        return new(Given.Commit(Given.Put($"Patient/p{i}")));
                    },
                    default
                )
            )
            .ToList();
        var plain = store.OneAsync(Given.Put("Patient/plain"));
        gate.Open();
        var results = await Task.WhenAll(decisions);

        // The changes of one transaction have one time.
        var written = results.Select(r => r.Changes[0].Resource).ToList();
        Assert.Equal([3, 3, 3, 1], written.GroupBy(r => r.LastUpdated).OrderBy(g => g.Key).Select(g => g.Count()));
        Assert.Equal(
            Enumerable.Range(0, 10).Select(i => $"p{i}"),
            written.OrderBy(r => r.Sequence).Select(r => r.Key.Id)
        );
        Assert.Equal(written[0].LastUpdated, (await plain).Resource.LastUpdated);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_decision_reads_in_every_way_what_was_decided_before_it(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        await store.OneAsync(Given.Put("Observation/o", """ "status":"final","subject":{"reference":"Patient/p"} """));
        await store.OneAsync(Given.Put("Patient/p"));
        await store.OneAsync(Given.Put("Patient/gone"));
        using var gate = await Gate.CloseAsync(store);

        var before = store.CommitAsync(
            Given.Commit(Given.Put("Patient/p", Numbered(2)), Given.Put("Patient/new"), Given.Delete("Patient/gone")),
            default
        );
        var seen = new List<string>();
        var reading = store.DecideAsync(
            async (reads, token) =>
            {
                // Asked for all at once, as a handler may do.
                var current = reads.ReadAsync(Given.Key("Patient/p"), token);
                var first = reads.ReadVersionAsync(Given.Key("Patient/p"), 1, token);
                var second = reads.ReadVersionAsync(Given.Key("Patient/p"), 2, token);
                var third = reads.ReadVersionAsync(Given.Key("Patient/p"), 3, token);
                var history = reads.HistoryAsync(new HistoryQuery("Patient", "p", 10), token);
                var everything = reads.EverythingAsync(new EverythingQuery(Given.Key("Patient/p"), 10), token);
                var found = reads.SearchAsync(Given.Query("Patient"), token);
                var gone = reads.ReadAsync(Given.Key("Patient/gone"), token);
                var never = reads.ReadAsync(Given.Key("Patient/never"), token);
                seen.Add($"{(await current)?.Version} {CountOf(await current)}");
                seen.Add($"{(await first)?.Version} {(await second)?.Version} {(await third)?.Version}");
                seen.Add(string.Join(' ', (await history).Versions.Select(v => v.Version)));
                seen.Add(string.Join(' ', (await everything).Resources.Select(r => r.Key)));
                seen.Add(string.Join(' ', (await found).Matches.Select(r => r.Key.Id).Order()));
                seen.Add($"{(await gone)?.Version} {(await gone)?.IsDeleted} {(await never)?.Version}");
                return null;
            },
            default
        );
        gate.Open();

        Assert.True((await before).IsCommitted);
        Assert.True((await reading).IsWithdrawn);
        Assert.Equal(["2 2", "1 2 ", "2 1", "Patient/p Observation/o", "new p", "2 True "], seen);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_decision_may_need_far_more_keys_and_changes_than_were_set_aside(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        ResourceStore[] nodes = [database.OpenStore(), database.OpenStore()];
        Commit Many(string name) =>
            Given.Commit([
                .. Enumerable
                    .Range(0, 700)
                    .Select(i =>
                        Given.Put(
                            $"Observation/{name}{i}",
                            $$""" "status":"final","subject":{"reference":"Patient/{{name}}{{i}}"} """
                        )
                    ),
            ]);

        foreach (var (node, name) in (ValueTuple<int, string>[])[(0, "a"), (1, "b"), (0, "c")])
        {
            var result = await nodes[node].CommitAsync(Lost("Patient/never"), (_, _) => new(Many(name)), default);
            Assert.Equal(700, result.Changes.Length);
        }

        // Nobody was given a number or a place that another has.
        var versions = (await nodes[1].HistoryAsync(new HistoryQuery(null, null, 3000), default)).Versions;
        Assert.Equal(2100, versions.Select(v => v.Sequence).Distinct().Count());
        foreach (var name in (string[])["a0", "a699", "b0", "b699", "c0", "c699"])
        {
            var found = await nodes[1].SearchAsync(Given.Query($"Observation?subject=Patient/{name}"), default);
            Assert.Equal([name], found.Matches.Select(m => m.Key.Id));
        }

        var next = await nodes[1].OneAsync(Given.Put("Patient/next"));
        Assert.True(next.Resource.Sequence > versions.Max(v => v.Sequence));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_decision_may_send_messages_and_change_those_of_before(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        using var gate = await Gate.CloseAsync(store);
        var (task, request) = (Given.Key("Task/t"), Given.Key("ServiceRequest/s"));
        Commit Message(string id, MessageKind kind) =>
            Given.Commit(Given.Put("Task/t", $""" "status":"requested","intent":"order","description":"{id}" """)) with
            {
                Outbox = [new EnqueueMessage(id, "referral", "partner", task, kind) { About = request }],
            };

        var first = store.DecideAsync((_, _) => new(Message("m1", MessageKind.Send)), default);
        var second = store.DecideAsync((_, _) => new(Message("m2", MessageKind.Update)), default);
        gate.Open();

        Assert.Equal("m1", Assert.Single((await first).Outbox)?.Id);
        Assert.Equal((MessageState.Queued, MessageKind.Send), StateOf(Assert.Single((await second).Outbox)));
        Assert.True(await store.Outbox.ArrivalAsync(default));
        Assert.Equal(MessageState.Superseded, (await store.Outbox.FindAsync("m1", default))?.State);
        Assert.Equal((MessageState.Queued, MessageKind.Send), StateOf(await store.Outbox.FindAsync("m2", default)));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_decision_knows_its_caller(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        var caller = new AsyncLocal<string>();
        var callers = new ConcurrentBag<string?>();

        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i =>
                    Task.Run(() =>
                    {
                        caller.Value = i.ToString(CultureInfo.InvariantCulture);
                        return store.DecideAsync(
                            async (reads, token) =>
                            {
                                await reads.ReadAsync(Counter, token);
                                callers.Add(caller.Value);
                                return null;
                            },
                            default
                        );
                    })
                )
        );

        Assert.Equal(Enumerable.Range(0, 20), callers.Select(c => int.Parse(c!, CultureInfo.InvariantCulture)).Order());
    }

    private static (MessageState, MessageKind)? StateOf(OutboxMessage? delivery) =>
        delivery is null ? null : (delivery.State, delivery.Kind);

    /// <summary>Each writer adds one, so many times; the numbers they made.</summary>
    private static async Task<List<int>> CountAsync(IEnumerable<ResourceStore> writers, int times)
    {
        var made = await Task.WhenAll(
            writers.Select(async store =>
            {
                var made = new List<int>();
                for (var i = 0; i < times; i++)
                {
                    var first = await NextAsync(store, default);
                    var result = await store.CommitAsync(first!, NextAsync, default);
                    Assert.True(result.IsCommitted);
                    var change = Assert.Single(result.Changes);
                    Assert.Equal(CountOf(change.Resource), change.Resource.Version);
                    made.Add(CountOf(change.Resource));
                }

                return made;
            })
        );
        return [.. made.SelectMany(m => m)];
    }

    private static async ValueTask<Commit?> NextAsync(IStoreReads reads, CancellationToken cancellationToken)
    {
        var current = await reads.ReadAsync(Counter, cancellationToken);
        return Given
            .Commit(Given.Put(Counter.ToString(), Numbered(CountOf(current) + 1)))
            .When(new VersionIs(Counter, current?.Version ?? 0));
    }

    private static Decide Transfer(int from, int to, int amount) =>
        async (reads, token) =>
        {
            var (payer, payee) = (Given.Key($"Patient/a{from}"), Given.Key($"Patient/a{to}"));
            var paid = (await reads.ReadAsync(payer, token))!.Value;
            var received = (await reads.ReadAsync(payee, token))!.Value;
            return Given
                .Commit(
                    Given.Put(payer.ToString(), Numbered(CountOf(paid) - amount)),
                    Given.Put(payee.ToString(), Numbered(CountOf(received) + amount))
                )
                .When(new VersionIs(payer, paid.Version), new VersionIs(payee, received.Version));
        };

    /// <summary>A commit that was decided on what is not so.</summary>
    private static Commit Lost(string reference) =>
        Given.Commit(Given.Put(reference)).When(new VersionIs(Given.Key(reference), 99));

    private static string Numbered(int number) => $""" "multipleBirthInteger":{number} """;

    private static int CountOf(StoredResource? resource)
    {
        if (resource is null)
            return 0;
        using var json = System.Text.Json.JsonDocument.Parse(resource.Value.Utf8Json);
        return json.RootElement.TryGetProperty("multipleBirthInteger", out var number) ? number.GetInt32() : 0;
    }

    private static bool IsActive(ReadOnlyMemory<byte> json) => json.Span.IndexOf("\"active\":true"u8) >= 0;
}
