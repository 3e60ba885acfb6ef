using System.Globalization;
using CareCoordination.Fhir.Primitives;

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
            await AllAsync(store, new HistoryQuery("Patient", null, 2), total: 5)
        );
        Assert.Equal(
            ["Practitioner/4/1", "Patient/a/5", "Practitioner/3/1", "Patient/a/4"],
            (await AllAsync(store, new HistoryQuery(null, null, 3), total: 10)).Take(4)
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
        Assert.Equal(["Patient/a/3", "Patient/a/2"], await AllAsync(store, at, total: 2));
        var before = new HistoryQuery("Patient", "a", 10) { At = Between(-2, -1) };
        Assert.Empty(await AllAsync(store, before, total: 0));
        var after = new HistoryQuery(null, null, 10) { At = Between(30, 31) };
        Assert.Equal(["Patient/a/4"], await AllAsync(store, after, total: 1));
    }

    private static DateRange Between(double from, double to) =>
        new(Noon.AddHours(from).UtcTicks, Noon.AddHours(to).UtcTicks);

    private static string Born(int year) => string.Create(CultureInfo.InvariantCulture, $"\"birthDate\":\"{year}\"");

    private static async Task<List<string>> AllAsync(ResourceStore store, HistoryQuery query, long total)
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
