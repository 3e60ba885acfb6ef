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
