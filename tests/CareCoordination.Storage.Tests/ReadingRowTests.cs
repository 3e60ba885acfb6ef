using System.Globalization;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Storage.Tests;

/// <summary>Readings are found by whose they are, what they measure and when they were true, and go with their Observation.</summary>
public sealed class ReadingRowTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly ReadingCode Weight = new("http://loinc.org", "29463-7");
    private static readonly ReadingCode Pressure = new("http://loinc.org", "8480-6");
    private static readonly ReadingCode[] Codes = [Weight, Pressure, new("http://loinc.org", ""), new("", "29463-7")];
    private static readonly Party Ann = Of("Patient/ann");
    private static readonly Party[] People =
    [
        Ann,
        Of("Patient/ben"),
        Of("Group/ann"),
        Of("http://a.example/fhir/Patient/ann"),
        Of("http://b.example/fhir/Patient/ann"),
    ];

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Every_question_finds_what_a_list_of_all_readings_has(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        var random = new Random(7);
        var all = new Dictionary<string, ProjectedReading?>(StringComparer.Ordinal);
        for (var round = 0; round < 12; round++)
        {
            for (var i = 0; i < 20; i++)
                await ChangeAsync(store, random, all);
            foreach (var subject in People)
            foreach (var code in Codes)
                await CompareAsync(store, random, all, new ReadingsQuery(subject, code, random.Next(1, 9)));
        }
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task What_was_true_at_the_same_time_is_found_once_and_in_the_same_order_both_ways(
        StorageProvider provider
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        foreach (var id in (string[])["c", "a", "b"])
            await store.OneAsync(Put(id, 1, new ProjectedReading(Ann, Start, [Weight, Pressure, Weight])));

        var first = await IdsAsync(store, new ReadingsQuery(Ann, Weight, 10));

        Assert.Equal(["c", "a", "b"], first);
        Assert.Equal(["b", "a"], await IdsAsync(store, new ReadingsQuery(Ann, Weight, 2) { IsLatestFirst = true }));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Both_ends_of_a_time_belong_to_it(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        for (var i = 0; i < 5; i++)
            await store.OneAsync(Put($"o{i}", 1, new ProjectedReading(Ann, Start.AddTicks(i), [Weight])));

        var within = new ReadingsQuery(Ann, Weight, 10) { From = Start.AddTicks(1), Until = Start.AddTicks(3) };

        Assert.Equal(["o1", "o2", "o3"], await IdsAsync(store, within));
        Assert.Equal(["o3", "o2", "o1"], await IdsAsync(store, within with { IsLatestFirst = true }));
        Assert.Empty(await IdsAsync(store, within with { Until = Start }));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_decision_inside_a_transaction_finds_what_was_decided_before_it(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        await store.OneAsync(Put("old", 1, new ProjectedReading(Ann, Start, [Weight])));
        var seen = new List<string>();

        async ValueTask<Commit?> Decide(IStoreReads reads, CancellationToken token)
        {
            var found = await reads.ReadingsAsync(new ReadingsQuery(Ann, Weight, 100), token);
            lock (seen)
                seen.Add(string.Join(' ', found.Select(f => f.Key.Id)));
            return Given.Commit(
                Put($"n{found.Length}", 1, new ProjectedReading(Ann, Start.AddMinutes(found.Length), [Weight]))
            );
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => store.DecideAsync(Decide, default)));

        Assert.Equal(["old", "old n1", "old n1 n2", "old n1 n2 n3"], seen.Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Readings_count_to_the_size_of_a_commit(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var store = TestDatabase.Open(database.Options with { MaxCommitRows = 40 });
        ProjectedReading Of(int codes) =>
            new(Ann, Start, [.. Enumerable.Range(0, codes).Select(i => new ReadingCode("s", $"{i}"))]);

        await store.OneAsync(Put("few", 1, Of(20)));

        await Assert.ThrowsAsync<CommitTooLargeException>(() => store.OneAsync(Put("many", 1, Of(60))));
    }

    private static async Task ChangeAsync(ResourceStore store, Random random, Dictionary<string, ProjectedReading?> all)
    {
        var id = $"o{random.Next(60)}";
        var reading =
            random.Next(6) == 0
                ? null
                : new ProjectedReading(
                    People[random.Next(People.Length)],
                    Start.AddHours(random.Next(40)),
                    [.. Codes.Where(_ => random.Next(2) == 0)]
                );
        switch (random.Next(5))
        {
            case 0:
                await store.OneAsync(Given.Delete($"Observation/{id}"));
                all.Remove(id);
                break;
            case 1 when all.ContainsKey(id):
                await store.OneAsync(new Project(Given.Key($"Observation/{id}"), Projection(reading)));
                all[id] = reading;
                break;
            default:
                await store.OneAsync(Put(id, random.Next(), reading));
                all[id] = reading;
                break;
        }
    }

    private static async Task CompareAsync(
        ResourceStore store,
        Random random,
        Dictionary<string, ProjectedReading?> all,
        ReadingsQuery query
    )
    {
        query = query with { IsLatestFirst = random.Next(2) == 0 };
        if (random.Next(2) == 0)
            query = query with { From = Start.AddHours(random.Next(40)) };
        if (random.Next(2) == 0)
            query = query with { Until = Start.AddHours(random.Next(40)) };
        var expected = all
            .Values.OfType<ProjectedReading>()
            .Where(r => r.Subject == query.Subject && r.Codes.Contains(query.Code))
            .Where(r => r.At >= query.From && r.At <= query.Until)
            .Select(r => r.At);
        expected = query.IsLatestFirst ? expected.OrderDescending() : expected.Order();

        var found = await store.ReadingsAsync(query, default);

        Assert.Equal(expected.Take(query.Count), found.Select(f => all[f.Key.Id]!.At));
        Assert.Equal(found.Length, found.Select(f => f.Key).Distinct().Count());
        Assert.All(found, f => Assert.Equal((query.Subject, false), (all[f.Key.Id]!.Subject, f.IsDeleted)));
    }

    private static async Task<IEnumerable<string>> IdsAsync(ResourceStore store, ReadingsQuery query) =>
        (await store.ReadingsAsync(query, default)).Select(r => r.Key.Id);

    private static Party Of(string reference) => Party.Of(reference, type => type is "Patient" or "Group");

    private static ProjectionRows Projection(ProjectedReading? reading) =>
        reading is null ? ProjectionRows.None : new() { Reading = reading };

    private static PutResource Put(string id, int version, ProjectedReading? reading) =>
        Given.Put(
            $"Observation/{id}",
            string.Create(CultureInfo.InvariantCulture, $"\"status\":\"final\",\"code\":{{\"text\":\"{version}\"}}")
        ) with
        {
            Projection = Projection(reading),
        };
}
