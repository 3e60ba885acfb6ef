using System.Globalization;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Stores;
using CareCoordination.TestKit;

namespace CareCoordination.Storage.Tests;

/// <summary>
/// <c>_lastUpdated</c> is answered by the change sequence: found is the same as by looking at every resource, however long the time
/// asked for is and whatever else is. https://hl7.org/fhir/R4/search.html#lastUpdated
/// </summary>
public sealed class LastUpdatedTests
{
    private const int Resources = 1000;
    private const int Rounds = 6;
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    // Times that hold none, few, some thousand and all of the changes.
    private static readonly string[] Times =
    [
        "_lastUpdated=gt2026-06-01T12:05:00Z",
        "_lastUpdated=ge2026-06-01T12:04:59Z",
        "_lastUpdated=gt2026-06-01T12:03:00Z",
        "_lastUpdated=sa2026-06-01",
        "_lastUpdated=ge2026-06-01",
        "_lastUpdated=gt2020",
        "_lastUpdated=lt2026-06-01T12:00:30Z",
        "_lastUpdated=le2026-06-01T12:02:30Z",
        "_lastUpdated=eb2026-06-01T12:04:30Z",
        "_lastUpdated=lt2020",
        "_lastUpdated=2026-06-01T12:04Z",
        "_lastUpdated=2026-06-01",
        "_lastUpdated=ne2026-06-01T12:04Z",
        "_lastUpdated=ap2026-06-01T12:04Z",
        "_lastUpdated=gt2026-06-01T12:02:00Z&_lastUpdated=lt2026-06-01T12:04:30Z",
        "_lastUpdated=gt2026-06-01T12:04:00Z&_lastUpdated=lt2026-06-01T12:02:30Z",
        "_lastUpdated=lt2026-06-01T12:01Z,gt2026-06-01T12:04:50Z",
        "_lastUpdated=2026-06-01T12:01Z,2026-06-01T12:03Z,2026-06-01T12:04:50Z,2026-06-01T12:04:51Z",
    ];

    private static readonly string[] Others =
    [
        "",
        "&gender=female",
        "&family=n1",
        "&identifier=urn:i|7",
        "&_id=3,12,44,500,801",
        "&gender:not=male",
        "&family:missing=true",
    ];

    private static readonly string[] Sorts =
    [
        "",
        "&_sort=_lastUpdated",
        "&_sort=-_lastUpdated",
        "&_sort=birthdate",
        "&_sort=-family,_id",
    ];

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Any_time_finds_what_it_finds_one_by_one(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var clock = new SetClock(Noon);
        var store = database.OpenStore(clock);
        var oracle = new SearchOracle(TestDatabase.Extractor);
        await FillAsync(store, oracle, clock);

        foreach (var time in Times)
        {
            foreach (var other in Others)
            {
                foreach (var sort in Sorts)
                {
                    var text = $"Patient?{time}{other}{sort}";
                    var query = Given.Query($"{text}&_count=300&_total=accurate");
                    var expected = oracle.Search(query).Select(k => k.Id).ToList();
                    var found = new List<StoredResource>();
                    SearchPage page;
                    do
                    {
                        page = await store.SearchAsync(query, default);
                        Assert.Equal(expected.Count, page.Total);
                        found.AddRange(page.Matches);
                        query = query with { After = page.Next };
                    } while (page.Next is not null);

                    // Changes of one commit have one time, and the order of the change sequence.
                    if (query.Sort is [{ By: SortBy.LastUpdated } key])
                    {
                        var sequences = found.Select(r => key.Descending ? -r.Sequence : r.Sequence).ToList();
                        Assert.Equal(sequences.Order(), sequences);
                        expected.Sort(StringComparer.Ordinal);
                        found.Sort((a, b) => string.CompareOrdinal(a.Key.Id, b.Key.Id));
                    }

                    Assert.True(
                        expected.SequenceEqual(found.Select(r => r.Key.Id)),
                        $"{text}: {expected.Count} expected, {found.Count} found"
                    );
                }
            }
        }
    }

    /// <summary>A few thousand changes, the last ones of few resources, over five minutes.</summary>
    private static async Task FillAsync(ResourceStore store, SearchOracle oracle, SetClock clock)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var places = Enumerable.Range(0, Resources).Where(i => round == 0 || i % round == 0);
            foreach (var some in places.Chunk(100))
            {
                clock.Now += TimeSpan.FromMilliseconds(round < Rounds - 1 ? 6_000 : 1_200);
                var puts = some.Select(i => (Change)Given.Put($"Patient/{i}", Patient(i, round))).ToArray();
                var result = await store.CommitAsync(Given.Commit(puts), default);
                foreach (var change in result.Changes)
                    oracle.Put(
                        change.Resource.Key,
                        ResourceDocument.Parse(change.Resource.Utf8Json).Value,
                        change.Resource.LastUpdated
                    );
            }
        }
    }

    private static string Patient(int i, int round) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            "gender":"{{(i % 3 == 0 ? "male" : "female")}}","birthDate":"{{1900 + ((i + round) % 90)}}",
            "identifier":[{"system":"urn:i","value":"{{i}}"}]{{(
                i % 4 == 0 ? "" : $",\"name\":[{{\"family\":\"n{i % 20}\"}}]"
            )}}
            """
        );
}
