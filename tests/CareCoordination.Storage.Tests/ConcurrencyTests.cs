using System.Collections.Concurrent;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Storage.Tests;

/// <summary>Many writers at once, on one node and on several.</summary>
public sealed class ConcurrencyTests
{
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Of_64_conditional_creates_at_once_exactly_one_happens(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        ResourceStore[] nodes = [database.OpenStore(), database.OpenStore()];
        var query = Given.Query("Patient?identifier=http://a.example/mrn|1");
        const string Members = """ "identifier":[{"system":"http://a.example/mrn","value":"1"}] """;

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 64)
                .Select(async i =>
                {
                    var node = nodes[i % 2];
                    var found = await node.FindAsync(query, default);
                    if (found.Matches.Length > 0)
                        return null;
                    var commit = Given.Commit(Given.Put($"Patient/c{i}", Members)) with
                    {
                        Preconditions = [new SearchFinds(query, null)],
                        AsOf = found.AsOf,
                    };
                    return await node.CommitAsync(commit, default);
                })
        );

        Assert.Single(results, r => r is { IsCommitted: true });
        Assert.Single((await nodes[0].SearchAsync(query, default)).Matches);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Of_many_reads_at_once_each_gets_its_own_answer(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        await store.CommitAsync(
            Given.Commit([.. Enumerable.Range(0, 50).Select(i => Given.Put($"Patient/r{i}"))]),
            default
        );
        await store.OneAsync(Given.Delete("Patient/r7"));
        using var cancelled = new CancellationTokenSource();

        var reads = Enumerable
            .Range(0, 500)
            .Select(i => (Id: $"r{i % 60}", Read: store.ReadAsync(new ResourceKey("Patient", $"r{i % 60}"), default)))
            .ToList();
        var impatient = store.ReadAsync(Given.Key("Patient/r1"), cancelled.Token);
        await cancelled.CancelAsync();

        foreach (var (id, read) in reads)
        {
            var found = await read;
            Assert.Equal(int.Parse(id[1..]) < 50 ? id : null, found?.Key.Id);
            Assert.Equal(id == "r7", found is { IsDeleted: true });
            if (found is { IsDeleted: false } current)
                Assert.Contains($"\"id\":\"{id}\"", current.Text(), StringComparison.Ordinal);
        }

        await Record.ExceptionAsync(() => impatient);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Of_updates_from_one_version_exactly_one_happens(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        ResourceStore[] nodes = [database.OpenStore(), database.OpenStore()];
        await nodes[0].OneAsync(Given.Put("Patient/a"));

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 32)
                .Select(i =>
                    nodes[i % 2]
                        .CommitAsync(
                            Given
                                .Commit(Given.Put("Patient/a", $$""" "birthDate":"{{1900 + i}}" """))
                                .When(new VersionIs(Given.Key("Patient/a"), 1)),
                            default
                        )
                )
        );

        Assert.Single(results, r => r.IsCommitted);
        Assert.Equal(2, (await nodes[1].ReadAsync(Given.Key("Patient/a"), default))!.Value.Version);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task The_change_sequence_never_shows_a_change_after_a_later_one(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        ResourceStore[] nodes = [database.OpenStore(), database.OpenStore()];
        var reader = database.OpenStore();
        using var done = new CancellationTokenSource();

        var seen = new HashSet<long>();
        var watching = Task.Run(async () =>
        {
            // A follower that asks for what is newer than the newest it has seen must miss nothing.
            var newest = 0L;
            for (var last = false; ; last = done.IsCancellationRequested)
            {
                var page = await reader.HistoryAsync(new HistoryQuery(null, null, 1000), default);
                foreach (var version in page.Versions.Where(v => v.Sequence > newest))
                    seen.Add(version.Sequence);
                newest = seen.Count == 0 ? 0 : seen.Max();
                if (last)
                    return;
            }
        });
        var written = new ConcurrentBag<StoredResource>();
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async writer =>
                {
                    for (var i = 0; i < 25; i++)
                        written.Add((await nodes[writer % 2].OneAsync(Given.Put($"Patient/w{writer}-{i}"))).Resource);
                })
        );
        await done.CancelAsync();
        await watching;

        Assert.Equal(written.Select(w => w.Sequence).Order(), seen.Order());
        var inOrder = written.OrderBy(w => w.Sequence).Select(w => w.LastUpdated).ToList();
        Assert.Equal(inOrder.Order(), inOrder);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_commit_that_cannot_be_written_does_not_harm_the_ones_beside_it(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        // No engine takes an id longer than its column, or, where it has no such limit, a type that is none.
        var poison = Given.Commit(Given.Put("Patient/x") with { Key = new ResourceKey("NoSuchType", "x") });

        var good = Enumerable
            .Range(0, 20)
            .Select(i => store.CommitAsync(Given.Commit(Given.Put($"Patient/g{i}")), default))
            .ToList();
        var bad = store.CommitAsync(poison, default);
        good.AddRange(
            Enumerable.Range(20, 20).Select(i => store.CommitAsync(Given.Commit(Given.Put($"Patient/g{i}")), default))
        );

        await Assert.ThrowsAsync<ArgumentException>(() => bad);
        Assert.All(await Task.WhenAll(good), r => Assert.True(r.IsCommitted));
        Assert.Equal(40, (await store.SearchAsync(Given.Query("Patient?_summary=count"), default)).Total);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Commits_of_one_group_see_each_other_in_order(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(i =>
                    store.CommitAsync(
                        Given.Commit(Given.Put("Patient/a", $$""" "birthDate":"{{1900 + i}}" """)),
                        default
                    )
                )
        );

        Assert.Equal(Enumerable.Range(1, 50), results.Select(r => r.Changes[0].Resource.Version).Order());
        var current = (await store.ReadAsync(Given.Key("Patient/a"), default))!.Value;
        Assert.Equal(50, current.Version);
        var year = results.Single(r => r.Changes[0].Resource.Version == 50).Changes[0].Resource.Text();
        Assert.Equal(year, current.Text());
        Assert.Single((await store.SearchAsync(Given.Query("Patient?birthdate=ge1900"), default)).Matches);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task The_time_of_changes_does_not_go_back_with_the_clock(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var clock = new SetClock(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        var store = database.OpenStore(clock);

        var first = await store.OneAsync(Given.Put("Patient/a"));
        clock.Now = clock.Now.AddHours(-1);
        var second = await store.OneAsync(Given.Put("Patient/b"));

        Assert.Equal(first.Resource.LastUpdated.AddMilliseconds(1), second.Resource.LastUpdated);
        Assert.True(second.Resource.Sequence > first.Resource.Sequence);
    }
}
