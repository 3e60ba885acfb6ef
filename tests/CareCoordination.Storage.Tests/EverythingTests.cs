using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Storage.Tests;

/// <summary>https://hl7.org/fhir/R4/patient-operation-everything.html</summary>
public sealed class EverythingTests
{
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Gives_the_patient_first_and_then_its_compartment_in_pages(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var clock = new SetClock(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        var store = database.OpenStore(clock);
        var start = clock.Now;
        await store.OneAsync(Given.Put("Patient/a"));
        await store.OneAsync(Given.Put("Patient/b"));
        for (var i = 0; i < 5; i++)
            await store.OneAsync(Given.Put($"CarePlan/{i}", PlanOf("a")));
        clock.Now = start.AddHours(1);
        await store.OneAsync(Given.Put("CarePlan/b", PlanOf("b")));
        await store.OneAsync(
            Given.Put("Observation/1", """ "status":"final","code":{"text":"x"},"subject":{"reference":"Patient/a"} """)
        );
        await store.OneAsync(Given.Put("CarePlan/4", PlanOf("b")));
        await store.OneAsync(Given.Delete("CarePlan/3"));
        await store.OneAsync(Given.Put("Practitioner/1"));

        var patient = new EverythingQuery(Given.Key("Patient/a"), 2);
        Assert.Equal(
            ["Patient/a", "CarePlan/0", "CarePlan/1", "CarePlan/2", "Observation/1"],
            await AllAsync(store, patient)
        );
        Assert.Equal(["Observation/1"], await AllAsync(store, patient with { Since = start.AddMinutes(30) }));
        Assert.Equal(
            ["Patient/a", "Observation/1"],
            await AllAsync(store, patient with { Types = ["Patient", "Observation"] })
        );
        Assert.Equal(
            ["Patient/b", "CarePlan/4", "CarePlan/b"],
            await AllAsync(store, new EverythingQuery(Given.Key("Patient/b"), 50))
        );
        Assert.Empty(await AllAsync(store, new EverythingQuery(Given.Key("Patient/c"), 50)));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task No_page_is_empty_where_the_pages_before_it_were_full(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        await store.OneAsync(Given.Put("Patient/a"));
        for (var i = 0; i < 6; i++)
            await store.OneAsync(Given.Put($"CarePlan/{i}", PlanOf("a")));

        foreach (
            var types in (string[][])
                [
                    [],
                    ["CarePlan"],
                    ["Patient", "CarePlan"],
                ]
        )
        {
            foreach (var (count, pages) in ((int, int)[])[(1, 6), (2, 3), (3, 2), (4, 2), (6, 1), (7, 1)])
            {
                var sizes = new List<int>();
                var query = new EverythingQuery(Given.Key("Patient/a"), count) { Types = [.. types] };
                do
                {
                    var page = await store.EverythingAsync(query, default);
                    sizes.Add(page.Resources.Length);
                    query = query with { After = page.Next };
                } while (query.After is not null);

                Assert.Equal(pages, sizes.Count);
                Assert.DoesNotContain(0, sizes);
                Assert.Equal(types is ["CarePlan"] ? 6 : 7, sizes.Sum());
            }
        }
    }

    /// <summary>
    /// A resource that is posted is extracted before it has an id in its bytes. https://hl7.org/fhir/R4/compartmentdefinition-patient.html
    /// </summary>
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_patient_is_in_its_own_compartment_from_the_first_version_to_the_last(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        var own = new SearchQuery(
            "Patient",
            [new CompartmentCriterion(Given.Key("Patient/a")) { IsOfPatients = true }]
        );
        await store.OneAsync(Given.Put("Patient/a"));
        Assert.Equal(["Patient/a/1"], await VersionsAsync());
        await store.OneAsync(Given.Put("Patient/a", """ "active":true """));
        await store.OneAsync(
            Given.Put("Patient/b", """ "link":[{"other":{"reference":"Patient/a"},"type":"seealso"}] """)
        );
        Assert.Equal(["Patient/a/2", "Patient/b/1"], await VersionsAsync());
        await store.OneAsync(Given.Delete("Patient/a"));
        Assert.Equal(["Patient/b/1"], await VersionsAsync());
        await store.OneAsync(Given.Put("Patient/a", """ "active":false """));
        Assert.Equal(["Patient/a/4", "Patient/b/1"], await VersionsAsync());

        async Task<IEnumerable<string>> VersionsAsync() =>
            (await store.SearchAsync(own, default))
                .Matches.Select(m => $"{m.Key}/{m.Version}")
                .Order(StringComparer.Ordinal);
    }

    private static string PlanOf(string patient) =>
        $$""" "status":"active","intent":"plan","subject":{"reference":"Patient/{{patient}}"} """;

    private static async Task<List<string>> AllAsync(ResourceStore store, EverythingQuery query)
    {
        var keys = new List<string>();
        EverythingPage page;
        do
        {
            page = await store.EverythingAsync(query, default);
            keys.AddRange(page.Resources.Select(r => r.Key.ToString()));
            query = query with { After = page.Next };
        } while (page.Next is not null);
        return keys;
    }
}
