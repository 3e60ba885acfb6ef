using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Search;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Tests;

/// <summary>What <see cref="SearchCapacity"/> says of an engine, the engine takes.</summary>
public sealed class SearchCapacityTests
{
    // The dearest of each type of parameter: as many values as are written out, prefixes that are two conditions, systems, units.
    private static readonly string[] Dearest =
    [
        "Observation?code=http://a.example/s|x,http://b.example/s|y",
        "Observation?code:not=http://a.example/s|x,http://b.example/s|y",
        "Observation?code-value-quantity=http://a.example/s|x$ne5.4|http://unitsofmeasure.org|mg",
        "Observation?code-value-quantity=http://a.example/s|x$5.4|http://unitsofmeasure.org|mg,y$2",
        "Observation?code-value-concept=http://a.example/s|x$http://b.example/s|y",
        "Observation?code-value-date=http://a.example/s|x$ge2020",
        "Observation?value-quantity=5.4|http://unitsofmeasure.org|mg,ne5.5",
        "Observation?value-string=a,b",
        "Observation?date=2020,2021",
        "Observation?subject=Patient/1,http://elsewhere.example/fhir/Patient/2",
        "Observation?subject:missing=true",
        "Observation?_lastUpdated=2020,2021",
        "Observation?_id=a,b",
        "Observation?patient.identifier=http://a.example/s|x,http://b.example/s|y",
        "Observation?subject:Patient.gender:not=http://a.example/s|x,http://b.example/s|y",
        "Observation?subject:Patient._lastUpdated=2020,2021",
        "Patient?_has:Observation:patient:code-value-quantity=http://a.example/s|x$ne5.4|http://unitsofmeasure.org|mg",
        "Patient?_has:Observation:patient:code:not=http://a.example/s|x,http://b.example/s|y",
        "Observation?_has:DiagnosticReport:result:code=http://a.example/s|x,http://b.example/s|y",
        "Patient?_has:Observation:patient:_has:Observation:derived-from:value-quantity=5.4|http://unitsofmeasure.org|mg,ne5.5",
        "Observation?patient._has:Group:member:characteristic=http://a.example/s|x,http://b.example/s|y",
        "Observation?patient.organization.identifier=http://a.example/s|x,http://b.example/s|y",
        "Observation?subject:Patient.organization.type:not=http://a.example/s|x,http://b.example/s|y",
        "Observation?patient.organization.partof.partof.identifier=http://a.example/s|x,http://b.example/s|y",
    ];

    public static TheoryData<StorageProvider> All =>
        [StorageProvider.Sqlite, StorageProvider.PostgreSql, StorageProvider.SqlServer];

    [Theory, MemberData(nameof(All))]
    public void As_many_conditions_as_an_engine_takes_have_no_more_parameters_than_it_takes(StorageProvider provider)
    {
        var (dialect, limits) = (SearchTextTests.Dialect(provider), SearchCapacity.Of(provider));
        var search = new SearchSql(dialect, new IndexSource(R4Definitions.Schema, TestDatabase.Extractor));
        foreach (var text in Dearest)
        {
            var query = Many(text, limits.MaxConditions);
            foreach (var sql in search.Pages(query).Append(search.Count(query)))
                Assert.True(sql.Values.Count <= dialect.MaxParameters, $"{text}: {sql.Values.Count} parameters");
        }
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task An_engine_runs_as_many_conditions_as_it_is_said_to_take(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        await store.OneAsync(
            Given.Put("Observation/o", """ "status":"final","code":{"coding":[{"code":"x"}]},"valueString":"a" """)
        );
        var limits = SearchCapacity.Of(provider);
        foreach (var text in Dearest)
        {
            var once = await store.SearchAsync(Given.Query(text), default);
            var often = await store.SearchAsync(Many(text, limits.MaxConditions), default);
            Assert.Equal(once.Matches.Select(m => m.Key), often.Matches.Select(m => m.Key));
        }

        var held = Many("Observation?code=x,y", limits.MaxConditions) with { Total = TotalMode.Accurate };
        var page = await store.SearchAsync(held, default);
        Assert.Equal((1, 1), (page.Matches.Length, page.Total));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task An_engine_sorts_by_as_many_keys_as_it_is_said_to_take(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        for (var i = 0; i < 3; i++)
            await store.OneAsync(Given.Put($"Patient/p{i}", $$""" "birthDate":"200{{i}}" """));
        var keys = Enumerable.Repeat("family,-birthdate,_id,given", 8);
        var query = Given.Query("Patient?_count=1") with
        {
            Sort = [.. keys.SelectMany(k => Given.Query($"Patient?_sort={k}").Sort)],
        };
        Assert.Equal(SearchCapacity.Of(provider).MaxSortKeys, query.Sort.Length);

        var found = new List<string>();
        do
        {
            var page = await store.SearchAsync(query, default);
            found.AddRange(page.Matches.Select(m => m.Key.Id));
            query = query with { After = page.Next };
        } while (query.After is not null);

        Assert.Equal(["p2", "p1", "p0"], found);
    }

    private static SearchQuery Many(string text, int conditions)
    {
        var query = Given.Query(text);
        return query with
        {
            Criteria =
            [
                .. Enumerable.Repeat(query.Criteria.Single(), conditions / ConditionsOf(query.Criteria.Single())),
            ],
        };
    }

    /// <summary>What asks contained resources for what they have not is a condition more, and so is what a chain passes.</summary>
    private static int ConditionsOf(Criterion criterion) =>
        criterion switch
        {
            ChainCriterion chain => chain.Inner.Sum(link =>
                ConditionsOf(link.Criterion) + (link.Criterion is LinkedCriterion ? 1 : 0)
            )
                + chain.Parts.Sum(part =>
                    part is LinkedCriterion ? ConditionsOf(part)
                    : part is PartCriterion ? 1
                    : 0
                ),
            HasCriterion has => 1 + ConditionsOf(has.Inner),
            _ => 1,
        };
}
