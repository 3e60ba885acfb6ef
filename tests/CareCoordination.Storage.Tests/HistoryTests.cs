using System.Globalization;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Storage.Tests;

/// <summary>https://hl7.org/fhir/R4/http.html#history</summary>
public sealed class HistoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Lists_versions_of_a_type_or_of_all_newest_first_in_pages(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        for (var i = 0; i < 5; i++)
        {
            await store.OneAsync(Given.Put("Patient/a", Born(1950 + i)));
            await store.OneAsync(Given.Put($"Practitioner/{i}"));
        }

        Assert.Equal(
            ["Patient/a/5", "Patient/a/4", "Patient/a/3", "Patient/a/2", "Patient/a/1"],
            await AllAsync(store, new HistoryQuery("Patient", null, 2) { WantsTotal = true }, total: 5)
        );
        Assert.Equal(
            ["Practitioner/4/1", "Patient/a/5", "Practitioner/3/1", "Patient/a/4"],
            (await AllAsync(store, new HistoryQuery(null, null, 3) { WantsTotal = true }, total: 10)).Take(4)
        );
        Assert.Empty(await AllAsync(store, new HistoryQuery("Patient", "b", 2), total: 0));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Since_and_at_choose_versions_by_time(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var clock = new SetClock(Noon);
        var store = database.OpenStore(clock);
        for (var hour = 0; hour < 4; hour++)
        {
            clock.Now = Noon.AddHours(hour);
            await store.OneAsync(Given.Put("Patient/a", Born(1950 + hour)));
        }

        var since = new HistoryQuery("Patient", "a", 10) { Since = Noon.AddHours(2) };
        Assert.Equal(["Patient/a/4", "Patient/a/3"], await AllAsync(store, since, total: 2));
        var at = new HistoryQuery("Patient", null, 10) { At = Between(1.5, 2.5) };
        Assert.Equal(["Patient/a/3", "Patient/a/2"], await AllAsync(store, at, total: null));
        var before = new HistoryQuery("Patient", "a", 10) { At = Between(-2, -1) };
        Assert.Empty(await AllAsync(store, before, total: 0));
        var after = new HistoryQuery(null, null, 10) { At = Between(30, 31) };
        Assert.Equal(["Patient/a/4"], await AllAsync(store, after, total: null));
    }

    /// <summary>The clock stands still, leaps and goes back, which a store does not do after it.</summary>
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Any_time_finds_the_versions_that_it_finds_one_by_one(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var clock = new SetClock(Noon);
        var store = database.OpenStore(clock);
        var random = new Random(11);
        var versions = new List<StoredResource>();
        for (var i = 0; i < 240; i++)
        {
            clock.Now += TimeSpan.FromMilliseconds(
                random.Next(4) switch
                {
                    0 => 0,
                    1 => 1,
                    2 => 90_000,
                    _ => -2_000,
                }
            );
            var changes = Enumerable
                .Range(0, random.Next(1, 5))
                .Select(n => (Change)Given.Put($"{(n % 2 == 0 ? "Patient" : "Practitioner")}/{n}", Born(1800 + i)));
            var result = await store.CommitAsync(Given.Commit([.. changes]), default);
            versions.AddRange(result.Changes.Select(c => c.Resource));
        }

        Assert.Equal(versions.Select(v => v.LastUpdated).Order(), versions.Select(v => v.LastUpdated));
        var times = versions.Select(v => v.LastUpdated.UtcTicks).Distinct().ToArray();
        for (var i = -1; i < times.Length; i += 7)
        {
            var time = i < 0 ? Noon.AddDays(-1).UtcTicks : times[i] + random.Next(-1, 2);
            var end = time + (random.Next(3) * TimeSpan.TicksPerMinute) + 1;
            foreach (var type in (string?[])["Patient", "Practitioner", null])
            {
                var all = versions.Where(v => type is null || v.Key.Type == type).Reverse().ToList();
                var since = new HistoryQuery(type, null, 400) { Since = new(time, TimeSpan.Zero) };
                var at = new HistoryQuery(type, null, 400) { At = new DateRange(time, end), WantsTotal = true };

                var expectedSince = all.Where(v => v.LastUpdated.UtcTicks >= time);
                var expectedAt = all.Where(v =>
                    v.LastUpdated.UtcTicks < end
                    && !all.Exists(n => n.Key == v.Key && n.Version == v.Version + 1 && n.LastUpdated.UtcTicks <= time)
                );
                Assert.Equal(expectedSince.Select(Name), await AllAsync(store, since, total: null));
                Assert.Equal(expectedAt.Select(Name), await AllAsync(store, at, total: expectedAt.Count()));
                Assert.Equal(
                    expectedSince.Skip(1).Take(2).Select(Name),
                    await SecondPageAsync(store, since with { Count = 2 }, expectedSince.FirstOrDefault())
                );
            }
        }
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Versions_are_counted_of_one_resource_and_else_where_asked(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        for (var i = 0; i < 3; i++)
            await store.OneAsync(Given.Put("Patient/a", Born(1950 + i)));

        foreach (
            var (query, total) in ((HistoryQuery, long?)[])
                [
                    (new("Patient", "a", 2), 3),
                    (new("Patient", "b", 2), 0),
                    (new("Patient", null, 2), null),
                    (new(null, null, 2), null),
                    (new("Patient", null, 2) { WantsTotal = true }, 3),
                    (new(null, null, 2) { WantsTotal = true, Since = DateTimeOffset.MaxValue }, 0),
                    (new("Patient", null, 0), 3),
                    (new(null, null, 0) { At = DateRange.All }, 3),
                ]
        )
            Assert.Equal(total, (await store.HistoryAsync(query, default)).Total);
    }

    private static string Name(StoredResource version) => $"{version.Key}/{version.Version}";

    private static async Task<IEnumerable<string>> SecondPageAsync(
        ResourceStore store,
        HistoryQuery query,
        StoredResource last
    ) =>
        last.Sequence == 0
            ? []
            : (await store.HistoryAsync(query with { Before = last.Sequence }, default)).Versions.Select(Name);

    private static DateRange Between(double from, double to) =>
        new(Noon.AddHours(from).UtcTicks, Noon.AddHours(to).UtcTicks);

    private static string Born(int year) => string.Create(CultureInfo.InvariantCulture, $"\"birthDate\":\"{year}\"");

    private static async Task<List<string>> AllAsync(ResourceStore store, HistoryQuery query, long? total)
    {
        var versions = new List<string>();
        HistoryPage page;
        do
        {
            page = await store.HistoryAsync(query, default);
            versions.AddRange(page.Versions.Select(v => $"{v.Key}/{v.Version}"));
            query = query with { Before = page.Next };
        } while (page.Next is not null);
        Assert.Equal(total, (await store.HistoryAsync(query with { Before = null }, default)).Total);
        return versions;
    }
}
