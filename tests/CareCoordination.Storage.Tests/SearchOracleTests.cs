using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;
using CareCoordination.Storage.Stores;
using CareCoordination.TestKit;

namespace CareCoordination.Storage.Tests;

/// <summary>Random searches over random resources find, in the databases, what the specification read literally finds.</summary>
public sealed class SearchOracleTests
{
    private const int Patients = 12;
    private const int Resources = 120;
    private const int Queries = 400;

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Finds_what_a_naive_reading_of_the_specification_finds(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        var random = new RandomResources(seed: 20260101);
        var oracle = new SearchOracle(TestDatabase.Extractor);
        await FillAsync(store, oracle, random);

        for (var i = 0; i < Queries; i++)
        {
            var text = random.Query(Patients);
            var query = Given.Query(text + "&_count=7&_total=accurate");

            var expected = oracle.Search(query).Select(k => k.ToString()).ToList();
            var (found, total) = await AllPagesAsync(store, query);

            Assert.True(
                expected.SequenceEqual(found),
                $"{text}\nexpected {string.Join(' ', expected)}\nfound    {string.Join(' ', found)}"
            );
            Assert.Equal(expected.Count, total);
        }
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Criteria_are_answered_in_memory_and_without_some_as_in_the_database(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        var random = new RandomResources(seed: 31);
        var stored = new Dictionary<ResourceKey, IndexEntries>();
        for (var i = 0; i < Resources; i++)
        {
            var (key, members) = random.Put(i, Patients);
            var result = await store.OneAsync(Given.Put(key.ToString(), members));
            var document = ResourceDocument.Parse(result.Resource.Utf8Json).Value;
            stored[key] = TestDatabase.Extractor.ExtractAll(key, document);
        }

        var answered = 0;
        for (var i = 0; i < Queries; i++)
        {
            var text = random.Query(Patients);
            var query = Given.Query(text + "&_count=1000");
            if (CriteriaMatcher.Unanswerable(query) is not null)
                continue;
            answered++;
            var some = stored.Keys.Where(k => k.Type == query.ResourceType).Take(1 + i % 5).Select(k => k.Id);
            foreach (
                var asked in new[]
                {
                    query,
                    query with
                    {
                        Criteria = query.Criteria.Add(new OtherThanCriterion([.. some])),
                    },
                }
            )
            {
                var expected = stored
                    .Where(r => CriteriaMatcher.Holds(asked, r.Key, r.Value))
                    .Select(r => r.Key.ToString());
                var page = await store.SearchAsync(asked, default);
                Assert.True(
                    expected
                        .Order(StringComparer.Ordinal)
                        .SequenceEqual(page.Matches.Select(m => m.Key.ToString()).Order(StringComparer.Ordinal)),
                    text
                );
            }
        }

        Assert.True(answered > Queries / 4, $"{answered} of {Queries} were answered.");
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Includes_what_matches_refer_to_and_what_refers_to_them(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        var oracle = new SearchOracle(TestDatabase.Extractor);
        await FillAsync(store, oracle, new RandomResources(seed: 7));

        foreach (
            var text in (string[])
                [
                    "CarePlan?_include=CarePlan:subject",
                    "CarePlan?status=active&_include=CarePlan:*",
                    "CarePlan?_include=CarePlan:replaces:CarePlan&_include=CarePlan:patient",
                    "Patient?_id=1,2,3&_revinclude=Observation:subject",
                    "Patient?gender=male&_revinclude=CarePlan:*&_revinclude=RiskAssessment:patient",
                    "RiskAssessment?_include=RiskAssessment:subject:Group",
                    "CarePlan?_id=24,28&_include:iterate=CarePlan:replaces",
                    "CarePlan?_include=CarePlan:replaces&_include:iterate=CarePlan:subject",
                    "Patient?_id=1&_include:iterate=Patient:link",
                    "Patient?_id=1&_revinclude:iterate=Patient:link",
                    "Patient?_id=1,2&_include:iterate=Patient:link:Patient&_revinclude:iterate=Observation:subject:Patient",
                    "Observation?_id=14&_include:iterate=Observation:*&_include:iterate=Patient:*&_revinclude:iterate=CarePlan:*",
                    "Observation?code=x&_include=Observation:subject&_revinclude:iterate=RiskAssessment:patient",
                    "CarePlan?_include:iterate=Patient:link",
                ]
        )
        {
            var query = Given.Query(text + "&_count=1000");

            var page = await store.SearchAsync(query, default);

            Assert.Equal(
                oracle.Included(query).Select(k => k.ToString()).Order(StringComparer.Ordinal),
                page.Included.Select(r => r.Key.ToString()).Order(StringComparer.Ordinal)
            );
        }
    }

    /// <summary>Creates, updates and deletes, so that stale index rows would show.</summary>
    private static async Task FillAsync(ResourceStore store, SearchOracle oracle, RandomResources random)
    {
        for (var i = 0; i < Resources; i++)
            await PutAsync(i);
        for (var i = 0; i < Resources; i += 3)
            await PutAsync(i);
        for (var i = Patients; i < Resources; i += 10)
        {
            var (key, _) = random.Put(i, Patients);
            await store.OneAsync(new DeleteResource(key));
            oracle.Remove(key);
        }

        async Task PutAsync(int place)
        {
            var (key, members) = random.Put(place, Patients);
            var result = await store.OneAsync(Given.Put(key.ToString(), members));
            oracle.Put(key, ResourceDocument.Parse(result.Resource.Utf8Json).Value, result.Resource.LastUpdated);
        }
    }

    private static async Task<(List<string> Keys, long? Total)> AllPagesAsync(ResourceStore store, SearchQuery query)
    {
        var keys = new List<string>();
        SearchPage page;
        do
        {
            page = await store.SearchAsync(query, default);
            Assert.True(page.Matches.Length <= query.Count);
            keys.AddRange(page.Matches.Select(m => m.Key.ToString()));
            query = query with { After = page.Next };
        } while (page.Next is not null);
        return (keys, page.Total);
    }
}
